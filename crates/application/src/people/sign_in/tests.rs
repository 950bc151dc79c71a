use super::{SignIn, SignInCommand};
use crate::UseCaseError;
use crate::people::ResendVerification;
use crate::people::accounts::{IssuedSession, PresentedFactor};
use crate::people::sample::{
    CODE, PASSWORD, World, code, disabled, email, guarded, secret, unverified, world,
};
use crate::sample::{beginning, origin, user};
use domain::access::Principal;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::people::{PasswordHash, TokenHash, User};

async fn sign_in_with(
    world: &World,
    address: &str,
    password: &str,
    factor: Option<PresentedFactor>,
) -> Result<(User, IssuedSession), UseCaseError> {
    let accounts = world.accounts.clone();
    let use_case = SignIn {
        resend: ResendVerification {
            accounts: accounts.clone(),
        },
        accounts,
    };
    let command = SignInCommand {
        email: email(address),
        password: secret(password),
        factor,
    };
    use_case.run(command, &origin()).await
}

async fn refused(world: &World, address: &str, password: &str) -> (ErrorCode, String) {
    let error = sign_in_with(world, address, password, None).await;
    let error = error.err().expect("it is refused");
    (error.code(), error.detail().to_owned())
}

/// With the right address and password.
async fn proving(world: &World, factor: Option<PresentedFactor>) -> Option<ErrorCode> {
    let outcome = sign_in_with(world, "anna@example.com", PASSWORD, factor).await;
    outcome.err().map(|error| error.code())
}

fn app(text: &str) -> PresentedFactor {
    PresentedFactor::Code(code(text))
}

#[tokio::test]
async fn a_right_password_begins_a_session_and_forgets_the_attempts() {
    let world = world(vec![user()]);
    refused(&world, "anna@example.com", "wrong").await;
    let outcome = sign_in_with(&world, "Anna@Example.com", PASSWORD, None).await;
    let (person, issued) = outcome.ok().unwrap();
    assert_eq!(person, user());
    let book = world.book.read();
    let session = &book.sessions[0];
    assert_eq!(session.hash.mac, issued.token.expose().as_bytes());
    assert_eq!(issued.expires_at, beginning() + limits::SESSION_LIFETIME);
    assert_eq!(
        issued.csrf_token.expose(),
        format!("csrf of {}", issued.token.expose())
    );
    let attempts: Vec<_> = book.attempts.keys().collect();
    assert_eq!(attempts, ["address:192.0.2.1"]);
    assert_eq!(
        book.events(),
        [
            "session.begin refused sign-in-refused",
            "session.begin accepted"
        ]
    );
    assert_eq!(book.trail[1].principal, Principal::User(user().id));
    assert_eq!(book.trail[1].credential, Some(session.id.to_string()));
}

