use super::*;
use crate::wire;

fn variables(json: &str) -> Option<Vec<(String, String)>> {
    let list: VariableList = wire::read(json.as_bytes()).ok()?;
    let variables = list.object.0.into_iter();
    Some(
        variables
            .map(|(name, value)| (name, value.expose().to_owned()))
            .collect(),
    )
}

#[test]
fn values_are_texts_however_they_are_spelled() {
    let read = variables(
        r#"{"result":0,"object":{"PATH":"/usr/bin","EMPTY":"","QUOTED":"a\"&=+% ä\u20ac\n","NUMBER":-7,
            "LARGE":18446744073709551615,"SHARE":1.5,"FLAG":true,"NONE":null,"LIST":[1],"OBJECT":{"a":1}}}"#,
    );
    let expected = [
        ("EMPTY", ""),
        ("FLAG", "true"),
        ("LARGE", "18446744073709551615"),
        ("NUMBER", "-7"),
        ("PATH", "/usr/bin"),
        ("QUOTED", "a\"&=+% ä€\n"),
        ("SHARE", "1.5"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(read, Some(expected.to_vec()));
}

#[test]
fn nothing_may_be_an_object_a_list_or_null() {
    for json in [r#"{"object":{}}"#, r#"{"object":[]}"#, r#"{"object":null}"#] {
        assert_eq!(variables(json), Some(Vec::new()), "{json}");
    }
    for json in [
        r#"{"result":0}"#,
        r#"{"object":["A=B"]}"#,
        r#"{"object":"A=B"}"#,
    ] {
        assert_eq!(variables(json), None, "{json}");
    }
}

#[test]
fn what_cannot_be_read_is_not_repeated() {
    let error = wire::read::<VariableList>(br#"{"object":{"A":"hunter2","B":x}}"#).err();
    let text = error.unwrap().to_string();
    assert!(
        text.contains("line 1") && !text.contains("hunter2"),
        "{text}"
    );
}
