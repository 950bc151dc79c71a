//! What was found, for people and for programs.

use serde_json::{Value, json};

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Verdict {
    /// As it should be.
    Good,
    /// Worth a look.
    Warning,
    /// Something does not work because of it.
    Failed,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::commands) struct Check {
    /// What, in a word; of several of a kind, with the name of each.
    pub(in crate::commands) name: String,
    pub(in crate::commands) verdict: Verdict,
    /// What was found.
    pub(in crate::commands) detail: String,
    /// What to do; absent when there is nothing to do.
    pub(in crate::commands) advice: Option<String>,
}

impl Check {
    pub(super) fn good(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            verdict: Verdict::Good,
            detail: detail.into(),
            advice: None,
        }
    }

    pub(super) fn warning(
        name: impl Into<String>,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Warning,
            advice: Some(advice.into()),
            ..Self::good(name, detail)
        }
    }

    pub(super) fn failed(
        name: impl Into<String>,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Failed,
            ..Self::warning(name, detail, advice)
        }
    }
}

pub(in crate::commands) fn as_json(checks: &[Check]) -> Value {
    let shown = checks.iter().map(|check| {
        json!({
            "name": check.name,
            "verdict": check.verdict.as_str(),
            "detail": check.detail,
            "advice": check.advice,
        })
    });
    let worst = [Verdict::Failed, Verdict::Warning];
    let worst = worst
        .into_iter()
        .find(|verdict| checks.iter().any(|check| check.verdict == *verdict));
    json!({
        "verdict": worst.unwrap_or(Verdict::Good).as_str(),
        "checks": shown.collect::<Vec<_>>(),
    })
}

pub(super) fn lines(checks: &[Check]) -> Vec<String> {
    let width = checks.iter().map(|check| check.name.len()).max();
    let width = width.unwrap_or(0);
    let mut lines = Vec::new();
    for check in checks {
        let (verdict, name) = (check.verdict.as_str(), &check.name);
        lines.push(format!("{verdict:<8} {name:<width$}  {}", check.detail));
        if let Some(advice) = &check.advice {
            lines.push(format!("{:<8} {:<width$}  -> {advice}", "", ""));
        }
    }
    lines
}
