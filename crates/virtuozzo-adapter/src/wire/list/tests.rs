use super::*;

#[derive(Deserialize)]
struct Holder {
    #[serde(default, deserialize_with = "list")]
    elements: Vec<u8>,
}

#[test]
fn arrays_objects_null_and_absence_are_lists() {
    let cases: [(&str, &[u8]); 6] = [
        (r#"{"elements":[1,2]}"#, &[1, 2]),
        (r#"{"elements":{"a":1,"b":2}}"#, &[1, 2]),
        (r#"{"elements":{}}"#, &[]),
        (r#"{"elements":null}"#, &[]),
        (r#"{"elements":""}"#, &[]),
        ("{}", &[]),
    ];
    for (json, expected) in cases {
        let holder: Holder = serde_json::from_str(json).unwrap();
        assert_eq!(holder.elements, expected, "{json}");
    }
}

#[test]
fn an_unreadable_element_fails_the_list() {
    for json in [
        r#"{"elements":[1,"x"]}"#,
        r#"{"elements":"x"}"#,
        r#"{"elements":{"a":[]}}"#,
    ] {
        assert!(serde_json::from_str::<Holder>(json).is_err(), "{json}");
    }
}
