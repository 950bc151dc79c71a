//! Everything that can come back, for every call: each cell is one call under one fault, over a real
//! socket, judged by a policy that knows nothing of the code.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, directory, platforms, session, short_domain, ticket};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    Instant, MutationOutcome, NotSentReason, PlatformSession, PlatformSessions, PlatformSoftware,
    SessionError,
};
use domain::software::Addon;
use drivers::{Driver, Kind, Subject};
use faults::Fault;
use futures::StreamExt;
use policy::Expected;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use virtuozzo_adapter::{
    AnswerRate, Endpoint, PlatformConfiguration, VirtuozzoPlatforms, VirtuozzoSignIn,
};

mod drivers;
mod faults;
mod policy;

/// Calls that are open at once. More would not be faster.
const OPEN_CELLS: usize = 64;

/// One call under one fault.
struct Cell {
    driver: Driver,
    fault: Fault,
    /// Requests that arrived for the endpoint under test.
    requests: AtomicUsize,
}

impl Cell {
    /// What the server does with a request to this path below `/1.0/`.
    fn reply(&self, path: &str) -> Reply {
        if path == self.driver.endpoint.path() {
            self.requests.fetch_add(1, Ordering::SeqCst);
            return self.fault.reply(self.driver.good);
        }
        let earlier = self.driver.earlier.iter();
        let known = earlier.into_iter().find(|(it, _)| it.path() == path);
        Reply::json(known.map_or(r#"{"result":0}"#, |(_, body)| body))
    }
}

/// Sessions that count how often one was renewed.
#[derive(Default)]
struct Renewals(AtomicUsize);

#[async_trait::async_trait]
impl PlatformSessions for Renewals {
    async fn current(&self, _: &PlatformAccountRef) -> Result<PlatformSession, SessionError> {
        Ok(session("first-key", 1))
    }

    async fn renew(
        &self,
        _: &PlatformAccountRef,
        refused: i64,
    ) -> Result<PlatformSession, SessionError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(session("second-key", refused + 1))
    }
}

/// A platform that never opens its breaker, so that every cell reaches the server. Only the faults
/// that are about time have little of it.
fn patient(base_url: &str, kind: Kind, fault: Fault) -> PlatformConfiguration {
    let mut configuration = configuration(base_url);
    configuration.breaker.failures_in_a_row = u32::MAX;
    configuration.max_retries = 0;
    match fault {
        Fault::Silence => configuration.answer_timeouts.instant = Duration::from_millis(100),
        Fault::WindowClosed if kind == Kind::Read => {
            configuration.read_total = Duration::from_nanos(1);
            configuration.retry_backoff = Duration::ZERO;
        }
        Fault::Trickle => {
            configuration.answer_rate = AnswerRate {
                bytes_per_second_min: 10_000,
                measured_over: Duration::from_millis(50),
            };
        }
        _ => {}
    }
    configuration
}

/// Where nobody listens.
fn nowhere() -> String {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", closed.local_addr().unwrap())
}

async fn run(cell: &Cell, base_url: &str) -> Expected {
    let nowhere = nowhere();
    let base_url = match cell.fault {
        Fault::NoConnection => &nowhere,
        _ => base_url,
    };
    let configuration = patient(base_url, cell.driver.kind, cell.fault);
    let renewals = Arc::new(Renewals::default());
    let directory = directory(configuration);
    let subject = Subject {
        platforms: VirtuozzoPlatforms::new(Arc::clone(&directory), renewals.clone()),
        sign_in: VirtuozzoSignIn::new(directory),
    };
    let mut ticket = ticket(1);
    match cell.fault {
        Fault::Silence => ticket.answer_within = Duration::from_millis(100),
        Fault::WindowClosed => ticket.send_by = Instant(Duration::ZERO),
        _ => {}
    }
    let seen = (cell.driver.run)(&subject, ticket).await;
    Expected {
        seen,
        requests: cell.requests.load(Ordering::SeqCst),
        renewals: renewals.0.load(Ordering::SeqCst),
    }
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for driver in drivers::all() {
        // Signing in has a send window of its own, which nobody can close from outside.
        let has_window = driver.kind != Kind::Credential;
        for fault in faults::all() {
            if has_window || fault != Fault::WindowClosed {
                cells.push(Cell {
                    driver,
                    fault,
                    requests: AtomicUsize::new(0),
                });
            }
        }
    }
    cells
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_ends_as_the_policy_says_whatever_comes_back() {
    let cells = Arc::new(cells());
    let strays = Arc::new(AtomicUsize::new(0));
    let (served, stray) = (Arc::clone(&cells), Arc::clone(&strays));
    let server = ScriptedServer::choosing(move |path| {
        let cell = path.strip_prefix("/cell/").and_then(|rest| {
            let (number, rest) = rest.split_once("/1.0/")?;
            Some((served.get(number.parse::<usize>().ok()?)?, rest))
        });
        if let Some((cell, path)) = cell {
            return cell.reply(path);
        }
        stray.fetch_add(1, Ordering::SeqCst);
        Reply::json(r#"{"result":0}"#)
    });
    let began = std::time::Instant::now();
    let mismatches: Vec<String> = futures::stream::iter(cells.iter().enumerate())
        .map(async |(number, cell)| {
            let base_url = format!("{}/cell/{number}", server.base_url);
            let really = run(cell, &base_url).await;
            let expected = policy::expected(&cell.driver, cell.fault);
            (really != expected).then(|| {
                let (method, fault) = (cell.driver.method, cell.fault);
                format!("{method} under {fault:?}: {really:?}, not {expected:?}")
            })
        })
        .buffer_unordered(OPEN_CELLS)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let (calls, kinds) = (drivers::all().len(), faults::all().len());
    println!(
        "{} cells: {calls} calls, {kinds} faults, {} mismatches, {:?}",
        cells.len(),
        mismatches.len(),
        began.elapsed()
    );
    let first: Vec<_> = mismatches.iter().take(30).collect();
    assert!(first.is_empty(), "{first:#?}");
    assert_eq!(strays.load(Ordering::SeqCst), 0, "a redirect was followed");
}

#[test]
fn every_endpoint_has_a_driver() {
    let driven: BTreeSet<&str> = drivers::all()
        .iter()
        .map(|it| it.endpoint.label())
        .collect();
    let all: BTreeSet<&str> = Endpoint::ALL.iter().map(|it| it.label()).collect();
    assert_eq!(driven, all);
}

#[test]
fn every_method_of_the_port_has_a_driver() {
    let driven: BTreeSet<&str> = drivers::all().iter().map(|it| it.method).collect();
    let (_, sign_in) = drivers::SESSIONS_AND_SIGN_IN
        .split_once("pub trait PlatformSignIn")
        .unwrap();
    let methods: BTreeSet<&str> = drivers::PORTS
        .iter()
        .chain([&sign_in])
        .flat_map(|port| port.split("async fn ").skip(1))
        .map(|rest| rest.split('(').next().unwrap())
        .collect();
    assert_eq!(driven, methods);
}

#[tokio::test]
async fn an_add_on_that_nothing_maps_is_not_sent() {
    let server = ScriptedServer::start(vec![Reply::json(r#"{"result":0}"#)]);
    let platforms = platforms(configuration(&server.base_url));
    let outcome = platforms
        .install_addon(&account(), ticket(1), &short_domain(), Addon::LetsEncrypt)
        .await;
    assert_eq!(
        outcome,
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    );
    assert_eq!(server.received().len(), 0);
}
