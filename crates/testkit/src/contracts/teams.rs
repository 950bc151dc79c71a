//! Teams, their keys, and what waits about a team as a whole.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::RoleKind;
use domain::api_token::ApiToken;
use domain::ids::{RoleId, TeamId, UserId};
use domain::names::TeamName;
use domain::people::User;
use domain::platform_account::{PlatformAccount, PlatformAccountState};
use domain::ports::{Conflict, StoreError};
use domain::sealed::SealedSecret;
use domain::team::{Invitation, Team, TeamDeletion};

async fn stored(store: &Store, team: TeamId) -> Option<Team> {
    store.read_model.find_team(team).await.expect("read")
}

async fn update(store: &Store, team: &Team) -> Result<(), StoreError> {
    store
        .write(async |transaction| transaction.teams().update_team(team).await)
        .await
}

async fn delete(store: &Store, team: TeamId) -> Result<(), StoreError> {
    store
        .write(async |transaction| {
            transaction
                .teams()
                .delete_team(team, builders::moment())
                .await
        })
        .await
}

/// The key comes with the team; a stranger has none.
pub async fn a_team_has_a_key(store: &Store) {
    let account = store.team().await;
    let stranger = builders::team(&*store.ids);
    let mut transaction = store.begin().await;
    let teams = transaction.teams();
    let key = teams.find_team_key(account.team_id).await.expect("read");
    assert_eq!(key, Some(builders::wrapped_key()));
    assert_eq!(teams.find_team_key(stranger.id).await.expect("read"), None);
}

/// A new team has the four built-in roles under the ids that were given, in their order.
pub async fn a_team_has_its_built_in_roles(store: &Store) {
    let team = builders::team(&*store.ids);
    let ids: [RoleId; 4] = builders::built_in_role_ids(&*store.ids);
    let key = builders::wrapped_key();
    store
        .write(async |transaction| transaction.teams().insert_team(&team, &key, &ids).await)
        .await
        .expect("a new team");
    assert_eq!(stored(store, team.id).await, Some(team.clone()));
    let roles = all_pages(async |page| store.read_model.list_roles(team.id, page).await).await;
    let found: Vec<_> = roles.iter().map(|role| (role.id, role.kind)).collect();
    let expected: Vec<_> = ids.into_iter().zip(RoleKind::BUILT_IN).collect();
    assert_eq!(found, expected);
    for role in roles {
        assert_eq!(role.permissions(), role.kind.permissions());
        assert_eq!((role.name.as_str(), role.version), (role.kind.as_str(), 1));
        let mut transaction = store.begin().await;
        let by_kind = transaction
            .roles()
            .find_built_in_role(team.id, role.kind)
            .await;
        assert_eq!(by_kind.expect("read"), Some(role));
    }
}

/// Name and suspension, under the version that was read.
pub async fn a_team_is_renamed_and_suspended(store: &Store) {
    let id = store.team().await.team_id;
    let mut team = stored(store, id).await.expect("the team");
    team.name = TeamName::parse("Another name").expect("valid");
    team.suspended_at = Some(builders::moment());
    update(store, &team).await.expect("updated");
    assert!(matches!(
        update(store, &team).await,
        Err(StoreError::VersionChanged)
    ));
    team.version += 1;
    assert_eq!(stored(store, id).await, Some(team.clone()));
    team.suspended_at = None;
    update(store, &team).await.expect("updated");
    team.version += 1;
    let mut transaction = store.begin().await;
    let found = transaction.teams().find_team(id).await;
    assert_eq!(found.expect("read"), Some(team));
}

/// A team with all that can hang on one.
struct FullTeam {
    account: PlatformAccount,
    owner: User,
    token: ApiToken,
    invitation: Invitation,
}

impl FullTeam {
    async fn new(store: &Store) -> Self {
        let account = store.team().await;
        let team = account.team_id;
        let owner = store.member(team, RoleKind::Owner).await;
        let token = store.api_token(team, owner.id).await;
        let viewer = store.built_in_role(team, RoleKind::Viewer).await;
        let email = "invited@example.com";
        let invitation = builders::invitation(&*store.ids, team, email, viewer.id, owner.id);
        let offer = builders::ownership_offer(team, owner.id, owner.id);
        let deletion = builders::team_deletion(&*store.ids, team, owner.id);
        let session_key = SealedSecret(b"session".to_vec());
        store
            .write(async |transaction| {
                let invitations = transaction.invitations();
                invitations.insert_invitation(&invitation).await?;
                transaction.teams().put_ownership_offer(&offer).await?;
                transaction.teams().put_team_deletion(&deletion).await?;
                let accounts = transaction.platform_accounts();
                accounts.store_session(account.id, 1, 0, &session_key).await
            })
            .await
            .expect("stored");
        Self {
            account,
            owner,
            token,
            invitation,
        }
    }
}

/// The row stays, and is not found; deleting it again is deleting something else than was read.
pub async fn a_deleted_team_is_not_found(store: &Store) {
    let full = FullTeam::new(store).await;
    let team = full.account.team_id;
    let other = store.team().await.team_id;
    delete(store, team).await.expect("deleted");
    let again = delete(store, team).await;
    assert!(
        matches!(again, Err(StoreError::VersionChanged)),
        "{again:?}"
    );
    let read = &store.read_model;
    assert_eq!(stored(store, team).await, None);
    let teams = all_pages(async |page| read.list_teams(page).await).await;
    assert_eq!(teams.len(), 1);
    assert_eq!(teams[0].id, other);
    let owner = full.owner.id;
    let of_owner = all_pages(async |page| read.list_teams_of_user(owner, page).await).await;
    assert_eq!(of_owner, []);
    let roles = all_pages(async |page| read.list_roles(team, page).await).await;
    assert_eq!(roles, []);
    let offer = read.find_ownership_offer(team).await;
    assert_eq!(offer.expect("read"), None);
    let record = read.find_token_access(&[full.token.hash]).await;
    assert_eq!(record.expect("read").expect("dead, but found").team, None);
}

