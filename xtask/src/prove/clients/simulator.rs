//! The simulator as a program, with the built-in world and work that takes no time.

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use serde::Deserialize;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// An access token of the built-in world. Everybody knows it.
pub(super) const TOKEN: &str = "00000000000000000000000000000000000000aa";

/// A running simulator; it ends when this is dropped.
pub(super) struct Simulator {
    child: Child,
    pub(super) base_url: String,
    pub(super) control_url: String,
}

#[derive(Deserialize)]
struct Ready {
    base_url: String,
    control_url: String,
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Simulator {
    pub(super) fn start() -> Result<Self, TaskError> {
        let mut command = Command::new(workspace::debug_program("virtuozzo-simulator")?);
        command
            .args(["--time-scale", "0", "--seed", "42"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let line_of_command = external::line_of(&command);
        let not_run = |source| TaskError::NotRun {
            command: line_of_command.clone(),
            source,
        };
        let mut child = command.spawn().map_err(not_run)?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(not_run)?;
        }
        let ready: Ready = serde_json::from_str(&line).map_err(|error| TaskError::Unexpected {
            what: "the first line of the simulator".to_owned(),
            detail: error.to_string(),
        })?;
        Ok(Self {
            child,
            base_url: ready.base_url,
            control_url: ready.control_url,
        })
    }
}
