//! Actions of the mbadmin package.

use super::done;
use crate::scripted::{Reply, ScriptedServer};
use crate::support::{
    MBADMIN, Simulated, account, attempt, configuration, platforms, short_domain, ticket,
};
use domain::names::ParameterName;
use domain::ports::{MutationOutcome, NotSentReason, PlatformSoftware, Refusal, RefusalClass};
use domain::software::{MbadminAction, PlatformUniqueName};
use std::collections::BTreeMap;
use virtuozzo_simulator::{
    Effect, MarketplaceAction, MarketplaceApp, MarketplaceKind, StoredManifest, World,
};

const MANIFEST: &str = "https://packages.example.com/mbadmin/manifest.yaml";
const HOSTILE: &str = "a&b=c;d+e%f \"'\\ äöü€";

fn action(text: &str) -> MbadminAction {
    MbadminAction::parse(text).unwrap()
}

fn parameter(name: &str, value: &str) -> (ParameterName, String) {
    (ParameterName::parse(name).unwrap(), value.to_owned())
}

/// The example with an mbadmin package that can flush and configure, and fails to disable.
fn world() -> World {
    let mut world = World::example();
    let fails = MarketplaceAction {
        result: 99,
        message: Some("redis does not stop".into()),
        ..MarketplaceAction::default()
    };
    world.marketplace.push(MarketplaceApp {
        id: MBADMIN.into(),
        name: "Example mbadmin".into(),
        kind: MarketplaceKind::Package,
        node_groups: Vec::new(),
        manifest: Some(MANIFEST.into()),
        actions: BTreeMap::from([
            ("flushRedis".into(), MarketplaceAction::default()),
            ("configureRedis".into(), MarketplaceAction::default()),
            ("disableRedis".into(), fails),
        ]),
    });
    world.manifests.push(StoredManifest {
        url: MANIFEST.into(),
        text: format!("type: update\nid: {MBADMIN}\nname: Example mbadmin\n"),
    });
    world
}

async fn installed(simulated: &Simulated) -> PlatformUniqueName {
    let (platforms, account, shop) = (&simulated.platforms, account(), short_domain());
    let package = platforms.mbadmin_package(&account).unwrap();
    let install = platforms.install_package(&account, ticket(2), &shop, &package);
    done(install.await).unique_name.unwrap()
}

/// What the simulator says it executed.
fn executed(simulated: &Simulated) -> Vec<(String, String)> {
    let entries = simulated.simulator.ledger().into_iter();
    let actions = entries.filter(|entry| entry.effect == Effect::ActionExecuted);
    actions
        .map(|entry| (entry.ruk.unwrap(), entry.detail.unwrap()))
        .collect()
}

#[tokio::test]
async fn an_action_is_run_by_the_name_that_it_is_mapped_to() {
    let simulated = Simulated::with_environment_in(world()).await;
    let (account, name) = (account(), installed(&simulated).await);
    let flush = action("redis.flush");
    let run = simulated
        .platforms
        .run_mbadmin_action(&account, ticket(3), &name, flush);
    done(run.await);
    let detail = r#"{"action":"flushRedis","params":{}}"#.to_owned();
    assert_eq!(executed(&simulated), [(attempt(3).to_string(), detail)]);
}

#[tokio::test]
async fn parameters_are_sent_by_the_names_that_they_are_mapped_to() {
    let simulated = Simulated::with_environment_in(world()).await;
    let (account, name) = (account(), installed(&simulated).await);
    let configure = action("redis.configure");
    let parameters = [parameter("ttl", HOSTILE), parameter("size", "64")];
    let run = simulated.platforms.run_mbadmin_action_with_parameters(
        &account,
        ticket(3),
        &name,
        configure,
        &parameters,
    );
    done(run.await);
    let executed = executed(&simulated);
    let detail: serde_json::Value = serde_json::from_str(&executed[0].1).unwrap();
    let expected = serde_json::json!({
        "action": "configureRedis",
        "params": {"exampleTtl": HOSTILE, "exampleSize": "64"},
    });
    assert_eq!(detail, expected);
}

