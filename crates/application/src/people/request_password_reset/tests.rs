use super::RequestPasswordReset;
use crate::people::sample::{World, disabled, email, unverified, world};
use crate::sample::{origin, user};
use domain::limits;

async fn request(world: &World, address: &str) {
    let accounts = world.accounts.clone();
    let use_case = RequestPasswordReset { accounts };
    use_case.run(&email(address), &origin()).await.unwrap();
}

#[tokio::test]
async fn only_an_address_with_an_account_gets_a_mail() {
    for (known, address, mails) in [
        (user(), "anna@example.com", 1),
        (unverified(), "anna@example.com", 1),
        (user(), "bert@example.com", 0),
        (disabled(), "anna@example.com", 0),
    ] {
        let world = world(vec![known]);
        request(&world, address).await;
        assert_eq!(world.mailbox.messages(), vec!["reset"; mails]);
        assert_eq!(world.book.read().links.len(), mails);
        assert_eq!(world.book.read().trail.len(), mails);
    }
}

#[tokio::test]
async fn not_too_many_mails_are_sent() {
    let world = world(vec![user()]);
    for _ in 0..limits::MAILS_PER_ADDRESS + 2 {
        request(&world, "anna@example.com").await;
    }
    let mails = i64::try_from(world.mailbox.take().len()).unwrap();
    assert_eq!(mails, limits::MAILS_PER_ADDRESS);
}
