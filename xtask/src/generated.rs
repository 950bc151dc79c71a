//! `cargo xtask openapi [--check]`: the pages of docs/ that the server itself prints.

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use std::process::Command;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a committed page is not what the server prints.
    #[arg(long)]
    check: bool,
}

/// A page, and the words that make the server print it.
struct Page {
    path: &'static str,
    command: &'static [&'static str],
}

const PAGES: [Page; 4] = [
    Page {
        path: "docs/openapi.json",
        command: &["openapi"],
    },
    Page {
        path: "docs/errors.md",
        command: &["docs", "errors"],
    },
    Page {
        path: "docs/permissions.md",
        command: &["docs", "permissions"],
    },
    Page {
        path: "docs/configuration.md",
        command: &["docs", "configuration"],
    },
];

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    if arguments.check {
        return check();
    }
    for (page, text) in printed_pages()? {
        workspace::write(&workspace::root().join(page.path), &text)?;
        println!("wrote {}", page.path);
    }
    Ok(())
}

/// Fails when a committed page differs from what the server prints.
pub(crate) fn check() -> Result<(), TaskError> {
    let findings = printed_pages()?.into_iter().filter_map(|(page, printed)| {
        let committed = std::fs::read_to_string(workspace::root().join(page.path));
        (committed.ok().as_ref() != Some(&printed)).then(|| {
            format!(
                "{} is not what the server prints: run `cargo xtask openapi`",
                page.path
            )
        })
    });
    TaskError::from_findings("openapi --check", findings.collect())
}

/// What the server prints. A page that it does not know is only an error when it was committed.
fn printed_pages() -> Result<Vec<(&'static Page, String)>, TaskError> {
    external::run(&mut external::cargo(&["build", "-p", "server", "--bins"]))?;
    let program = workspace::debug_program("windlass")?;
    let mut pages = Vec::new();
    for page in &PAGES {
        let is_known = external::succeeds(Command::new(&program).args(page.command).arg("--help"));
        if is_known || workspace::root().join(page.path).exists() {
            let text = external::output_of(Command::new(&program).args(page.command))?;
            pages.push((page, text));
        } else {
            println!("note: the server does not print {} yet", page.path);
        }
    }
    Ok(pages)
}
