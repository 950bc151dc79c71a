use super::*;
use crate::wire;

fn files(json: &str) -> Vec<(String, Option<u64>)> {
    let tree: LogTree = wire::read(json.as_bytes()).unwrap();
    let files = log_files(tree).into_iter();
    files.map(|file| (file.path, file.size)).collect()
}

#[test]
fn files_of_all_groups_are_listed_once_and_folders_are_not() {
    let read = files(
        r#"{"result":0,"coreRootPath":"/var/log","keywords":{
            "logs":[{"absolutePath":"/var/log/b.log","length":"12","isDir":false},
                    {"absolutePath":"/var/log/nginx","isDir":"true"},
                    {"name":"nameless"}],
            "favorites":{"0":{"absolutePath":"/var/log/b.log","length":12},
                         "1":{"absolutePath":"/var/log/a.log","length":-1}},
            "empty":null}}"#,
    );
    let expected = [
        ("/var/log/a.log".to_owned(), None),
        ("/var/log/b.log".to_owned(), Some(12)),
    ];
    assert_eq!(read, expected);
}

#[test]
fn a_node_may_have_no_log() {
    for json in [
        r#"{"result":0}"#,
        r#"{"keywords":[]}"#,
        r#"{"keywords":{}}"#,
    ] {
        assert_eq!(files(json), [], "{json}");
    }
}

#[test]
fn a_piece_is_never_longer_than_wanted() {
    let read = |json: &str, count| {
        log_text(
            wire::read(json.as_bytes()).unwrap(),
            LogRange { from: 0, count },
        )
    };
    assert_eq!(read(r#"{"body":"äöü","linescount":1}"#, 2), "äö");
    assert_eq!(read(r#"{"body":"äöü"}"#, 3), "äöü");
    assert_eq!(read(r#"{"body":"äöü"}"#, 0), "");
    assert_eq!(read(r#"{"result":0}"#, 10), "");
    assert_eq!(read(r#"{"body":null}"#, 10), "");
}
