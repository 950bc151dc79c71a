//! A running environment with nodes and software, and transactions that remember what they accept.

use super::{ENVIRONMENT, NODE, OTHER_NODE, TestApi, rights_stay};
use domain::environment::{Environment, EnvironmentState, Node, PlatformAppId};
use domain::job::{Job, JobKind, JobState};
use domain::ports::{
    EnvironmentDetails, IdempotencyRecord, IdempotencyScope, JobDetails, MockTransaction,
    MockUnitOfWork,
};
use domain::sealed::WrappedKey;
use domain::software::{Installation, Software};
use std::sync::{Arc, Mutex};
use testkit::builders;

/// Requests that were accepted, under their keys, and the jobs they became.
#[derive(Clone, Default)]
struct Accepted {
    keys: Arc<Mutex<Vec<(IdempotencyScope, IdempotencyRecord)>>>,
    jobs: Arc<Mutex<Vec<Job>>>,
}

/// A running environment that the API's stores know.
#[derive(Clone)]
pub(crate) struct Standing {
    environment: Environment,
    nodes: Vec<Node>,
    installations: Vec<Installation>,
    accepted: Accepted,
}

impl Standing {
    /// Makes the environment of every path known to the API, with its two nodes and this software.
    pub(crate) fn begin(api: &mut TestApi, software: &[Software]) -> Self {
        Self::begin_in(api, EnvironmentState::Running, software)
    }

    /// The same in another state.
    pub(crate) fn begin_in(
        api: &mut TestApi,
        state: EnvironmentState,
        software: &[Software],
    ) -> Self {
        let mut environment = api.environment("shop");
        environment.id = ENVIRONMENT.parse().expect("an id");
        environment.state = state;
        let node = |id: &str, number, layer| Node {
            id: id.parse().expect("an id"),
            ..builders::node(&*api.ids, number, layer)
        };
        environment.platform_appid = Some(PlatformAppId("app-1".to_owned()));
        let installed = software.iter();
        let installed =
            installed.map(|it| builders::installation(&*api.ids, &environment, it.clone()));
        let standing = Self {
            nodes: vec![node(NODE, 11, "cp"), node(OTHER_NODE, 12, "sqldb")],
            installations: installed.collect(),
            environment,
            accepted: Accepted::default(),
        };
        let shown = standing.details();
        api.read_model
            .expect_find_environment()
            .returning(move |team, id| {
                let is_it = shown.environment.team_id == team && shown.environment.id == id;
                Ok(is_it.then(|| shown.clone()))
            });
        let stored = standing.clone();
        let account = api.account();
        let (ids, team) = (Arc::clone(&api.ids), api.team);
        let mut unit_of_work = MockUnitOfWork::new();
        unit_of_work.expect_begin().returning(move |_| {
            let mut transaction = stored.transaction();
            rights_stay(&mut transaction, &ids, team);
            let account = account.clone();
            transaction
                .platform_accounts
                .expect_find_platform_account()
                .returning(move |_| Ok(Some(account.clone())));
            Ok(Box::new(transaction))
        });
        api.unit_of_work = Arc::new(unit_of_work);
        standing
    }

    /// Every path names a job about the environment that has failed.
    pub(crate) fn knows_a_failed_job(&self, api: &mut TestApi) {
        let environment = Some(self.environment.id);
        let mut job = builders::job(&*api.ids, api.team, JobKind::EnvironmentStop, environment);
        job.state = JobState::Failed;
        api.read_model.expect_find_job().returning(move |_, id| {
            let job = Job { id, ..job.clone() };
            Ok(Some(JobDetails {
                job,
                turn_holder: None,
                jobs_ahead: 0,
            }))
        });
    }

    /// The jobs that were accepted so far.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        self.accepted
            .jobs
            .lock()
            .expect("no panic while held")
            .clone()
    }

    fn details(&self) -> EnvironmentDetails {
        EnvironmentDetails {
            environment: self.environment.clone(),
            nodes: self.nodes.clone(),
            installations: self.installations.clone(),
        }
    }

    fn transaction(&self) -> MockTransaction {
        let mut transaction = MockTransaction::default();
        let environments = &mut transaction.environments;
        let found = self.environment.clone();
        environments
            .expect_find_environment()
            .returning(move |team, id| {
                Ok((found.team_id == team && found.id == id).then(|| found.clone()))
            });
        let installed = self.installations.clone();
        environments
            .expect_list_installations()
            .returning(move |_, _| Ok(installed.clone()));
        environments
            .expect_insert_environment()
            .returning(|_| Ok(()));
        environments
            .expect_update_environment()
            .returning(|_| Ok(()));
        transaction
            .jobs
            .expect_find_live_sync()
            .returning(|_| Ok(None));
        transaction
            .teams
            .expect_find_team_key()
            .returning(|_| Ok(Some(WrappedKey(b"wrapped".to_vec()))));
        let keys = Arc::clone(&self.accepted.keys);
        transaction
            .idempotency
            .expect_find_idempotency_record()
            .returning(move |scope| {
                let keys = keys.lock().expect("no panic while held");
                let found = keys.iter().find(|(known, _)| known == scope);
                Ok(found.map(|(_, record)| record.clone()))
            });
        let keys = Arc::clone(&self.accepted.keys);
        transaction
            .idempotency
            .expect_insert_idempotency_record()
            .returning(move |scope, record| {
                let entry = (scope.clone(), record.clone());
                keys.lock().expect("no panic while held").push(entry);
                Ok(())
            });
        let jobs = Arc::clone(&self.accepted.jobs);
        transaction.jobs.expect_find_job().returning(move |_, id| {
            let jobs = jobs.lock().expect("no panic while held");
            Ok(jobs.iter().find(|job| job.id == id).cloned())
        });
        let jobs = Arc::clone(&self.accepted.jobs);
        transaction
            .jobs
            .expect_enqueue_job()
            .returning(move |job, _| {
                jobs.lock().expect("no panic while held").push(job.clone());
                Ok(())
            });
        transaction
            .audit
            .expect_append_audit_event()
            .returning(|_| Ok(()));
        transaction
    }
}
