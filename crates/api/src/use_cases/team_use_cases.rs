//! The use cases about teams, their people, and who may do what.

use application::api_tokens::{CreateApiToken, GetApiToken, ListApiTokens, RevokeApiToken};
use application::invitations::{AcceptInvitation, InvitePerson, ListInvitations, RevokeInvitation};
use application::members::{ChangeMemberRole, GetMember, LeaveTeam, ListMembers, RemoveMember};
use application::operators::{
    EndPause, GetAnyTeam, ListAllTeams, ListPauses, PauseChanges, ResumeTeam, SuspendTeam,
};
use application::ownership::{
    AcceptOwnership, DeclineOwnership, GetOwnershipOffer, OfferOwnership, WithdrawOwnershipOffer,
};
use application::platform_accounts::CredentialRemoval;
use application::roles::{ChangeRole, CreateRole, DeleteRole, GetRole, ListRoles};
use application::teams::{
    CreateTeam, DeleteTeam, ExportTeam, GetTeam, ListTeams, RenameTeam, RequestTeamDeletion,
};
use application::{CredentialCustody, KnownPlatforms, TeamChanges};
use domain::ports::{Mailer, PlatformSignIn, ReadModel, TokenHasher};
use std::sync::Arc;

/// What these use cases are built of.
#[derive(Clone)]
pub struct TeamPorts {
    /// Transactions, identifiers, time.
    pub changes: TeamChanges,
    /// The projection.
    pub read_model: Arc<dyn ReadModel>,
    /// Makes and hashes tokens.
    pub token_hasher: Arc<dyn TokenHasher>,
    /// Makes keys of teams and opens sessions that are signed out.
    pub custody: CredentialCustody,
    /// Mail to people.
    pub mailer: Arc<dyn Mailer>,
    /// The platform's door.
    pub sign_in: Arc<dyn PlatformSignIn>,
    /// Whether an owner must have confirmed a second factor.
    pub second_factor_for_owners: bool,
    /// The platforms of the configuration.
    pub platforms: KnownPlatforms,
}

/// Teams, their people, and who may do what.
#[derive(Clone)]
pub struct TeamUseCases {
    /// Lists the teams of a person.
    pub list_teams: ListTeams,
    /// Makes a team.
    pub create_team: CreateTeam,
    /// Shows a team.
    pub get_team: GetTeam,
    /// Lets a team take its data along.
    pub export_team: ExportTeam,
    /// Renames a team.
    pub rename_team: RenameTeam,
    /// The first step of deleting a team.
    pub request_team_deletion: RequestTeamDeletion,
    /// The second step.
    pub delete_team: DeleteTeam,
    /// Lists members.
    pub list_members: ListMembers,
    /// Shows a member.
    pub get_member: GetMember,
    /// Gives a member another role.
    pub change_member_role: ChangeMemberRole,
    /// Removes a member.
    pub remove_member: RemoveMember,
    /// Leaves a team.
    pub leave_team: LeaveTeam,
    /// Lists roles.
    pub list_roles: ListRoles,
    /// Shows a role.
    pub get_role: GetRole,
    /// Makes a role.
    pub create_role: CreateRole,
    /// Changes a role.
    pub change_role: ChangeRole,
    /// Deletes a role.
    pub delete_role: DeleteRole,
    /// Lists invitations.
    pub list_invitations: ListInvitations,
    /// Invites somebody.
    pub invite_person: InvitePerson,
    /// Takes an invitation back.
    pub revoke_invitation: RevokeInvitation,
    /// Joins a team.
    pub accept_invitation: AcceptInvitation,
    /// Lists API tokens.
    pub list_api_tokens: ListApiTokens,
    /// Shows an API token.
    pub get_api_token: GetApiToken,
    /// Makes an API token.
    pub create_api_token: CreateApiToken,
    /// Revokes an API token.
    pub revoke_api_token: RevokeApiToken,
    /// Shows the offer of ownership.
    pub get_ownership_offer: GetOwnershipOffer,
    /// Offers the ownership.
    pub offer_ownership: OfferOwnership,
    /// Takes the offer back.
    pub withdraw_ownership_offer: WithdrawOwnershipOffer,
    /// Takes the ownership over.
    pub accept_ownership: AcceptOwnership,
    /// Says no to it.
    pub decline_ownership: DeclineOwnership,
    /// Lists all teams, for operators.
    pub list_all_teams: ListAllTeams,
    /// Shows any team, for operators.
    pub get_any_team: GetAnyTeam,
    /// Suspends a team, for operators.
    pub suspend_team: SuspendTeam,
    /// Ends a suspension, for operators.
    pub resume_team: ResumeTeam,
    /// Pauses changes, for operators.
    pub pause_changes: PauseChanges,
    /// Ends pauses, for operators.
    pub end_pause: EndPause,
    /// Lists pauses, for operators.
    pub list_pauses: ListPauses,
}

