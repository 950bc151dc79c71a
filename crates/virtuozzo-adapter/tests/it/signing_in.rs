//! Signing in, and what an account can delete, against the simulator.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{LOGIN, Simulated, configuration, directory, password, platform_name};
use domain::SecretText;
use domain::names::{PlatformLogin, PlatformName};
use domain::platform_account::{DeletionConfirmation, PlatformCredential, PlatformUid};
use domain::ports::{AccessTokenSpec, PlatformSignIn, SignInError};
use virtuozzo_adapter::VirtuozzoSignIn;
use virtuozzo_simulator::{FaultKind, FaultRule, World};

const TOKEN: &str = "00000000000000000000000000000000000000bb";

fn world(methods: &str, quota: &str) -> World {
    let text = format!(
        r#"
        platform_domain = "example-paas.test"
        engine_version = "8.10.1"
        [[accounts]]
        uid = 4127
        login = "owner@example.com"
        password = "example-password"
        name = "Example Owner"
        [[accounts.tokens]]
        value = "{TOKEN}"
        methods = [{methods}]
        [accounts.quotas]
        "environment.delete.confirm.type" = "{quota}"
        [[regions]]
        unique_name = "example-north"
        display_name = "Example North"
        domain = "north.example-paas.test"
        [[regions.hard_node_groups]]
        unique_name = "example_north_group"
        display_name = "Example North 1"
        "#
    );
    World::from_toml(&text).unwrap()
}

async fn confirmation(methods: &str, quota: &str, has_password: bool) -> DeletionConfirmation {
    let simulated = Simulated::start(world(methods, quota)).await;
    let token = SecretText::new(TOKEN.into());
    let (name, sign_in) = (platform_name(), &simulated.sign_in);
    let found = sign_in.deletion_confirmation(&name, &token, has_password);
    found.await.unwrap()
}

