use super::{Evidence, Shard, findings, merge, to_text};
use serde_json::json;

fn evidence(cases: u64) -> Evidence {
    Evidence {
        name: "crashes".to_owned(),
        commit: "c0ffee".to_owned(),
        command: "cargo nextest run".to_owned(),
        counts: [
            ("cases".to_owned(), json!(cases)),
            ("database".to_owned(), json!("both")),
        ]
        .into(),
        duration_seconds: 10,
        date: "2026-01-01".to_owned(),
    }
}

#[test]
fn parts_add_up() {
    let whole = merge(vec![evidence(1), evidence(2), evidence(4)]).unwrap();
    assert_eq!(whole.counts["cases"], json!(7));
    assert_eq!(whole.counts["database"], json!("both"));
    assert_eq!(whole.duration_seconds, 30);
}

#[test]
fn a_shard_is_a_number_of_a_count() {
    assert_eq!("2/8".parse(), Ok(Shard { number: 2, of: 8 }));
    for wrong in ["", "2", "0/8", "9/8", "a/b", "1/0"] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

#[test]
fn missing_broken_mistaken_and_orphaned_evidence_is_found() {
    let good = to_text(&evidence(1));
    let proofs = ["crashes", "races", "floods", "storms"];
    let present = [
        ("crashes".to_owned(), good.clone()),
        ("races".to_owned(), good),
        ("floods".to_owned(), "{}".to_owned()),
        ("old".to_owned(), "{}".to_owned()),
    ];
    let found = findings(&proofs, &present);
    assert_eq!(found[0], "docs/evidence/races.json is about `crashes`");
    assert!(
        found[1].starts_with("docs/evidence/floods.json: missing field"),
        "{}",
        found[1]
    );
    assert_eq!(
        found[2],
        "docs/evidence/storms.json is missing: run `cargo xtask prove storms`"
    );
    assert_eq!(found[3], "docs/evidence/old.json belongs to no proof");
    assert_eq!(found.len(), 4);
}
