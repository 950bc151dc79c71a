use super::VerifyEmail;
use crate::people::sample::{World, disabled, secret, unverified, world};
use crate::sample::{origin, user};
use domain::SecretText;
use domain::access::Principal;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::people::{EmailLinkPurpose, UserState};

async fn verify(world: &World, token: &SecretText) -> Option<ErrorCode> {
    let accounts = world.accounts.clone();
    let outcome = VerifyEmail { accounts }.run(token, &origin()).await;
    outcome.err().map(|error| {
        assert_eq!(error.pointer(), Some("/token"));
        error.code()
    })
}

#[tokio::test]
async fn a_link_proves_the_address_once() {
    let world = world(vec![unverified()]);
    let token = world.link(&unverified(), EmailLinkPurpose::Verification);
    assert_eq!(verify(&world, &token).await, None);
    let book = world.book.read();
    assert_eq!(book.users[0].state, UserState::Active);
    assert_eq!(book.events(), ["user.verify_email accepted"]);
    assert_eq!(book.trail[0].principal, Principal::User(user().id));
    assert_eq!(verify(&world, &token).await, Some(ErrorCode::LinkInvalid));
}

#[tokio::test]
async fn links_that_are_old_of_another_purpose_or_no_links_prove_nothing() {
    let world = world(vec![unverified()]);
    let reset = world.link(&unverified(), EmailLinkPurpose::PasswordReset);
    let old = world.link(&unverified(), EmailLinkPurpose::Verification);
    world.clock.advance(limits::VERIFICATION_LIFETIME);
    for token in [&reset, &old, &secret("wdl_verify_unknown"), &secret("")] {
        assert_eq!(verify(&world, token).await, Some(ErrorCode::LinkInvalid));
    }
    assert_eq!(world.book.read().users, [unverified()]);
}

#[tokio::test]
async fn who_is_shut_out_stays_out() {
    let world = world(vec![disabled()]);
    let token = world.link(&disabled(), EmailLinkPurpose::Verification);
    assert_eq!(verify(&world, &token).await, Some(ErrorCode::LinkInvalid));
    assert_eq!(world.book.read().users, [disabled()]);
}
