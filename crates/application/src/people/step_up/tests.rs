use super::{StepUp, StepUpCommand};
use crate::UseCaseError;
use crate::people::accounts::{IssuedSession, PresentedFactor};
use crate::people::sample::{CODE, PASSWORD, World, code, guarded, secret, world};
use crate::sample::user;
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::ports::Clock as _;
use std::time::Duration;

async fn step_up(
    world: &World,
    person: &Person,
    password: &str,
    digits: Option<&str>,
) -> Result<IssuedSession, UseCaseError> {
    let accounts = world.accounts.clone();
    let command = StepUpCommand {
        password: secret(password),
        factor: digits.map(|digits| PresentedFactor::Code(code(digits))),
    };
    StepUp { accounts }.run(person, command).await
}

#[tokio::test]
async fn a_new_proof_gives_the_session_another_token_and_a_later_time() {
    let world = world(vec![guarded()]);
    let person = world.signed_in(&guarded());
    world.clock.advance(Duration::from_hours(1));
    let issued = step_up(&world, &person, PASSWORD, Some(CODE)).await;
    let issued = issued.ok().unwrap();
    let session = world.book.read().sessions.remove(0);
    assert_ne!(session.hash, person.session.hash);
    assert_eq!(session.hash.mac, issued.token.expose().as_bytes());
    assert_eq!(session.authenticated_at, world.clock.now());
    assert_eq!(issued.expires_at, person.session.expires_at);
    assert_eq!(world.book.read().events(), ["session.step_up accepted"]);
}

#[tokio::test]
async fn what_is_no_proof_leaves_the_session_as_it_was_and_is_counted() {
    let world = world(vec![guarded()]);
    let person = world.signed_in(&guarded());
    let cases = [
        ("wrong", Some(CODE), ErrorCode::SignInRefused),
        (PASSWORD, Some("000000"), ErrorCode::SignInRefused),
        (PASSWORD, None, ErrorCode::SecondFactorNeeded),
    ];
    for (password, digits, expected) in cases {
        let error = step_up(&world, &person, password, digits).await;
        assert_eq!(error.err().unwrap().code(), expected);
        let sessions = world.book.read().sessions;
        assert_eq!(sessions, std::slice::from_ref(&person.session));
    }
    for _ in 3..limits::LOGIN_ATTEMPTS_PER_ACCOUNT {
        step_up(&world, &person, "wrong", None).await.err().unwrap();
    }
    let right = step_up(&world, &person, PASSWORD, Some(CODE)).await;
    assert_eq!(right.err().unwrap().code(), ErrorCode::TooManyAttempts);
}

#[tokio::test]
async fn a_session_that_was_ended_meanwhile_gets_no_token() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    let now = world.clock.now();
    let book = world.book.clone();
    let end = move || book.change(|book| book.sessions[0].ended_at = Some(now));
    *world.passwords.meanwhile.lock().unwrap() = Some(Box::new(end));
    let error = step_up(&world, &person, PASSWORD, None).await;
    assert_eq!(error.err().unwrap().code(), ErrorCode::Unauthenticated);
}
