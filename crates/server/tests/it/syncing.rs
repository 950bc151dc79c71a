//! What others do on the platform, and how our records hear of it: nothing is adopted, nothing destroyed.

use crate::on_both_backends;
use crate::support::{App, Backend, Dashboard, PATIENCE};
use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, World};

on_both_backends!(
    records_follow_what_others_change_and_it_is_told,
    what_is_missing_is_told_after_a_second_look_and_closed_when_it_fits_again,
    what_was_not_made_here_is_told_and_left_alone,
    another_account_calls_nothing_missing,
    a_team_is_synced_by_one_job_at_a_time,
    syncs_come_by_themselves_and_sooner_for_who_reads_old_records,
);

async fn dashboard(app: &App) -> Dashboard {
    Dashboard::sign_in(
        &app.simulator.base_url(),
        "owner@example.com",
        "example-password",
    )
    .await
}

/// A running environment: its path, and what the platform calls it.
async fn site(app: &App, name: &str) -> (String, String) {
    let accepted = app.owner.provision(name, "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(accepted["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    let id = job["environment_id"].as_str().expect("an environment");
    let path = app.owner.path(&format!("/environments/{id}"));
    let prefix = format!("{name}-");
    let mut names = app.simulator.pictures().into_keys();
    let on_platform = names.find(|it| it.starts_with(&prefix));
    (path, on_platform.expect("it stands"))
}

async fn sync(app: &App, key: &str) -> Value {
    let path = app.owner.path("/actions/sync");
    let answer = app.owner.post(&path, key, &json!({})).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let id = answer.body["id"].as_str().expect("an id");
    let job = app.owner.job_at_rest(id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    job
}

/// Looks until as many findings as that are open: the second look that is far enough from the first tells.
async fn sync_until_told(app: &App, open: usize) -> Vec<Value> {
    let number = app.simulator.journal().len();
    let looks = std::sync::atomic::AtomicUsize::new(0);
    testkit::wait::until("a second look tells", PATIENCE, async || {
        let look = looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        sync(app, &format!("{number}-{look}")).await;
        let told = findings(app, "?state=open").await;
        (told.len() == open).then_some(told)
    })
    .await
}

async fn findings(app: &App, query: &str) -> Vec<Value> {
    let path = app.owner.path(&format!("/findings{query}"));
    let answer = app.owner.get(&path).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"].as_array().expect("a list").clone()
}

fn kinds(findings: &[Value]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding["kind"].as_str().expect("a kind"))
        .collect()
}

async fn records_follow_what_others_change_and_it_is_told(backend: Backend) {
    let app = App::start(backend).await;
    let (path, name) = site(&app, "shop").await;
    let before = app.owner.get(&path).await.body;
    dashboard(&app).await.stop(&name).await;
    let job = sync(&app, "first").await;
    let after = app.owner.get(&path).await.body;
    assert_eq!(after["state"], "stopped", "{after}");
    assert_ne!(after["synced_at"], before["synced_at"]);
    let told = findings(&app, "?kind=environment_drifted").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["state"], "closed");
    assert_eq!(told[0]["environment_id"], after["id"]);
    let lines = app.owner.log(job["id"].as_str().expect("an id")).await;
    let lines = json!(lines).to_string();
    assert!(lines.contains("was running, is stopped"), "{lines}");
    // The next look sees nothing new, and says so without telling anything.
    sync(&app, "second").await;
    assert_eq!(findings(&app, "").await.len(), 1);
    let again = app.owner.get(&path).await.body;
    assert_ne!(again["synced_at"], after["synced_at"], "it was looked at");
}

async fn what_is_missing_is_told_after_a_second_look_and_closed_when_it_fits_again(
    backend: Backend,
) {
    let app = App::start(backend).await;
    let (path, name) = site(&app, "shop").await;
    let dashboard = dashboard(&app).await;
    dashboard.delete(&name).await;
    sync(&app, "one").await;
    assert_eq!(findings(&app, "").await.len(), 0, "one look proves nothing");
    let told = sync_until_told(&app, 1).await;
    assert_eq!(kinds(&told), ["environment_missing"], "{told:?}");
    // Somebody makes another one under the name: it is another one.
    dashboard.create(&name).await;
    let picture = app.simulator.pictures()[&name].clone();
    sync(&app, "other").await;
    assert_eq!(findings(&app, "?state=open").await.len(), 0);
    let told = sync_until_told(&app, 1).await;
    assert_eq!(kinds(&told), ["environment_replaced"], "{told:?}");
    let closed = findings(&app, "?state=closed").await;
    assert_eq!(kinds(&closed), ["environment_missing"], "{closed:?}");
    let environment = app.owner.get(&path).await.body;
    assert_eq!(environment["state"], "running", "nothing is adopted");
    assert_eq!(app.simulator.pictures()[&name], picture, "nor touched");
}

