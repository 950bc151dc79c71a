//! Nobody who takes what Windlass tells about itself can hold it up: a log that is not read, a collector that does not
//! answer and scrapers that do not listen, beside two that are served well.

use crate::support::{App, Backend, PATIENCE, TraceCollector};
use futures::future::join_all;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many requests in a round; the rest follows from it.
const REQUESTS: &str = "WINDLASS_SLOW_SINKS_REQUESTS";
const REQUESTS_OF_A_SAMPLE: usize = 10;
const ROUNDS: usize = 15;
const SCRAPERS: usize = 8;
/// Requests at once while the queue of lines is filled.
const AT_ONCE: usize = 16;
/// The proof reads what was counted behind this.
const MARK: &str = "slow-sinks-counts: ";

#[expect(
    clippy::disallowed_methods,
    reason = "the proof asks this test for more requests; nothing of windlass reads it"
)]
fn requests() -> usize {
    let text = std::env::var(REQUESTS).ok();
    text.and_then(|text| text.parse().ok())
        .unwrap_or(REQUESTS_OF_A_SAMPLE)
}

#[expect(clippy::print_stdout, reason = "a proof reads what was counted")]
fn print(counts: &Value) {
    println!("{MARK}{counts}");
}

/// The app, sending its spans there from its next start on.
async fn tracing_to(endpoint: &str) -> App {
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    let traces = format!("[traces]\nendpoint = \"{endpoint}\"\n\n[metrics]");
    app.change_file("[metrics]", &traces);
    app
}

/// A pipe in the place of the log of the next start. Held open at both ends, so that nobody is told that nobody reads.
fn unread_log(app: &App) -> File {
    let path = app.folder.path().join("serve-2.err");
    let made = Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("coreutils").success());
    let both_ends = File::options().read(true).write(true).open(&path);
    both_ends.expect("a pipe")
}

/// Asks for metrics, and never reads the answer.
fn stalled_scrapers(address: &str) -> Vec<TcpStream> {
    let scraper = || {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let asked = stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
        asked.map(|()| stream).expect("asked")
    };
    std::iter::repeat_with(scraper).take(SCRAPERS).collect()
}

/// Half of the requests took no longer, in seconds; adds up how many were answered.
async fn median(app: &App, count: usize, answered: &mut usize) -> f64 {
    let path = app.owner.path("/environments");
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let began = Instant::now();
        let answer = app.owner.get(&path).await;
        times.push(began.elapsed());
        *answered += usize::from(answer.status == StatusCode::OK);
    }
    times.sort();
    times[count / 2].as_secs_f64()
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One line for each, faster than anybody reads.
async fn flood(app: &App, count: usize) {
    let path = app.owner.path("/environments");
    for _ in 0..count / AT_ONCE {
        let answers = join_all((0..AT_ONCE).map(|_| app.owner.get(&path))).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    }
}

/// Reads the log from now on.
fn read_on(path: &Path) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let (kept, file) = (Arc::clone(&lines), File::open(path).expect("the pipe"));
    std::thread::spawn(move || {
        for line in BufReader::new(file).lines().map_while(Result::ok) {
            kept.lock().expect("no panic").push(line);
        }
    });
    lines
}

async fn line_counts(app: &App) -> (usize, usize) {
    let text = app.metrics().await;
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect("the counter").trim().parse().expect("a count")
    };
    (
        value("windlass_log_lines_total "),
        value("windlass_log_lines_dropped_total "),
    )
}

/// The number of the line about a request that is made now.
async fn number_of_a_line(app: &App, lines: &Mutex<Vec<String>>, marker: &str) -> usize {
    let path = app.owner.path("/environments");
    testkit::wait::until("the line is read", PATIENCE, async || {
        let headers = [("x-request-id", marker)];
        app.owner
            .send(Method::GET, &path, &headers, String::new())
            .await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let lines = lines.lock().expect("no panic");
        let found = lines.iter().position(|line| line.contains(marker));
        found.map(|index| index + 1)
    })
    .await
}

/// What became of the lines of the log.
struct Lines {
    made: usize,
    read: usize,
    dropped: usize,
}

/// All three at one moment.
async fn count_lines(app: &App, lines: &Mutex<Vec<String>>) -> Lines {
    number_of_a_line(app, lines, "it-flows-again").await;
    for attempt in 0..20 {
        let (made, _) = line_counts(app).await;
        let read = number_of_a_line(app, lines, &format!("marker-{attempt}-")).await;
        let (made_then, dropped) = line_counts(app).await;
        // Else the process had something else to say in between.
        if made_then == made + 1 {
            return Lines {
                made: made_then,
                read,
                dropped,
            };
        }
    }
    panic!("the process never keeps still");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_who_does_not_listen_holds_a_request_up() {
    let collector = TraceCollector::start().await;
    let mut calm = tracing_to(collector.endpoint()).await;
    let mut calm_too = tracing_to(collector.endpoint()).await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let mut slow = tracing_to(&format!("http://{address}/v1/traces")).await;
    let log = unread_log(&slow);
    for app in [&mut calm, &mut calm_too, &mut slow] {
        app.serve().await;
    }
    let (mut ratios, mut noise, mut answered) = (Vec::new(), Vec::new(), 0);
    let count = requests();
    for _ in 0..ROUNDS {
        let scrapers = stalled_scrapers(&slow.metrics_address());
        let (first, slowed, second) = (
            median(&calm, count, &mut answered).await,
            median(&slow, count, &mut answered).await,
            median(&calm_too, count, &mut answered).await,
        );
        ratios.push(2.0 * slowed / (first + second));
        noise.push((second / first - 1.0).abs());
        drop(scrapers);
    }
    let is_whole = count > REQUESTS_OF_A_SAMPLE;
    if is_whole {
        flood(&slow, 40_000).await;
    }
    let lines = read_on(&slow.folder.path().join("serve-2.err"));
    let Lines {
        made,
        read,
        dropped,
    } = count_lines(&slow, &lines).await;
    assert_eq!(answered, 3 * ROUNDS * count);
    assert_eq!(read + dropped, made);
    assert_eq!(dropped > 0, is_whole);
    print(&json!({
        "rounds": ROUNDS,
        "requests": 3 * ROUNDS * count,
        "requests_answered": answered,
        "ratio_median_per_mille": (middle(ratios) * 1000.0).round(),
        "noise_median_per_mille": (middle(noise) * 1000.0).round(),
        "lines_made": made,
        "lines_dropped": dropped,
        "lines_read": read,
    }));
    drop((log, silent));
}
