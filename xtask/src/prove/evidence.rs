//! What a proof leaves behind: one JSON file for people and CI, put together from the parts of its
//! shards.

use super::Counts;
use crate::task_error::TaskError;
use crate::workspace;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::PathBuf;
use std::str::FromStr;

#[cfg(test)]
mod tests;

pub(super) const FOLDER: &str = "docs/evidence";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    pub(super) name: String,
    pub(super) commit: String,
    pub(super) command: String,
    pub(super) counts: Counts,
    pub(super) duration_seconds: u64,
    pub(super) date: String,
}

/// One part of the work: `number` of `of`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(super) number: u32,
    pub(super) of: u32,
}

impl Default for Shard {
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (number, of) = text.split_once('/')?;
            let (number, of) = (number.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&number).then_some(Self { number, of })
        };
        read().ok_or("a shard is written as 2/8: a number from 1, and how many there are")
    }
}

fn part_path(name: &str, shard: Shard) -> Result<PathBuf, TaskError> {
    let file = format!("{name}.{}-of-{}.json", shard.number, shard.of);
    Ok(workspace::target_folder()?.join("proofs").join(file))
}

pub(super) fn read_part(name: &str, shard: Shard) -> Result<Evidence, TaskError> {
    let path = part_path(name, shard)?;
    serde_json::from_str(&workspace::read(&path)?).map_err(|error| TaskError::Unexpected {
        what: path.display().to_string(),
        detail: error.to_string(),
    })
}

pub(super) fn write_part(part: &Evidence, shard: Shard) -> Result<(), TaskError> {
    workspace::write(&part_path(&part.name, shard)?, &to_text(part))
}

/// Writes the evidence when all parts were done for this commit, else says what is missing.
pub(super) fn publish(name: &str, commit: &str, of: u32) -> Result<(), TaskError> {
    let parts: Vec<Evidence> = (1..=of)
        .filter_map(|number| read_part(name, Shard { number, of }).ok())
        .filter(|part| part.commit == commit)
        .collect();
    let done = parts.len();
    match merge(parts) {
        Some(evidence) if u32::try_from(done) == Ok(of) => {
            let path = format!("{FOLDER}/{name}.json");
            workspace::write(&workspace::root().join(&path), &to_text(&evidence))?;
            println!("wrote {path}");
        }
        _ => println!("{done} of {of} parts are done for this commit"),
    }
    Ok(())
}

/// Numbers add up; other values stay as the last part has them.
fn merge(parts: Vec<Evidence>) -> Option<Evidence> {
    parts.into_iter().reduce(|mut sum, part| {
        sum.duration_seconds += part.duration_seconds;
        sum.date = part.date;
        for (name, value) in part.counts {
            let added = match (
                sum.counts.get(&name).and_then(Value::as_u64),
                value.as_u64(),
            ) {
                (Some(left), Some(right)) => Value::from(left + right),
                _ => value,
            };
            sum.counts.insert(name, added);
        }
        sum
    })
}

pub(super) fn to_line(evidence: &Evidence) -> String {
    serde_json::to_string(evidence).expect("evidence is plain data")
}

fn to_text(evidence: &Evidence) -> String {
    let text = serde_json::to_string_pretty(evidence).expect("evidence is plain data");
    text + "\n"
}

/// What is wrong with the committed evidence, given as name and text.
pub(super) fn findings(proofs: &[&str], present: &[(String, String)]) -> Vec<String> {
    let mut findings = Vec::new();
    for proof in proofs {
        match present.iter().find(|(name, _)| name == proof) {
            None => findings.push(format!(
                "{FOLDER}/{proof}.json is missing: run `cargo xtask prove {proof}`"
            )),
            Some((_, text)) => match serde_json::from_str::<Evidence>(text) {
                Err(error) => findings.push(format!("{FOLDER}/{proof}.json: {error}")),
                Ok(evidence) if evidence.name != *proof => {
                    findings.push(format!(
                        "{FOLDER}/{proof}.json is about `{}`",
                        evidence.name
                    ));
                }
                Ok(_) => {}
            },
        }
    }
    let orphans = present
        .iter()
        .filter(|(name, _)| !proofs.contains(&name.as_str()));
    findings.extend(orphans.map(|(name, _)| format!("{FOLDER}/{name}.json belongs to no proof")));
    findings
}
