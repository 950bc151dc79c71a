use super::{FaultBook, FaultKind, FaultRule};

#[test]
fn skip_and_times_bound_what_is_hit() {
    let book = FaultBook::default();
    let rule = FaultRule::always("CreateEnvironment", FaultKind::EffectThenDrop).skipping(1);
    book.add(FaultRule {
        times: Some(2),
        ..rule
    });
    let hits: Vec<usize> = (0..5)
        .map(|_| book.due("createenvironment", None).len())
        .collect();
    assert_eq!(hits, [0, 1, 1, 0, 0]);
}

#[test]
fn a_rule_for_one_environment_leaves_others_alone() {
    let book = FaultBook::default();
    book.add(FaultRule::always("*", FaultKind::HtmlOk).on_environment("shop-a"));
    assert!(book.due("getenvinfo", Some("shop-b")).is_empty());
    assert!(book.due("getenvs", None).is_empty());
    assert_eq!(book.due("getenvinfo", Some("Shop-A")), [FaultKind::HtmlOk]);
}

#[test]
fn rules_are_read_from_json_and_unknown_members_refused() {
    let rule: FaultRule = serde_json::from_str(
        r#"{"method":"installaddon","kind":{"type":"hold_until_released","name":"gate"}}"#,
    )
    .unwrap();
    assert_eq!(rule.kind.type_name(), "hold_until_released");
    let misspelt = r#"{"method":"*","kind":{"type":"delay","ms":1,"seconds":2}}"#;
    let error = serde_json::from_str::<FaultRule>(misspelt)
        .unwrap_err()
        .to_string();
    assert!(error.contains("seconds"), "{error}");
}

#[test]
fn the_type_name_is_what_json_says() {
    let kinds = [
        FaultKind::Delay { ms: 1 },
        FaultKind::DropBeforeEffect,
        FaultKind::EffectThenDrop,
        FaultKind::BadGatewayHtml { status: 502 },
        FaultKind::SessionExpiredOuter,
        FaultKind::SessionExpiredNested { after_effect: true },
        FaultKind::ForcedResult {
            result: 99,
            error: String::new(),
        },
        FaultKind::ForcedNestedResult {
            result: 99,
            error: String::new(),
            after_effect: false,
        },
        FaultKind::TruncatedJson { bytes: 3 },
        FaultKind::HtmlOk,
        FaultKind::NameTaken,
        FaultKind::BrokenEnvironment,
        FaultKind::HoldUntilReleased {
            name: "x".to_owned(),
            after_effect: true,
        },
    ];
    for kind in kinds {
        assert_eq!(
            serde_json::to_value(&kind).unwrap()["type"],
            kind.type_name()
        );
    }
}
