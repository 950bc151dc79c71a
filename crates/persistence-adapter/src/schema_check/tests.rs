use super::{SchemaDifference, differences};
use std::collections::BTreeMap;

fn columns(entries: &[(&str, &str, &str)]) -> BTreeMap<(String, String), String> {
    entries
        .iter()
        .map(|(table, column, text)| {
            (
                (String::from(*table), String::from(*column)),
                String::from(*text),
            )
        })
        .collect()
}

#[test]
fn missing_unknown_and_different_columns_are_reported() {
    let described = columns(&[
        ("teams", "id", "uuid not null"),
        ("teams", "name", "text not null"),
        ("teams", "gone", "text null"),
    ]);
    let found = columns(&[
        ("teams", "id", "uuid not null"),
        ("teams", "name", "text null"),
        ("turns", "scope", "text not null"),
    ]);
    let lines: Vec<_> = differences(&described, &found)
        .iter()
        .map(SchemaDifference::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            "teams.gone: schema.rs says text null, the database has nothing",
            "teams.name: schema.rs says text not null, the database has text null",
            "turns.scope: schema.rs says nothing, the database has text not null",
        ]
    );
}

#[test]
fn nullability_and_types_are_read_from_the_schema() {
    let postgres = super::described_columns(true);
    let sqlite = super::described_columns(false);
    let key = |table: &str, column: &str| (table.to_owned(), column.to_owned());
    assert_eq!(
        postgres[&key("jobs", "started_at")],
        "timestamp with time zone null"
    );
    assert_eq!(sqlite[&key("jobs", "started_at")], "INTEGER null");
    assert_eq!(postgres[&key("jobs", "version")], "bigint not null");
    assert_eq!(postgres.len(), sqlite.len());
}
