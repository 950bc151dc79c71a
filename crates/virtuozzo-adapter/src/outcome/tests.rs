use super::*;
use bytes::Bytes;
use http::StatusCode;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        body: Bytes::from(body.to_owned()),
    }
}

fn verdict(body: &str, reading: Reading) -> Verdict {
    judge_mutation(&answer(200, body), reading)
}

/// The code of a verdict in doubt, -1 when it has none.
fn in_doubt_with(verdict: &Verdict) -> Option<i64> {
    match verdict {
        Verdict::InDoubt { result, .. } => Some(result.unwrap_or(-1)),
        _ => None,
    }
}

#[test]
fn every_code_in_every_place_is_judged() {
    let mut cells = 0;
    for code in (1..300)
        .chain(690..910)
        .chain(2000..2400)
        .chain([8202, 11_022, 11_039, 99_999])
    {
        let outer = verdict(&format!(r#"{{"result":{code}}}"#), Reading::Plain);
        match code {
            701 | 702 | 704 => assert!(matches!(outer, Verdict::SessionRefused(_))),
            3 | 8 | 11 | 8202 | 2212 => {
                assert!(matches!(outer, Verdict::Refused(_)), "{code}");
            }
            _ => assert_eq!(in_doubt_with(&outer), Some(code), "{code}"),
        }
        for body in [
            format!(r#"{{"result":{code},"response":{{}}}}"#),
            format!(r#"{{"result":{code},"responses":[]}}"#),
            format!(r#"{{"result":0,"response":{{"result":{code}}}}}"#),
            format!(r#"{{"result":0,"response":{{"result":0,"response":{{"result":"{code}"}}}}}}"#),
            format!(r#"{{"result":0,"responses":[{{"result":0}},{{"result":{code}}}]}}"#),
        ] {
            let judged = verdict(&body, Reading::Plain);
            assert_eq!(in_doubt_with(&judged), Some(code), "{body}");
            cells += 1;
        }
        cells += 1;
    }
    println!("{cells} cells");
}

#[test]
fn a_deletion_of_what_is_gone_is_done() {
    let gone = r#"{"result":11,"error":"application [x] not exist"}"#;
    assert_eq!(verdict(gone, Reading::Deletion), Verdict::AlreadyDone);
    assert!(matches!(verdict(gone, Reading::Plain), Verdict::Refused(_)));
    let nested = r#"{"result":0,"response":{"result":11}}"#;
    assert_eq!(in_doubt_with(&verdict(nested, Reading::Deletion)), Some(11));
}

/// Samples of what a manifest may answer: plain results, messages, bare texts, and errors that look
/// like refusals.
#[test]
fn messages_of_a_manifest_are_no_errors() {
    let done = [
        r#"{"result":0,"uniqueName":"a"}"#,
        r#"{"result":0,"response":{"result":13001,"type":"success","message":"ready"}}"#,
        r#"{"result":7,"type":"info","message":"look at this"}"#,
        r#"{"result":3,"type":"success","message":"ready"}"#,
        r#"{"result":11039,"response":"some text"}"#,
        r#"{"result":0,"response":{"result":11039}}"#,
    ];
    for body in done {
        assert_eq!(
            verdict(body, Reading::Marketplace),
            Verdict::Success,
            "{body}"
        );
    }
    let in_doubt = [
        (r#"{"result":99,"type":"error","message":"no"}"#, 99),
        (r#"{"result":7,"type":"warning","message":"hm"}"#, 7),
        // It ran and says so: a code that otherwise proves that nothing ran proves nothing here.
        (r#"{"result":3,"type":"error","message":"no"}"#, 3),
        (r#"{"result":11039,"type":"error"}"#, 11_039),
        (r#"{"result":0,"type":"error","message":"no"}"#, 0),
        (r#"{"result":11039,"response":{"result":99}}"#, 11_039),
        (
            r#"{"result":0,"type":"success","response":{"result":99}}"#,
            99,
        ),
        (r#"{"result":11042,"error":"mixin"}"#, 11_042),
    ];
    for (body, code) in in_doubt {
        assert_eq!(
            in_doubt_with(&verdict(body, Reading::Marketplace)),
            Some(code),
            "{body}"
        );
    }
    let refused = verdict(
        r#"{"result":3,"error":"invalid parameter [jps]"}"#,
        Reading::Marketplace,
    );
    assert!(matches!(refused, Verdict::Refused(_)));
    let plain = verdict(r#"{"result":7,"type":"info"}"#, Reading::Plain);
    assert_eq!(in_doubt_with(&plain), Some(7));
}

#[test]
fn what_is_no_answer_is_in_doubt_for_a_mutation_and_no_refusal_of_a_read() {
    let bodies = [
        "",
        "<html>",
        "{}",
        "[]",
        "null",
        r#"{"result":null}"#,
        r#"{"result":"#,
    ];
    let mut cases: Vec<Answer> = bodies.iter().map(|body| answer(200, body)).collect();
    cases.extend(
        [301, 401, 404, 429, 500, 502, 503, 504].map(|status| answer(status, r#"{"result":3}"#)),
    );
    for case in cases {
        let judged = judge_mutation(&case, Reading::Plain);
        assert_eq!(in_doubt_with(&judged), Some(-1));
        assert!(matches!(
            judge_read(&case),
            Err(PlatformReadError::Unavailable(_))
        ));
        assert!(!is_session_refusal(&case));
    }
}

#[test]
fn a_wrong_confirmation_of_a_deletion_says_nothing_about_the_session() {
    let wrong = r#"{"result":701}"#;
    assert!(matches!(
        verdict(wrong, Reading::Deletion),
        Verdict::Refused(_)
    ));
    for code in [702, 704] {
        let body = format!(r#"{{"result":{code}}}"#);
        let judged = verdict(&body, Reading::Deletion);
        assert!(matches!(judged, Verdict::SessionRefused(_)), "{code}");
    }
    // No source says that nothing ran, so it is found out.
    let judged = verdict(r#"{"result":801}"#, Reading::Deletion);
    assert_eq!(in_doubt_with(&judged), Some(801));
}

#[test]
fn only_an_outer_code_about_us_can_be_mended_by_a_new_session() {
    for code in [701, 702, 704] {
        let body = format!(r#"{{"result":{code}}}"#);
        assert!(is_session_refusal(&answer(200, &body)), "{code}");
    }
    for code in [703, 707, 801, 8202] {
        let body = format!(r#"{{"result":{code}}}"#);
        assert!(!is_session_refusal(&answer(200, &body)), "{code}");
    }
    assert!(!is_session_refusal(&answer(
        200,
        r#"{"result":0,"response":{"result":702}}"#
    )));
    assert!(!is_session_refusal(&answer(
        200,
        r#"{"result":702,"response":{}}"#
    )));
}

#[test]
fn texts_of_the_platform_are_redacted() {
    let body = r#"{"result":3,"error":"bad session=101fx6f2a9c0d7e5b48316a4c0b9d8e7f6a5b here"}"#;
    let Verdict::Refused(refusal) = verdict(body, Reading::Plain) else {
        panic!("3 is a refusal");
    };
    assert!(
        !refusal.text.contains("6f2a9c0d7e5b48316a4c0b9d8e7f6a5b"),
        "{}",
        refusal.text
    );
}
