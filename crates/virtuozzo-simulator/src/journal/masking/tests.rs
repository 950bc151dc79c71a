use super::Masking;

fn mask_one(masking: &Masking, name: &str, value: &str) -> String {
    masking
        .mask([(name, value)].into_iter())
        .remove(name)
        .unwrap()
}

#[test]
fn equal_secrets_share_a_fingerprint_and_different_ones_do_not() {
    let masking = Masking::default();
    let first = mask_one(&masking, "session", "101fxabc");
    assert!(
        first.starts_with("masked:") && !first.contains("101fx"),
        "{first}"
    );
    assert_eq!(first, mask_one(&masking, "Session", "101fxabc").as_str());
    assert_ne!(first, mask_one(&masking, "session", "101fxabd"));
}

#[test]
fn secret_members_of_json_parameters_are_masked() {
    let shown = mask_one(
        &Masking::default(),
        "settings",
        r#"{"title":"Shop","admin":{"adminPassword":"hunter2"}}"#,
    );
    assert!(
        shown.contains("Shop") && !shown.contains("hunter2"),
        "{shown}"
    );
}

#[test]
fn other_parameters_stay_readable() {
    assert_eq!(
        mask_one(&Masking::default(), "envName", "shop-fr"),
        "shop-fr"
    );
}

#[test]
fn variables_keep_their_names_and_hide_their_values() {
    let masking = Masking::default();
    for (parameter, value) in [
        ("vars", r#"{"DB_HOST":"hidden","PORT":4711}"#),
        ("data", r#"{"DB_HOST":"hidden","PORT":4711}"#),
        (
            "nodes",
            r#"[{"nodeType":"docker","docker":{"env":{"DB_HOST":"hidden","PORT":4711}}}]"#,
        ),
    ] {
        let shown = mask_one(&masking, parameter, value);
        assert!(shown.contains("DB_HOST"), "{shown}");
        assert!(
            !shown.contains("hidden") && !shown.contains("4711"),
            "{shown}"
        );
    }
    assert_eq!(
        mask_one(&masking, "vars", r#"["DB_HOST"]"#),
        r#"["DB_HOST"]"#
    );
}
