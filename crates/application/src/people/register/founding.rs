//! The first team of a new person, with the platform account they bring.

use super::{
    BroughtAccount, CheckedCredential, CredentialCustody, RegisterCommand, RegisterPerson,
};
use crate::UseCaseError;
use crate::platform_accounts::ConnectPlatformAccountCommand;
use domain::access::{Principal, RequestOrigin};
use domain::audit::AuditEvent;
use domain::ids::{RoleId, TeamId};
use domain::limits::TEAM_NAME_LENGTH_MAX;
use domain::names::{PersonName, TeamName};
use domain::people::User;
use domain::platform_account::PlatformCredential;
use domain::ports::{Transaction, new_id};
use domain::team::{Membership, Team};

/// A team that will be stored, and what the platform said to its account.
pub(super) struct Founding<'a> {
    register: &'a RegisterPerson,
    team_id: TeamId,
    name: TeamName,
    account: Option<(ConnectPlatformAccountCommand, CheckedCredential)>,
}

impl<'a> Founding<'a> {
    /// What is to be founded, if anything. Asks the platform, outside of any transaction.
    pub(super) async fn of(
        register: &'a RegisterPerson,
        command: &RegisterCommand,
    ) -> Result<Option<Self>, UseCaseError> {
        if command.team_name.is_none() && command.platform_account.is_none() {
            return Ok(None);
        }
        let team_id = new_id(&*register.accounts.ids);
        let account = match &command.platform_account {
            Some(brought) => Some(checked(register, team_id, brought).await?),
            None => None,
        };
        let name = command.team_name.clone();
        Ok(Some(Self {
            register,
            team_id,
            name: name.unwrap_or_else(|| named_after(&command.name)),
            account,
        }))
    }

    /// Writes team, membership and account into the transaction that stores the person.
    pub(super) async fn store(
        &self,
        transaction: &mut dyn Transaction,
        owner: &User,
        origin: &RequestOrigin,
    ) -> Result<(), UseCaseError> {
        let accounts = &self.register.accounts;
        let custody: &CredentialCustody = &accounts.custody;
        let team = Team {
            id: self.team_id,
            name: self.name.clone(),
            created_at: owner.created_at,
            suspended_at: None,
            version: 1,
        };
        let roles: [RoleId; 4] = std::array::from_fn(|_| new_id(&*accounts.ids));
        let key = custody.new_team_key(team.id)?;
        transaction.teams().insert_team(&team, &key, &roles).await?;
        let membership = Membership {
            team_id: team.id,
            user_id: owner.id,
            // Ids are given in the order of the built-in roles, the owner's first.
            role_id: roles[0],
            joined_at: owner.created_at,
        };
        let memberships = transaction.memberships();
        memberships.insert_membership(&membership).await?;
        let event = |action, target| AuditEvent {
            principal: Principal::User(owner.id),
            ..AuditEvent::at(new_id(&*accounts.ids), origin, action, target).in_team(team.id)
        };
        let created = event("team.create", team.id.to_string());
        transaction.audit().append_audit_event(&created).await?;
        if let Some((command, checked)) = &self.account {
            let connect = &self.register.connect;
            let account = connect.put(&mut *transaction, command, checked).await?;
            let connected = event("platform_account.connect", account.id.to_string());
            transaction.audit().append_audit_event(&connected).await?;
        }
        Ok(())
    }
}

async fn checked(
    register: &RegisterPerson,
    team_id: TeamId,
    brought: &BroughtAccount,
) -> Result<(ConnectPlatformAccountCommand, CheckedCredential), UseCaseError> {
    if let PlatformCredential::Password { login, .. } = &brought.credential {
        let accounts = &register.accounts;
        accounts.admit_platform_login(login.as_str()).await?;
    }
    let command = ConnectPlatformAccountCommand {
        team_id,
        platform: brought.platform.clone(),
        credential: brought.credential.clone(),
        confirmation_password: brought.confirmation_password.clone(),
    };
    let checked = register.connect.check(&command).await;
    let checked = checked.map_err(|error| match error.pointer() {
        Some("/platform") => error.at("/platform_account/platform"),
        Some(_) => error.at("/platform_account/credential"),
        None => error,
    })?;
    Ok((command, checked))
}

/// `Anna team`, cut when it would be too long for a team.
fn named_after(person: &PersonName) -> TeamName {
    const SUFFIX: &str = " team";
    let kept = TEAM_NAME_LENGTH_MAX - SUFFIX.len();
    let name: String = person.as_str().chars().take(kept).collect();
    TeamName::parse(&(name + SUFFIX)).expect("a person's name is fit for a team")
}
