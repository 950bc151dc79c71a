use super::*;
use proptest::prelude::*;

fn envelope(json: &str) -> Envelope {
    Envelope::read(json.as_bytes()).unwrap()
}

/// Answers of the shapes that the public sources show, with made-up values.
const SAMPLES: [&str; 8] = [
    r#"{"result":0,"debug":{"cpu":{"usage":"4","time":11},"time":58}}"#,
    r#"{"result":11,"source":"hx-core","error":"application [shop] not exist"}"#,
    r#"{"result":0,"debug":{"time":203},"response":{"result":2212,"responses":[],"source":"JEL","error":"Not allowed [ENV_STATUS_TYPE_SLEEP]"}}"#,
    r#"{"result":1702,"response":null,"source":"hx-core","error":"script = x not found"}"#,
    r#"{"result":4109,"error":"Command execution failed","responses":[{"result":4109,"nodeid":1,"exitStatus":2,"out":"","errOut":"no"}]}"#,
    r#"{"result":0,"response":{"result":0,"response":{"result":99,"message":"deep","type":"error"}}}"#,
    r#"{"result":0,"responses":[{"result":0},{"result":"4110","error":"node down"},{"result":1}]}"#,
    r#"{"result":0,"response":{"result":0,"name":"shop","env":{"envName":"shop","status":1},"nodes":[{"id":1}]}}"#,
];

fn decisive(json: &str) -> Option<(Option<i64>, Place)> {
    envelope(json)
        .failure()
        .map(|failure| (failure.code, failure.place))
}

#[test]
fn the_first_result_that_is_not_zero_decides_and_the_deepest_text_explains() {
    let expected = [
        (None, ""),
        (
            Some((Some(11), Place::Outer)),
            "application [shop] not exist",
        ),
        (
            Some((Some(2212), Place::Nested)),
            "Not allowed [ENV_STATUS_TYPE_SLEEP]",
        ),
        (Some((Some(1702), Place::Outer)), "script = x not found"),
        (Some((Some(4109), Place::Outer)), "Command execution failed"),
        (Some((Some(99), Place::Nested)), "deep"),
        (Some((Some(4110), Place::Nested)), "node down"),
        (None, ""),
    ];
    for (sample, (failure, text)) in SAMPLES.iter().zip(expected) {
        assert_eq!(decisive(sample), failure, "{sample}");
        assert_eq!(envelope(sample).text, text, "{sample}");
    }
}

#[test]
fn a_bare_outer_code_needs_an_answer_without_any_payload() {
    let cases = [
        (r#"{"result":3,"error":"x"}"#, Some(3)),
        (r#"{"result":"3"}"#, Some(3)),
        (r#"{"result":3,"response":null,"responses":null}"#, Some(3)),
        (r#"{"result":3,"response":{}}"#, None),
        (r#"{"result":3,"response":"text"}"#, None),
        (r#"{"result":3,"responses":[]}"#, None),
        (r#"{"result":0,"response":{"result":3}}"#, None),
        (r#"{"result":0}"#, None),
    ];
    for (json, code) in cases {
        assert_eq!(envelope(json).bare_outer_code(), code, "{json}");
    }
}

#[test]
fn results_are_read_in_every_spelling_and_never_guessed() {
    assert_eq!(decisive(r#"{"result":"0"}"#), None);
    assert_eq!(decisive(r#"{"result":0.0}"#), None);
    for json in [
        r#"{"result":"ok"}"#,
        r#"{"result":true}"#,
        r#"{"result":[0]}"#,
    ] {
        assert_eq!(decisive(json), Some((None, Place::Outer)), "{json}");
    }
    assert!(!envelope("{}").has_result);
    assert!(!envelope(r#"{"result":null}"#).has_result);
    assert_eq!(
        decisive(r#"{"result":0,"result":5}"#),
        Some((Some(5), Place::Outer))
    );
    assert_eq!(
        decisive(r#"{"result":5,"result":0}"#),
        Some((Some(5), Place::Outer))
    );
}

#[test]
fn what_is_no_object_is_no_envelope() {
    for body in [
        "",
        "null",
        "[]",
        "0",
        "\"text\"",
        "<html>",
        "{\"result\":0",
        "{\"result\":0}x",
    ] {
        assert!(Envelope::read(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |opening: &str, closing: &str, depth: usize| {
        format!(
            "{{\"result\":0,\"response\":{}1{}}}",
            opening.repeat(depth),
            closing.repeat(depth)
        )
    };
    for depth in [100, 100_000] {
        // Whatever the verdict, neither the stack nor a promise of success may break.
        let arrays = Envelope::read(deep("[", "]", depth).as_bytes());
        assert!(arrays.is_ok() || depth > 100);
        let objects = Envelope::read(deep("{\"response\":", "}", depth).as_bytes());
        assert!(objects.is_ok() || depth > 100);
    }
}

#[test]
fn what_is_too_deep_to_be_looked_at_is_no_success() {
    let inside = |depth: usize, innermost: &str| {
        let (opening, closing) = (
            r#"{"result":0,"response":"#.repeat(depth),
            "}".repeat(depth),
        );
        format!("{opening}{innermost}{closing}")
    };
    assert_eq!(decisive(&inside(6, r#"{"result":0}"#)), None);
    let looked_at = decisive(&inside(6, r#"{"result":5}"#));
    assert_eq!(looked_at, Some((Some(5), Place::Nested)));
    for depth in [7, 8, 100] {
        let unread = decisive(&inside(depth, r#"{"result":0}"#));
        assert_eq!(unread, Some((None, Place::Nested)), "{depth}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        // Arbitrary bytes are hardly ever an envelope; that they are read at all is the point.
        if let Ok(envelope) = Envelope::read(&body) {
            prop_assert!(envelope.failures.iter().all(|failure| failure.code != Some(0)));
        }
    }

    #[test]
    fn mutated_answers_never_panic(
        sample in 0..SAMPLES.len(),
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), 0..3_u8), 0..8),
    ) {
        let mut body = SAMPLES[sample].as_bytes().to_vec();
        for (position, byte, kind) in changes {
            let position = position % body.len().max(1);
            match kind {
                0 if position < body.len() => body[position] = byte,
                1 => body.insert(position.min(body.len()), byte),
                _ => body.truncate(position),
            }
        }
        if let Ok(envelope) = Envelope::read(&body) {
            prop_assert!(envelope.failures.iter().all(|failure| failure.code != Some(0)));
        }
    }
}
