//! `windlass env`.

use crate::Client;
use crate::failure::Failure;
use crate::jobs;
use crate::output::{self, Column, Output};
use clap::Subcommand;
use http::Method;
use serde_json::{Value, json};
use std::process::ExitCode;
use uuid::Uuid;

const COLUMNS: &[Column] = &[
    ("ID", "/id"),
    ("NAME", "/name"),
    ("STATE", "/state"),
    ("URL", "/site_url"),
];

/// What can be done with environments.
#[derive(Debug, Subcommand)]
pub enum EnvironmentCommand {
    /// List environments.
    List {
        /// How to print them.
        #[arg(long, short, value_enum, default_value_t)]
        output: Output,
    },
    /// Show an environment.
    Show {
        /// The environment.
        id: String,
        /// How to print it.
        #[arg(long, short, value_enum, default_value_t)]
        output: Output,
    },
    /// Create an environment.
    Create {
        /// Its name.
        name: String,
        /// What it is built of.
        #[arg(long)]
        blueprint: String,
        /// What people call it.
        #[arg(long)]
        display_name: Option<String>,
        /// Makes a repeated command the same command; a fresh one without it.
        #[arg(long, value_name = "KEY")]
        idempotency_key: Option<String>,
        /// Wait for the end, and show the log meanwhile.
        #[arg(long)]
        wait: bool,
        /// Longest time to wait, in seconds.
        #[arg(long, value_name = "SECONDS", requires = "wait")]
        timeout: Option<u64>,
        /// How to print the job.
        #[arg(long, short, value_enum)]
        output: Option<Output>,
    },
}

pub(crate) async fn run(client: &Client, command: EnvironmentCommand) -> Result<ExitCode, Failure> {
    match command {
        EnvironmentCommand::List { output } => list(client, output).await,
        EnvironmentCommand::Show { id, output } => {
            let path = client.path(&format!("/environments/{id}"));
            let shown = client.connection.get(&path).await?;
            output::say_rows(output, COLUMNS, std::slice::from_ref(&shown), &shown);
            Ok(ExitCode::SUCCESS)
        }
        EnvironmentCommand::Create {
            name,
            blueprint,
            display_name,
            idempotency_key,
            wait,
            timeout,
            output,
        } => {
            let mut body = json!({"name": name, "blueprint": blueprint});
            if let Some(display_name) = display_name {
                body["display_name"] = display_name.into();
            }
            let job = create(client, &body, idempotency_key).await?;
            let id = job["id"].as_str().unwrap_or_default();
            if wait {
                return jobs::watch(client, id, timeout, output).await;
            }
            match output {
                Some(Output::Json) => output::say(&job.to_string()),
                Some(Output::Table) | None => output::say(id),
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn create(client: &Client, body: &Value, key: Option<String>) -> Result<Value, Failure> {
    let key = key.unwrap_or_else(fresh_key);
    let headers = [("idempotency-key", &*key)];
    let path = client.path("/environments");
    client
        .connection
        .ask(Method::POST, &path, &headers, Some(body))
        .await
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client's own key, which is no identifier of the service"
)]
fn fresh_key() -> String {
    Uuid::now_v7().to_string()
}

/// All pages.
async fn list(client: &Client, output: Output) -> Result<ExitCode, Failure> {
    let mut rows: Vec<Value> = Vec::new();
    let mut query = "limit=200".to_owned();
    loop {
        let path = client.path(&format!("/environments?{query}"));
        let page = client.connection.get(&path).await?;
        rows.extend(page["data"].as_array().into_iter().flatten().cloned());
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            break;
        };
        query = form_urlencoded::Serializer::new("limit=200".to_owned())
            .append_pair("cursor", cursor)
            .finish();
    }
    let whole = Value::from(rows.clone());
    output::say_rows(output, COLUMNS, &rows, &whole);
    Ok(ExitCode::SUCCESS)
}
