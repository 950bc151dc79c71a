//! `windlass job`: following a job to its end.

use crate::Client;
use crate::event_stream::EventStream;
use crate::exit_code::Ending;
use crate::failure::Failure;
use crate::output::{self, Output};
use clap::Subcommand;
use serde_json::Value;
use std::process::ExitCode;
use std::time::Duration;

/// What can be done with jobs.
#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// Follow a job's log until it ends; the exit code tells how it ended.
    Watch {
        /// The job.
        id: String,
        /// Longest time to wait, in seconds; without it as long as it takes.
        #[arg(long, value_name = "SECONDS")]
        timeout: Option<u64>,
        /// How to print the job at the end; its log goes to standard error then.
        #[arg(long, short, value_enum)]
        output: Option<Output>,
    },
}

pub(crate) async fn run(client: &Client, command: JobCommand) -> Result<ExitCode, Failure> {
    let JobCommand::Watch {
        id,
        timeout,
        output,
    } = command;
    watch(client, &id, timeout, output).await
}

/// Shows the log as it grows, then how the job ended.
pub(crate) async fn watch(
    client: &Client,
    id: &str,
    timeout: Option<u64>,
    output: Option<Output>,
) -> Result<ExitCode, Failure> {
    let is_beside = output.is_some();
    let followed = follow(client, id, is_beside);
    let state = match timeout {
        None => followed.await?,
        Some(seconds) => tokio::time::timeout(Duration::from_secs(seconds), followed)
            .await
            .map_err(|_| Failure::TimedOut { job: id.to_owned() })??,
    };
    let job = client
        .connection
        .get(&client.path(&format!("/jobs/{id}")))
        .await?;
    match output {
        Some(Output::Json) => output::say(&job.to_string()),
        Some(Output::Table) | None => output::say(&format!("{id} {state}")),
    }
    if state == "succeeded" {
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(detail) = job["failure"]["detail"].as_str() {
        let code = job["failure"]["code"].as_str().unwrap_or_default();
        output::tell(&format!("windlass: {code}: {detail}\n"));
    }
    Ok(Ending::Failed.into())
}

/// The state in which the job comes to rest.
async fn follow(client: &Client, id: &str, is_beside: bool) -> Result<String, Failure> {
    let path = client.path(&format!("/jobs/{id}/log"));
    let mut stream = EventStream::new(client, path);
    loop {
        let event = stream.next().await?;
        match &*event.name {
            "line" => show(&event.data, is_beside),
            "end" => return Ok(event.data["state"].as_str().unwrap_or_default().to_owned()),
            _ => {}
        }
    }
}

fn show(line: &Value, is_beside: bool) {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let shown = format!("{} {:<7} {}", text("at"), text("level"), text("message"));
    if is_beside {
        output::tell(&format!("{shown}\n"));
    } else {
        output::say(&shown);
    }
}
