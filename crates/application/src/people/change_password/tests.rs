use super::{ChangePassword, ChangePasswordCommand};
use crate::UseCaseError;
use crate::people::accounts::IssuedSession;
use crate::people::sample::{PASSWORD, World, new_password, secret, world};
use crate::sample::user;
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::limits;
use std::time::Duration;

async fn change(
    world: &World,
    person: &Person,
    current: &str,
    new: &str,
) -> Result<IssuedSession, UseCaseError> {
    let accounts = world.accounts.clone();
    let command = ChangePasswordCommand {
        current_password: secret(current),
        password: new_password(new),
    };
    ChangePassword { accounts }.run(person, command).await
}

#[tokio::test]
async fn the_other_sessions_end_and_the_own_one_gets_another_token() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    world.signed_in(&user());
    world.clock.advance(Duration::from_mins(10));
    let issued = change(&world, &person, PASSWORD, "another password").await;
    let issued = issued.ok().unwrap();
    let book = world.book.read();
    assert_eq!(book.users[0].password.0, "another password");
    let [own, other] = &book.sessions[..] else {
        panic!("two sessions")
    };
    assert_eq!(own.ended_at, None);
    assert_eq!(own.hash.mac, issued.token.expose().as_bytes());
    assert_eq!(own.authenticated_at, person.session.authenticated_at);
    assert!(other.ended_at.is_some());
    assert_eq!(book.events(), ["user.change_password accepted"]);
    assert_eq!(world.mailbox.messages(), ["password changed"]);
}

#[tokio::test]
async fn without_the_current_password_nothing_changes_and_guessing_is_counted() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    for _ in 0..limits::LOGIN_ATTEMPTS_PER_ACCOUNT {
        let error = change(&world, &person, "wrong", "another password").await;
        let error = error.err().unwrap();
        assert_eq!(error.code(), ErrorCode::SignInRefused);
        assert_eq!(error.pointer(), Some("/current_password"));
    }
    let error = change(&world, &person, PASSWORD, "another password").await;
    assert_eq!(error.err().unwrap().code(), ErrorCode::TooManyAttempts);
    let book = world.book.read();
    assert_eq!(book.users, [user()]);
    assert_eq!(book.sessions, [person.session]);
    assert_eq!(world.mailbox.messages().len(), 0);
}

#[tokio::test]
async fn an_easy_new_password_is_pointed_at() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    let error = change(&world, &person, PASSWORD, "an easy password").await;
    assert_eq!(error.err().unwrap().pointer(), Some("/password"));
    assert_eq!(world.passwords.counts(), (0, 0));
}
