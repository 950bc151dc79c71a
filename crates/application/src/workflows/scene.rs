//! A job, its environment and a mocked platform, for the tests of single steps.

use super::context::JobContext;
use super::journal::Journal;
use super::payloads::{Baseline, Intent, encode_own};
use super::settings::WorkflowSettings;
use crate::CredentialCustody;
use crate::sample::{
    CountingIds, HandClock, account, beginning, custody, environment, id, running_job, team_key,
};
use domain::environment::{Environment, ObservedState, PlatformAppId, PlatformNodeId};
use domain::ids::StepAttemptId;
use domain::job::Job;
use domain::job::journal::{AttemptState, Direction, StepAttempt};
use domain::names::NodeGroup;
use domain::platform_account::{PlatformAccount, StoredSession};
use domain::ports::{
    Clock, Cloudlets, CreationTag, MockHostingPlatform, MockReadModel, MutationTicket,
    ObservedEnvironment, ObservedNode, TrackedAction,
};
use std::time::Duration;

/// How long the calls of these tests may be answered.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// Everything that a step may use.
pub(super) struct Scene {
    pub(super) job: Job,
    pub(super) environment: Environment,
    pub(super) account: PlatformAccount,
    pub(super) journal: Journal,
    pub(super) platform: MockHostingPlatform,
    pub(super) read_model: MockReadModel,
    pub(super) custody: CredentialCustody,
    pub(super) clock: HandClock,
    pub(super) ids: CountingIds,
    pub(super) settings: WorkflowSettings,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            job: running_job(),
            environment: environment(),
            account: account(),
            journal: Journal::default(),
            platform: MockHostingPlatform::default(),
            read_model: MockReadModel::new(),
            custody: custody(),
            clock: HandClock::default(),
            ids: CountingIds::default(),
            settings: WorkflowSettings::default(),
        }
    }
}

impl Scene {
    pub(super) fn context(&self) -> JobContext<'_> {
        JobContext {
            job: &self.job,
            environment: Some(self.environment.clone()),
            reference: self.account.reference(),
            account: self.account.clone(),
            journal: &self.journal,
            platform: &self.platform,
            read_model: &self.read_model,
            custody: &self.custody,
            clock: &self.clock,
            ids: &self.ids,
            settings: &self.settings,
        }
    }

    /// The owner has replaced the credential since.
    pub(super) fn with_another_identity(mut self) -> Self {
        self.account.credential_version += 1;
        self
    }

    /// The account's session and team key can be read.
    pub(super) fn with_team_key(mut self) -> Self {
        self.read_model.expect_find_session().returning(|_, id| {
            let session = StoredSession {
                account_id: id,
                credential_version: account().credential_version,
                generation: 1,
                sealed_key: None,
            };
            Ok(Some((session, team_key())))
        });
        self
    }

    /// These are all environments of the account.
    pub(super) fn listing(mut self, found: Vec<ObservedEnvironment>) -> Self {
        self.platform
            .environments
            .expect_list_environments()
            .returning(move |_| Ok(found.clone()));
        self
    }

    /// This stands under the name of the environment.
    pub(super) fn observing(mut self, found: Option<ObservedEnvironment>) -> Self {
        self.platform
            .environments
            .expect_observe_environment()
            .withf(|_, short_domain| *short_domain == environment().short_domain)
            .returning(move |_, _| Ok(found.clone()));
        self
    }

    /// These actions run now.
    pub(super) fn running(mut self, actions: Vec<TrackedAction>) -> Self {
        self.platform
            .tracking
            .expect_list_running_actions()
            .returning(move |_| Ok(actions.clone()));
        self
    }

    pub(super) fn ticket(&self, attempt: StepAttemptId) -> MutationTicket {
        MutationTicket {
            attempt,
            send_by: self.clock.instant().plus(Duration::from_secs(3)),
            answer_within: ANSWER_WITHIN,
        }
    }
}

/// The identity under which the sample account acts.
pub(super) fn intent(installed_before: Option<&[&str]>) -> Intent {
    Intent {
        platform_uid: account().platform_uid.0,
        credential_version: account().credential_version,
        baseline: Baseline {
            installed_before: installed_before
                .map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
            seen_before: None,
        },
    }
}

/// An attempt that was started at the beginning, under the sample account.
pub(super) fn attempt(number: u128, step: &str) -> StepAttempt {
    StepAttempt {
        id: id(number),
        sequence: i64::try_from(number).unwrap(),
        step: step.to_owned(),
        direction: Direction::Forward,
        state: AttemptState::Started,
        started_at: beginning(),
        answer_by: beginning().checked_add(ANSWER_WITHIN).unwrap(),
        baseline: Some(encode_own(&intent(None))),
        findings: None,
        output: None,
    }
}

/// The environment on the platform, as this attempt would have created it.
pub(super) fn created_by(attempt: StepAttemptId) -> ObservedEnvironment {
    ObservedEnvironment {
        short_domain: environment().short_domain,
        appid: PlatformAppId("appid-1".to_owned()),
        display_name: Some(CreationTag::of(attempt).as_str().to_owned()),
        state: ObservedState::Running,
        domain: Some("shop-abc123.example.com".to_owned()),
        groups: Vec::new(),
        nodes: Vec::new(),
    }
}

/// An action as the tracking shows it.
pub(super) fn action(
    attempt: Option<StepAttemptId>,
    short_domain: Option<&str>,
    result: Option<i64>,
) -> TrackedAction {
    TrackedAction {
        attempt,
        short_domain: short_domain.map(ToOwned::to_owned),
        result,
        started_at: None,
    }
}

/// A running node of a layer, the master of it, of one reserved cloudlet and at most eight.
pub(super) fn node(number: i64, node_group: &str) -> ObservedNode {
    ObservedNode {
        platform_node_id: PlatformNodeId(number),
        node_group: NodeGroup::parse(node_group).unwrap(),
        stack: "nginxphp".to_owned(),
        version: Some("8".to_owned()),
        cloudlets: Some(Cloudlets {
            reserved: 1,
            limit: 8,
        }),
        is_master: true,
        state: ObservedState::Running,
    }
}
