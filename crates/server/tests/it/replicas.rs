//! Two processes answer requests on one PostgreSQL and one Redis: what one has answered the other knows at once. And
//! clients that go away in the middle of a request, on the embedded database.
//!
//! `cargo xtask prove replicas` does it often enough to count; each run prints its figures.

use crate::support::{App, Backend, Caller, EventStream, PATIENCE, ready};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use testkit::process::ManagedProcess;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// The proof reads figures behind this.
const MARK: &str = "replicas-counts: ";
/// Requests on their way at a time.
const AT_A_TIME: usize = 8;

/// How often, unless the proof says otherwise.
#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable how often; nothing of windlass reads it"
)]
fn times(variable: &str, otherwise: usize) -> usize {
    let text = std::env::var(variable).ok();
    text.map_or(otherwise, |text| text.parse().expect("a number"))
}

#[expect(clippy::print_stdout, reason = "a proof reads what was counted")]
fn print(counts: &Value) {
    println!("{MARK}{counts}");
}

/// An installation without a worker, and another process that answers for it.
async fn two_replicas() -> (App, Caller, ManagedProcess) {
    let mut app = App::start(Backend::PostgresAndRedis).await;
    app.stop();
    app.set_about_jobs("backlog_per_team = 1000000\nbacklog_in_all = 1000000");
    app.serve_as("api").await;
    let second = app.spawn(&["serve", "--role", "api"], "api-2");
    let base = ready(&second).await;
    let replica = app.owner.at(&base, &app.owner.team);
    (app, replica, second)
}

/// What was seen of many creations.
#[derive(Default)]
struct Seen {
    misses: AtomicUsize,
    other_jobs: AtomicUsize,
}

