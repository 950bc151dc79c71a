//! Compares the team's environments with the platform and stores what follows.

use crate::environments::all_living;
use crate::reconciliation::{Comparison, KnownEnvironment, Sighting, compare};
use crate::workflows::context::JobContext;
use crate::workflows::payloads::{decode, encode_own};
use crate::workflows::refusal::not_done_after_read;
use crate::workflows::step::{NotDone, Output, ReadStep};
use async_trait::async_trait;
use domain::environment::{Environment, Node};
use domain::finding::{Finding, FindingKind};
use domain::ids::EnvironmentId;
use domain::job::{EncodedData, JobLogLevel, WaitReason};
use domain::platform_account::PlatformAccountState;
use domain::ports::{HeldTransaction, StoreError, new_id};
use std::collections::{HashMap, HashSet};

#[cfg(test)]
mod tests;

/// The name of the step; the end of the job reads its output.
pub(crate) const COMPARE: &str = "compare_with_platform";

/// The only step of a sync.
pub(crate) struct CompareWithPlatform;

#[async_trait]
impl ReadStep for CompareWithPlatform {
    fn does(&self) -> &'static str {
        "reads all environments of the account beside our records; records that nobody works on follow it, and \
         what does not fit becomes a finding"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        // What is known is read first: whatever changes afterwards has another version.
        let known = known_environments(context)
            .await
            .map_err(|error| store_does_not_answer(context, &error))?;
        let observed = context
            .platform
            .environments()
            .list_environments(&context.reference)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        let names: Vec<String> = observed
            .iter()
            .map(|found| found.short_domain.as_str().to_owned())
            .collect();
        let gone = context
            .read_model
            .find_gone_environments(context.job.team_id, &names)
            .await
            .map_err(|error| store_does_not_answer(context, &error))?;
        let gone: HashMap<_, _> = gone.into_iter().collect();
        let comparison = compare(&context.account, known, &gone, &observed);
        Ok(Some(encode_own(&comparison)))
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        let comparison = output.and_then(|data| decode::<Comparison>(data).ok());
        let Some(comparison) = comparison else {
            return Ok(());
        };
        let mut record = Record {
            context,
            transaction,
            said: Vec::new(),
        };
        if record.is_still_the_account(&comparison).await? {
            record.follow(&comparison).await?;
            record.tell(&comparison).await?;
        } else {
            let message = "the account was changed meanwhile; what was seen is not stored";
            record.say(JobLogLevel::Warning, message.to_owned());
        }
        record.write_log().await
    }
}

fn store_does_not_answer(context: &JobContext<'_>, error: &StoreError) -> NotDone {
    NotDone::Later {
        reason: WaitReason::PlatformUnavailable,
        after: context.settings.poll_interval,
        detail: error.to_string(),
    }
}

async fn known_environments(context: &JobContext<'_>) -> Result<Vec<KnownEnvironment>, StoreError> {
    let team = context.job.team_id;
    let environments = all_living(context.read_model, team).await?;
    let mut nodes: HashMap<EnvironmentId, Vec<Node>> = HashMap::new();
    for (environment, node) in context.read_model.list_nodes(team).await? {
        nodes.entry(environment).or_default().push(node);
    }
    let with_nodes = |environment: Environment| KnownEnvironment {
        nodes: nodes.remove(&environment.id).unwrap_or_default(),
        environment,
    };
    Ok(environments.into_iter().map(with_nodes).collect())
}

/// The transaction of a sync.
struct Record<'a, 'b> {
    context: &'a JobContext<'b>,
    transaction: &'a mut dyn HeldTransaction,
    said: Vec<(JobLogLevel, String)>,
}

impl Record<'_, '_> {
    fn say(&mut self, level: JobLogLevel, message: String) {
        self.said.push((level, message));
    }

    async fn write_log(self) -> Result<(), StoreError> {
        for (level, message) in self.said {
            let step = Some(COMPARE.to_owned());
            let journal = self.transaction.journal();
            journal.append_log(level, step, &message).await?;
        }
        Ok(())
    }

    /// Another account's silence proves nothing.
    async fn is_still_the_account(&mut self, comparison: &Comparison) -> Result<bool, StoreError> {
        let accounts = self.transaction.platform_accounts();
        let account = accounts
            .find_platform_account(self.context.job.team_id)
            .await?;
        Ok(account.is_some_and(|account| {
            account.state == PlatformAccountState::Connected
                && account.platform_uid.0 == comparison.platform_uid
                && account.credential_version == comparison.credential_version
        }))
    }

    /// The environment, when nobody works on it and it is as it was before the platform was asked.
    async fn untouched(
        &mut self,
        id: Option<EnvironmentId>,
        version: i64,
    ) -> Result<Option<Environment>, StoreError> {
        let Some(id) = id else { return Ok(None) };
        let reconciliation = self.transaction.reconciliation();
        let found = reconciliation
            .lock_idle_environment(self.context.job.team_id, id)
            .await?;
        Ok(found.filter(|environment| environment.version == version))
    }

