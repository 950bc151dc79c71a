//! Moments in the run of a job at which a process can be made to die or to freeze, to see that whoever
//! comes next carries on rightly. They exist in builds for tests only (debug, or `--cfg planted`); elsewhere
//! [`pass`] does nothing, and neither the labels nor the variable are in the program.
//!
//! The variable names a folder. A file `trace` in it gets a line for every point that is passed; a file
//! `armed` holds points, each with a signal. Whoever passes the first of them takes it away and sends itself
//! the signal, as the operating system does: no destructor runs. `NEXT` instead of a signal only makes the
//! next line the one that counts. docs/testing.md says how it is used.

use crate::job::JobKind;
use crate::job::journal::Direction;

/// Where in a step, or in the end of a job, a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing about the step is stored yet.
    BeforeStarted,
    /// The intent is stored; the call was not made.
    AfterStarted,
    /// The platform answered; nothing of it is stored.
    AfterAnswer,
    /// What came of the step is stored.
    AfterJournal,
    /// It was found out what became of a lost answer; nothing of it is stored.
    BeforeSettled,
    /// That is stored.
    AfterSettled,
}

/// The moment of a step in a job.
#[derive(Debug, Clone, Copy)]
pub struct CrashPoint<'a> {
    /// The kind of job.
    pub kind: JobKind,
    /// The step; the end of a job is called `end`.
    pub step: &'a str,
    /// Forward or back.
    pub direction: Direction,
    /// Where in the step.
    pub moment: Moment,
}

/// Says that this process is at the point. Whether it comes back is up to whoever armed it.
#[cfg(not(any(planted, debug_assertions)))]
#[inline]
pub const fn pass(_: &CrashPoint<'_>) {}

/// The variable that names the folder.
#[cfg(any(planted, debug_assertions))]
pub const VARIABLE: &str = "CRASH_POINTS_FOLDER";

/// Says that this process is at the point. Whether it comes back is up to whoever armed it.
#[cfg(any(planted, debug_assertions))]
pub fn pass(point: &CrashPoint<'_>) {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        armed::pass(std::path::Path::new(&folder), &armed::label(point));
    }
}

/// Says that this process is about to hand bytes of a call to the operating system: the last look at the
/// lease is behind it.
#[cfg(not(any(planted, debug_assertions)))]
#[inline]
pub const fn pass_write() {}

/// Says that this process is about to hand bytes of a call to the operating system: the last look at the
/// lease is behind it.
#[cfg(any(planted, debug_assertions))]
pub fn pass_write() {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        armed::pass(std::path::Path::new(&folder), "platform call before-write");
    }
}

#[cfg(any(planted, debug_assertions))]
mod armed {
    use super::{CrashPoint, Moment};
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::process::Command;

    pub(super) fn pass(folder: &Path, label: &str) {
        if let Ok(mut trace) = fs::File::options().append(true).open(folder.join("trace")) {
            drop(writeln!(trace, "{label}"));
        }
        let file = folder.join("armed");
        let Ok(text) = fs::read_to_string(&file) else {
            return;
        };
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let Some((wanted, signal)) = first.rsplit_once(' ') else {
            return;
        };
        // Whoever can rename it was first.
        if wanted != label || fs::rename(&file, folder.join("fired")).is_err() {
            return;
        }
        if !rest.is_empty() {
            drop(fs::write(&file, rest));
        }
        if signal != "NEXT" {
            receive(signal);
        }
    }

    pub(super) fn label(point: &CrashPoint<'_>) -> String {
        let moment = match point.moment {
            Moment::BeforeStarted => "before-started",
            Moment::AfterStarted => "after-started",
            Moment::AfterAnswer => "after-answer",
            Moment::AfterJournal => "after-journal",
            Moment::BeforeSettled => "before-settled",
            Moment::AfterSettled => "after-settled",
        };
        let (kind, direction) = (point.kind.as_str(), point.direction.as_str());
        format!("{kind} {} {direction} {moment}", point.step)
    }

    /// The signal goes through a shell: it is the one program that is everywhere.
    fn receive(signal: &str) {
        let kill = format!("kill -s {signal} {}", std::process::id());
        drop(Command::new("/bin/sh").args(["-c", &kill]).status());
    }
}
