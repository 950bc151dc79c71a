//! The commands of whoever runs the service, as programs: pausing and purging.

use crate::support::{App, Backend, PATIENCE};
use serde_json::Value;

/// Whether it was done, and what it said.
fn admin(app: &App, arguments: &[&str], name: &str) -> (bool, String) {
    let arguments: Vec<_> = ["admin"].iter().chain(arguments).copied().collect();
    let mut process = app.spawn(&arguments, name);
    let is_good = process.wait(PATIENCE).success();
    (is_good, process.output() + &process.errors())
}

fn done(app: &App, arguments: &[&str], name: &str) -> String {
    let (is_good, said) = admin(app, arguments, name);
    assert!(is_good, "{arguments:?}: {said}");
    said
}

fn refused(app: &App, arguments: &[&str], name: &str) -> String {
    let (is_good, said) = admin(app, arguments, name);
    assert!(!is_good, "{arguments:?}: {said}");
    said
}

fn json(app: &App, arguments: &[&str], name: &str) -> Value {
    let said = done(app, arguments, name);
    serde_json::from_str(&said).expect("one JSON object")
}

/// The lines of all trails, all of them right.
fn audit_lines(app: &App, name: &str) -> u64 {
    let verified = json(app, &["audit", "verify", "--json"], name);
    let trails = verified["trails"].as_array().expect("trails").iter();
    trails
        .map(|trail| trail["right_lines"].as_u64().expect("a number"))
        .sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pauses_begin_and_end_by_commands_and_are_listed() {
    let mut app = App::start(Backend::Embedded).await;
    let team = app.owner.team.clone();
    let reason = ["--reason", "the platform is being moved"];
    let on_platform = ["pause", "--platform", "simulator", reason[0], reason[1]];
    let said = refused(&app, &on_platform, "while-serving");
    assert!(said.contains("stop"), "{said}");
    app.stop();
    assert!(done(&app, &["pauses"], "none").contains("nothing is paused"));
    done(&app, &on_platform, "platform");
    done(
        &app,
        &["pause", "--team", &team, reason[0], reason[1]],
        "team",
    );
    let said = refused(&app, &on_platform, "again");
    assert!(said.contains("paused"), "{said}");
    let listed = json(&app, &["pauses", "--json"], "listed");
    let of = |index: usize, key: &str| {
        listed["pauses"][index][key]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    assert_eq!(
        (of(0, "scope"), of(0, "of")),
        ("platform".to_owned(), "simulator".to_owned())
    );
    assert_eq!(
        (of(1, "scope"), of(1, "of")),
        ("team".to_owned(), team.clone())
    );
    assert_eq!(of(0, "reason"), reason[1]);
    for wrong in [
        &["pause", "--platform", "elsewhere", reason[0], reason[1]][..],
        &[
            "pause",
            "--team",
            "team_00000000000000000000000001",
            reason[0],
            reason[1],
        ],
        &["pause", reason[0], reason[1]],
        &["pause", "--team", &team, "--reason", ""],
        &["resume", "--platform", "elsewhere"],
    ] {
        refused(&app, wrong, "wrong");
    }
    done(&app, &["resume", "--platform", "simulator"], "go-on");
    done(&app, &["resume", "--team", &team], "team-goes-on");
    refused(&app, &["resume", "--team", &team], "not-paused");
    let listed = json(&app, &["pauses", "--json"], "none-again");
    assert_eq!(listed["pauses"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purge_counts_or_removes_and_leaves_a_line_in_the_trail() {
    let mut app = App::start(Backend::Embedded).await;
    let job = app.owner.provision("shop", "empty", &[]).await;
    let id = job["id"].as_str().expect("an id").to_owned();
    app.owner.job_at_rest(&id).await;
    app.stop();
    let lines = audit_lines(&app, "lines-before");
    let counted = json(&app, &["purge", "--dry-run", "--json"], "counted");
    assert_eq!(counted["finished_jobs"], 0, "{counted}");
    assert_eq!(
        audit_lines(&app, "lines-counted"),
        lines,
        "counting changes nothing"
    );
    let purged = json(&app, &["purge", "--json"], "purged");
    assert_eq!(purged, counted);
    assert_eq!(audit_lines(&app, "lines-after"), lines + 1);
    assert!(done(&app, &["purge"], "in-words").contains("finished_jobs"));
    app.serve().await;
    let job = app
        .owner
        .at(app.owner.base(), &app.owner.team)
        .job(&id)
        .await;
    assert_eq!(job["state"], "succeeded", "what is young is still there");
}
