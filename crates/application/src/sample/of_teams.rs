//! The same for a team's people and rights: its owner, another person, roles, tokens, mails.

use super::{
    CountingIds, HandClock, api_token, beginning, id, role, team, token_hash, unit_of_work, user,
    user_id, user_session,
};
use crate::{TeamChanges, UseCaseError};
use domain::SecretText;
use domain::access::{
    AccessRecord, Actor, CredentialRecord, Permission, PermissionSet, Person, Principal, Role,
    RoleKind, TeamAccess,
};
use domain::ids::{RoleId, UserId};
use domain::names::{EmailAddress, PersonName, RoleName, TeamName};
use domain::people::{SecondFactor, TokenHash, User};
use domain::ports::{Mail, Mailer, MockTokenHasher, MockTransaction, TokenHasher};
use domain::sealed::SealedSecret;
use domain::team::{Membership, Team};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

/// Changes in these transactions, as [`unit_of_work`] gives them out.
pub(crate) fn team_changes(transactions: Vec<MockTransaction>) -> TeamChanges {
    TeamChanges {
        unit_of_work: unit_of_work(transactions),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

pub(crate) fn stored_team() -> Team {
    Team {
        id: team(),
        name: TeamName::parse("Example team").unwrap(),
        created_at: beginning(),
        suspended_at: None,
        version: 4,
    }
}

/// Somebody else than the sample person.
pub(crate) fn other_user_id() -> UserId {
    id(16)
}

pub(crate) fn other_user() -> User {
    User {
        id: other_user_id(),
        email: EmailAddress::parse("bert@example.com").unwrap(),
        name: PersonName::parse("Bert").unwrap(),
        ..user()
    }
}

pub(crate) fn role_id() -> RoleId {
    id(15)
}

/// A custom role of the team, called `operations`, at version 7.
pub(crate) fn custom_role(permissions: &[Permission]) -> Role {
    Role {
        id: role_id(),
        name: RoleName::parse("operations").unwrap(),
        custom_permissions: permissions.iter().copied().collect(),
        version: 7,
        ..role(RoleKind::Custom)
    }
}

/// The sample person in a browser, with this role.
pub(crate) fn record_in_browser(role: Role) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Session(user_session()),
        user: user(),
        team: Some(TeamAccess {
            team_id: team(),
            is_suspended: false,
            role: Some(role),
        }),
    }
}

/// One of those who run the service, and what is stored about them: they are in no team.
pub(crate) fn operator() -> (Person, AccessRecord) {
    let user = User {
        is_operator: true,
        ..user()
    };
    let person = Person {
        user: user.clone(),
        ..super::person()
    };
    let record = AccessRecord {
        credential: CredentialRecord::Session(user_session()),
        user,
        team: None,
    };
    (person, record)
}

/// A confirmed second factor.
pub(crate) fn second_factor() -> SecondFactor {
    SecondFactor {
        sealed_secret: SealedSecret(b"sealed".to_vec()),
        confirmed_at: Some(beginning()),
        last_step: 0,
    }
}

/// A caller in a browser with the rights of this record.
pub(crate) fn in_browser(record: &AccessRecord) -> Actor {
    let place = record.team.as_ref().unwrap();
    let permissions = place.role.as_ref().map(Role::permissions);
    let actor = Actor::new(
        team(),
        Principal::User(user_id()),
        permissions.unwrap_or(PermissionSet::NONE),
        super::origin(),
    );
    actor.with_session(&user_session(), record.user.has_second_factor())
}

/// A transaction in which the second look finds this.
pub(crate) fn finding_rights(record: AccessRecord) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .access
        .expect_lock_access()
        .times(1)
        .returning(move |_, _| Ok(Some(record.clone())));
    transaction
}

/// A transaction in which the second look finds a token of the owner with no more than these scopes.
pub(crate) fn finding_scopes(scopes: &[Permission]) -> MockTransaction {
    finding_rights(AccessRecord {
        credential: CredentialRecord::Token(api_token(scopes)),
        ..super::access_record(scopes)
    })
}

/// The person is a member with this role.
pub(crate) fn with_member(transaction: &mut MockTransaction, user: UserId, role: Role) {
    let membership = Membership {
        team_id: team(),
        user_id: user,
        role_id: role.id,
        joined_at: beginning(),
    };
    transaction
        .memberships
        .expect_find_membership()
        .withf(move |asked, asked_user| *asked == team() && *asked_user == user)
        .returning(move |_, _| Ok(Some((membership, role.clone()))));
}

/// The role is found in the team, any other is not.
pub(crate) fn with_role(transaction: &mut MockTransaction, role: Role) {
    transaction
        .roles
        .expect_find_role()
        .returning(move |asked, id| Ok((asked == team() && id == role.id).then(|| role.clone())));
}

/// The team and both people are found.
pub(crate) fn with_names(transaction: &mut MockTransaction) {
    transaction
        .teams
        .expect_find_team()
        .returning(|_| Ok(Some(stored_team())));
    transaction.people.expect_find_user().returning(|asked| {
        let people = [user(), other_user()];
        Ok(people.into_iter().find(|person| person.id == asked))
    });
}

/// This one line is written into the team's trail, about this.
pub(crate) fn audited(transaction: &mut MockTransaction, action: &'static str, target: String) {
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| {
            event.action == action && event.target == target && event.team_id == Some(team())
        })
        .times(1)
        .returning(|_| Ok(()));
}

/// Counts the commits of a transaction that is given away.
pub(crate) fn counter(transaction: &MockTransaction) -> Arc<AtomicUsize> {
    Arc::clone(&transaction.commits)
}

/// A token `wdl_<kind>_…` has one stored form, made of its text; a new one is `wdl_<kind>_new` and has
/// the sample's. A fingerprint is the text that it is made of.
pub(crate) fn token_hasher() -> Arc<dyn TokenHasher> {
    let mut hasher = MockTokenHasher::new();
    hasher.expect_new_token().returning(|kind| {
        let token = format!("wdl_{}_new", kind.as_str());
        Ok((SecretText::new(token), token_hash()))
    });
    hasher.expect_hashes_of().returning(|kind, token| {
        let is_one = token
            .expose()
            .starts_with(&format!("wdl_{}_", kind.as_str()));
        is_one
            .then(|| hash_of(token.expose()))
            .into_iter()
            .collect()
    });
    hasher
        .expect_new_webhook_secret()
        .returning(|| Ok(SecretText::new("whsec_c2VjcmV0".to_owned())));
    hasher.expect_fingerprint().returning(<[u8]>::to_vec);
    Arc::new(hasher)
}

/// The stored form of a token that is presented.
pub(crate) fn hash_of(token: &str) -> TokenHash {
    TokenHash {
        pepper_id: "p1".to_owned(),
        mac: token.as_bytes().to_vec(),
    }
}

/// Keeps mails.
#[derive(Default)]
pub(crate) struct Outbox(Mutex<Vec<Mail>>);

impl Mailer for Outbox {
    fn enqueue(&self, mail: Mail) {
        self.0.lock().unwrap().push(mail);
    }
}

impl Outbox {
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        let mails = self.mails();
        mails.iter().map(|mail| mail.to.to_string()).collect()
    }
}

/// Why it was refused: the code, and the field at fault.
pub(crate) fn refusal<Output>(
    outcome: Result<Output, UseCaseError>,
) -> (&'static str, Option<&'static str>) {
    match outcome {
        Ok(_) => ("", None),
        Err(error) => (error.code().as_str(), error.pointer()),
    }
}
