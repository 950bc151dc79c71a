use super::ConfirmSecondFactor;
use crate::people::sample::{CODE, World, code, guarded, world};
use crate::sample::user;
use domain::access::Person;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::people::User;

/// Set up, and not confirmed.
fn pending() -> User {
    let mut user = guarded();
    user.second_factor.as_mut().unwrap().confirmed_at = None;
    user
}

async fn confirm(world: &World, person: &Person, digits: &str) -> Result<Vec<String>, ErrorCode> {
    let accounts = world.accounts.clone();
    let use_case = ConfirmSecondFactor { accounts };
    match use_case.run(person, &code(digits)).await {
        Ok(confirmed) => {
            let codes = confirmed.recovery_codes.iter();
            Ok(codes.map(|code| code.expose().to_owned()).collect())
        }
        Err(error) => Err(error.code()),
    }
}

#[tokio::test]
async fn a_first_code_turns_it_on_and_gives_recovery_codes() {
    let world = world(vec![pending()]);
    let person = world.signed_in(&pending());
    let codes = confirm(&world, &person, CODE).await.unwrap();
    assert_eq!(codes.len(), limits::RECOVERY_CODES);
    let book = world.book.read();
    assert!(book.users[0].has_second_factor());
    assert_eq!(book.users[0].second_factor.as_ref().unwrap().last_step, 7);
    let stored = book.recovery_codes.iter().map(|(_, hash)| hash.mac.clone());
    let told = codes.iter().map(|code| code.as_bytes().to_vec());
    assert!(stored.eq(told));
    assert_eq!(book.events(), ["second_factor.confirm accepted"]);
    assert_eq!(world.mailbox.messages(), ["factor on"]);
}

#[tokio::test]
async fn nothing_else_turns_it_on() {
    for (known, digits, expected) in [
        (pending(), "000000", ErrorCode::ValidationFailed),
        (user(), CODE, ErrorCode::NotFound),
        (guarded(), CODE, ErrorCode::LimitReached),
    ] {
        let world = world(vec![known.clone()]);
        let person = world.signed_in(&known);
        assert_eq!(confirm(&world, &person, digits).await, Err(expected));
        let book = world.book.read();
        assert_eq!(book.users, [known]);
        assert!(book.recovery_codes.is_empty());
        assert_eq!(world.mailbox.messages().len(), 0);
    }
}
