//! Why a command did not end well, and the exit code that says so.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// Rules that are broken, one line each.
    #[error("{} found by `{by}`:\n{}", count(findings.len()), findings.join("\n"))]
    Findings {
        by: &'static str,
        findings: Vec<String>,
    },
    #[error("`{command}` failed")]
    Failed { command: String, exit_code: u8 },
    #[error("`{command}` could not be run")]
    NotRun {
        command: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{} cannot be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the workspace cannot be read")]
    Metadata(#[from] cargo_metadata::Error),
    /// What the person has to do first.
    #[error("{0}")]
    NotPossible(String),
    #[error("{what} is not what was expected: {detail}")]
    Unexpected { what: String, detail: String },
}

impl TaskError {
    /// 2 when something is missing that a person has to put right, else what the command ended with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Failed { exit_code, .. } => *exit_code,
            Self::NotPossible(_) => 2,
            _ => 1,
        }
    }

    /// Nothing when there are no findings.
    pub(crate) fn from_findings(by: &'static str, findings: Vec<String>) -> Result<(), Self> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self::Findings { by, findings })
        }
    }
}

fn count(findings: usize) -> String {
    match findings {
        1 => "1 broken rule".to_owned(),
        more => format!("{more} broken rules"),
    }
}