async fn what_was_not_made_here_is_told_and_left_alone(backend: Backend) {
    let app = App::start(backend).await;
    let (path, name) = site(&app, "shop").await;
    let dashboard = dashboard(&app).await;
    dashboard.create("by-hand-1").await;
    // One of ours that its job has deleted, and that stands there all the same.
    let id = path.rsplit('/').next().expect("an id");
    let answer = app
        .owner
        .send(
            http::Method::DELETE,
            &path,
            &[("idempotency-key", "delete")],
            String::new(),
        )
        .await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let job = answer.body["id"].as_str().expect("an id");
    assert_eq!(app.owner.job_at_rest(job).await["state"], "succeeded");
    dashboard.create(&name).await;
    let deletions = |app: &App| {
        let ledger = app.simulator.ledger();
        let deleted = ledger
            .iter()
            .filter(|entry| entry.effect == Effect::EnvironmentDeleted);
        deleted.count()
    };
    let before = deletions(&app);
    let told = sync_until_told(&app, 2).await;
    let mut seen = kinds(&told);
    seen.sort_unstable();
    assert_eq!(
        seen,
        ["environment_leftover", "environment_unknown"],
        "{told:?}"
    );
    let text = json!(told).to_string();
    assert!(text.contains(id), "the leftover names what it was: {text}");
    assert_eq!(deletions(&app), before, "nothing is destroyed");
    let list = app.owner.get(&app.owner.path("/environments")).await.body;
    assert_eq!(list["data"], json!([]), "nothing is adopted");
}

async fn another_account_calls_nothing_missing(backend: Backend) {
    let other = "[[accounts]]\nuid = 9001\nlogin = \"other@example.com\"\npassword = \"pw\"\n";
    let text = format!("{}\n{other}", World::EXAMPLE_TOML);
    let world = World::from_toml(&text).expect("a world with two accounts");
    let app = App::start_in(backend, world, 0.0).await;
    let (path, _) = site(&app, "shop").await;
    sync(&app, "before").await;
    let answer = app.owner.connect_account("other@example.com", "pw").await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let told = sync_until_told(&app, 1).await;
    assert_eq!(kinds(&told), ["account_changed"], "{told:?}");
    assert_eq!(app.owner.get(&path).await.body["state"], "running");
}

async fn a_team_is_synced_by_one_job_at_a_time(backend: Backend) {
    let app = App::start(backend).await;
    site(&app, "shop").await;
    let path = app.owner.path("/actions/sync");
    let answers = futures::future::join_all((0..8).map(|number| {
        let (owner, path) = (&app.owner, &path);
        async move {
            owner
                .post(path, &format!("sync-{number}"), &json!({}))
                .await
        }
    }))
    .await;
    let mut overlapping = std::collections::BTreeMap::new();
    for answer in &answers {
        assert_eq!(answer.status, 202, "{}", answer.text);
        let id = answer.body["id"].as_str().expect("an id").to_owned();
        overlapping.insert(id.clone(), app.owner.job_at_rest(&id).await);
    }
    // Each that is another one began after the one before had ended.
    let jobs: Vec<_> = overlapping.values().collect();
    for (earlier, later) in jobs.iter().zip(jobs.iter().skip(1)) {
        let time = |job: &Value, name: &str| -> jiff::Timestamp {
            let text = job[name].as_str().expect("a time");
            text.parse().expect("a time")
        };
        let (ended, asked) = (time(earlier, "finished_at"), time(later, "started_at"));
        assert!(ended <= asked, "{earlier}\n{later}");
    }
}

async fn syncs_come_by_themselves_and_sooner_for_who_reads_old_records(backend: Backend) {
    let mut app = App::start(backend).await;
    let (path, name) = site(&app, "shop").await;
    app.stop();
    app.change_file(
        "interval = \"off\"",
        "interval = \"1h\"\nstale_after = \"500ms\"",
    );
    app.serve().await;
    let dashboard = dashboard(&app).await;
    let is = async |state: &str| {
        testkit::wait::until("a sync has seen it", PATIENCE, async || {
            let environment = app.owner.get(&path).await.body;
            (environment["state"] == state).then_some(())
        })
        .await;
    };
    dashboard.stop(&name).await;
    is("stopped").await;
    // The next one by the clock is an hour away.
    dashboard.start(&name).await;
    is("running").await;
}