/// Key, tokens, invitations, and what opens the platform account.
pub async fn a_deleted_team_keeps_nothing_that_opens_anything(store: &Store) {
    let full = FullTeam::new(store).await;
    let (team, now) = (full.account.team_id, builders::moment());
    delete(store, team).await.expect("deleted");
    let mut transaction = store.begin().await;
    let teams = transaction.teams();
    assert_eq!(teams.find_team_key(team).await.expect("read"), None);
    assert_eq!(teams.find_team_deletion(team).await.expect("read"), None);
    let invitations = transaction.invitations();
    let is_invited = invitations.is_invited(&full.invitation.email, now).await;
    assert!(!is_invited.expect("read"));
    let hashes = [full.invitation.hash];
    let found = invitations.find_open_invitation(&hashes, now).await;
    assert_eq!(found.expect("read"), None);
    let tokens = transaction.api_tokens();
    let live = tokens.count_live_api_tokens(team, now).await;
    assert_eq!(live.expect("read"), 0);
    let accounts = transaction.platform_accounts();
    let left = accounts.find_platform_account(team).await;
    let left = left.expect("read").expect("the row");
    assert_eq!(left.state, PlatformAccountState::Disconnected);
    assert!(left.sealed_credential.0.is_empty() && left.sealed_confirmation.is_none());
    assert_eq!(left.credential_version, full.account.credential_version + 1);
    let session = accounts.find_session(full.account.id).await;
    assert_eq!(session.expect("read").expect("the row").sealed_key, None);
}

/// The teams of a person, with their role in each, by age.
pub async fn the_teams_of_a_person_are_paged(store: &Store) {
    let user = store.person().await;
    let mut expected = Vec::new();
    for kind in RoleKind::BUILT_IN {
        let team = store.team().await.team_id;
        let role = store.built_in_role(team, kind).await;
        store.join(team, user.id, role.id).await.expect("joined");
        expected.push((stored(store, team).await.expect("the team"), role));
        store.team().await;
    }
    let read = &store.read_model;
    let teams = all_pages(async |page| read.list_teams_of_user(user.id, page).await).await;
    assert_eq!(teams, expected);
    let all = all_pages(async |page| read.list_teams(page).await).await;
    assert_eq!(all.len(), 8);
    assert!(all.is_sorted_by_key(|team| team.id));
}

/// A second first step replaces the first one.
pub async fn the_first_step_of_a_deletion_waits(store: &Store) {
    let team = store.team().await.team_id;
    let user = store.person().await;
    let put = async |deletion: &TeamDeletion| {
        store
            .write(async |transaction| transaction.teams().put_team_deletion(deletion).await)
            .await
            .expect("stored");
    };
    put(&builders::team_deletion(&*store.ids, team, user.id)).await;
    let second = builders::team_deletion(&*store.ids, team, store.person().await.id);
    put(&second).await;
    let mut transaction = store.begin().await;
    let found = transaction.teams().find_team_deletion(team).await;
    assert_eq!(found.expect("read"), Some(second));
}

/// One offer at a time; it goes once.
pub async fn an_offer_of_ownership_waits_and_goes_once(store: &Store) {
    let team = store.team().await.team_id;
    let (from, to): (UserId, UserId) = (store.person().await.id, store.person().await.id);
    let offers = [
        builders::ownership_offer(team, from, from),
        builders::ownership_offer(team, from, to),
    ];
    for offer in &offers {
        store
            .write(async |transaction| transaction.teams().put_ownership_offer(offer).await)
            .await
            .expect("stored");
    }
    let read = store.read_model.find_ownership_offer(team).await;
    assert_eq!(read.expect("read"), Some(offers[1]));
    let take = async || {
        store
            .write(async |transaction| {
                let found = transaction.teams().find_ownership_offer(team).await?;
                let deleted = transaction.teams().delete_ownership_offer(team).await?;
                Ok((found, deleted))
            })
            .await
            .expect("asked")
    };
    let mut answers = <[_; 2]>::from(futures::join!(take(), take()));
    answers.sort_by_key(|(_, deleted)| *deleted);
    assert_eq!(answers, [(None, false), (Some(offers[1]), true)]);
}

/// Also where two would become owner at the same time.
pub async fn a_team_has_one_owner(store: &Store) {
    let team = store.team().await.team_id;
    let owner = store.member(team, RoleKind::Owner).await;
    let other = store.member(team, RoleKind::Manager).await;
    let role = store.built_in_role(team, RoleKind::Owner).await;
    let third = store.person().await;
    let refused = store.join(team, third.id, role.id).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
    let set = async |user: UserId, role: RoleId| {
        store
            .write(async |transaction| {
                transaction
                    .memberships()
                    .set_member_role(team, user, role)
                    .await
            })
            .await
    };
    let refused = set(other.id, role.id).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(Conflict::Other))),
        "{refused:?}"
    );
    let manager = store.built_in_role(team, RoleKind::Manager).await;
    assert!(set(owner.id, manager.id).await.expect("given"));
    assert!(set(other.id, role.id).await.expect("given"));
}
