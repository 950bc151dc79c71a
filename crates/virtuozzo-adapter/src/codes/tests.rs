use super::*;

#[test]
fn the_table_is_sorted_so_that_every_row_is_found() {
    assert!(TABLE.windows(2).all(|pair| pair[0].code < pair[1].code));
    for entry in TABLE {
        assert_eq!(row(entry.code).map(|found| found.code), Some(entry.code));
    }
    assert!(row(0).is_none());
    assert_eq!(class(123_456), CodeClass::Other);
}

#[test]
fn only_these_outer_codes_say_that_nothing_ran() {
    let codes: Vec<i64> = (-10..20_000)
        .filter(|code| surely_did_not_run(*code))
        .collect();
    assert_eq!(codes, [3, 8, 11, 701, 702, 704, 2212, 8202]);
}

#[test]
fn codes_that_we_act_on_have_their_class() {
    let cases: [(RefusalClass, &[i64]); 17] = [
        (RefusalClass::NotFound, &[11, 901]),
        (RefusalClass::Session, &[702]),
        (RefusalClass::Credentials, &[701, 704, 801]),
        (RefusalClass::Permission, &[8, 8202]),
        (RefusalClass::Busy, &[2212]),
        (
            RefusalClass::Quota,
            &[
                904, 2338, 2360, 2361, 2362, 2364, 2365, 2366, 2369, 2372, 2373, 2378,
            ],
        ),
        (RefusalClass::Invalid, &[3, 5, 5000]),
        (RefusalClass::CommandFailed, &[4109]),
        (RefusalClass::NodeDown, &[4110]),
        (RefusalClass::DomainBusy, &[2330]),
        (RefusalClass::Script, &[1702, 1704]),
        (RefusalClass::Mount, &[2030, 2031, 2032]),
        (RefusalClass::Image, &[4081, 4095]),
        (RefusalClass::Container, &[4060, 4099]),
        (RefusalClass::Topology, &[2314]),
        (
            RefusalClass::Package,
            &[2348, 11_022, 11_039, 11_041, 11_042],
        ),
        (RefusalClass::Other, &[1, 17, 99, 2207, 2223, 123_456]),
    ];
    for (expected, codes) in cases {
        for code in codes {
            assert_eq!(class(*code).refusal_class(), expected, "{code}");
        }
    }
}

#[test]
fn the_page_is_what_the_table_renders() {
    assert_eq!(
        include_str!("../../../../docs/platform-errors.md"),
        markdown(),
        "run `cargo run -p virtuozzo-adapter --bin platform-errors -- docs/platform-errors.md`"
    );
}

/// Every code that a public source explains, as the sources list them.
const PUBLIC: &[i64] = &[
    1, 3, 5, 8, 11, 17, 96, 97, 98, 99, 501, 502, 503, 504, 505, 506, 601, 701, 702, 703, 704, 707,
    801, 901, 904, 1001, 1002, 1003, 1008, 1009, 1203, 1702, 1704, 1708, 2002, 2007, 2030, 2031,
    2032, 2050, 2207, 2212, 2223, 2313, 2314, 2322, 2330, 2333, 2338, 2348, 2360, 2361, 2362, 2364,
    2365, 2366, 2369, 2372, 2373, 2378, 2500, 4060, 4071, 4072, 4078, 4081, 4095, 4099, 4109, 4110,
    5000, 6000, 6001, 6002, 8202, 10_001, 11_022, 11_039, 11_041, 11_042, 12_001, 12_002, 12_005,
    12_006, 12_007, 12_008, 13_001,
];

#[test]
fn every_public_code_has_a_row_and_every_row_is_public() {
    let rows: Vec<i64> = TABLE.iter().map(|row| row.code).collect();
    assert_eq!(rows, PUBLIC);
    for row in TABLE {
        assert!(!row.meaning.is_empty() && !row.source.is_empty());
        assert_ne!(row.class, CodeClass::Other, "{} has a meaning", row.code);
    }
}

#[test]
fn a_quota_without_a_text_is_a_quota() {
    assert_eq!(class(2363), CodeClass::Quota);
    assert_eq!(class(2359), CodeClass::Other);
    assert_eq!(class(2370), CodeClass::Other);
}

#[test]
fn what_surely_did_not_run_is_never_sent_again_without_a_change() {
    for row in TABLE {
        let is_certain = row.ran == Ran::NotWhenOuter;
        assert!(
            !(is_certain && row.retry == Retry::AfterProbe),
            "{}",
            row.code
        );
    }
}
