//! `windlass serve`: run until a signal comes.

use super::{CommandError, read_configuration, say, start_logging};
use crate::configuration::{Configuration, MailWay};
use crate::service::{self, Role, RunningService};
use std::path::PathBuf;
use std::process::ExitCode;
use telemetry::traces::Traces;
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(file: Option<PathBuf>, role: Role) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    let traces = configuration
        .traces
        .clone()
        .map(Traces::start)
        .transpose()?;
    let log = start_logging(&configuration, traces.as_ref())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(CommandError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(CommandError::Signals)?;
    let metrics = if configuration.metrics_listen.is_some() {
        let handle = telemetry::metrics_exporter::install()?;
        handle.watch_lines(log.line_counts());
        Some(handle)
    } else {
        None
    };
    let running = service::start(&configuration, role, metrics).await?;
    announce(&configuration, &running);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    if let Some(traces) = traces {
        traces.finish().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a person needs to begin.
fn announce(configuration: &Configuration, running: &RunningService) {
    if let Some(address) = running.api_address {
        let scheme = configuration.http.scheme();
        say(&format!("api:     {scheme}://{address}"));
        say(&format!("docs:    {scheme}://{address}/docs"));
    }
    if let Some(address) = running.metrics_address {
        say(&format!("metrics: http://{address}/metrics"));
    }
    if let MailWay::Outbox(folder) = &configuration.mail.way {
        say(&format!("mail:    {}", folder.display()));
    }
    say("windlass is ready");
}
