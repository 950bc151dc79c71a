//! `windlass logs`: log files of a node.

use crate::Client;
use crate::event_stream::EventStream;
use crate::failure::Failure;
use crate::output::{self, Column, Output};
use std::process::ExitCode;

const COLUMNS: &[Column] = &[("PATH", "/path"), ("BYTES", "/size")];

/// Which log file, and how much of it.
#[derive(Debug, clap::Args)]
pub struct LogsArguments {
    /// The environment.
    environment: String,
    /// The file; without one, the files are listed.
    file: Option<String>,
    /// The node; the first one of the environment without it.
    #[arg(long)]
    node: Option<String>,
    /// How much of the end, in characters.
    #[arg(long, default_value_t = 4_000)]
    tail: u32,
    /// Go on with what is written.
    #[arg(long, short)]
    follow: bool,
    /// How to print the list of files.
    #[arg(long, short, value_enum, default_value_t)]
    output: Output,
}

pub(crate) async fn run(client: &Client, arguments: LogsArguments) -> Result<ExitCode, Failure> {
    let environment = client.path(&format!("/environments/{}", arguments.environment));
    let node = match arguments.node {
        Some(node) => node,
        None => first_node(client, &environment).await?,
    };
    let node = format!("{environment}/nodes/{node}");
    let Some(file) = arguments.file else {
        let listed = client.connection.get(&format!("{node}/log-files")).await?;
        let rows = listed["data"].as_array().cloned().unwrap_or_default();
        output::say_rows(arguments.output, COLUMNS, &rows, &listed);
        return Ok(ExitCode::SUCCESS);
    };
    let path: String = form_urlencoded::byte_serialize(file.as_bytes()).collect();
    let path = format!("{node}/log-file?path={path}&tail={}", arguments.tail);
    if !arguments.follow {
        let piece = client.connection.get(&path).await?;
        output::say_raw(piece["text"].as_str().unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }
    let mut stream = EventStream::new(client, path);
    loop {
        let event = stream.next().await?;
        match &*event.name {
            "text" => output::say_raw(event.data["text"].as_str().unwrap_or_default()),
            "restarted" => output::tell("windlass: the file was begun anew\n"),
            _ => {}
        }
    }
}

async fn first_node(client: &Client, environment: &str) -> Result<String, Failure> {
    let shown = client.connection.get(environment).await?;
    let node = shown["nodes"][0]["id"].as_str().map(str::to_owned);
    node.ok_or_else(|| Failure::Usage("the environment has no node yet".to_owned()))
}