#[tokio::test]
async fn unknown_wrong_and_disabled_get_one_answer_after_the_same_work() {
    let mut answers = Vec::new();
    for (known, password) in [
        (None, PASSWORD),
        (Some(user()), "wrong"),
        (Some(disabled()), PASSWORD),
    ] {
        let world = world(known.into_iter().collect());
        answers.push(refused(&world, "anna@example.com", password).await);
        assert_eq!(world.passwords.counts(), (0, 1), "verified once");
        let book = world.book.read();
        assert_eq!(book.events(), ["session.begin refused sign-in-refused"]);
        assert!(!book.trail[0].target.contains("anna"));
        assert!(book.sessions.is_empty());
    }
    assert_eq!(answers[0].0, ErrorCode::SignInRefused);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn too_many_attempts_are_refused_unseen_whether_or_not_there_is_an_account() {
    for known in [vec![user()], Vec::new()] {
        let world = world(known);
        for _ in 0..limits::LOGIN_ATTEMPTS_PER_ACCOUNT {
            refused(&world, "anna@example.com", "wrong").await;
        }
        let verified = world.passwords.counts();
        let right = sign_in_with(&world, "anna@example.com", PASSWORD, None).await;
        let error = right.err().unwrap();
        assert_eq!(error.code(), ErrorCode::TooManyAttempts);
        assert_eq!(error.wait(), Some(limits::LOGIN_WINDOW));
        assert_eq!(world.passwords.counts(), verified, "nothing is looked at");
    }
}

#[tokio::test]
async fn many_addresses_from_one_client_are_too_many_too() {
    let world = world(vec![user()]);
    for number in 0..limits::LOGIN_ATTEMPTS_PER_ADDRESS {
        refused(&world, &format!("nobody{number}@example.com"), "wrong").await;
    }
    assert_eq!(
        proving(&world, None).await,
        Some(ErrorCode::TooManyAttempts)
    );
}

#[tokio::test]
async fn who_has_not_proved_the_address_gets_the_mail_again_and_no_session() {
    let world = world(vec![unverified()]);
    let (code, _) = refused(&world, "anna@example.com", PASSWORD).await;
    assert_eq!(code, ErrorCode::EmailNotVerified);
    assert_eq!(world.mailbox.messages(), ["verify"]);
    assert!(world.book.read().sessions.is_empty());
    assert_eq!(
        world.book.read().events(),
        [
            "session.begin refused email-not-verified",
            "user.mail_verification accepted"
        ]
    );
    let (code, _) = refused(&world, "anna@example.com", "wrong").await;
    assert_eq!(
        code,
        ErrorCode::SignInRefused,
        "a wrong password learns nothing"
    );
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_a_code_is_good_once() {
    let world = world(vec![guarded()]);
    assert_eq!(
        proving(&world, None).await,
        Some(ErrorCode::SecondFactorNeeded)
    );
    let wrong = Some(ErrorCode::SignInRefused);
    assert_eq!(proving(&world, Some(app("000000"))).await, wrong);
    assert!(world.book.read().sessions.is_empty());
    assert_eq!(proving(&world, Some(app(CODE))).await, None);
    assert_eq!(proving(&world, Some(app(CODE))).await, wrong, "it was used");
    assert_eq!(world.book.read().sessions.len(), 1);
}

#[tokio::test]
async fn without_the_password_nobody_learns_of_the_second_factor() {
    let world = world(vec![guarded()]);
    let (code, _) = refused(&world, "anna@example.com", "wrong").await;
    assert_eq!(code, ErrorCode::SignInRefused);
}

#[tokio::test]
async fn guessing_codes_is_counted_like_guessing_passwords() {
    let world = world(vec![guarded()]);
    for _ in 0..limits::LOGIN_ATTEMPTS_PER_ACCOUNT {
        let outcome = proving(&world, Some(app("000000"))).await;
        assert_eq!(outcome, Some(ErrorCode::SignInRefused));
    }
    let outcome = proving(&world, Some(app(CODE))).await;
    assert_eq!(outcome, Some(ErrorCode::TooManyAttempts));
}

#[tokio::test]
async fn a_recovery_code_is_used_up_and_told_of_by_mail() {
    let world = world(vec![guarded()]);
    let hash = TokenHash {
        pepper_id: "p1".to_owned(),
        mac: b"code-1".to_vec(),
    };
    world
        .book
        .change(|book| book.recovery_codes.push((user().id, hash)));
    let recovery = || Some(PresentedFactor::RecoveryCode(secret("code-1")));
    assert_eq!(proving(&world, recovery()).await, None);
    assert_eq!(world.mailbox.messages(), ["recovery code used"]);
    let again = proving(&world, recovery()).await;
    assert_eq!(again, Some(ErrorCode::SignInRefused));
}

#[tokio::test]
async fn a_password_that_was_changed_while_the_old_one_was_verified_begins_nothing() {
    let world = world(vec![user()]);
    let book = world.book.clone();
    let change = move || book.change(|book| book.users[0].password = PasswordHash("x".to_owned()));
    *world.passwords.meanwhile.lock().unwrap() = Some(Box::new(change));
    assert_eq!(proving(&world, None).await, Some(ErrorCode::SignInRefused));
    assert!(world.book.read().sessions.is_empty());
}

#[tokio::test]
async fn a_stored_form_of_lower_costs_is_renewed() {
    let world = world(vec![User {
        password: PasswordHash(format!("old {PASSWORD}")),
        ..user()
    }]);
    assert_eq!(proving(&world, None).await, None);
    assert_eq!(world.book.read().users[0].password.0, PASSWORD);
}