#[tokio::test]
async fn a_failed_action_may_have_done_something() {
    let simulated = Simulated::with_environment_in(world()).await;
    let (account, name) = (account(), installed(&simulated).await);
    let disable = action("redis.disable");
    let run = simulated
        .platforms
        .run_mbadmin_action(&account, ticket(3), &name, disable);
    let outcome = run.await;
    let MutationOutcome::MaybeApplied {
        reason,
        answer: Some(answer),
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert!(reason.contains("redis does not stop"), "{reason}");
    assert_eq!((answer.result, answer.class), (99, RefusalClass::Other));
}

#[tokio::test]
async fn what_is_not_mapped_never_leaves() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
    let platforms = platforms(configuration(&server.base_url));
    let (account, name) = (account(), PlatformUniqueName("an-installation".into()));
    let enable = action("relay.enable");
    let plain = platforms.run_mbadmin_action(&account, ticket(1), &name, enable);
    let plain = plain.await;
    let with_parameters =
        platforms.run_mbadmin_action_with_parameters(&account, ticket(1), &name, enable, &[]);
    let not_configured = MutationOutcome::NotSent(NotSentReason::NotConfigured);
    assert_eq!(plain, not_configured);
    assert_eq!(with_parameters.await, not_configured);

    let configure = action("redis.configure");
    let cases = [
        (
            vec![parameter("ttl", "1"), parameter("shell", HOSTILE)],
            "the parameter shell is not mapped",
        ),
        (
            vec![parameter("ttl", "1"), parameter("ttl", HOSTILE)],
            "the parameter ttl is given twice",
        ),
    ];
    for (parameters, text) in cases {
        let run = platforms.run_mbadmin_action_with_parameters(
            &account,
            ticket(1),
            &name,
            configure,
            &parameters,
        );
        let expected = Refusal {
            class: RefusalClass::Invalid,
            result: 3,
            text: text.into(),
        };
        assert_eq!(run.await, MutationOutcome::Refused(expected));
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn what_is_mapped_is_told_without_asking_the_platform() {
    let server = ScriptedServer::start(vec![Reply::Reset]);
    let account = account();
    let mut configuration = configuration(&server.base_url);
    let mapped = platforms(configuration.clone());
    let parameters = mapped.mbadmin_parameters(&account, action("redis.configure"));
    let parameters: Vec<_> = parameters
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(parameters, ["size", "ttl"]);
    let none = mapped.mbadmin_parameters(&account, action("redis.flush"));
    assert_eq!(none, Some(Vec::new()));
    let unmapped = mapped.mbadmin_parameters(&account, action("relay.enable"));
    assert_eq!(unmapped, None);
    assert_eq!(mapped.mbadmin_package(&account).unwrap().source, MBADMIN);

    configuration.mbadmin = None;
    let bare = platforms(configuration);
    assert_eq!(bare.mbadmin_package(&account), None);
    let none = bare.mbadmin_parameters(&account, action("redis.configure"));
    assert_eq!(none, None);
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn a_message_of_the_manifest_is_a_success() {
    let answers = [
        r#"{"result":0,"response":{"result":0,"response":{"result":0}}}"#,
        r#"{"result":0,"response":{"result":11039,"message":"flushed"}}"#,
        r#"{"result":0,"response":{"result":99,"type":"success","message":"flushed"}}"#,
    ];
    for answer in answers {
        let server = ScriptedServer::start(vec![Reply::json(answer)]);
        let platforms = platforms(configuration(&server.base_url));
        let (account, name) = (account(), PlatformUniqueName("an-installation".into()));
        let flush = action("redis.flush");
        let run = platforms.run_mbadmin_action(&account, ticket(1), &name, flush);
        assert_eq!(run.await, MutationOutcome::Done(()), "{answer}");
    }
}
