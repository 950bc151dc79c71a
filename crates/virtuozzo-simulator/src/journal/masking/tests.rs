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