#[tokio::test]
async fn signing_in_gives_a_session_and_the_uid() {
    let simulated = Simulated::start(World::example()).await;
    let signed_in = simulated
        .sign_in
        .sign_in(&platform_name(), &password())
        .await
        .ok()
        .unwrap();
    assert_eq!(signed_in.uid, PlatformUid(4127));
    assert!(signed_in.session_key.expose().starts_with("101fx"));
    assert_eq!(simulated.simulator.journal().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_refused_with_701() {
    let simulated = Simulated::start(World::example()).await;
    let wrong = PlatformCredential::Password {
        login: PlatformLogin::parse(LOGIN).unwrap(),
        password: SecretText::new("wrong".into()),
    };
    let error = simulated
        .sign_in
        .sign_in(&platform_name(), &wrong)
        .await
        .err();
    assert!(
        matches!(error, Some(SignInError::Refused { result: 701 })),
        "{error:?}"
    );
    assert_eq!(
        simulated.simulator.journal().len(),
        1,
        "a wrong password is presented once"
    );
}

#[tokio::test]
async fn signing_in_is_never_repeated_when_the_platform_is_in_trouble() {
    for kind in [
        FaultKind::EffectThenDrop,
        FaultKind::BadGatewayHtml { status: 502 },
        FaultKind::HtmlOk,
        FaultKind::ForcedResult {
            result: 1,
            error: "failed".into(),
        },
    ] {
        let simulated = Simulated::start(World::example()).await;
        simulated
            .simulator
            .add_fault(FaultRule::always("signin", kind.clone()));
        let error = simulated
            .sign_in
            .sign_in(&platform_name(), &password())
            .await
            .err();
        assert!(
            matches!(error, Some(SignInError::Unavailable(_))),
            "{kind:?}: {error:?}"
        );
        assert_eq!(simulated.simulator.journal().len(), 1);
    }
}

#[tokio::test]
async fn an_access_token_is_checked_by_reading_the_account() {
    let simulated = Simulated::start(world(r#""*""#, "none")).await;
    let token = |value: &str| PlatformCredential::AccessToken {
        token: SecretText::new(value.into()),
    };
    let signed_in = simulated
        .sign_in
        .sign_in(&platform_name(), &token(TOKEN))
        .await
        .ok()
        .unwrap();
    assert_eq!(signed_in.uid, PlatformUid(4127));
    assert_eq!(signed_in.session_key.expose(), TOKEN);
    let unknown = token("00000000000000000000000000000000000000cc");
    let error = simulated
        .sign_in
        .sign_in(&platform_name(), &unknown)
        .await
        .err();
    assert!(
        matches!(error, Some(SignInError::Refused { result: 702 })),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_unknown_platform_is_named_as_such() {
    let simulated = Simulated::start(World::example()).await;
    let elsewhere = PlatformName::parse("elsewhere").unwrap();
    let error = simulated
        .sign_in
        .sign_in(&elsewhere, &password())
        .await
        .err();
    assert!(matches!(error, Some(SignInError::UnknownPlatform)));
}

#[tokio::test]
async fn deletion_confirmation_follows_the_quota() {
    let all = r#""*""#;
    assert_eq!(
        confirmation(all, "none", false).await,
        DeletionConfirmation::NotNeeded
    );
    assert_eq!(
        confirmation(all, "name", false).await,
        DeletionConfirmation::EnvironmentName
    );
    assert_eq!(
        confirmation(all, "password", true).await,
        DeletionConfirmation::AccountPassword
    );
    assert_eq!(
        confirmation(all, "password", false).await,
        DeletionConfirmation::Unavailable
    );
}

#[tokio::test]
async fn a_token_without_deleteenv_cannot_confirm_deletions() {
    let methods = r#""environment.control.GetEnvs", "billing.*""#;
    assert_eq!(
        confirmation(methods, "none", true).await,
        DeletionConfirmation::Unavailable
    );
}

#[tokio::test]
async fn a_token_that_may_not_read_quotas_needs_the_password() {
    let methods = r#""environment.*""#;
    assert_eq!(
        confirmation(methods, "none", true).await,
        DeletionConfirmation::AccountPassword
    );
    assert_eq!(
        confirmation(methods, "none", false).await,
        DeletionConfirmation::Unavailable
    );
}

async fn account_of(simulated: &Simulated, key: &SecretText) -> Option<SignInError> {
    let token = PlatformCredential::AccessToken { token: key.clone() };
    let read = simulated.sign_in.sign_in(&platform_name(), &token).await;
    read.err()
}

#[tokio::test]
async fn a_session_that_was_signed_out_is_refused_from_then_on() {
    let simulated = Simulated::start(World::example()).await;
    let (name, sign_in) = (platform_name(), &simulated.sign_in);
    let signed_in = sign_in.sign_in(&name, &password()).await.ok().unwrap();
    let key = signed_in.session_key;
    assert!(account_of(&simulated, &key).await.is_none());
    sign_in.sign_out(&name, &key).await.unwrap();
    let error = account_of(&simulated, &key).await;
    assert!(
        matches!(error, Some(SignInError::Refused { result: 702 })),
        "{error:?}"
    );
    sign_in.sign_out(&name, &key).await.unwrap();
}

#[tokio::test]
async fn signing_out_is_not_done_when_the_platform_is_in_trouble() {
    let simulated = Simulated::start(World::example()).await;
    let (name, sign_in) = (platform_name(), &simulated.sign_in);
    let signed_in = sign_in.sign_in(&name, &password()).await.ok().unwrap();
    let trouble = FaultKind::BadGatewayHtml { status: 502 };
    let fault = FaultRule::always("signout", trouble);
    simulated.simulator.add_fault(fault);
    let error = sign_in.sign_out(&name, &signed_in.session_key).await.err();
    assert!(
        matches!(error, Some(SignInError::Unavailable(_))),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_new_access_token_may_do_what_it_was_made_for_and_no_more() {
    let simulated = Simulated::start(World::example()).await;
    let (name, sign_in) = (platform_name(), &simulated.sign_in);
    let signed_in = sign_in.sign_in(&name, &password()).await.ok().unwrap();
    let wanted = AccessTokenSpec {
        description: "Windlass & \"co\" + 100% ä".into(),
        methods: vec![
            "users.account.GetUserInfo".into(),
            "users.authentication.Signout".into(),
        ],
        expires_at: None,
    };
    let key = &signed_in.session_key;
    let token = sign_in.create_access_token(&name, key, &wanted).await;
    let token = token.ok().unwrap();
    assert_eq!(token.expose().len(), 40);
    assert!(account_of(&simulated, &token).await.is_none());
    let confirmation = sign_in.deletion_confirmation(&name, &token, true).await;
    assert_eq!(confirmation.unwrap(), DeletionConfirmation::Unavailable);
    sign_in.sign_out(&name, &token).await.unwrap();
    assert!(account_of(&simulated, &token).await.is_none());
}

#[tokio::test]
async fn an_access_token_ends_on_its_day() {
    let simulated = Simulated::start(World::example()).await;
    let (name, sign_in) = (platform_name(), &simulated.sign_in);
    let signed_in = sign_in.sign_in(&name, &password()).await.ok().unwrap();
    for (expires_at, is_alive) in [
        ("2001-01-01T12:00:00Z", false),
        ("9000-01-01T12:00:00Z", true),
    ] {
        let wanted = AccessTokenSpec {
            description: "Windlass".into(),
            methods: vec!["users.account.GetUserInfo".into()],
            expires_at: Some(expires_at.parse().unwrap()),
        };
        let key = &signed_in.session_key;
        let token = sign_in.create_access_token(&name, key, &wanted).await;
        let error = account_of(&simulated, &token.ok().unwrap()).await;
        assert_eq!(error.is_none(), is_alive, "{expires_at}: {error:?}");
    }
}

#[tokio::test]
async fn a_token_is_never_asked_for_twice_and_never_invented() {
    let answers = [
        Reply::Reset,
        Reply::Status(502, "<html>"),
        Reply::json(r#"{"result":0}"#),
        Reply::json(r#"{"result":0,"token":{"id":7}}"#),
        Reply::json(r#"{"result":0,"token":null}"#),
        Reply::json(r#"{"result":1,"error":"failed"}"#),
    ];
    for reply in answers {
        let server = ScriptedServer::start(vec![reply.clone()]);
        let sign_in = VirtuozzoSignIn::new(directory(configuration(&server.base_url)));
        let wanted = AccessTokenSpec {
            description: "Windlass".into(),
            methods: vec!["users.account.GetUserInfo".into()],
            expires_at: None,
        };
        let (name, key) = (platform_name(), SecretText::new("the-key".into()));
        let created = sign_in.create_access_token(&name, &key, &wanted);
        let error = created.await.err();
        assert!(
            matches!(error, Some(SignInError::Unavailable(_))),
            "{reply:?}: {error:?}"
        );
        assert_eq!(server.received().len(), 1);
    }
}
