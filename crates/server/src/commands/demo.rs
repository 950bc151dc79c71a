//! `windlass demo`: a simulated platform, a real Windlass, and one WordPress site provisioned through
//! the public API.

mod client;
mod owner;
mod progress;
mod setting;
mod summary;

use super::{CommandError, say, start_logging};
use crate::service::{self, Role, RunningService};
use client::{Credential, DemoClient};
use owner::DemoOwner;
use progress::Progress;
use serde_json::{Value, json};
use setting::DemoSetting;
use std::path::Path;
use std::process::ExitCode;
use virtuozzo_simulator::{Simulator, SimulatorOptions};

/// How to show it.
pub(super) struct DemoOptions {
    /// End after the site stands.
    pub(super) exit: bool,
    /// One JSON object instead of text.
    pub(super) json: bool,
}

pub(super) async fn run(options: DemoOptions) -> Result<ExitCode, CommandError> {
    let setting = DemoSetting::create().map_err(|error| CommandError::Demo(error.to_string()))?;
    let outcome = run_in(&setting, &options).await;
    setting.remove();
    outcome
}

async fn run_in(setting: &DemoSetting, options: &DemoOptions) -> Result<ExitCode, CommandError> {
    let simulator = Simulator::start(SimulatorOptions::default())
        .await
        .map_err(|error| CommandError::Demo(format!("the simulator did not start: {error}")))?;
    let configuration = setting.configuration(&simulator.base_url())?;
    let log = start_logging(&configuration, None)?;
    let metrics = telemetry::metrics_exporter::install()?;
    metrics.watch_lines(log.line_counts());
    let running = service::start(&configuration, Role::All, Some(metrics)).await?;
    let demo = Demo::begin(&running, &setting.outbox()).await?;
    let mut progress = Progress::start(options.json);
    let shown = demo.provision(&mut progress).await;
    let code = match shown {
        Ok(result) => {
            let report = summary::report(&result, &simulator, &demo.urls(&simulator));
            if options.json {
                say(&report.to_string());
            } else {
                for line in summary::lines(&report) {
                    say(&line);
                }
            }
            if report["job"]["state"] == "succeeded" {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            }
        }
        Err(error) => {
            running.stop().await;
            simulator.stop().await;
            return Err(CommandError::Demo(error));
        }
    };
    if !options.exit {
        demo.stay(&simulator).await?;
    }
    running.stop().await;
    simulator.stop().await;
    Ok(code)
}

/// What the demo did, as the API showed it.
struct DemoResult {
    account: Value,
    job: Value,
    environment: Value,
    log: Value,
}

/// The demo's view of the running service: its address, and what a new customer got there.
struct Demo {
    client: DemoClient,
    owner: DemoOwner,
    api: String,
    metrics: Option<String>,
}

impl Demo {
    async fn begin(running: &RunningService, outbox: &Path) -> Result<Self, CommandError> {
        let Some(address) = running.api_address else {
            return Err(CommandError::Demo("the API does not listen".to_owned()));
        };
        let nobody = DemoClient::new(address);
        let owner = owner::register(&nobody, outbox).await;
        let owner = owner.map_err(CommandError::Demo)?;
        Ok(Self {
            client: nobody.with(Credential::Token(owner.token.clone())),
            owner,
            api: format!("http://{address}"),
            metrics: running
                .metrics_address
                .map(|address| format!("http://{address}/metrics")),
        })
    }

    fn urls(&self, simulator: &Simulator) -> Value {
        json!({
            "api": self.api,
            "docs": format!("{}/docs", self.api),
            "metrics": self.metrics,
            "simulator": simulator.base_url(),
            "simulator_control": simulator.control_url(),
        })
    }

    /// Connects the account, asks for the site and watches its job to the end.
    async fn provision(&self, progress: &mut Progress) -> Result<DemoResult, String> {
        let team = format!("/v1/teams/{}", self.owner.team);
        progress.note("connecting the platform account");
        let account = self
            .client
            .with(self.owner.session.clone())
            .put(
                &format!("{team}/platform-account"),
                &setting::account_body(),
            )
            .await?;
        progress.note("asking for a WordPress site");
        let job = self
            .client
            .post_once(
                &format!("{team}/environments"),
                "demo-site-1",
                &setting::environment_body(),
            )
            .await?;
        let id = job["id"]
            .as_str()
            .ok_or("the answer names no job")?
            .to_owned();
        let job_path = format!("{team}/jobs/{id}");
        let job = self.watch(&job_path, job, progress).await?;
        let log = self
            .client
            .get(&format!("{job_path}/log?limit=200"))
            .await?;
        let environment_id = job["environment_id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let environment = self
            .client
            .get(&format!("{team}/environments/{environment_id}"))
            .await?;
        progress.finish(&job);
        Ok(DemoResult {
            account,
            job,
            environment,
            log,
        })
    }

    async fn watch(
        &self,
        path: &str,
        mut job: Value,
        progress: &mut Progress,
    ) -> Result<Value, String> {
        loop {
            progress.show(&job);
            let state = job["state"].as_str().unwrap_or_default();
            if ["succeeded", "failed", "cancelled", "needs_attention"].contains(&state) {
                return Ok(job);
            }
            job = self.client.get(path).await?;
            tokio::time::sleep(progress::REFRESH_INTERVAL).await;
        }
    }

    /// Stays up until Ctrl-C, saying what to try.
    async fn stay(&self, simulator: &Simulator) -> Result<(), CommandError> {
        say("");
        say("It stays up; Ctrl-C ends it and removes everything. Things to try:");
        say(&format!("  documentation  {}/docs", self.api));
        if let Some(metrics) = &self.metrics {
            say(&format!("  metrics        {metrics}"));
        }
        say(&format!("  the simulator  {}", simulator.base_url()));
        say(&format!(
            "  curl -H 'Authorization: Bearer {}' {}/v1/teams/{}/environments",
            self.owner.token, self.api, self.owner.team
        ));
        tokio::signal::ctrl_c().await.map_err(CommandError::Signals)
    }
}
