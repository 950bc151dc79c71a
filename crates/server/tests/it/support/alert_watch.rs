//! A Prometheus that watches processes with the alerts of deploy/. They fire at once here: how long something has to
//! last is left out.

use super::{Caller, PATIENCE};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;
use testkit::process::{ManagedProcess, ProcessOptions};

const RULES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../deploy/prometheus/alerts.yaml"
);

/// Scrapes every second.
pub(crate) struct AlertWatch {
    asker: Caller,
    _process: ManagedProcess,
    _folder: TempDir,
}

impl AlertWatch {
    /// Watches processes at these addresses of their metrics.
    pub(crate) async fn start(targets: &[String]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = std::fs::read_to_string(RULES).expect("the alerts");
        let at_once = rules
            .lines()
            .filter(|line| !line.trim().starts_with("for:"));
        let at_once: Vec<_> = at_once.collect();
        write(folder.path(), "alerts.yaml", &at_once.join("\n"));
        let targets = targets.join("\", \"");
        let configuration = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
             rule_files: [alerts.yaml]\n\
             scrape_configs:\n  - job_name: windlass\n    static_configs:\n      - targets: [\"{targets}\"]\n"
        );
        write(folder.path(), "prometheus.yaml", &configuration);
        let address = free_address();
        let options = ProcessOptions::new("prometheus")
            .arguments([
                "--config.file=prometheus.yaml",
                "--storage.tsdb.path=data",
                &format!("--web.listen-address={address}"),
            ])
            .folder(folder.path());
        let process = ManagedProcess::spawn(&options, &folder.path().join("prometheus"));
        let asker = Caller::new(format!("http://{address}"), String::new(), None);
        let watch = Self {
            asker,
            _process: process,
            _folder: folder,
        };
        testkit::wait::until("Prometheus has scraped", PATIENCE, async || {
            let up = watch.ask("/api/v1/query?query=up").await?;
            let up = up["data"]["result"].as_array()?;
            (!up.is_empty()).then_some(())
        })
        .await;
        watch
    }

    async fn ask(&self, path: &str) -> Option<Value> {
        let asked = self
            .asker
            .try_to_send(&http::Method::GET, path, &[], "")
            .await?;
        Some(asked.body)
    }

    async fn fires(&self, alert: &str) -> Option<bool> {
        let answer = self.ask("/api/v1/alerts").await?;
        let alerts = answer["data"]["alerts"].as_array()?;
        let mut of_it = alerts
            .iter()
            .filter(|it| it["labels"]["alertname"] == alert);
        Some(of_it.any(|it| it["state"] == "firing"))
    }

    pub(crate) async fn until_fires(&self, alert: &str) {
        testkit::wait::until(&format!("{alert} fires"), PATIENCE, async || {
            self.fires(alert).await.filter(|fires| *fires)
        })
        .await;
    }

    pub(crate) async fn until_silent(&self, alert: &str) {
        testkit::wait::until(&format!("{alert} is over"), PATIENCE, async || {
            self.fires(alert).await.filter(|fires| !fires)
        })
        .await;
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("a writable folder");
}

fn free_address() -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
