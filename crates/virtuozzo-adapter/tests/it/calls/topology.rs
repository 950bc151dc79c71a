//! Layers, nodes and their sizes.

use super::{done, node_of, observed};
use crate::scripted::{Reply, ScriptedServer};
use crate::support::{Simulated, account, configuration, platforms, short_domain, spec, ticket};
use domain::ports::{
    Cloudlets, MutationOutcome, NotSentReason, PlatformReadError, PlatformTopology, RefusalClass,
    UnclearAnswer,
};
use virtuozzo_simulator::World;

#[tokio::test]
async fn the_layers_of_an_environment_are_listed() {
    let simulated = Simulated::with_environment().await;
    let (account, shop) = (account(), short_domain());
    let layers = simulated.platforms.list_layers(&account, &shop);
    let layers: Vec<String> = layers
        .await
        .unwrap()
        .iter()
        .map(|layer| layer.node_group.to_string())
        .collect();
    assert_eq!(layers, ["cp", "sqldb"]);
}

#[tokio::test]
async fn layers_of_an_unknown_environment_are_not_found() {
    let simulated = Simulated::start(World::example()).await;
    let (account, shop) = (account(), short_domain());
    let layers = simulated.platforms.list_layers(&account, &shop);
    let error = layers.await.unwrap_err();
    assert!(
        matches!(&error, PlatformReadError::Refused(refusal) if refusal.class == RefusalClass::NotFound),
        "{error:?}"
    );
}

#[tokio::test]
async fn one_node_gets_its_size() {
    let simulated = Simulated::with_environment().await;
    let (account, shop) = (account(), short_domain());
    let node = node_of(&simulated, "cp").await;
    let wanted = Cloudlets {
        reserved: 2,
        limit: 12,
    };
    for number in [2, 3] {
        let set = simulated
            .platforms
            .set_cloudlets(&account, ticket(number), &shop, node, wanted);
        done(set.await);
    }
    let observed = observed(&simulated).await;
    let sizes: Vec<_> = observed
        .nodes
        .iter()
        .map(|node| (node.node_group.as_str(), node.cloudlets.unwrap()))
        .collect();
    let unchanged = Cloudlets {
        reserved: 1,
        limit: 8,
    };
    assert_eq!(sizes, [("cp", wanted), ("sqldb", unchanged)]);
}

#[tokio::test]
async fn the_environment_has_exactly_the_layers_that_were_wanted() {
    let simulated = Simulated::with_environment().await;
    let (account, shop) = (account(), short_domain());
    let mut layers = spec(1).layers;
    layers.truncate(1);
    layers[0].count = 2;
    let before = observed(&simulated).await;
    let change = simulated
        .platforms
        .change_topology(&account, ticket(2), &shop, &layers);
    done(change.await);
    let after = observed(&simulated).await;
    let groups: Vec<&str> = after
        .nodes
        .iter()
        .map(|node| node.node_group.as_str())
        .collect();
    assert_eq!(groups, ["cp", "cp"]);
    assert_eq!(after.appid, before.appid);
    assert_eq!(after.display_name, before.display_name);
}

const INFO: &str = r#"{"result":0,"env":{"envName":"shop-abc123","hardwareNodeGroup":"eu1_hn_group",
    "sslstate":"true"}}"#;

#[tokio::test]
async fn a_change_of_layers_keeps_region_and_certificate() {
    let server = ScriptedServer::start(vec![
        Reply::json(INFO),
        Reply::json(r#"{"result":0,"response":{"result":0}}"#),
    ]);
    let platforms = platforms(configuration(&server.base_url));
    let (account, shop) = (account(), short_domain());
    let layers = spec(1).layers;
    let change = platforms.change_topology(&account, ticket(2), &shop, &layers);
    done(change.await);
    let sent = server.received();
    assert_eq!(
        sent[1].parameter("env"),
        Some(r#"{"region":"eu1_hn_group","sslstate":true}"#)
    );
    assert_eq!(sent.len(), 2);
}

#[tokio::test]
async fn layers_of_what_cannot_be_read_are_not_changed() {
    let other = r#"{"result":0,"env":{"envName":"other"}}"#;
    for (answer, refused_with) in [(r#"{"result":11}"#, Some(11)), (other, None)] {
        let server = ScriptedServer::start(vec![Reply::json(answer)]);
        let platforms = platforms(configuration(&server.base_url));
        let (account, shop) = (account(), short_domain());
        let layers = spec(1).layers;
        let change = platforms.change_topology(&account, ticket(2), &shop, &layers);
        let refused = match change.await {
            MutationOutcome::Refused(refusal) => Some(refusal.result),
            MutationOutcome::NotSent(NotSentReason::Unavailable(_)) => None,
            outcome => panic!("{outcome:?}"),
        };
        assert_eq!(refused, refused_with);
        assert_eq!(server.received().len(), 1, "{answer}");
    }
}

#[tokio::test]
async fn a_failed_change_says_nothing_of_the_variables_that_its_answer_echoes() {
    let failure = r#"{"result":0,"response":{"result":4099,"source":"JEL","error":"cannot add the node",
        "methodName":"AddNode","params":{"params":{"env":{"DB_PASSWORD":"hunter2"}},"script":"AddNode"}}}"#;
    let server = ScriptedServer::start(vec![Reply::json(INFO), Reply::json(failure)]);
    let platforms = platforms(configuration(&server.base_url));
    let (account, shop) = (account(), short_domain());
    let layers = spec(1).layers;
    let change = platforms.change_topology(&account, ticket(2), &shop, &layers);
    let outcome = change.await;
    let MutationOutcome::MaybeApplied { reason, answer } = &outcome else {
        panic!("{outcome:?}");
    };
    assert!(reason.contains("cannot add the node"), "{reason}");
    assert!(!reason.contains("hunter2"), "{reason}");
    let expected = UnclearAnswer {
        result: 4099,
        class: RefusalClass::Container,
    };
    assert_eq!(*answer, Some(expected));
}
