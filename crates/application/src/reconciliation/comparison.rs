//! What is known, beside what the platform shows. Pure: it reads and writes nothing.

use crate::workflows::steps::SeenEnvironment;
use domain::environment::{Environment, EnvironmentState, Node, ObservedState};
use domain::finding::FindingKind;
use domain::ids::EnvironmentId;
use domain::platform_account::PlatformAccount;
use domain::ports::ObservedEnvironment;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

#[cfg(test)]
mod tests;

/// Most environments that one sync writes anew: its transaction stays short. The next one goes on.
const CHANGES_MAX: usize = 100;
/// Most environments that one sync notes as unchanged; those seen longest ago come first.
const UNCHANGED_MAX: usize = 2_000;
/// Most findings of one sync.
const SIGHTINGS_MAX: usize = 200;
/// How the mark of a creation begins that stands in for the display name.
const TAG_PREFIX: &str = "wdl:";

/// An environment of ours, as it is stored.
pub(crate) struct KnownEnvironment {
    pub(crate) environment: Environment,
    pub(crate) nodes: Vec<Node>,
}

/// An environment whose record is to follow the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    environment: String,
    /// As it was before the platform was asked: a record that has changed since is left alone.
    pub(crate) version: i64,
    pub(crate) seen: SeenEnvironment,
    /// What differs, for people.
    pub(crate) differences: Vec<String>,
    /// Whether it says more than that somebody used the site, or did not.
    pub(crate) is_drift: bool,
}

impl Change {
    pub(crate) fn environment_id(&self) -> Option<EnvironmentId> {
        self.environment.parse().ok()
    }
}

/// Something that does not fit, as one look saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sighting {
    kind: String,
    pub(crate) subject: String,
    environment: Option<String>,
    /// As it was before the platform was asked.
    pub(crate) version: Option<i64>,
    pub(crate) address: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) detail: String,
}

impl Sighting {
    fn of(environment: &Environment, kind: FindingKind, detail: String) -> Self {
        Self {
            kind: kind.as_str().to_owned(),
            subject: environment.id.to_string(),
            environment: Some(environment.id.to_string()),
            version: Some(environment.version),
            address: None,
            display_name: Some(environment.display_name.as_str().to_owned()),
            detail,
        }
    }

    pub(crate) fn kind(&self) -> Option<FindingKind> {
        FindingKind::parse(&self.kind)
    }

    pub(crate) fn environment_id(&self) -> Option<EnvironmentId> {
        self.environment.as_ref()?.parse().ok()
    }
}

/// What one look came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    pub(crate) platform_uid: i64,
    pub(crate) credential_version: i64,
    unchanged: Vec<String>,
    pub(crate) changes: Vec<Change>,
    pub(crate) sightings: Vec<Sighting>,
    /// Whether more was seen than one sync writes.
    pub(crate) is_partial: bool,
}

impl Comparison {
    pub(crate) fn unchanged_ids(&self) -> Vec<EnvironmentId> {
        self.unchanged
            .iter()
            .filter_map(|id| id.parse().ok())
            .collect()
    }
}

/// Whether only its jobs know where an environment stands.
fn is_left_to_its_job(environment: &Environment) -> bool {
    environment.held_by.is_some()
        || match environment.state {
            EnvironmentState::Provisioning
            | EnvironmentState::Deleting
            | EnvironmentState::Deleted
            | EnvironmentState::Failed => true,
            EnvironmentState::Running
            | EnvironmentState::Stopped
            | EnvironmentState::Sleeping
            | EnvironmentState::Changing
            | EnvironmentState::Broken => false,
        }
}

/// `known` are the living environments, read before the platform was asked; `gone` the names of environments
/// that are gone by our records.
pub(crate) fn compare(
    account: &PlatformAccount,
    mut known: Vec<KnownEnvironment>,
    gone: &HashMap<String, EnvironmentId>,
    observed: &[ObservedEnvironment],
) -> Comparison {
    let by_name: HashMap<&str, &ObservedEnvironment> = observed
        .iter()
        .map(|found| (found.short_domain.as_str(), found))
        .collect();
    known.sort_by_key(|known| known.environment.synced_at);
    let mut comparison = Comparison {
        platform_uid: account.platform_uid.0,
        credential_version: account.credential_version,
        ..Comparison::default()
    };
    let mut is_account_other = false;
    for known in &known {
        if is_left_to_its_job(&known.environment) {
            continue;
        }
        match by_name.get(known.environment.short_domain.as_str()) {
            Some(found) => comparison.look_at(known, found),
            None if is_of_another_account(&known.environment, account) => is_account_other = true,
            None => comparison.sightings.push(missing(&known.environment)),
        }
    }
    if is_account_other {
        comparison.sightings.push(another_account());
    }
    let ours: HashSet<&str> = known
        .iter()
        .map(|known| known.environment.short_domain.as_str())
        .collect();
    let strangers = observed
        .iter()
        .filter(|found| !ours.contains(found.short_domain.as_str()))
        .map(|found| stranger(found, gone));
    comparison.sightings.extend(strangers);
    comparison.cut();
    comparison
}

