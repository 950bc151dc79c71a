//! Deaths together with something that happens at the same time: what others do on the platform, lists that
//! are late, a job that waits, one that kills its process again and again.

use super::freezing::{AFTERMATH, Workers};
use super::reference::{Reference, prepared};
use super::scenarios::{self, Scenario};
use super::trouble::{self, Death};
use crate::auditor::{self, Books, Watch};
use crate::on_both_backends;
use crate::settlement::site::{self, Site};
use crate::support::{App, Backend, Dashboard, PATIENCE};
use domain::limits::CALL_LEAVES_WITHIN;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule, World};

on_both_backends!(
    what_a_stranger_made_under_the_name_is_neither_taken_nor_deleted,
    what_a_stranger_made_after_a_deletion_is_not_deleted,
    what_somebody_else_installed_before_is_not_taken_for_ours,
    what_another_account_does_not_see_is_not_taken_for_absent,
    what_lists_show_late_is_not_made_twice,
    a_job_that_kills_its_process_is_set_aside_and_the_others_go_on,
    a_job_that_waits_keeps_its_turn,
);

const LOGIN: &str = "owner@example.com";
const PASSWORD: &str = "example-password";

fn scenario(kind: &str) -> Scenario {
    let mut all = scenarios::all().into_iter();
    all.find(|it| it.kind == kind).expect("a kind of job")
}

async fn dashboard(app: &App) -> Dashboard {
    Dashboard::sign_in(&app.simulator.base_url(), LOGIN, PASSWORD).await
}

/// What the platform calls the environment that Windlass calls `name`.
fn on_platform(app: &App, name: &str) -> Option<String> {
    let pictures = app.simulator.pictures();
    let prefix = format!("{name}-");
    pictures.into_keys().find(|it| it.starts_with(&prefix))
}

/// The job's short domain, as the call that was not made would have named it.
fn name_asked_for(app: &App) -> String {
    let journal = app.simulator.journal();
    let asked = journal.iter().rev().find(|it| it.method == "checkdomain");
    let parameters = &asked.expect("the name was checked").parameters;
    parameters["domain"]
        .split('.')
        .next()
        .expect("a name")
        .to_owned()
}

fn effects(app: &App, effect: Effect) -> usize {
    let ledger = app.simulator.ledger();
    ledger.iter().filter(|entry| entry.effect == effect).count()
}

/// Asks for the wish and lets the process die at the point.
async fn die_at(app: &mut App, site: &Site, scenario: &Scenario, moment: &str) -> String {
    let point = format!("{} {moment}", scenario.kind);
    let death = Death::At(point);
    trouble::arm(app, &death);
    let answer = site.ask((scenario.wish)(site)).await;
    assert!(trouble::die(app, &death).await, "the point was reached");
    answer.body["id"].as_str().expect("an id").to_owned()
}

async fn at_rest(app: &App, job: &str) -> Value {
    let rested = Watch::default().until_rest(&app.owner, job).await;
    rested.expect("the job is known")
}

async fn what_a_stranger_made_under_the_name_is_neither_taken_nor_deleted(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let scenario = scenario("environment.provision");
    let site = prepared(&app, &scenario, 0).await;
    let job = die_at(
        &mut app,
        &site,
        &scenario,
        "create_environment forward after-started",
    )
    .await;
    let name = name_asked_for(&app);
    dashboard(&app).await.create(&name).await;
    let before = app.simulator.pictures()[&name].clone();
    app.serve().await;
    let job = at_rest(&app, &job).await;
    assert_eq!(job["state"], "needs_attention", "{job}\n{}", app.logs());
    assert_eq!(app.simulator.pictures()[&name], before);
    assert_eq!(effects(&app, Effect::EnvironmentDeleted), 0);
}

async fn what_a_stranger_made_after_a_deletion_is_not_deleted(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let scenario = scenario("environment.delete");
    let site = prepared(&app, &scenario, 0).await;
    let moment = "delete_environment forward before-started";
    let job = die_at(&mut app, &site, &scenario, moment).await;
    let name = on_platform(&app, "site-0").expect("the environment stands");
    let dashboard = dashboard(&app).await;
    dashboard.delete(&name).await;
    dashboard.create(&name).await;
    let before = app.simulator.pictures()[&name].clone();
    app.serve().await;
    let job = at_rest(&app, &job).await;
    assert_eq!(job["state"], "succeeded", "ours is gone: {job}");
    assert_eq!(app.simulator.pictures().get(&name), Some(&before));
}

