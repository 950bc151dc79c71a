use super::{Guide, Table, findings, has_test, missing, render, routes};

const DOCUMENT: &str = r#"{"paths": {
    "/v1/teams/{team_id}/things": {
        "get": {"operationId": "list_things", "x-required-permission": "thing.view"},
        "post": {"operationId": "open_thing"}
    }
}}"#;
const KINDS: &str = "### `thing.open` version 1\n";

fn table(operations: &str, kinds: &str, tests: &str) -> Table {
    let text = format!(
        "[[consumer]]\nname = \"things.service\"\narea = \"things\"\ndoes = \"Things.\"\n\
         operations = [{operations}]\njob_kinds = [{kinds}]\ntests = [{tests}]\n"
    );
    toml::from_str(&text).unwrap()
}

fn guide(consumers: &str) -> Guide {
    toml::from_str(&format!("[[row]]\nconsumers = [{consumers}]\n")).unwrap()
}

fn complaints(table: &Table) -> Vec<String> {
    let routes = routes(DOCUMENT).unwrap();
    findings(table, &routes, KINDS, &|test| test == "things::are_listed")
}

#[test]
fn what_is_there_is_shown_with_route_permission_jobs_and_tests() {
    let table = table(
        "\"list_things\"",
        "\"thing.open\"",
        "\"things::are_listed\"",
    );
    assert_eq!(complaints(&table), Vec::<String>::new());
    let page = render(
        &table,
        &routes(DOCUMENT).unwrap(),
        &guide("\"things.service\""),
    );
    for part in [
        "| `GET /v1/teams/{team_id}/things` | `thing.view` |",
        "Jobs: `thing.open`",
        "Tests: `things::are_listed`",
        "Consumers that the guide lists: 1; missing here: 0; further ones: 0.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn what_is_not_there_is_complained_about() {
    let good = "\"things::are_listed\"";
    for (table, complaint) in [
        (table("", "", good), "reaches nothing"),
        (table("\"list_things\"", "", ""), "is not tested"),
        (
            table("\"close_thing\"", "", good),
            "no operation `close_thing`",
        ),
        (table("\"open_thing\"", "", good), "needs no permission"),
        (
            table("\"list_things\"", "\"thing.close\"", good),
            "no kind of job `thing.close`",
        ),
        (
            table("\"list_things\"", "", "\"things::are_closed\""),
            "no test `things::are_closed`",
        ),
    ] {
        let found = complaints(&table);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(complaint), "{found:?}");
    }
}

#[test]
fn a_test_is_found_as_a_whole_word_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("things.rs"), "on_both!(are_listed);").unwrap();
    assert!(has_test(folder.path(), "things::are_listed"));
    for test in ["things::listed", "others::are_listed", "are_listed"] {
        assert!(!has_test(folder.path(), test), "{test}");
    }
}

#[test]
fn a_consumer_of_the_guide_that_is_not_there_is_missing() {
    let table = table("\"list_things\"", "", "\"things::are_listed\"");
    assert_eq!(
        missing(&guide("\"things.service\""), &table),
        Vec::<String>::new()
    );
    let found = missing(&guide("\"things.service\", \"cats.service\""), &table);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("cats.service"), "{found:?}");
}
