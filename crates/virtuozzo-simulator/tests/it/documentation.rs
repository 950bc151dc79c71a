//! `docs/simulator.md` says what the code does.

use http::Method;
use virtuozzo_simulator::{
    FaultKind, FaultRule, INVENTED_BEHAVIOURS, Invented, Simulator, SimulatorOptions, World,
};

use crate::client::Platform;

const GUIDE: &str = include_str!("../../../../docs/simulator.md");

/// The fenced blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let after = GUIDE.split(opening.as_str()).skip(1);
    after
        .map(|text| text.split("```").next().unwrap())
        .collect()
}

#[test]
fn its_world_file_is_valid() {
    let worlds = blocks("toml");
    assert_eq!(worlds.len(), 1);
    World::from_toml(worlds[0]).unwrap();
}

/// Every kind there is, from the error that names them.
fn kinds() -> Vec<String> {
    let error = serde_json::from_str::<FaultKind>(r#"{"type":"none of them"}"#).unwrap_err();
    let text = error.to_string();
    let (_, expected) = text.split_once("expected one of").unwrap();
    expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn its_faults_are_accepted_by_the_control_port_and_complete() {
    let simulator = Simulator::start(SimulatorOptions::default()).await.unwrap();
    let port = Platform::unsigned(&simulator.control_url().unwrap());
    let mut shown = Vec::new();
    for line in blocks("json").into_iter().flat_map(str::lines) {
        let reply = port.request(&Method::POST, "/faults", line.to_owned());
        let reply = reply.await.unwrap();
        assert_eq!(reply.status, 200, "{line}: {}", reply.text);
        let rule: FaultRule = serde_json::from_str(line).unwrap();
        shown.push(rule.kind.type_name().to_owned());
    }
    let mut kinds = kinds();
    assert!(kinds.len() >= 25, "{kinds:?}");
    for kind in &kinds {
        let row = format!("\n| `{kind}` | ");
        assert!(GUIDE.contains(&row), "the table lacks {kind}");
    }
    shown.sort_unstable();
    kinds.sort_unstable();
    assert_eq!(shown, kinds, "one example for each kind");
}

#[test]
fn every_invented_value_is_listed() {
    let invented = serde_json::to_value(Invented::default()).unwrap();
    for (key, value) in invented.as_object().unwrap() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let row = format!("| `{key}` | `{value}` |");
        assert!(GUIDE.contains(&row), "{row}");
    }
}

#[test]
fn every_invented_behaviour_is_listed_and_no_other() {
    let (_, table) = GUIDE
        .split_once("Fixed choices, each without a source")
        .unwrap();
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    let expected: Vec<String> = INVENTED_BEHAVIOURS
        .iter()
        .map(|invented| format!("| {} | {} |", invented.place, invented.choice))
        .collect();
    assert_eq!(rows, expected);
}
