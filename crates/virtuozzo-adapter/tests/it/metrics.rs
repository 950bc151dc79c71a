//! The three metrics of the platform client: names, labels, counts.

use crate::scripted::{Reply, ScriptedServer};
use crate::support::{account, configuration, platforms};
use domain::ports::PlatformEnvironments;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Remembers how often each metric with its labels was touched.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<BTreeMap<String, u64>>>);

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
