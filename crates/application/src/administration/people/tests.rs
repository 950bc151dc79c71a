use super::{ChangePerson, PersonChange, ResetPersonPassword};
use crate::administration::Administrator;
use crate::sample::{
    CountingIds, HandClock, beginning, commits, id, role, team, token_hash, unit_of_work, user,
    user_id,
};
use domain::SecretText;
use domain::access::{Principal, RoleKind};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::limits::PASSWORD_RESET_LIFETIME;
use domain::names::{EmailAddress, TeamName};
use domain::page::Page;
use domain::people::{EmailLinkPurpose, User, UserState};
use domain::ports::{MockReadModel, MockTokenHasher, MockTransaction, TokenKind};
use domain::team::Team;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

pub(in crate::administration) fn administrator() -> Administrator {
    Administrator { os_user_id: 1_000 }
}

pub(in crate::administration) fn email() -> EmailAddress {
    EmailAddress::parse("anna@example.com").unwrap()
}

fn other_team() -> TeamId {
    id(77)
}

/// The person is a member of two teams, each on a page of its own, the younger one first.
pub(in crate::administration) fn teams() -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_list_teams_of_user()
        .returning(|asked, page| {
            assert_eq!(asked, user_id());
            let (id, next_after) = match page.after() {
                None => (other_team(), Some(other_team())),
                Some(_) => (team(), None),
            };
            let team = Team {
                id,
                name: TeamName::parse("A team").unwrap(),
                created_at: beginning(),
                suspended_at: None,
                version: 1,
            };
            Ok(Page {
                items: vec![(team, role(RoleKind::Owner))],
                next_after,
            })
        });
    read_model
}

/// The first transaction: who has the address?
pub(in crate::administration) fn finding(found: Option<User>) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .people
        .expect_find_user_by_email()
        .withf(|asked| *asked == email())
        .times(1)
        .return_once(move |_| Ok(found));
    transaction
}

/// The second: the action is in the trail of the system and of both teams, in this order.
fn auditing(before: User, action: &'static str) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .people
        .expect_find_user()
        .returning(move |_| Ok(Some(before.clone())));
    let trails = Mutex::new(VecDeque::from([None, Some(team()), Some(other_team())]));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| {
            event.action == action
                && event.principal == Principal::CommandLine
                && event.target == user_id().to_string()
                && event.detail.as_deref() == Some("os_user:1000")
                && trails.lock().unwrap().pop_front() == Some(event.team_id)
        })
        .times(3)
        .returning(|_| Ok(()));
    transaction
}

/// The same, and this is stored of the person.
pub(in crate::administration) fn changing(
    before: User,
    action: &'static str,
    is_right: impl Fn(&User) -> bool + Send + 'static,
) -> MockTransaction {
    let version = before.version;
    let mut transaction = auditing(before, action);
    transaction
        .people
        .expect_update_user()
        .withf(move |stored| is_right(stored) && stored.version == version)
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

fn change(transactions: Vec<MockTransaction>) -> ChangePerson {
    ChangePerson {
        unit_of_work: unit_of_work(transactions),
        read_model: Arc::new(teams()),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

fn disabled() -> User {
    User {
        state: UserState::Disabled,
        ..user()
    }
}

fn ending_sessions(mut transaction: MockTransaction) -> MockTransaction {
    transaction
        .user_sessions
        .expect_end_user_sessions()
        .withf(|user, but, at| *user == user_id() && but.is_none() && *at == beginning())
        .times(1)
        .returning(|_, _, _| Ok(3));
    transaction
}

#[tokio::test]
async fn who_is_disabled_loses_all_sessions_in_the_same_transaction() {
    let transaction = changing(user(), "person.disable", |stored| {
        stored.state == UserState::Disabled
    });
    let counter = Arc::clone(&transaction.commits);
    let ended = change(vec![finding(Some(user())), ending_sessions(transaction)])
        .run(&administrator(), &email(), PersonChange::Disable)
        .await;
    assert_eq!(ended.unwrap(), 3);
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn disabling_twice_ends_sessions_again_and_changes_nothing_else() {
    let transaction = ending_sessions(auditing(disabled(), "person.disable"));
    let ended = change(vec![finding(Some(disabled())), transaction])
        .run(&administrator(), &email(), PersonChange::Disable)
        .await;
    assert_eq!(ended.unwrap(), 3);
}

#[tokio::test]
async fn who_is_enabled_may_sign_in() {
    let transaction = changing(disabled(), "person.enable", User::may_sign_in);
    let ended = change(vec![finding(Some(disabled())), transaction])
        .run(&administrator(), &email(), PersonChange::Enable)
        .await;
    assert_eq!(ended.unwrap(), 0);
}

fn reset(transactions: Vec<MockTransaction>) -> ResetPersonPassword {
    let mut token_hasher = MockTokenHasher::new();
    token_hasher
        .expect_new_token()
        .withf(|kind| *kind == TokenKind::PasswordReset)
        .returning(|_| Ok((SecretText::new("token".to_owned()), token_hash())));
    ResetPersonPassword {
        unit_of_work: unit_of_work(transactions),
        read_model: Arc::new(teams()),
        token_hasher: Arc::new(token_hasher),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

#[tokio::test]
async fn a_reset_stores_the_hash_and_gives_the_token_once() {
    let mut transaction = auditing(user(), "person.reset_password");
    transaction
        .people
        .expect_insert_email_link()
        .withf(|link| {
            link.user_id == user_id()
                && link.purpose == EmailLinkPurpose::PasswordReset
                && link.hash == token_hash()
                && link.expires_at == beginning().checked_add(PASSWORD_RESET_LIFETIME).unwrap()
        })
        .times(1)
        .returning(|_| Ok(()));
    let counter = Arc::clone(&transaction.commits);
    let made = reset(vec![finding(Some(user())), transaction])
        .run(&administrator(), &email())
        .await;
    assert_eq!(made.unwrap().token.expose(), "token");
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn who_is_disabled_gets_no_new_password() {
    let mut transaction = MockTransaction::default();
    transaction
        .people
        .expect_find_user()
        .returning(|_| Ok(Some(disabled())));
    let refused = reset(vec![finding(Some(disabled())), transaction])
        .run(&administrator(), &email())
        .await;
    let code = refused.err().map(|error| error.code());
    assert_eq!(code, Some(ErrorCode::ValidationFailed));
}
