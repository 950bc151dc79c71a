//! `docs/simulator.md` says what the code does.

use virtuozzo_simulator::{FaultKind, FaultRule, Invented, World};

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

#[test]
fn its_faults_are_valid_and_complete() {
    let lines: Vec<&str> = blocks("json")
        .into_iter()
        .flat_map(str::lines)
        .filter(|line| !line.is_empty())
        .collect();
    let kinds: Vec<FaultKind> = lines
        .iter()
        .map(|line| serde_json::from_str::<FaultRule>(line).unwrap().kind)
        .collect();
    let mut shown: Vec<&str> = kinds.iter().map(FaultKind::type_name).collect();
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown.len(), 13, "every kind once: {shown:?}");
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
