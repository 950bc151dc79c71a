use super::BeginSecondFactor;
use crate::people::sample::{World, guarded, world};
use crate::sample::{custody, team_key, user};
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::limits;
use std::time::Duration;

async fn begin(world: &World, person: &Person) -> Result<(), ErrorCode> {
    let accounts = world.accounts.clone();
    match (BeginSecondFactor { accounts }).run(person).await {
        Ok(enrolment) => {
            assert_eq!(enrolment.secret.expose(), "SECRET");
            assert_eq!(enrolment.uri.expose(), "otpauth SECRET anna@example.com");
            Ok(())
        }
        Err(error) => Err(error.code()),
    }
}

#[tokio::test]
async fn the_secret_is_sealed_under_the_person_and_counts_for_nothing_yet() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    begin(&world, &person).await.unwrap();
    begin(&world, &person).await.unwrap();
    let book = world.book.read();
    let stored = &book.users[0];
    assert!(!stored.has_second_factor());
    let factor = stored.second_factor.as_ref().unwrap();
    let sealed = &factor.sealed_secret;
    let opened = custody().open_second_factor(&team_key(), user().id, sealed);
    assert_eq!(opened.unwrap().expose(), "SECRET");
    let other = crate::sample::id(99);
    let elsewhere = custody().open_second_factor(&team_key(), other, sealed);
    assert!(elsewhere.is_err(), "it opens for its person only");
    assert_ne!(book.sessions[0].hash, person.session.hash);
}

#[tokio::test]
async fn it_needs_a_proof_of_a_moment_ago() {
    let world = world(vec![user()]);
    let person = world.signed_in(&user());
    let late = limits::STEP_UP_WINDOW + Duration::from_secs(1);
    world.clock.advance(late);
    assert_eq!(begin(&world, &person).await, Err(ErrorCode::StepUpRequired));
    assert_eq!(world.book.read().users, [user()]);
}

#[tokio::test]
async fn a_confirmed_one_is_not_replaced() {
    let world = world(vec![guarded()]);
    let person = world.signed_in(&guarded());
    assert_eq!(begin(&world, &person).await, Err(ErrorCode::LimitReached));
    let book = world.book.read();
    assert_eq!(book.users, [guarded()]);
    assert_eq!(book.sessions, [person.session]);
}
