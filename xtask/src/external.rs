//! Running other programs from the repository's root.

use crate::task_error::TaskError;
use crate::workspace;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;

/// A cargo command line. What cargo told us about our own package is kept from it: build scripts watch those
/// variables, and would compile their packages again for us and once more for who calls cargo by hand.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(workspace::root());
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    let of_package = std::env::vars_os().map(|(name, _)| name);
    for name in of_package.filter(|name| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command
}

/// Builds every program of the workspace with the features that tests build them with: without those of the
/// development dependencies, which `--examples` stands for, every dependency would be compiled once more.
pub(crate) fn build_programs() -> Result<(), TaskError> {
    run(&mut cargo(&[
        "build",
        "--workspace",
        "--bins",
        "--examples",
    ]))
}

/// Runs it to its end, showing the command line and everything it says.
pub(crate) fn run(command: &mut Command) -> Result<(), TaskError> {
    announce(command);
    let status = command
        .status()
        .map_err(|source| not_run(command, source))?;
    check(command, status)
}

/// Runs it quietly and gives its standard output. Fails when it does.
pub(crate) fn output_of(command: &mut Command) -> Result<String, TaskError> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| not_run(command, source))?;
    check(command, output.status)?;
    String::from_utf8(output.stdout).map_err(|error| TaskError::Unexpected {
        what: format!("the output of `{}`", line_of(command)),
        detail: error.to_string(),
    })
}

/// Whether it can be run and ends well; says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs it to its end, showing everything it says, and shows each line to `listen` as well.
pub(crate) fn run_listening(
    command: &mut Command,
    mut listen: impl FnMut(&str),
) -> Result<ExitStatus, TaskError> {
    announce(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| not_run(command, source))?;
    let (lines, heard) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let lines = lines.clone();
        std::thread::spawn(move || forward_lines(stream, &lines));
    }
    drop(lines);
    for line in heard {
        // Who reads us may have left; the program is run to its end all the same.
        writeln!(std::io::stdout(), "{line}").ok();
        listen(&line);
    }
    child.wait().map_err(|source| not_run(command, source))
}

fn forward_lines(stream: Box<dyn Read + Send>, lines: &mpsc::Sender<String>) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        if lines
            .send(String::from_utf8_lossy(&line).into_owned())
            .is_err()
        {
            return;
        }
    }
}

/// The error for a status that is not success.
pub(crate) fn check(command: &Command, status: ExitStatus) -> Result<(), TaskError> {
    if status.success() {
        return Ok(());
    }
    Err(TaskError::Failed {
        command: line_of(command),
        exit_code: status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    })
}

fn not_run(command: &Command, source: std::io::Error) -> TaskError {
    TaskError::NotRun {
        command: line_of(command),
        source,
    }
}

fn announce(command: &Command) {
    eprintln!("$ {}", line_of(command));
}

/// The command line, with our own paths cut to what matters.
pub(crate) fn line_of(command: &Command) -> String {
    let root = workspace::root().display().to_string() + "/";
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().replace(&root, ""))
        .collect::<Vec<_>>()
        .join(" ")
}
