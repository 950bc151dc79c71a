use super::{BroughtAccount, RegisterCommand, RegisterPerson};
use crate::people::sample::{World, email, name, new_password, policy, world};
use crate::platform_accounts::ConnectPlatformAccount;
use crate::sample::{origin, password_credential, platform_name, user};
use crate::{Registration, UseCaseError};
use domain::SecretText;
use domain::access::Principal;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::names::TeamName;
use domain::people::UserState;
use domain::platform_account::{DeletionConfirmation, PlatformUid};
use domain::ports::{MockPlatformSignIn, SignInError, SignedIn};
use std::sync::Arc;

fn command(address: &str) -> RegisterCommand {
    RegisterCommand {
        email: email(address),
        password: new_password("a new password of hers"),
        name: name(),
        team_name: None,
        platform_account: None,
    }
}

fn bringing(address: &str) -> RegisterCommand {
    RegisterCommand {
        platform_account: Some(BroughtAccount {
            platform: platform_name(),
            credential: password_credential("pw"),
            confirmation_password: None,
        }),
        ..command(address)
    }
}

fn use_case(world: &World, sign_in: MockPlatformSignIn) -> RegisterPerson {
    RegisterPerson {
        accounts: world.accounts.clone(),
        connect: ConnectPlatformAccount {
            unit_of_work: world.accounts.unit_of_work.clone(),
            sign_in: Arc::new(sign_in),
            custody: world.accounts.custody.clone(),
            ids: world.accounts.ids.clone(),
            clock: world.accounts.clock.clone(),
            demands_second_factor: true,
        },
        policy: policy(),
    }
}

async fn register(world: &World, command: RegisterCommand) -> Result<(), UseCaseError> {
    let use_case = use_case(world, MockPlatformSignIn::new());
    use_case.run(command, &origin()).await
}

fn accepting() -> MockPlatformSignIn {
    let mut sign_in = MockPlatformSignIn::new();
    sign_in.expect_sign_in().times(1).returning(|_, _| {
        Ok(SignedIn {
            session_key: SecretText::new("session-1".to_owned()),
            uid: PlatformUid(78),
        })
    });
    sign_in
        .expect_deletion_confirmation()
        .returning(|_, _, _| Ok(DeletionConfirmation::EnvironmentName));
    sign_in
}

#[tokio::test]
async fn a_free_address_gets_an_unproved_account_and_a_link() {
    let world = world(Vec::new());
    register(&world, command("anna@example.com")).await.unwrap();
    let book = world.book.read();
    assert_eq!(book.users[0].state, UserState::Unverified);
    assert_eq!(book.events(), ["user.register accepted"]);
    assert_eq!(book.trail[0].principal, Principal::Anonymous);
    assert!(book.teams.is_empty());
    let (to, message, token) = world.mailbox.take().remove(0);
    assert_eq!((to.as_str(), message), ("anna@example.com", "verify"));
    assert_eq!(
        book.links[0].hash.mac,
        token.unwrap().expose().as_bytes(),
        "the link in the mail is the stored one"
    );
}

#[tokio::test]
async fn a_taken_address_gets_the_same_answer_after_the_same_work_and_nothing_changes() {
    let taken = world(vec![user()]);
    let free = world(Vec::new());
    for world in [&taken, &free] {
        register(world, command("anna@example.com")).await.unwrap();
        assert_eq!(
            world.passwords.counts(),
            (1, 0),
            "hashed once, whoever has it"
        );
    }
    let book = taken.book.read();
    assert_eq!(book.users, [user()]);
    assert!(book.links.is_empty());
    assert_eq!(book.events(), ["user.register accepted address-taken"]);
    assert_eq!(taken.mailbox.messages(), ["already registered"]);
}

#[tokio::test]
async fn only_so_many_mails_are_caused_to_one_address() {
    let world = world(vec![user()]);
    for _ in 0..limits::MAILS_PER_ADDRESS + 2 {
        register(&world, command("anna@example.com")).await.unwrap();
    }
    let mails = i64::try_from(world.mailbox.take().len()).unwrap();
    assert_eq!(mails, limits::MAILS_PER_ADDRESS);
    let subjects: Vec<_> = world.book.read().attempts.into_keys().collect();
    assert!(!subjects.concat().contains("anna"), "{subjects:?}");
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    let world = world(Vec::new());
    for _ in 0..limits::LOGIN_ATTEMPTS_PER_ADDRESS {
        register(&world, command("anna@example.com")).await.unwrap();
    }
    let error = register(&world, command("anna@example.com")).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TooManyAttempts);
    assert_eq!(error.wait(), Some(limits::LOGIN_WINDOW));
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_is_pointed_at() {
    let world = world(Vec::new());
    for password in ["an easy password", "my name is Anna", "anna@example.com"] {
        let easy = RegisterCommand {
            password: new_password(password),
            ..command("anna@example.com")
        };
        let error = register(&world, easy).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::ValidationFailed);
        assert_eq!(error.pointer(), Some("/password"));
    }
    assert!(world.book.read().users.is_empty());
}

