use super::RenewRecoveryCodes;
use crate::people::sample::{World, guarded, world};
use crate::sample::{token_hash, user};
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::ports::Clock as _;
use std::time::Duration;

async fn renew(world: &World, person: &Person) -> Result<usize, ErrorCode> {
    let accounts = world.accounts.clone();
    let codes = RenewRecoveryCodes { accounts }.run(person).await;
    codes.map(|codes| codes.len()).map_err(|error| error.code())
}

#[tokio::test]
async fn new_codes_replace_the_old_ones() {
    let world = world(vec![guarded()]);
    let person = world.signed_in(&guarded());
    world
        .book
        .change(|book| book.recovery_codes.push((user().id, token_hash())));
    let told = renew(&world, &person).await;
    assert_eq!(told, Ok(limits::RECOVERY_CODES));
    let book = world.book.read();
    assert_eq!(book.recovery_codes.len(), limits::RECOVERY_CODES);
    assert!(!book.recovery_codes.contains(&(user().id, token_hash())));
    assert_eq!(book.events(), ["recovery_codes.renew accepted"]);
}

#[tokio::test]
async fn without_factor_proof_or_session_there_are_none() {
    let late = limits::STEP_UP_WINDOW + Duration::from_secs(1);
    for (known, wait, is_ended, expected) in [
        (
            user(),
            Duration::ZERO,
            false,
            ErrorCode::SecondFactorRequired,
        ),
        (guarded(), late, false, ErrorCode::StepUpRequired),
        (guarded(), Duration::ZERO, true, ErrorCode::Unauthenticated),
    ] {
        let world = world(vec![known.clone()]);
        let person = world.signed_in(&known);
        world.clock.advance(wait);
        let now = world.clock.now();
        world
            .book
            .change(|book| book.sessions[0].ended_at = is_ended.then_some(now));
        assert_eq!(renew(&world, &person).await, Err(expected));
        assert!(world.book.read().recovery_codes.is_empty());
    }
}
