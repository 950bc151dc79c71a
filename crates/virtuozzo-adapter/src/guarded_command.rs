//! Commands for nodes: which program with which arguments a [`GuardedCommand`] is, the one shell line
//! that runs it at most once, and what that line reports. Pure, and public so that it can be proved
//! in real shells. It must not know calls or sessions.

use domain::ids::StepAttemptId;
use domain::ports::GuardedCommand;
use serde::Serialize;

mod quoting;
mod report;
#[cfg(test)]
mod tests;
mod wp_cli;

pub use report::{NodeReport, ReportError};

/// What runs on the node around the command: one POSIX shell script for every command and client.
const WRAPPER: &str = include_str!("guarded_command/wrapper.sh");

/// A line for the shell of a node, in the two pieces in which the platform takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShellLine {
    command: &'static str,
    params: String,
}

impl ShellLine {
    /// The line that runs the command at most once under the guard, on the site in that folder of
    /// the node. Its words are fixed but for the guard, the folder and the texts of the command, and
    /// each word is quoted.
    pub fn guarded(guard: StepAttemptId, command: &GuardedCommand, site_folder: &str) -> Self {
        let guard = guard.to_string();
        let script = wrapper();
        let arguments = wp_cli::arguments(command, site_folder);
        let words = ["-c", &script, "windlass", &guard, wp_cli::PROGRAM]
            .into_iter()
            .chain(arguments.iter().map(String::as_str));
        Self {
            command: "sh",
            params: words.map(quoting::quoted).collect::<Vec<_>>().join(" "),
        }
    }

    /// The line as the node's shell gets it.
    pub fn text(&self) -> String {
        format!("{} {}", self.command, self.params)
    }
}

/// The wrapper as one line, without comments: what the platform makes of line breaks is not
/// documented.
fn wrapper() -> String {
    let lines = WRAPPER.lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    code.join(" ")
}