#[tokio::test]
async fn where_registration_is_closed_only_the_invited_come_in() {
    let world = world(vec![user()]);
    world
        .book
        .change(|book| book.invited = vec!["bert@example.com".to_owned()]);
    let mut closed = use_case(&world, MockPlatformSignIn::new());
    closed.policy.registration = Registration::Invited;
    for address in ["anna@example.com", "carl@example.com"] {
        let error = closed.run(command(address), &origin()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RegistrationClosed, "{address}");
    }
    assert_eq!(world.mailbox.messages().len(), 0);
    closed
        .run(command("bert@example.com"), &origin())
        .await
        .unwrap();
    assert_eq!(world.book.read().users.len(), 2);
}

#[tokio::test]
async fn a_team_name_founds_a_team_that_the_person_owns() {
    let world = world(Vec::new());
    let founding = RegisterCommand {
        team_name: Some(TeamName::parse("Example shop").unwrap()),
        ..command("anna@example.com")
    };
    register(&world, founding).await.unwrap();
    let book = world.book.read();
    assert_eq!(book.teams[0].name.as_str(), "Example shop");
    let (membership, owner) = (book.memberships[0], book.users[0].id);
    assert_eq!(
        (membership.team_id, membership.user_id),
        (book.teams[0].id, owner)
    );
    assert_eq!(
        book.events(),
        ["team: team.create accepted", "user.register accepted"]
    );
    assert_eq!(book.trail[0].principal, Principal::User(owner));
}

#[tokio::test]
async fn a_brought_account_is_stored_with_person_and_team_at_once() {
    let world = world(Vec::new());
    let use_case = use_case(&world, accepting());
    use_case
        .run(bringing("anna@example.com"), &origin())
        .await
        .unwrap();
    let book = world.book.read();
    assert_eq!(book.teams[0].name.as_str(), "Anna team");
    let account = &book.platform_accounts[0];
    assert_eq!(account.team_id, book.teams[0].id);
    assert_eq!(account.platform_uid, PlatformUid(78));
    assert_eq!(
        book.events(),
        [
            "team: team.create accepted",
            "team: platform_account.connect accepted",
            "user.register accepted"
        ]
    );
}

#[tokio::test]
async fn the_platform_is_asked_for_a_taken_address_too_and_nothing_is_stored() {
    let world = world(vec![user()]);
    let use_case = use_case(&world, accepting());
    use_case
        .run(bringing("anna@example.com"), &origin())
        .await
        .unwrap();
    let book = world.book.read();
    assert!(book.teams.is_empty() && book.platform_accounts.is_empty());
}

#[tokio::test]
async fn a_refused_account_is_pointed_at_and_nothing_is_stored() {
    let cases = [
        (
            SignInError::Refused { result: 701 },
            "/platform_account/credential",
        ),
        (SignInError::UnknownPlatform, "/platform_account/platform"),
    ];
    for (answer, pointer) in cases {
        let world = world(Vec::new());
        let mut sign_in = MockPlatformSignIn::new();
        sign_in.expect_sign_in().return_once(|_, _| Err(answer));
        let use_case = use_case(&world, sign_in);
        let error = use_case.run(bringing("anna@example.com"), &origin()).await;
        assert_eq!(error.unwrap_err().pointer(), Some(pointer));
        let book = world.book.read();
        assert!(book.users.is_empty() && book.teams.is_empty() && book.trail.is_empty());
        assert_eq!(world.mailbox.messages().len(), 0);
    }
}

#[tokio::test]
async fn nobody_guesses_a_platform_password_through_us() {
    let world = world(Vec::new());
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_in()
        .times(usize::try_from(limits::LOGIN_ATTEMPTS_PER_ACCOUNT).unwrap())
        .returning(|_, _| Err(SignInError::Refused { result: 701 }));
    let use_case = use_case(&world, sign_in);
    for _ in 0..limits::LOGIN_ATTEMPTS_PER_ACCOUNT {
        let error = use_case.run(bringing("anna@example.com"), &origin()).await;
        let code = error.unwrap_err().code();
        assert_eq!(code, ErrorCode::PlatformCredentialRefused);
    }
    let error = use_case.run(bringing("other@example.com"), &origin()).await;
    assert_eq!(error.unwrap_err().code(), ErrorCode::TooManyAttempts);
}

#[tokio::test]
async fn a_lost_commit_is_neither_success_nor_failure_and_mails_nothing() {
    let world = world(Vec::new());
    let use_case = use_case(&world, MockPlatformSignIn::new());
    // The first commit counts the client.
    world.accounts.admit_client(&origin()).await.unwrap();
    let user = use_case.user(&command("anna@example.com"), user().password);
    world.book.change(|book| book.loses_answer = true);
    let error = use_case.store(&user, None, &origin()).await.err().unwrap();
    assert_eq!(error.code(), ErrorCode::OutcomeUnknown);
    assert_eq!(world.mailbox.messages().len(), 0);
}
