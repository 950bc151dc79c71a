use super::findings;

fn pair(up: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for dialect in ["postgres", "sqlite"] {
        files.push((format!("{dialect}/0001_first/up.sql"), up.to_owned()));
        files.push((
            format!("{dialect}/0001_first/down.sql"),
            "DROP TABLE a;".to_owned(),
        ));
    }
    files
}

#[test]
fn adding_is_free() {
    let up = "CREATE TABLE a (id INT NOT NULL); -- we never drop table b\n\
              ALTER TABLE a ADD COLUMN n INT NOT NULL DEFAULT 0;";
    assert_eq!(findings(&pair(up)), Vec::<String>::new());
}

#[test]
fn a_missing_way_back_or_dialect_is_found() {
    let mut files = pair("CREATE TABLE a (id INT);");
    files.retain(|(path, _)| path != "sqlite/0001_first/down.sql");
    assert_eq!(findings(&files), ["sqlite/0001_first/down.sql is missing"]);
}

#[test]
fn taking_away_needs_a_reason() {
    for up in [
        "ALTER TABLE a DROP COLUMN n;",
        "drop  table\na;",
        "ALTER TABLE a RENAME TO b;",
        "ALTER TABLE a ALTER COLUMN n TYPE bigint;",
        "ALTER TABLE a ALTER COLUMN n SET NOT NULL;",
        "ALTER TABLE a ADD COLUMN n INT NOT NULL;",
    ] {
        assert_eq!(findings(&pair(up)).len(), 2, "{up}");
        let unexplained = format!("-- contract: \n{up}");
        assert_eq!(findings(&pair(&unexplained)).len(), 2, "{unexplained}");
        let explained = format!("-- contract: unused since the version before\n{up}");
        assert!(findings(&pair(&explained)).is_empty(), "{explained}");
    }
}
