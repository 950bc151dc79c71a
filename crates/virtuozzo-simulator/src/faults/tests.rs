use std::num::NonZeroU64;

use super::{FaultBook, FaultKind, FaultRule};

#[test]
fn skip_and_times_bound_what_is_hit() {
    let book = FaultBook::new(1);
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
    let book = FaultBook::new(1);
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
        FaultKind::JitteredDelay {
            ms: 1,
            jitter_ms: 2,
        },
        FaultKind::ResetBeforeEffect,
        FaultKind::EffectThenReset,
        FaultKind::ProxyPage {
            status: 429,
            retry_after_s: None,
        },
        FaultKind::Redirect {
            status: 302,
            location: "/".to_owned(),
        },
        FaultKind::SessionEchoed { masked: true },
        FaultKind::ForcedDeepResult {
            result: 99,
            error: String::new(),
            depth: 2,
            after_effect: false,
        },
        FaultKind::FailedResponses {
            result: 99,
            error: String::new(),
            outer_result: 0,
            after_effect: false,
        },
        FaultKind::SlowBody {
            bytes_per_second: NonZeroU64::MIN,
        },
        FaultKind::EndlessBody,
        FaultKind::DeepJson { depth: 4 },
        FaultKind::VisibleAfter { ms: 5 },
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

#[test]
fn equal_seeds_draw_equal_numbers_up_to_the_most() {
    let draw = |seed| -> Vec<u64> {
        let book = FaultBook::new(seed);
        (0..50).map(|_| book.draw(3)).collect()
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    assert_eq!(draw(7).iter().max(), Some(&3));
    assert_eq!(draw(7).iter().min(), Some(&0));
    assert_eq!(FaultBook::new(7).draw(0), 0);
}