async fn what_somebody_else_installed_before_is_not_taken_for_ours(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let scenario = scenario("addon.install");
    let site = prepared(&app, &scenario, 0).await;
    let name = on_platform(&app, "site-0").expect("the environment stands");
    dashboard(&app)
        .await
        .install_addon(&name, "example-sftp-addon")
        .await;
    let mark = Books::mark(&app);
    let job = die_at(
        &mut app,
        &site,
        &scenario,
        "install_sftp forward after-started",
    )
    .await;
    app.serve().await;
    let job = at_rest(&app, &job).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    let books = Books::since(&mark, &app);
    assert_eq!(
        books.count("AddonInstalled"),
        1,
        "what succeeded has happened"
    );
}

async fn what_another_account_does_not_see_is_not_taken_for_absent(backend: Backend) {
    let other = "[[accounts]]\nuid = 9001\nlogin = \"other@example.com\"\npassword = \"pw\"\n";
    let text = format!("{}\n{other}", World::EXAMPLE_TOML);
    let world = World::from_toml(&text).expect("a world with two accounts");
    let mut app = App::start_in(backend, world, 0.0).await;
    let scenario = scenario("environment.provision");
    let site = prepared(&app, &scenario, 0).await;
    // Nobody can look before the other account is there.
    let unseen = FaultKind::DropBeforeEffect;
    let moment = "create_environment forward after-answer";
    let job = die_at(&mut app, &site, &scenario, moment).await;
    app.simulator
        .add_fault(FaultRule::always("getenvs", unseen));
    app.serve().await;
    let answer = app.owner.connect_account("other@example.com", "pw").await;
    assert!(answer.status.is_success(), "{}", answer.body);
    app.simulator.clear_faults();
    let job = at_rest(&app, &job).await;
    assert_eq!(job["state"], "needs_attention", "{job}\n{}", app.logs());
    let detail = job["problem"]["detail"].as_str().expect("a reason");
    assert!(detail.contains("platform account changed"), "{job}");
    // The site's and the job's, each asked for once.
    let journal = app.simulator.journal();
    let asked = journal.iter().filter(|it| it.method == "createenvironment");
    assert_eq!(asked.count(), 2, "silence was taken for an answer");
}

/// The absence of what lists do not show is proved after this; they are late by less.
const ABSENCE_WINDOW: &str = "absence_window = \"4s\"";
const LATE_BY: Duration = Duration::from_millis(1_500);
/// As the configuration of tests says it.
const ANSWER_WITHIN_LONG: Duration = Duration::from_secs(4);

