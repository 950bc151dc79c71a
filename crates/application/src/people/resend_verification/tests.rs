use super::ResendVerification;
use crate::people::sample::{World, disabled, email, unverified, world};
use crate::sample::{origin, user};
use domain::limits;

async fn resend(world: &World, address: &str) {
    let accounts = world.accounts.clone();
    let use_case = ResendVerification { accounts };
    use_case.run(&email(address), &origin()).await.unwrap();
}

#[tokio::test]
async fn only_an_address_that_was_not_proved_gets_a_mail() {
    for (known, address, mails) in [
        (unverified(), "anna@example.com", 1),
        (unverified(), "bert@example.com", 0),
        (user(), "anna@example.com", 0),
        (disabled(), "anna@example.com", 0),
    ] {
        let world = world(vec![known]);
        resend(&world, address).await;
        assert_eq!(world.mailbox.messages(), vec!["verify"; mails]);
        assert_eq!(world.book.read().links.len(), mails);
        assert_eq!(world.book.read().trail.len(), mails);
    }
}

#[tokio::test]
async fn not_too_many_mails_are_sent() {
    let world = world(vec![unverified()]);
    for _ in 0..limits::MAILS_PER_ADDRESS + 2 {
        resend(&world, "anna@example.com").await;
    }
    let mails = i64::try_from(world.mailbox.take().len()).unwrap();
    assert_eq!(mails, limits::MAILS_PER_ADDRESS);
}
