//! Keys are rotated while two processes serve and work, and one of them is killed in the middle: nothing
//! that was sealed or hashed under the old keys is lost.

use crate::support::{App, Backend, Caller, PATIENCE, found_team};
use domain::access::PermissionSet;
use http::StatusCode;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use virtuozzo_simulator::World;

const TEAMS: usize = 4;

/// The example world with one account per team.
fn world() -> World {
    let accounts = (0..TEAMS).map(|team| {
        format!(
            "\n[[accounts]]\nuid = {}\nlogin = \"team{team}@example.com\"\n\
             password = \"password-{team}\"\n",
            6000 + team
        )
    });
    let text: String = std::iter::once(World::EXAMPLE_TOML.to_owned())
        .chain(accounts)
        .collect();
    World::from_toml(&text).expect("a world with more accounts")
}

/// What `windlass keys …` says, as JSON.
fn keys(app: &App, arguments: &[&str]) -> Value {
    static COMMANDS: AtomicUsize = AtomicUsize::new(0);
    // Output is appended to the file of its name.
    let name = format!("keys-{}", COMMANDS.fetch_add(1, Ordering::Relaxed));
    let mut all = vec!["keys"];
    all.extend_from_slice(arguments);
    all.push("--json");
    let mut command = app.spawn(&all, &name);
    let status = command.wait(PATIENCE);
    assert!(status.success(), "{all:?}: {}", command.errors());
    serde_json::from_str(&command.output()).expect("one JSON object")
}

fn key<'a>(status: &'a Value, id: &str) -> &'a Value {
    let keys = status["keys"].as_array().expect("a list");
    let found = keys.iter().find(|key| key["id"] == id);
    found.unwrap_or_else(|| panic!("`{id}` in {status}"))
}

fn active(status: &Value, kind: &str) -> String {
    let keys = status["keys"].as_array().expect("a list");
    let found = keys
        .iter()
        .find(|key| key["kind"] == kind && key["state"] == "active");
    let id = found.expect("there is one")["id"].as_str();
    id.expect("a text").to_owned()
}

/// Waits until `windlass keys status` says so.
async fn until(app: &App, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    testkit::wait::until(what, PATIENCE, async || {
        let status = keys(app, &["status"]);
        is_so(&status).then_some(status)
    })
    .await
}

/// Teams with accounts, each with something sealed under its key.
async fn teams(app: &App) -> Vec<Caller> {
    let mut teams = Vec::new();
    for team in 0..TEAMS {
        let person = app.owner.in_person();
        let name = format!("Team {team}");
        let caller = found_team(&person, &name, PermissionSet::all()).await;
        let login = format!("team{team}@example.com");
        let password = format!("password-{team}");
        let connected = caller.connect_account(&login, &password).await;
        assert_eq!(connected.status, StatusCode::OK, "{}", connected.body);
        teams.push(caller);
    }
    teams
}

/// One job for each team: every one opens the session of its team.
async fn load(teams: &[Caller], name: &str) -> Vec<(Caller, String)> {
    let mut jobs = Vec::new();
    for team in teams {
        let job = team.provision(name, "empty", &[]).await;
        let id = job["id"].as_str().expect("an id").to_owned();
        jobs.push((team.clone(), id));
    }
    jobs
}

async fn all_succeed(app: &App, jobs: Vec<(Caller, String)>) {
    for (team, id) in jobs {
        let job = team.job_at_rest(&id).await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    }
}

/// With the old key gone, everything that was sealed before still opens.
async fn open_all(teams: &[Caller]) -> usize {
    for team in teams {
        let path = team.path("/platform-account/actions/verify");
        let verified = team
            .send(http::Method::POST, &path, &[], String::new())
            .await;
        assert_eq!(verified.status, StatusCode::OK, "{}", verified.body);
        assert_eq!(verified.body["state"], "connected", "{}", verified.body);
    }
    teams.len()
}

/// What `windlass admin audit verify` says about the chains.
fn verified_trails(app: &App) -> String {
    let mut verify = app.spawn(&["admin", "audit", "verify", "--json"], "verify");
    assert!(verify.wait(PATIENCE).success(), "{}", verify.errors());
    verify.output()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_rotate_under_load_with_a_kill_in_the_middle_and_nothing_is_unreadable() {
    let mut app = App::start_in(Backend::PostgresAndRedis, world(), 0.05).await;
    let second = app.spawn(&["serve"], "second");
    let teams = teams(&app).await;
    let before = until(&app, "both processes live", |status| {
        status["processes"]
            .as_array()
            .is_some_and(|it| it.len() == 2)
    })
    .await;
    let kinds = ["master", "pepper", "audit"];
    let old = kinds.map(|kind| active(&before, kind));
    let mut jobs = load(&teams, "before").await;
    let mut new = Vec::new();
    for kind in kinds {
        let added = keys(&app, &["add", "--kind", kind]);
        new.push(added["id"].as_str().expect("an id").to_owned());
    }
    for id in &new {
        until(&app, "both hold the key", |status| {
            key(status, id)["held_by"].as_array().map(Vec::len) == Some(2)
        })
        .await;
    }
    jobs.extend(load(&teams, "added").await);
    for id in &new {
        keys(&app, &["activate", id]);
    }
    app.kill();
    app.serve().await;
    let teams: Vec<_> = teams
        .iter()
        .map(|team| team.at(app.owner.base(), &team.team))
        .collect();
    let jobs: Vec<_> = jobs
        .into_iter()
        .map(|(team, id)| (team.at(app.owner.base(), &team.team), id))
        .collect();
    let newer = load(&teams, "activated").await;
    let status = until(&app, "all keys are under the new master key", |status| {
        key(status, &old[0])["records"] == 0 && key(status, &new[0])["records"] != 0
    })
    .await;
    all_succeed(&app, jobs).await;
    all_succeed(&app, newer).await;
    keys(&app, &["retire", &old[0]]);
    until(&app, "nobody knows the old key any more", |status| {
        let keys = status["keys"].as_array().expect("a list");
        keys.iter().all(|key| key["id"] != old[0].as_str())
    })
    .await;
    let opened = open_all(&teams).await;
    all_succeed(&app, load(&teams, "retired").await).await;
    let trails = verified_trails(&app);
    println!(
        "rotation: {} records were under the old master key, {} are under the new one; \
         credentials opened {opened} of {TEAMS}; trails: {trails}",
        key(&before, &old[0])["records"],
        key(&status, &new[0])["records"],
    );
    assert!(second.errors().contains("exchanged"), "{}", second.errors());
    for logs in [app.logs(), second.errors()] {
        assert!(!logs.contains("cannot be opened"), "{logs}");
    }
}
