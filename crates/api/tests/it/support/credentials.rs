//! The credentials that the API under test knows: tokens of the owner, and the owner's session.

use super::fakes::{OLD_SESSION, OPERATOR_SESSION, POOR_TOKEN};
use domain::access::{
    AccessRecord, AccessSubject, CredentialRecord, PermissionSet, Role, RoleKind, TeamAccess,
};
use domain::api_token::ApiToken;
use domain::ids::TeamId;
use domain::people::{TokenHash, User, UserSession};
use domain::ports::{Clock as _, MockReadModel, MockTransaction};
use std::sync::{Arc, Mutex};
use testkit::builders;
use testkit::clocks::SystemTestClock;
use testkit::ids::SequentialIds;

/// Two tokens of the owner, one that may do everything and one that may do nothing; and the owner's
/// session. None is good while `are_live` says so. Returns the owner.
pub(super) fn known(
    read_model: &mut MockReadModel,
    ids: &Arc<SequentialIds>,
    team: TeamId,
    are_live: &Arc<Mutex<bool>>,
    poor_scopes: &Arc<Mutex<PermissionSet>>,
) -> User {
    let owner = careful_owner(ids);
    let token = record_of_token(ids, team, &owner);
    let (live, poor) = (Arc::clone(are_live), Arc::clone(poor_scopes));
    read_model
        .expect_find_token_access()
        .returning(move |hashes| {
            let mut record = token.clone();
            if let CredentialRecord::Token(token) = &mut record.credential {
                if hashes[0].mac == POOR_TOKEN.as_bytes() {
                    token.scopes = *poor.lock().expect("no panic while held");
                }
                if !*live.lock().expect("no panic while held") {
                    token.revoked_at = Some(token.created_at);
                }
            }
            Ok(Some(record))
        });
    let session = record_of_session(ids, team, &owner);
    let live = Arc::clone(are_live);
    read_model
        .expect_find_session_access()
        .returning(move |hashes, asked| {
            let mut record = session.clone();
            record.user.is_operator = hashes[0].mac == OPERATOR_SESSION.as_bytes();
            if asked != Some(team) {
                record.team = None;
            }
            if let CredentialRecord::Session(session) = &mut record.credential {
                if hashes[0].mac == OLD_SESSION.as_bytes() {
                    session.authenticated_at = session.created_at;
                }
                if !*live.lock().expect("no panic while held") {
                    session.ended_at = Some(session.created_at);
                }
            }
            Ok(Some(record))
        });
    owner
}

/// Every writing transaction looks at the rights again; they are those of the owner.
pub(crate) fn rights_stay(
    transaction: &mut MockTransaction,
    ids: &Arc<SequentialIds>,
    team: TeamId,
) {
    let owner = careful_owner(ids);
    let of_token = record_of_token(ids, team, &owner);
    let of_session = record_of_session(ids, team, &owner);
    transaction
        .jobs
        .expect_find_full_backlog()
        .returning(|_, _| Ok(None));
    transaction
        .access
        .expect_lock_access()
        .returning(move |subject, _| {
            Ok(Some(match subject {
                AccessSubject::Token(_) => of_token.clone(),
                AccessSubject::Session(_) | AccessSubject::User(_) => of_session.clone(),
            }))
        });
}

/// The owner, with a second factor.
fn careful_owner(ids: &Arc<SequentialIds>) -> User {
    User {
        second_factor: Some(builders::second_factor()),
        ..builders::user(&**ids)
    }
}

fn place_of_the_owner(ids: &Arc<SequentialIds>, team: TeamId) -> TeamAccess {
    TeamAccess {
        team_id: team,
        is_suspended: false,
        role: Some(Role {
            kind: RoleKind::Owner,
            ..builders::role(&**ids, team, &[])
        }),
    }
}

/// Under the pepper that is active, and used just now: there is nothing to note about it.
fn hash() -> TokenHash {
    TokenHash {
        pepper_id: "pepper-1".to_owned(),
        mac: vec![1],
    }
}

fn record_of_token(ids: &Arc<SequentialIds>, team: TeamId, owner: &User) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Token(ApiToken {
            last_used_at: Some(SystemTestClock.now()),
            hash: hash(),
            ..builders::api_token(&**ids, team, owner.id)
        }),
        user: owner.clone(),
        team: Some(place_of_the_owner(ids, team)),
    }
}

fn record_of_session(ids: &Arc<SequentialIds>, team: TeamId, owner: &User) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Session(UserSession {
            last_used_at: SystemTestClock.now(),
            authenticated_at: SystemTestClock.now(),
            hash: hash(),
            ..builders::user_session(&**ids, owner.id)
        }),
        user: owner.clone(),
        team: Some(place_of_the_owner(ids, team)),
    }
}
