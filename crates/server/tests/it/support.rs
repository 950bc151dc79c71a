//! A running Windlass in a folder of its own, and callers that speak HTTP to it.

mod alert_watch;
mod app;
mod caller;
mod configuration;
mod dashboard;
mod encrypted;
mod event_stream;
mod people;
mod trace_collector;
mod webhook_receiver;

pub(crate) use alert_watch::AlertWatch;
pub(crate) use app::{App, Backend, OWNER, Stores, metrics_of, ready};
pub(crate) use caller::{Answer, Caller, Credential};
pub(crate) use configuration::configuration_for;
pub(crate) use dashboard::Dashboard;
pub(crate) use event_stream::EventStream;
pub(crate) use people::{
    PASSWORD, found_team, mailed, new_token, new_token_until, register, register_from, session_of,
    sign_in,
};
pub(crate) use trace_collector::TraceCollector;
pub(crate) use webhook_receiver::{Received, WebhookReceiver};

use std::time::Duration;

/// Longest time anything may take here before a test counts as hanging.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Runs the test on the embedded database and on PostgreSQL with Redis.
#[macro_export]
macro_rules! on_both_backends {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::support::Backend::Embedded).await;
                }
            )+
        }
        mod on_postgres_and_redis {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name($crate::support::Backend::PostgresAndRedis).await;
                }
            )+
        }
    };
}
