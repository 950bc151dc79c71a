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