/// One creation through one replica, read through both at once, and asked for again through the other.
async fn create_and_read(number: usize, [one, other]: [&Caller; 2], seen: &Seen) {
    let body = json!({"name": format!("site-{number}"), "blueprint": "empty"});
    let key = format!("key-{number}");
    let accepted = one.post(&one.path("/environments"), &key, &body).await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
    let id = accepted.body["id"].as_str().expect("an id");
    let path = one.path(&format!("/jobs/{id}"));
    let (here, there) = futures::future::join(one.get(&path), other.get(&path)).await;
    for read in [here, there] {
        if read.status != StatusCode::OK {
            seen.misses.fetch_add(1, Ordering::SeqCst);
        }
    }
    let again = other.post(&other.path("/environments"), &key, &body).await;
    if again.body["id"] != accepted.body["id"] || again.header("idempotency-replayed") != "true" {
        seen.other_jobs.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_read_everywhere_the_moment_it_is_accepted() {
    let creates = times("WINDLASS_REPLICAS_CREATES", 40);
    let (app, replica, _second) = two_replicas().await;
    let seen = Seen::default();
    let next = AtomicUsize::new(0);
    let askers = (0..AT_A_TIME).map(async |asker| {
        let mut replicas = [&app.owner, &replica];
        replicas.rotate_left(asker % 2);
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= creates {
                return;
            }
            create_and_read(number, replicas, &seen).await;
        }
    });
    futures::future::join_all(askers).await;
    let misses = seen.misses.load(Ordering::SeqCst);
    let other_jobs = seen.other_jobs.load(Ordering::SeqCst);
    print(
        &json!({"creates": creates, "reads_that_missed": misses, "keys_with_two_jobs": other_jobs}),
    );
    assert_eq!((misses, other_jobs), (0, 0));
}

/// Reads streams of one team, each cut after a few events; gives the numbers that came.
async fn read_in_pieces(replicas: [&Caller; 2], cuts: usize) -> Vec<u64> {
    let path = replicas[0].path("/events");
    let mut seen: Vec<u64> = Vec::new();
    for cut in 0..cuts {
        let caller = replicas[cut % 2];
        let mut stream = EventStream::open(caller, &path, seen.last().copied()).await;
        // Some are cut before anything came, some in the middle of what came.
        for _ in 0..cut * 7 % 5 {
            let next = stream.next(Duration::from_millis(200)).await;
            seen.extend(next.and_then(|event| event.id));
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_is_cut_goes_on_at_the_other_replica_without_loss_or_double() {
    let cuts = times("WINDLASS_REPLICAS_CUTS", 40);
    let (app, replica, _second) = two_replicas().await;
    let is_over = AtomicBool::new(false);
    let writers = (0..4).map(async |writer| {
        let mut written = 0;
        while !is_over.load(Ordering::SeqCst) {
            let body = json!({"name": format!("site-{writer}-{written}"), "blueprint": "empty"});
            let key = format!("key-{writer}-{written}");
            let path = app.owner.path("/environments");
            let accepted = app.owner.post(&path, &key, &body).await;
            assert_eq!(accepted.status, StatusCode::ACCEPTED, "{}", accepted.body);
            written += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let reading = async {
        let seen = read_in_pieces([&app.owner, &replica], cuts).await;
        is_over.store(true, Ordering::SeqCst);
        seen
    };
    let writing = futures::future::join_all(writers);
    let (mut seen, _) = futures::future::join(reading, writing).await;
    loop {
        let after = seen.last().copied().unwrap_or(0);
        let path = app.owner.path(&format!("/events?limit=200&after={after}"));
        let page = app.owner.get(&path).await.body;
        let numbers: Vec<_> = page["data"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|event| event["sequence"].as_u64())
            .collect();
        if numbers.is_empty() {
            break;
        }
        seen.extend(numbers);
    }
    let expected: Vec<u64> = (1..).take(seen.len()).collect();
    let wrong = seen
        .iter()
        .zip(&expected)
        .filter(|(is, wanted)| is != wanted);
    let wrong = wrong.count();
    print(&json!({"cuts": cuts, "events": seen.len(), "lost_or_doubled": wrong}));
    assert_eq!(wrong, 0, "{seen:?}");
}

/// Sends a request and goes away: before its end, right after it, or a little later.
async fn ask_and_go(caller: &Caller, path: &str, number: usize) {
    let base = caller.base().trim_start_matches("http://").to_owned();
    let crate::support::Credential::Token(token) = &caller.credential else {
        panic!("a program asks");
    };
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {base}\r\nauthorization: Bearer {token}\r\n\
         idempotency-key: gone-{number}\r\ncontent-length: 0\r\n\r\n"
    );
    let cut = match number % 4 {
        0 => request.len() - 1,
        _ => request.len(),
    };
    let mut stream = TcpStream::connect(base).await.expect("it listens");
    // The server may be quicker to see us go than we are to write.
    stream.write_all(&request.as_bytes()[..cut]).await.ok();
    let wait = [0, 0, 1, 5][number % 4];
    tokio::time::sleep(Duration::from_millis(wait)).await;
}

fn percentile(waits: &mut [Duration], percent: usize) -> u64 {
    waits.sort();
    let place = (waits.len() * percent).div_ceil(100).saturating_sub(1);
    waits.get(place).map_or(0, |wait| {
        u64::try_from(wait.as_micros()).unwrap_or(u64::MAX)
    })
}

/// How long somebody waits who reads, time and again, until told to stop.
async fn read_beside(caller: &Caller, is_over: &AtomicBool) -> Vec<Duration> {
    let path = caller.path("/jobs?limit=1");
    let mut waits = Vec::new();
    while !is_over.load(Ordering::SeqCst) {
        let began = std::time::Instant::now();
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        waits.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waits
}

/// Asks for all of them again: how many were accepted before, and how many of the jobs did what they should.
async fn ask_again(app: &App, path: &str, mutations: usize) -> (usize, usize) {
    // Whoever asks again under the same key gets the job that was accepted, or is accepted now: never two.
    let mut accepted = Vec::new();
    for number in 0..mutations {
        let key = format!("gone-{number}");
        let asking = app.owner.asking_again();
        let headers = [("idempotency-key", &*key)];
        let answer = asking.send(Method::POST, path, &headers, String::new());
        let answer = answer.await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let was_known = answer.header("idempotency-replayed") == "true";
        // A request that was cut in its middle is no request.
        assert!(
            !(was_known && number % 4 == 0),
            "half a request was accepted"
        );
        accepted.push((
            answer.body["id"].as_str().expect("an id").to_owned(),
            was_known,
        ));
    }
    let known = accepted.iter().filter(|(_, was_known)| *was_known).count();
    let mut ended = 0;
    for (id, _) in &accepted {
        let job = testkit::wait::until("it comes to rest", PATIENCE * 5, async || {
            let job = app.owner.job(id).await;
            (job["state"] == "succeeded" || job["state"] == "failed").then_some(job)
        })
        .await;
        ended += usize::from(job["state"] == "succeeded");
    }
    (known, ended)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_go_away_take_nothing_along_and_hold_nothing_up() {
    let mutations = times("WINDLASS_REPLICAS_MUTATIONS", 120);
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    app.set_about_jobs("backlog_per_team = 1000000\nbacklog_in_all = 1000000");
    app.serve().await;
    let site = app.owner.provision("shop", "empty", &[]).await;
    let environment = site["environment_id"].as_str().expect("an id");
    let path = format!("/environments/{environment}/actions/start");
    let path = app.owner.path(&path);
    app.owner
        .job_at_rest(site["id"].as_str().expect("an id"))
        .await;
    // The same beside clients that wait for their answers, to compare with.
    let is_over = AtomicBool::new(false);
    let staying = async {
        for number in 0..mutations / 10 {
            let key = format!("stays-{number}");
            let headers = [("idempotency-key", &*key)];
            let answer = app.owner.send(Method::POST, &path, &headers, String::new());
            assert_eq!(answer.await.status, StatusCode::ACCEPTED);
        }
        is_over.store(true, Ordering::SeqCst);
    };
    let beside = read_beside(&app.owner, &is_over);
    let ((), mut usual_waits) = futures::future::join(staying, beside).await;
    let is_over = AtomicBool::new(false);
    let leaving = async {
        for number in 0..mutations {
            ask_and_go(&app.owner, &path, number).await;
        }
        is_over.store(true, Ordering::SeqCst);
    };
    let beside = read_beside(&app.owner, &is_over);
    let ((), mut waits) = futures::future::join(leaving, beside).await;
    let (known, ended) = ask_again(&app, &path, mutations).await;
    let live = app.owner.get(&app.owner.path("/events?limit=1")).await;
    assert_eq!(live.status, StatusCode::OK, "the writer lives");
    print(&json!({
        "abandoned_mutations": mutations,
        "accepted_before_they_were_asked_for_again": known,
        "jobs_that_ran": ended,
        "reads_beside_who_stays_p50_microseconds": percentile(&mut usual_waits, 50),
        "reads_beside_who_stays_p99_microseconds": percentile(&mut usual_waits, 99),
        "reads_beside_who_leaves_p50_microseconds": percentile(&mut waits, 50),
        "reads_beside_who_leaves_p99_microseconds": percentile(&mut waits, 99),
    }));
    assert_eq!(ended, mutations);
    assert!(known > 0, "some were accepted although nobody waited");
}
