use super::*;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Inventory {
    call: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    endpoint: String,
    methods: Vec<String>,
    anchor: String,
    certainty: String,
    legacy_sources: Vec<String>,
    purpose: String,
    client_method: String,
    use_case: String,
    mutates: bool,
    idempotent: String,
    proof_class: String,
    answer_by: String,
    #[serde(default)]
    note: String,
    tests: Vec<String>,
}

fn inventory() -> Inventory {
    toml::from_str(include_str!("../../../../docs/virtuozzo-inventory.toml")).unwrap()
}

#[test]
fn every_call_has_a_row_and_every_row_a_call() {
    let rows: BTreeSet<String> = inventory()
        .call
        .into_iter()
        .map(|row| row.endpoint)
        .collect();
    let calls: BTreeSet<String> = Endpoint::ALL
        .iter()
        .map(|it| it.path().to_owned())
        .collect();
    assert_eq!(rows, calls);
    let labels: BTreeSet<&str> = Endpoint::ALL.iter().map(|it| it.label()).collect();
    assert_eq!(labels.len(), Endpoint::ALL.len());
}

#[test]
fn rows_agree_with_the_calls() {
    for row in inventory().call {
        let endpoint = Endpoint::ALL
            .iter()
            .find(|it| it.path() == row.endpoint)
            .unwrap();
        assert_eq!(row.anchor, endpoint.anchor());
        assert_eq!(row.methods, ["POST"], "{}", row.endpoint);
        let answer_by = match endpoint.answer_class() {
            AnswerClass::Instant => "instant",
            AnswerClass::Medium => "medium",
            AnswerClass::Long => "long",
        };
        assert_eq!(row.answer_by, answer_by, "{}", row.endpoint);
        assert_eq!(row.mutates, row.proof_class != "read", "{}", row.endpoint);
        assert!(["documented", "in effect", "no"].contains(&row.idempotent.as_str()));
        for text in [row.certainty, row.purpose, row.use_case] {
            assert!(!text.is_empty(), "{}", row.endpoint);
        }
        assert!(
            row.legacy_sources
                .iter()
                .all(|source| source.contains("::"))
        );
        assert!(row.note.len() < 400);
    }
}

#[test]
fn the_client_methods_and_tests_that_rows_name_exist() {
    let sources = [
        ("sign_in", include_str!("../calls/sign_in.rs")),
        ("account", include_str!("../calls/account.rs")),
        ("environments", include_str!("../calls/environments.rs")),
        ("domains", include_str!("../calls/domains.rs")),
        ("marketplace", include_str!("../calls/marketplace.rs")),
        ("installations", include_str!("../calls/installations.rs")),
        ("tracking", include_str!("../calls/tracking.rs")),
        ("quotas", include_str!("../calls/quotas.rs")),
        ("groups", include_str!("../calls/groups.rs")),
        ("life_cycle", include_str!("../calls/life_cycle.rs")),
        ("topology", include_str!("../calls/topology.rs")),
        ("commands", include_str!("../calls/commands.rs")),
    ];
    let tests = [
        include_str!("../../tests/it/calls/environments.rs"),
        include_str!("../../tests/it/calls/groups.rs"),
        include_str!("../../tests/it/calls/life_cycle.rs"),
        include_str!("../../tests/it/calls/software.rs"),
        include_str!("../../tests/it/calls/topology.rs"),
        include_str!("../../tests/it/calls/tracking.rs"),
        include_str!("../../tests/it/signing_in.rs"),
        include_str!("../../tests/it/commands.rs"),
    ];
    for row in inventory().call {
        let parts: Vec<&str> = row.client_method.split("::").collect();
        let [_, family, method] = parts.as_slice() else {
            panic!("{} is not calls::<family>::<method>", row.client_method);
        };
        let (_, source) = sources.iter().find(|(name, _)| name == family).unwrap();
        assert!(
            source.contains(&format!("fn {method}(")),
            "{}",
            row.client_method
        );
        assert!(
            source.contains(&row.anchor),
            "{} cites its anchor",
            row.client_method
        );
        assert!(!row.tests.is_empty(), "{} has no test", row.endpoint);
        for test in row.tests {
            assert!(
                tests
                    .iter()
                    .any(|file| file.contains(&format!("fn {test}("))),
                "{test}"
            );
        }
    }
}