impl Comparison {
    fn look_at(&mut self, known: &KnownEnvironment, found: &ObservedEnvironment) {
        let environment = &known.environment;
        let is_other = environment
            .platform_appid
            .as_ref()
            .is_some_and(|appid| *appid != found.appid);
        if is_other {
            let detail = "another environment stands under its name on the platform; it was not made \
                          here and is not touched";
            let kind = FindingKind::EnvironmentReplaced;
            let detail = detail.to_owned();
            self.sightings.push(Sighting::of(environment, kind, detail));
            return;
        }
        // In the middle of a change nothing that is seen lasts.
        if found.state == ObservedState::Changing {
            return;
        }
        let seen = SeenEnvironment::of(found);
        let differences = seen.differences(environment, &known.nodes);
        if differences.is_empty() {
            self.unchanged.push(environment.id.to_string());
            return;
        }
        let fell_asleep_or_woke = is_up_or_asleep(environment.state)
            && is_up_or_asleep(found.state.into())
            && differences.len() == 1;
        self.changes.push(Change {
            environment: environment.id.to_string(),
            version: environment.version,
            seen,
            differences,
            is_drift: !fell_asleep_or_woke,
        });
    }

    fn cut(&mut self) {
        self.is_partial = self.changes.len() > CHANGES_MAX || self.unchanged.len() > UNCHANGED_MAX;
        self.changes.truncate(CHANGES_MAX);
        self.unchanged.truncate(UNCHANGED_MAX);
        self.sightings.truncate(SIGHTINGS_MAX);
    }
}

/// The platform puts sites to sleep that nobody visits, and wakes them by a visit.
fn is_up_or_asleep(state: EnvironmentState) -> bool {
    matches!(
        state,
        EnvironmentState::Running | EnvironmentState::Sleeping
    )
}

/// It was last seen through an account that had another number on the platform.
fn is_of_another_account(environment: &Environment, account: &PlatformAccount) -> bool {
    environment.synced_at.unwrap_or(environment.created_at) < account.uid_since
}

fn missing(environment: &Environment) -> Sighting {
    let detail = "the platform does not show it any more, and no job has deleted it";
    let kind = FindingKind::EnvironmentMissing;
    Sighting::of(environment, kind, detail.to_owned())
}

fn another_account() -> Sighting {
    Sighting {
        kind: FindingKind::AccountChanged.as_str().to_owned(),
        subject: "account".to_owned(),
        environment: None,
        version: None,
        address: None,
        display_name: None,
        detail: "the team is connected to another account of the platform than the one through which \
                 some of its environments were last seen; what this one cannot see is not called missing"
            .to_owned(),
    }
}

fn stranger(found: &ObservedEnvironment, gone: &HashMap<String, EnvironmentId>) -> Sighting {
    let short_domain = found.short_domain.as_str();
    let formerly = gone.get(short_domain);
    let tag = found
        .display_name
        .as_deref()
        .filter(|name| name.starts_with(TAG_PREFIX));
    let (kind, detail) = if formerly.is_some() || tag.is_some() {
        (
            FindingKind::EnvironmentLeftover,
            "a job was to create or to delete it, has ended otherwise, and it stands there; look at it \
             on the platform and delete it there if nobody needs it",
        )
    } else {
        (
            FindingKind::EnvironmentUnknown,
            "the account has it, and it was not made here; it is not touched",
        )
    };
    Sighting {
        kind: kind.as_str().to_owned(),
        subject: short_domain.to_owned(),
        environment: formerly.map(ToString::to_string),
        version: None,
        address: found.domain.clone(),
        // The mark is not for people.
        display_name: found.display_name.clone().filter(|_| tag.is_none()),
        detail: detail.to_owned(),
    }
}
