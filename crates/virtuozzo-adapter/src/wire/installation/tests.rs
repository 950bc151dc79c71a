use super::*;
use crate::wire;

fn names(json: &str) -> Vec<String> {
    let list: InstalledList = wire::read(json.as_bytes()).unwrap();
    list.0
        .iter()
        .filter_map(|app| app.name().map(str::to_owned))
        .collect()
}

#[test]
fn the_list_is_found_wherever_it_stands() {
    for json in [
        r#"{"result":0,"response":{"result":0,"apps":[{"uniqueName":"a"},{"uniqueName":"b"}]}}"#,
        r#"{"result":0,"response":[{"uniqueName":"a"},{"appUniqueName":"b"}]}"#,
        r#"{"result":0,"apps":{"0":{"uniqueName":"a"},"1":{"uniqueName":"b"}}}"#,
        r#"{"result":0,"response":{"objects":[{"uniqueName":"a"},{"uniqueName":"b"}],"total":"2"}}"#,
        r#"{"array":[{"uniqueName":"a","isInstalled":"true"},{"uniqueName":"b","x":[1]}]}"#,
    ] {
        assert_eq!(names(json), ["a", "b"], "{json}");
    }
}

#[test]
fn an_answer_without_a_list_proves_nothing() {
    for json in [
        r#"{"result":0}"#,
        r#"{"result":0,"response":null}"#,
        r#"{"response":{"total":0}}"#,
    ] {
        assert!(
            wire::read::<InstalledList>(json.as_bytes()).is_err(),
            "{json}"
        );
    }
    assert_eq!(
        names(r#"{"result":0,"response":{"apps":null}}"#),
        Vec::<String>::new()
    );
}
