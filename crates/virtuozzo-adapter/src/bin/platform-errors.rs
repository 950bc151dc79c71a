//! Writes the table of result codes as markdown to the path given as the only argument.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        return fail("usage: platform-errors <path>");
    };
    match std::fs::write(&path, virtuozzo_adapter::codes::markdown()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot write {}: {error}", path.display())),
    }
}

#[expect(clippy::print_stderr, reason = "a developer's command line tool")]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