impl TeamUseCases {
    /// Builds them.
    #[expect(
        clippy::too_many_lines,
        reason = "one entry for each use case, and nothing else"
    )]
    pub fn new(ports: &TeamPorts) -> Self {
        let changes = || ports.changes.clone();
        let read_model = || Arc::clone(&ports.read_model);
        let token_hasher = || Arc::clone(&ports.token_hasher);
        let mailer = || Arc::clone(&ports.mailer);
        let clock = || Arc::clone(&ports.changes.clock);
        let removal = CredentialRemoval {
            sign_in: Arc::clone(&ports.sign_in),
            custody: ports.custody.clone(),
            clock: clock(),
        };
        Self {
            list_teams: ListTeams {
                read_model: read_model(),
            },
            create_team: CreateTeam {
                changes: changes(),
                custody: ports.custody.clone(),
            },
            get_team: GetTeam {
                read_model: read_model(),
            },
            export_team: ExportTeam {
                changes: changes(),
                read_model: read_model(),
            },
            rename_team: RenameTeam { changes: changes() },
            request_team_deletion: RequestTeamDeletion {
                changes: changes(),
                token_hasher: token_hasher(),
            },
            delete_team: DeleteTeam {
                changes: changes(),
                token_hasher: token_hasher(),
            },
            list_members: ListMembers {
                read_model: read_model(),
            },
            get_member: GetMember {
                read_model: read_model(),
            },
            change_member_role: ChangeMemberRole { changes: changes() },
            remove_member: RemoveMember { changes: changes() },
            leave_team: LeaveTeam { changes: changes() },
            list_roles: ListRoles {
                read_model: read_model(),
            },
            get_role: GetRole {
                read_model: read_model(),
            },
            create_role: CreateRole { changes: changes() },
            change_role: ChangeRole { changes: changes() },
            delete_role: DeleteRole { changes: changes() },
            list_invitations: ListInvitations {
                read_model: read_model(),
                clock: clock(),
            },
            invite_person: InvitePerson {
                changes: changes(),
                token_hasher: token_hasher(),
                mailer: mailer(),
            },
            revoke_invitation: RevokeInvitation { changes: changes() },
            accept_invitation: AcceptInvitation {
                changes: changes(),
                token_hasher: token_hasher(),
            },
            list_api_tokens: ListApiTokens {
                read_model: read_model(),
            },
            get_api_token: GetApiToken {
                read_model: read_model(),
            },
            create_api_token: CreateApiToken {
                changes: changes(),
                token_hasher: token_hasher(),
            },
            revoke_api_token: RevokeApiToken { changes: changes() },
            get_ownership_offer: GetOwnershipOffer {
                read_model: read_model(),
                clock: clock(),
            },
            offer_ownership: OfferOwnership {
                changes: changes(),
                mailer: mailer(),
            },
            withdraw_ownership_offer: WithdrawOwnershipOffer { changes: changes() },
            accept_ownership: AcceptOwnership {
                changes: changes(),
                mailer: mailer(),
                removal,
                demands_second_factor: ports.second_factor_for_owners,
            },
            decline_ownership: DeclineOwnership { changes: changes() },
            list_all_teams: ListAllTeams {
                changes: changes(),
                read_model: read_model(),
            },
            get_any_team: GetAnyTeam { changes: changes() },
            suspend_team: SuspendTeam { changes: changes() },
            resume_team: ResumeTeam { changes: changes() },
            pause_changes: PauseChanges {
                changes: changes(),
                platforms: Arc::clone(&ports.platforms),
            },
            end_pause: EndPause { changes: changes() },
            list_pauses: ListPauses {
                changes: changes(),
                read_model: read_model(),
            },
        }
    }
}
