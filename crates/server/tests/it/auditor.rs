//! Judges a job that came to rest after something went wrong: by the platform's own books, by what it would
//! have come to without the trouble, and by what Windlass says about it. Every rule has a name; a violation
//! says which rule it is of.

mod job;
mod platform;

pub(crate) use job::{Watch, ask_the_administrator, shown_to_the_administrator};
pub(crate) use platform::{Books, Picture};

use serde_json::Value;

/// A rule that does not hold, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) rule: &'static str,
    pub(crate) detail: String,
}

impl Violation {
    pub(crate) fn new(rule: &'static str, detail: impl Into<String>) -> Self {
        Self {
            rule,
            detail: detail.into(),
        }
    }
}

/// What a job came to, and what is left of it.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// As the API shows it.
    pub(crate) job: Value,
    /// What the platform did meanwhile.
    pub(crate) books: Books,
    /// What the platform and Windlass show of the environment.
    pub(crate) picture: Picture,
}

impl Outcome {
    pub(crate) fn state(&self) -> &str {
        self.job["state"].as_str().unwrap_or_default()
    }
}

/// What may happen to a step whose truth cannot be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// It happens once, and the job comes to the same end.
    Nothing,
    /// The job may ask for a person instead, with the step done once or not at all.
    AskingAPerson,
    /// The step may be sent again, and the job's log says so.
    SayingAgain,
}

/// Compares a disturbed job with an undisturbed one of the same kind.
pub(crate) fn compare(
    disturbed: &Outcome,
    undisturbed: &Outcome,
    allowance: Allowance,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    if disturbed.state() == undisturbed.state() {
        let doubles = disturbed.books.more_than(&undisturbed.books);
        if !doubles.is_empty() && allowance != Allowance::SayingAgain {
            violations.push(Violation::new("nothing happens twice", &*doubles));
        }
        let missing = undisturbed.books.more_than(&disturbed.books);
        if !missing.is_empty() {
            violations.push(Violation::new(
                "success means that the platform did it",
                missing,
            ));
        }
        // What happened twice, as it may, is twice to be seen.
        if doubles.is_empty() && disturbed.picture != undisturbed.picture {
            let detail = format!(
                "{:#?}\nand not\n{:#?}",
                disturbed.picture, undisturbed.picture
            );
            let rule = if disturbed.state() == "succeeded" {
                "success means that the platform agrees"
            } else {
                "failure leaves nothing"
            };
            violations.push(Violation::new(rule, detail));
        }
        return violations;
    }
    let asks = disturbed.state() == "needs_attention";
    if !(asks && allowance == Allowance::AskingAPerson) {
        let detail = format!("{} and not {}", disturbed.job, undisturbed.state());
        violations.push(Violation::new("the end is the one that was due", detail));
    }
    let doubles = disturbed.books.more_than(&undisturbed.books);
    if !doubles.is_empty() {
        violations.push(Violation::new("nothing happens twice", doubles));
    }
    if asks {
        violations.extend(job::is_visible(disturbed));
    }
    violations
}
