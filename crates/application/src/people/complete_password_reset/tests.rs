use super::{CompletePasswordReset, CompletePasswordResetCommand};
use crate::UseCaseError;
use crate::people::sample::{World, disabled, guarded, new_password, secret, unverified, world};
use crate::sample::{origin, user};
use domain::SecretText;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::people::{EmailLinkPurpose, UserState};

async fn complete(world: &World, token: &SecretText, text: &str) -> Result<(), UseCaseError> {
    let accounts = world.accounts.clone();
    let command = CompletePasswordResetCommand {
        token: token.clone(),
        password: new_password(text),
    };
    CompletePasswordReset { accounts }
        .run(command, &origin())
        .await
}

#[tokio::test]
async fn a_new_password_ends_all_sessions_and_leaves_the_second_factor_on() {
    let world = world(vec![guarded()]);
    world.signed_in(&guarded());
    world.signed_in(&guarded());
    let token = world.link(&guarded(), EmailLinkPurpose::PasswordReset);
    complete(&world, &token, "another password").await.unwrap();
    let book = world.book.read();
    assert_eq!(book.users[0].password.0, "another password");
    assert!(book.users[0].has_second_factor());
    assert!(book.sessions.iter().all(|it| it.ended_at.is_some()));
    assert_eq!(book.events(), ["user.reset_password accepted"]);
    assert_eq!(world.mailbox.messages(), ["password changed"]);
    let again = complete(&world, &token, "a third password").await;
    assert_eq!(again.unwrap_err().code(), ErrorCode::LinkInvalid);
}

#[tokio::test]
async fn it_proves_the_address_too() {
    let world = world(vec![unverified()]);
    let token = world.link(&unverified(), EmailLinkPurpose::PasswordReset);
    complete(&world, &token, "another password").await.unwrap();
    assert_eq!(world.book.read().users[0].state, UserState::Active);
}

#[tokio::test]
async fn an_easy_password_is_refused_and_leaves_the_link_good() {
    let world = world(vec![user()]);
    let token = world.link(&user(), EmailLinkPurpose::PasswordReset);
    for easy in ["an easy password", "my name is Anna"] {
        let error = complete(&world, &token, easy).await.unwrap_err();
        assert_eq!(error.pointer(), Some("/password"));
    }
    complete(&world, &token, "another password").await.unwrap();
}

#[tokio::test]
async fn other_links_change_nothing() {
    for known in [user(), disabled()] {
        let world = world(vec![known.clone()]);
        let good = world.link(&known, EmailLinkPurpose::PasswordReset);
        if known.state == UserState::Active {
            world.clock.advance(limits::PASSWORD_RESET_LIFETIME);
        }
        let other = world.link(&known, EmailLinkPurpose::Verification);
        for token in [&good, &other, &secret("wdl_reset_unknown")] {
            let error = complete(&world, token, "another password").await;
            assert_eq!(error.unwrap_err().code(), ErrorCode::LinkInvalid);
        }
        assert_eq!(world.book.read().users, [known]);
        assert_eq!(world.mailbox.messages().len(), 0);
    }
}
