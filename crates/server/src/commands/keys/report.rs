//! What `windlass keys` prints, for people and for programs.

use application::keys::status::{KeyStatus, KeysStatus, MissingKey};
use domain::key_ring::KeyKind;
use serde::Serialize;

#[cfg(test)]
mod tests;

#[derive(Serialize)]
struct StatusJson<'status> {
    keys: Vec<KeyJson<'status>>,
    missing: Vec<MissingJson<'status>>,
    processes: Vec<String>,
}

#[derive(Serialize)]
struct KeyJson<'status> {
    id: &'status str,
    kind: &'static str,
    state: &'static str,
    records: i64,
    held_by: Vec<String>,
    active_in: Vec<String>,
}

#[derive(Serialize)]
struct MissingJson<'status> {
    id: &'status str,
    kind: &'static str,
    records: i64,
}

#[derive(Serialize)]
struct ChangeJson<'change> {
    change: &'change str,
    id: &'change str,
    next: &'change str,
}

/// One JSON object.
pub(super) fn as_json(status: &KeysStatus, kinds: &[KeyKind]) -> String {
    let texts = |ids: &[domain::ids::ProcessId]| ids.iter().map(ToString::to_string).collect();
    let keys = of_kinds(status, kinds).map(|it| KeyJson {
        id: &it.key.id,
        kind: it.key.kind.as_str(),
        state: state_of(it),
        records: it.records,
        held_by: texts(&it.held_by),
        active_in: texts(&it.active_in),
    });
    let missing = missing_of_kinds(status, kinds).map(|it| MissingJson {
        id: &it.id,
        kind: it.kind.as_str(),
        records: it.records,
    });
    rendered(&StatusJson {
        keys: keys.collect(),
        missing: missing.collect(),
        processes: texts(&status.processes),
    })
}

/// Lines for people.
pub(super) fn as_text(status: &KeysStatus, kinds: &[KeyKind]) -> Vec<String> {
    let count = status.processes.len();
    let mut lines = vec![format!("{count} living process(es)")];
    for kind in kinds {
        lines.push(format!(
            "{} keys, and the {} on each:",
            kind.as_str(),
            kind.dependents()
        ));
        let keys = of_kinds(status, std::slice::from_ref(kind));
        lines.extend(keys.map(|it| {
            format!(
                "  {}  {:12}  {} record(s), held by {} of {count}, active in {}",
                it.key.id,
                state_of(it),
                it.records,
                it.held_by.len(),
                it.active_in.len()
            )
        }));
    }
    lines.extend(missing_of_kinds(status, kinds).map(|it| {
        format!(
            "missing: {} {} hang on `{}`, which is not in this key ring: restore it from a backup",
            it.records,
            it.kind.dependents(),
            it.id
        )
    }));
    lines
}

/// What was changed, and what to do next.
pub(super) fn change(change: &str, id: &str, next: &str, json: bool) -> Vec<String> {
    if json {
        vec![rendered(&ChangeJson { change, id, next })]
    } else {
        vec![format!("{change} {id}"), next.to_owned()]
    }
}

fn rendered(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a struct of strings and numbers is always valid JSON")
}

fn of_kinds<'status>(
    status: &'status KeysStatus,
    kinds: &'status [KeyKind],
) -> impl Iterator<Item = &'status KeyStatus> {
    let keys = status.keys.iter();
    keys.filter(move |it| kinds.contains(&it.key.kind))
}

fn missing_of_kinds<'status>(
    status: &'status KeysStatus,
    kinds: &'status [KeyKind],
) -> impl Iterator<Item = &'status MissingKey> {
    let missing = status.missing.iter();
    missing.filter(move |it| kinds.contains(&it.kind))
}

fn state_of(status: &KeyStatus) -> &'static str {
    if status.key.is_active {
        "active"
    } else {
        "decrypt_only"
    }
}
