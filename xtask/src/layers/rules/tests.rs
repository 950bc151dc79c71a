use super::findings;
use crate::layers::graph::{CrateGraph, Dependency};
use crate::workspace;

fn real() -> CrateGraph {
    CrateGraph::of_workspace(&workspace::metadata_of_members().unwrap())
}

/// The real graph with one more edge, and only what is wrong because of it.
fn plant(from: &str, dependency: Dependency) -> Vec<String> {
    let mut graph = real();
    let before = findings(&graph);
    graph.crates.get_mut(from).unwrap().push(dependency);
    let mut after = findings(&graph);
    after.retain(|finding| !before.contains(finding));
    after
}

fn edge(name: &str) -> Dependency {
    Dependency {
        name: name.to_owned(),
        is_for_tests: false,
        is_optional: false,
        features: Vec::new(),
    }
}

fn test_edge(name: &str) -> Dependency {
    Dependency {
        is_for_tests: true,
        ..edge(name)
    }
}

#[test]
fn the_real_graph_keeps_all_rules() {
    assert_eq!(findings(&real()), Vec::<String>::new());
}

#[test]
fn a_planted_edge_is_found_and_named() {
    assert_eq!(
        plant("application", edge("persistence-adapter")),
        ["application -> persistence-adapter: of our crates it may use domain only"]
    );
    assert_eq!(
        plant("telemetry", edge("domain")),
        ["telemetry -> domain: it may use none of our crates"]
    );
}

#[test]
fn a_planted_package_in_domain_or_application_is_found_and_named() {
    assert_eq!(
        plant("domain", edge("serde")),
        [
            "domain -> serde: of other packages it may use async-trait, thiserror, uuid, jiff, zeroize, mockall only"
        ]
    );
    assert!(plant("application", edge("serde_json")).is_empty());
    assert!(plant("application", edge("hyper"))[0].starts_with("application -> hyper: "));
}

#[test]
fn a_package_that_a_crate_must_never_know_is_found_by_name_and_by_beginning() {
    let rule = "it must never know that package";
    assert_eq!(
        plant("worker", edge("hyper-util")),
        [format!("worker -> hyper-util: {rule}")]
    );
    assert_eq!(
        plant("api", edge("redis")),
        [format!("api -> redis: {rule}")]
    );
    assert!(plant("api", edge("redis-like")).is_empty());
}

#[test]
fn testkit_is_for_tests_only_and_not_for_those_of_domain() {
    assert!(plant("worker", test_edge("testkit")).is_empty());
    assert!(plant("server", edge("testkit"))[0].starts_with("server -> testkit: "));
    assert_eq!(
        plant("domain", test_edge("testkit")),
        ["domain -> testkit: tests may use testkit, virtuozzo-simulator, domain only"]
    );
    assert!(!plant("api", test_edge("persistence-adapter")).is_empty());
}

#[test]
fn mocks_and_the_simulator_do_not_slip_into_the_product() {
    let mocks = Dependency {
        features: vec!["mocks".to_owned()],
        ..edge("domain")
    };
    assert_eq!(
        plant("worker", mocks),
        ["worker -> domain: feature `mocks` is for tests only"]
    );
    assert!(!plant("worker", edge("mockall")).is_empty());
    assert!(!plant("server", edge("virtuozzo-simulator")).is_empty());
}

#[test]
fn a_missing_foundation_is_found() {
    let mut graph = real();
    let dependencies = graph.crates.get_mut("coordination-adapter").unwrap();
    dependencies.retain(|dependency| dependency.name != "deadpool-redis");
    let expected = "coordination-adapter: it is built on `deadpool-redis`, but does not use it";
    assert_eq!(findings(&graph), [expected]);
}

#[test]
fn table_and_workspace_name_the_same_crates() {
    let mut graph = real();
    let worker = graph.crates.remove("worker").unwrap();
    graph.crates.insert("helper".to_owned(), worker);
    let found = findings(&graph);
    assert!(found.contains(&"helper: the crate has no row in the table of layers".to_owned()));
    assert!(found.contains(&"worker: the table names a crate that is gone".to_owned()));
}
