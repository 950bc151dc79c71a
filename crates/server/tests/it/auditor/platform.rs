//! The platform's own books: what it did, when, and what it looks like now.

use super::Violation;
use crate::settlement::site;
use crate::support::App;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use virtuozzo_simulator::{Effect, MutationInterval};

/// A place in the books.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    effects: usize,
    mutations: usize,
    calls: usize,
    tool_calls: BTreeMap<String, usize>,
}

/// What was entered from a mark on: how often each effect, and each command of a site's own tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Books(BTreeMap<String, usize>);

impl Books {
    pub(crate) fn mark(app: &App) -> Mark {
        Mark {
            effects: app.simulator.ledger().len(),
            mutations: app.simulator.mutations().len(),
            calls: app.simulator.journal().len(),
            tool_calls: site::tool_calls(app),
        }
    }

    pub(crate) fn since(mark: &Mark, app: &App) -> Self {
        let mut books = BTreeMap::new();
        for entry in app.simulator.ledger().into_iter().skip(mark.effects) {
            // Signing in changes nothing; commands are counted by what they did, because the guard
            // around each is asked as often as it takes.
            let is_counted = !matches!(
                entry.effect,
                Effect::SignedIn | Effect::SignedOut | Effect::CommandsRun
            );
            if is_counted {
                *books.entry(format!("{:?}", entry.effect)).or_default() += 1;
            }
        }
        for (call, times) in site::tool_calls(app) {
            let before = mark.tool_calls.get(&call).copied().unwrap_or_default();
            if times > before {
                books.insert(call, times - before);
            }
        }
        Self(books)
    }

    /// How often an effect was entered.
    pub(crate) fn count(&self, effect: &str) -> usize {
        self.0.get(effect).copied().unwrap_or_default()
    }

    /// What is here more often than there; empty when nothing is.
    pub(crate) fn more_than(&self, other: &Self) -> String {
        let more = self.0.iter().filter_map(|(what, times)| {
            let there = other.0.get(what).copied().unwrap_or_default();
            (*times > there).then(|| format!("{what} {times} times and not {there}"))
        });
        more.collect::<Vec<_>>().join(", ")
    }
}

impl Mark {
    /// The mutating calls since then that the platform carried out, with how many calls of the same method
    /// came before each.
    pub(crate) fn calls_since(&self, app: &App) -> Vec<(String, u32)> {
        let journal = app.simulator.journal();
        let calls = app.simulator.mutations().into_iter().skip(self.mutations);
        calls
            .filter(|call| call.method != "signin" && call.result == Some(0))
            .map(|call| {
                let number = usize::try_from(call.call).unwrap_or(usize::MAX);
                let before = journal
                    .iter()
                    .skip(self.calls)
                    .take_while(|entry| entry.call < number as u64)
                    .filter(|entry| entry.method == call.method)
                    .count();
                (call.method, u32::try_from(before).unwrap_or(u32::MAX))
            })
            .collect()
    }

    /// Whether two mutations of one environment overlapped since then.
    pub(crate) fn overlaps_since(&self, app: &App) -> Vec<Violation> {
        let all = app.simulator.mutations();
        // Guarded commands may be asked for while they run: that is how their end is found out.
        let is_counted =
            |call: &&MutationInterval| !["signin", "execcmdbyid"].contains(&&*call.method);
        let calls: Vec<_> = all.iter().skip(self.mutations).filter(is_counted).collect();
        let mut violations = Vec::new();
        for (index, one) in calls.iter().enumerate() {
            for other in &calls[index + 1..] {
                if one.environment == other.environment && one.overlaps(other) {
                    let detail = format!("{one:?}\n{other:?}");
                    violations.push(Violation::new("no two changes overlap", detail));
                }
            }
        }
        violations
    }

    /// Whether a mutation still executes.
    pub(crate) fn is_quiet(&self, app: &App) -> bool {
        let all = app.simulator.mutations();
        all.iter()
            .skip(self.mutations)
            .all(|call| call.ended_at_ms.is_some())
    }
}

/// What is to be seen of an environment, without what two equal ones differ in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// On the platform; null when it is not there.
    platform: Value,
    /// At Windlass.
    pub(crate) shown: Value,
}

/// Members that differ between equal environments.
const OWN: [&str; 8] = [
    "id",
    "links",
    "synced_at",
    "created_at",
    "installed_at",
    "site_url",
    "team_id",
    "name",
];

impl Picture {
    /// Whether the platform shows nothing of it.
    pub(crate) fn is_gone(&self) -> bool {
        self.platform == json!([])
    }

    /// Of the environment that is called `name` at Windlass, as the API shows it.
    pub(crate) fn take(app: &App, number: usize, shown: &Value) -> Self {
        let name = shown["name"].as_str().unwrap_or_default();
        let pictures = app.simulator.pictures();
        let wanted = |environment: &&String| {
            let is_of_name = environment
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-'));
            is_of_name || environment.as_str() == name
        };
        let found: Vec<_> = pictures.keys().filter(wanted).collect();
        let platform = found.iter().map(|name| json!(pictures[*name])).collect();
        let mut shown = shown.clone();
        forget(&mut shown);
        Self {
            platform: renumbered(&Value::Array(platform), number),
            shown: renumbered(&shown, number),
        }
    }
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !OWN.contains(&&**name));
            members.values_mut().for_each(forget);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget),
        _ => {}
    }
}

/// The same, the number of the site taken out of its names.
fn renumbered(value: &Value, number: usize) -> Value {
    let mut text = value.to_string();
    for prefix in ["site-", "new-", "copy-", "wp-", "examples/"] {
        for end in ["\"", ".", "-"] {
            text = text.replace(
                &format!("{prefix}{number}{end}"),
                &format!("{prefix}N{end}"),
            );
        }
    }
    serde_json::from_str(&text).expect("names hold nothing that JSON minds")
}