async fn what_lists_show_late_is_not_made_twice(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    app.change_file("absence_window = \"300ms\"", ABSENCE_WINDOW);
    app.kill();
    app.serve().await;
    let scenario = scenario("environment.provision");
    let reference = Reference::of(&app, &scenario, (0, 1)).await;
    let site = prepared(&app, &scenario, 2).await;
    let mark = Books::mark(&app);
    // Later than an answer may come, sooner than an absence is proved.
    let answered_by = CALL_LEAVES_WITHIN + ANSWER_WITHIN_LONG;
    let ms = u64::try_from((answered_by + LATE_BY).as_millis()).expect("seconds");
    let late = FaultKind::VisibleAfter { ms };
    app.simulator
        .add_fault(FaultRule::once("createenvironment", late));
    let moment = "create_environment forward after-answer";
    let id = die_at(&mut app, &site, &scenario, moment).await;
    app.serve().await;
    let job = at_rest(&app, &id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    let doubles = Books::since(&mark, &app).more_than(&reference.forward.outcome.books);
    assert_eq!(doubles, "");
}

async fn a_job_that_kills_its_process_is_set_aside_and_the_others_go_on(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let scenario = scenario("variables.add");
    let site = prepared(&app, &scenario, 0).await;
    let other = prepared(&app, &scenario, 1).await;
    let death = Death::At("variables.add add_variables forward before-started".to_owned());
    trouble::arm(&app, &death);
    let answer = site.ask((scenario.wish)(&site)).await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    let deaths = usize::try_from(domain::limits::JOB_DEATHS_MAX).expect("few");
    for _ in 0..deaths {
        assert!(trouble::die(&mut app, &death).await, "it dies again");
        trouble::arm(&app, &death);
        app.serve().await;
    }
    let job = at_rest(&app, &id).await;
    assert_eq!(job["state"], "needs_attention", "{job}\n{}", app.logs());
    assert_eq!(job["problem"]["code"], "job-unrunnable", "{job}");
    trouble::disarm(&app);
    let mut other = other;
    other.move_to(&app.owner);
    let job = other.rest((scenario.wish)(&other)).await;
    assert_eq!(job["state"], "succeeded", "{job}");
}

async fn a_job_that_waits_keeps_its_turn(backend: Backend) {
    let mut app = App::start_in(backend, site::world(), 0.0).await;
    let scenario = scenario("addon.install");
    let mut site = prepared(&app, &scenario, 0).await;
    let late = FaultKind::VisibleAfter { ms: 2_000 };
    app.simulator
        .add_fault(FaultRule::once("installaddon", late));
    let first = die_at(
        &mut app,
        &site,
        &scenario,
        "install_sftp forward after-answer",
    )
    .await;
    app.serve().await;
    site.move_to(&app.owner);
    let second = site.ask(site.post("/actions/stop", Value::Null)).await;
    let second = second.body["id"].as_str().expect("an id").to_owned();
    let (first, second) = (at_rest(&app, &first).await, at_rest(&app, &second).await);
    for job in [&first, &second] {
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    }
    let moment = |job: &Value, field: &str| -> jiff::Timestamp {
        let text = job[field].as_str().expect("a moment");
        text.parse().expect("a timestamp")
    };
    assert!(
        moment(&first, "finished_at") <= moment(&second, "started_at"),
        "one after the other: {first}\n{second}"
    );
    let violations =
        auditor::ask_the_administrator(&app, first["id"].as_str().expect("an id")).await;
    assert!(violations.is_empty(), "{violations:?}");
    let held = site.environment(site.id()).await["held_by_job_id"].clone();
    assert_eq!(held, json!(null));
}

/// The replaced worker has an answer to write down and goes on while its successor, who has written already, is in
/// the middle of finding out what the answer was.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replaced_worker_changes_nothing_while_its_successor_works() {
    // What is shown late is not taken for absent.
    let mut workers = Workers::start_with(|app| {
        app.change_file("absence_window = \"300ms\"", "absence_window = \"60s\"");
    })
    .await;
    let folder = workers.app.folder.path().to_owned();
    let site = Site::provision(&workers.app, 0).await;
    let mark = Books::mark(&workers.app);
    let point = "addon.install install_sftp forward after-answer STOP\n";
    fs::write(folder.join("armed"), point).expect("a writable folder");
    let late = FaultKind::VisibleAfter { ms: 12_000 };
    let rule = FaultRule::once("installaddon", late);
    workers.app.simulator.add_fault(rule);
    let answer = site
        .ask(site.post("/addons", json!({"addon": "sftp"})))
        .await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    testkit::wait::until("the worker is frozen", PATIENCE, async || {
        (!folder.join("armed").exists()).then_some(())
    })
    .await;
    let successor = workers.another();
    testkit::wait::until("the successor writes", PATIENCE, async || {
        let lines = workers.app.owner.log(&id).await;
        let mut messages = lines.iter().filter_map(|line| line["message"].as_str());
        messages
            .any(|message| message.contains("asking the platform"))
            .then_some(())
    })
    .await;
    let hold = FaultKind::HoldUntilReleased {
        name: "here".to_owned(),
        after_effect: false,
    };
    let rule = FaultRule::once("getlist", hold);
    workers.app.simulator.add_fault(rule);
    workers.app.simulator.until_held("here").await;
    workers.worker.resume();
    tokio::time::sleep(AFTERMATH).await;
    workers.app.simulator.release("here");
    let job = at_rest(&workers.app, &id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", workers.app.logs());
    let books = Books::since(&mark, &workers.app);
    assert_eq!(books.count("AddonInstalled"), 1);
    let violations = auditor::ask_the_administrator(&workers.app, &id).await;
    assert!(violations.is_empty(), "{violations:?}");
    drop(successor);
}

/// A worker that was frozen behind its intent, with nobody there to replace it, still holds its job when it goes
/// on. What the intent says about when the call may happen is not true any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_intent_that_grew_old_is_not_sent() {
    let mut workers = Workers::start().await;
    let folder = workers.app.folder.path().to_owned();
    let site = Site::provision(&workers.app, 0).await;
    let point = "addon.install install_sftp forward after-started STOP\n";
    fs::write(folder.join("armed"), point).expect("a writable folder");
    let answer = site
        .ask(site.post("/addons", json!({"addon": "sftp"})))
        .await;
    let id = answer.body["id"].as_str().expect("an id").to_owned();
    testkit::wait::until("the worker is frozen", PATIENCE, async || {
        (!folder.join("armed").exists()).then_some(())
    })
    .await;
    tokio::time::sleep(CALL_LEAVES_WITHIN).await;
    workers.worker.resume();
    let job = at_rest(&workers.app, &id).await;
    assert_eq!(job["state"], "succeeded", "{job}\n{}", workers.app.logs());
    let shown = auditor::shown_to_the_administrator(&workers.app, &id).await;
    let shown = shown.expect("the job is known");
    let attempts = shown["attempts"].as_array().expect("attempts");
    let states: Vec<_> = attempts
        .iter()
        .filter(|attempt| attempt["step"] == "install_sftp")
        .map(|attempt| attempt["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(states, ["not_done", "done"], "{shown}");
}
