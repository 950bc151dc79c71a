use super::*;
use std::collections::BTreeMap;

fn pairs(body: &Bytes) -> Vec<(String, String)> {
    form_urlencoded::parse(body).into_owned().collect()
}

#[test]
fn hostile_texts_stay_inside_their_parameter() {
    let hostile = "a&session=stolen;b=%00\"'\\\n${x}\u{202e}=äöü+ /";
    let body = Form::default()
        .with("envName", hostile)
        .with_json("settings", &BTreeMap::from([(hostile, hostile)]))
        .encode(Some(&SecretText::new("key".into())));
    let pairs = pairs(&body);
    assert_eq!(pairs[0], ("envName".to_owned(), hostile.to_owned()));
    let settings: BTreeMap<String, String> = serde_json::from_str(&pairs[1].1).unwrap();
    assert_eq!(
        settings,
        BTreeMap::from([(hostile.to_owned(), hostile.to_owned())])
    );
    assert_eq!(pairs[2], ("session".to_owned(), "key".to_owned()));
    assert_eq!(pairs.len(), 3);
    assert!(body.is_ascii());
}

#[test]
fn secrets_are_one_object_in_a_buffer_that_never_grows() {
    let hostile = SecretText::new("a\"&=+%\\\u{1}\u{1}\u{1}ä€\u{202e}".repeat(100));
    let plain = SecretText::new("b".into());
    let secrets = [("DB_PASSWORD", &hostile), ("B", &plain)];
    let form = Form::default().with_secrets("vars", secrets.into_iter());
    let read: BTreeMap<String, String> =
        serde_json::from_str(&pairs(&form.encode(None))[0].1).unwrap();
    let expected = BTreeMap::from([
        ("DB_PASSWORD".to_owned(), hostile.expose().to_owned()),
        ("B".to_owned(), "b".to_owned()),
    ]);
    assert_eq!(read, expected);
    let worst = SecretText::new("\u{1}".repeat(1000));
    let form = Form::default().with_secrets("vars", [("A", &worst)].into_iter());
    let text = &form.fields[0].1;
    assert_eq!(text.capacity(), 6 * (1 + 1000) + 6 + 2);
    assert!(text.len() <= text.capacity());
    let none = Form::default().with_secrets("vars", std::iter::empty());
    assert_eq!(&none.encode(None)[..], b"vars=%7B%7D");
}

#[test]
fn absent_and_empty_parameters_are_left_out() {
    let form = Form::default()
        .with_some("region", None)
        .with_some("nodeGroup", Some(""));
    assert!(form.encode(None).is_empty());
    let form = Form::default().with_some("nodeGroup", Some("cp"));
    assert_eq!(&form.encode(None)[..], b"nodeGroup=cp");
}

#[test]
fn lists_have_the_separator_of_their_method() {
    let body = Form::default().with_list("quotasnames", &["a.b", "c"], Separator::Semicolon);
    assert_eq!(pairs(&body.encode(None))[0].1, "a.b;c");
    let body = Form::default().with_list("apiList", &["a.b", "c"], Separator::Comma);
    assert_eq!(pairs(&body.encode(None))[0].1, "a.b,c");
}

#[test]
fn the_reserved_length_holds_the_worst_text() {
    let value = "\u{10ffff}".repeat(1000);
    let form = Form::default()
        .with("a", value.clone())
        .with("b", "")
        .with("c", "\0");
    let key = SecretText::new(value);
    assert!(form.encode(Some(&key)).len() <= form.length_max(Some(&key)));
}