    /// Our records follow what the platform shows.
    async fn follow(&mut self, comparison: &Comparison) -> Result<(), StoreError> {
        let (team, now) = (self.context.job.team_id, self.context.clock.now());
        let mut followed = 0_usize;
        for change in &comparison.changes {
            let id = change.environment_id();
            let Some(mut environment) = self.untouched(id, change.version).await? else {
                continue;
            };
            change.seen.apply_to(&mut environment);
            environment.synced_at = Some(now);
            let environments = self.transaction.environments();
            environments.update_environment(&environment).await?;
            let nodes = change.seen.nodes(self.context.ids);
            environments
                .replace_nodes(team, environment.id, &nodes)
                .await?;
            followed += 1;
            let what = change.differences.join(", ");
            self.say(
                JobLogLevel::Info,
                format!("{}: {what}", environment.name.as_str()),
            );
            if change.is_drift {
                let finding = self.drift(&environment, &what);
                let reconciliation = self.transaction.reconciliation();
                reconciliation.insert_finding(&finding).await?;
            }
        }
        let unchanged = comparison.unchanged_ids();
        let reconciliation = self.transaction.reconciliation();
        reconciliation.mark_synced(team, &unchanged, now).await?;
        let skipped = comparison.changes.len() - followed;
        let summary = format!(
            "{} environments are as they were, {followed} were changed by others, {skipped} are being \
             worked on and left alone",
            unchanged.len()
        );
        self.say(JobLogLevel::Info, summary);
        Ok(())
    }

    /// What was changed by others is told once; it does not stay open, because our records follow.
    fn drift(&self, environment: &Environment, what: &str) -> Finding {
        let now = self.context.clock.now();
        Finding {
            id: new_id(self.context.ids),
            team_id: environment.team_id,
            kind: FindingKind::EnvironmentDrifted,
            subject: environment.id.to_string(),
            environment_id: Some(environment.id),
            address: None,
            display_name: Some(environment.display_name.as_str().to_owned()),
            detail: format!("changed by somebody else: {what}"),
            first_seen_at: now,
            confirmed_at: Some(now),
            closed_at: Some(now),
        }
    }

    /// What does not fit is written down at the first look and told after the second; what fits again is
    /// closed.
    async fn tell(&mut self, comparison: &Comparison) -> Result<(), StoreError> {
        let (team, now) = (self.context.job.team_id, self.context.clock.now());
        let reconciliation = self.transaction.reconciliation();
        let open = reconciliation.list_open_findings(team).await?;
        let apart = self.context.settings.sync.confirmed_after;
        let mut seen = HashSet::new();
        for sighting in &comparison.sightings {
            let Some(kind) = sighting.kind() else {
                continue;
            };
            let known = open
                .iter()
                .find(|finding| finding.kind == kind && finding.subject == sighting.subject);
            seen.extend(known.map(|finding| finding.id));
            if !self.stands(sighting).await? {
                continue;
            }
            let reconciliation = self.transaction.reconciliation();
            match known {
                None => {
                    let finding = self.finding(kind, sighting);
                    let reconciliation = self.transaction.reconciliation();
                    reconciliation.insert_finding(&finding).await?;
                }
                Some(known) if known.is_confirmed_by_a_look_at(now, apart) => {
                    reconciliation.confirm_finding(team, known.id, now).await?;
                    let name = sighting.display_name.as_deref();
                    let name = name
                        .or(sighting.address.as_deref())
                        .unwrap_or("the account");
                    let message = format!("{}: {name}: {}", kind.as_str(), sighting.detail);
                    self.say(JobLogLevel::Warning, message);
                }
                Some(_) => {}
            }
        }
        for finding in open.iter().filter(|finding| !seen.contains(&finding.id)) {
            let reconciliation = self.transaction.reconciliation();
            reconciliation.close_finding(team, finding.id, now).await?;
        }
        Ok(())
    }

    /// Whether the sighting says anything: what is being worked on may look like anything.
    async fn stands(&mut self, sighting: &Sighting) -> Result<bool, StoreError> {
        let Some(version) = sighting.version else {
            return Ok(true);
        };
        let environment = self.untouched(sighting.environment_id(), version).await?;
        Ok(environment.is_some())
    }

    fn finding(&self, kind: FindingKind, sighting: &Sighting) -> Finding {
        Finding {
            id: new_id(self.context.ids),
            team_id: self.context.job.team_id,
            kind,
            subject: sighting.subject.clone(),
            environment_id: sighting.environment_id(),
            address: sighting.address.clone(),
            display_name: sighting.display_name.clone(),
            detail: sighting.detail.clone(),
            first_seen_at: self.context.clock.now(),
            confirmed_at: None,
            closed_at: None,
        }
    }
}
