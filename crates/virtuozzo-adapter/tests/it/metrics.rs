//! The three metrics of the platform client: names, labels, counts.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, platforms};
use domain::ports::PlatformEnvironments;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use virtuozzo_adapter::Endpoint;

/// Remembers how often each metric with its labels was touched.
#[derive(Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<BTreeMap<String, u64>>>);

struct One {
    tally: Tally,
    name: String,
}

impl One {
    fn touch(&self, by: u64) {
        *self
            .tally
            .0
            .lock()
            .unwrap()
            .entry(self.name.clone())
            .or_default() += by;
    }
}

impl CounterFn for One {
    fn increment(&self, value: u64) {
        self.touch(value);
    }
    fn absolute(&self, _: u64) {}
}

impl HistogramFn for One {
    fn record(&self, _: f64) {
        self.touch(1);
    }
}

impl Tally {
    /// How often the metric was touched, whatever its labels.
    pub(crate) fn count(&self, name: &str) -> u64 {
        let all = self.0.lock().unwrap();
        let named = all.iter().filter(|(key, _)| key.starts_with(name));
        named.map(|(_, count)| count).sum()
    }

    fn one(&self, key: &Key) -> Arc<One> {
        let labels: BTreeMap<_, _> = key
            .labels()
            .map(|label| (label.key().to_owned(), label.value().to_owned()))
            .collect();
        Arc::new(One {
            tally: self.clone(),
            name: format!("{} {labels:?}", key.name()),
        })
    }
}

impl Recorder for Tally {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }
    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

#[tokio::test]
async fn requests_retries_and_latency_are_counted_by_endpoint() {
    let tally = Tally::default();
    let _guard = metrics::set_default_local_recorder(&tally);
    let script = vec![
        Reply::Status(502, "<html>"),
        Reply::json(r#"{"result":0,"infos":[]}"#),
    ];
    let server = ScriptedServer::start(script);
    platforms(configuration(&server.base_url))
        .list_environments(&account())
        .await
        .unwrap();
    let expected = [
        (
            r#"virtuozzo_request_latency_seconds {"endpoint": "getenvs"}"#,
            2,
        ),
        (
            r#"virtuozzo_requests_total {"endpoint": "getenvs", "method": "POST", "status": "200"}"#,
            1,
        ),
        (
            r#"virtuozzo_requests_total {"endpoint": "getenvs", "method": "POST", "status": "502"}"#,
            1,
        ),
        (r#"virtuozzo_retries_total {"endpoint": "getenvs"}"#, 1),
    ];
    let expected = expected.map(|(name, count)| (name.to_owned(), count));
    assert_eq!(*tally.0.lock().unwrap(), BTreeMap::from(expected));
}

/// What stands for a label's value in a metric's name.
fn label<'a>(metric: &'a str, name: &str) -> &'a str {
    let (_, rest) = metric.split_once(&format!("\"{name}\": \"")).unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn labels_are_closed_sets_whatever_the_platform_answers() {
    let tally = Tally::default();
    let _guard = metrics::set_default_local_recorder(&tally);
    let mut script: Vec<Reply> = (200..600).map(|it| Reply::Status(it, "<html>")).collect();
    script.extend([Reply::Reset, Reply::Truncated(String::new())]);
    let server = ScriptedServer::start(script);
    let mut configuration = configuration(&server.base_url);
    configuration.breaker.failures_in_a_row = u32::MAX;
    configuration.max_retries = 0;
    let platforms = platforms(configuration);
    for _ in 0..402 {
        assert!(platforms.list_environments(&account()).await.is_err());
    }
    let seen = tally.0.lock().unwrap();
    let metrics: BTreeSet<&str> = seen
        .keys()
        .map(|key| key.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        metrics,
        BTreeSet::from([
            "virtuozzo_request_latency_seconds",
            "virtuozzo_requests_total"
        ])
    );
    let mut statuses = BTreeSet::new();
    for (metric, _) in seen.iter() {
        let endpoint = label(metric, "endpoint");
        assert!(Endpoint::ALL.iter().any(|it| it.label() == endpoint));
        if metric.starts_with("virtuozzo_requests_total") {
            assert_eq!(label(metric, "method"), "POST");
            statuses.insert(label(metric, "status"));
        }
    }
    let named = statuses
        .iter()
        .filter(|it| it.parse::<u16>().is_ok())
        .count();
    println!("{} statuses, of which {named} are numbers", statuses.len());
    assert!(named < 64, "{statuses:?}");
    let words: Vec<_> = statuses
        .iter()
        .filter(|it| it.parse::<u16>().is_err())
        .collect();
    assert_eq!(words, [&"broken", &"other"]);
}
