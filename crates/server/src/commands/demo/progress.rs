//! Shows how far the job is: a moving bar on a terminal, plain lines elsewhere, nothing for machines.

use crate::commands::say;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use std::io::IsTerminal as _;
use std::time::Duration;

/// How often the job is looked at.
pub(super) const REFRESH_INTERVAL: Duration = Duration::from_millis(100);

enum Display {
    Bar(ProgressBar),
    Lines { last: String },
    Silent,
}

/// The display of one job.
pub(super) struct Progress(Display);

impl Progress {
    pub(super) fn start(is_for_machines: bool) -> Self {
        if is_for_machines {
            return Self(Display::Silent);
        }
        if !std::io::stderr().is_terminal() {
            return Self(Display::Lines {
                last: String::new(),
            });
        }
        let bar = ProgressBar::new(100);
        let style = ProgressStyle::with_template("{bar:32.cyan} {pos:>3}%  {msg}  {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(REFRESH_INTERVAL);
        Self(Display::Bar(bar))
    }

    pub(super) fn note(&mut self, text: &str) {
        match &mut self.0 {
            Display::Bar(bar) => bar.set_message(text.to_owned()),
            Display::Lines { .. } => say(text),
            Display::Silent => {}
        }
    }

    pub(super) fn show(&mut self, job: &Value) {
        let percent = job["progress"]["percent"].as_u64().unwrap_or_default();
        let step = job["progress"]["step"].as_str().unwrap_or_default();
        let state = job["state"].as_str().unwrap_or_default();
        match &mut self.0 {
            Display::Bar(bar) => {
                bar.set_position(percent);
                bar.set_message(format!("{state} {step}"));
            }
            Display::Lines { last } => {
                let line = format!("{percent:>3}%  {state}  {step}");
                if *last != line {
                    say(&line);
                    *last = line;
                }
            }
            Display::Silent => {}
        }
    }

    pub(super) fn finish(&mut self, job: &Value) {
        if let Display::Bar(bar) = &self.0 {
            let state = job["state"].as_str().unwrap_or_default().to_owned();
            bar.finish_with_message(state);
        }
    }
}
