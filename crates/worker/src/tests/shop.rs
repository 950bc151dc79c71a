//! A worker on a queue whose runs wait at a gate, in a runtime whose time stands.

use crate::{Worker, WorkerSettings};
use application::CredentialCustody;
use application::workflows::{WorkflowCatalog, WorkflowRunner, WorkflowSettings};
use async_trait::async_trait;
use domain::access::{PermissionSet, Principal};
use domain::ids::{EntityId, EnvironmentId, JobId, ProcessId, TeamId};
use domain::job::{EncodedData, Job, JobEvent, JobKind, JobProgress, JobState, WaitReason};
use domain::ports::{
    ClaimRequest, ClaimedJob, Clock, HoldError, Instant, JobHold, JobRooms, MockEventBus,
    MockHostingPlatform, MockIdSource, MockJobQueue, MockObserver, MockReadModel, MockSecretVault,
    MockTeamLock, MockTransaction, MockUnitOfWork, StoreError, WakeUp,
};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The clock of the runtime, which these tests pause: time moves only when everybody waits.
pub(super) struct RuntimeClock(tokio::time::Instant);

#[async_trait]
impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        let beginning = Timestamp::from_second(1_800_000_000).unwrap();
        beginning.checked_add(self.0.elapsed()).unwrap()
    }

    fn instant(&self) -> Instant {
        Instant(self.0.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A clock that stands until it is moved, for what happens while a mock answers.
#[derive(Default)]
pub(super) struct StandingClock(pub(super) Mutex<Duration>);

#[async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn instant(&self) -> Instant {
        Instant(*self.0.lock().unwrap())
    }

    async fn sleep(&self, _duration: Duration) {
        unreachable!("nobody sleeps on it");
    }
}

/// Wakes waiting workers, and counts the waits.
#[derive(Default)]
pub(super) struct CountingWakeUp {
    pub(super) notify: Notify,
    pub(super) waits: AtomicUsize,
}

#[async_trait]
impl WakeUp for CountingWakeUp {
    async fn wake(&self) {
        self.notify.notify_one();
    }

    async fn wait(&self, at_most: Duration) {
        self.waits.fetch_add(1, Ordering::SeqCst);
        tokio::select! {
            () = self.notify.notified() => {}
            () = tokio::time::sleep(at_most) => {}
        }
    }
}

pub(super) fn process() -> ProcessId {
    ProcessId::from_uuid(Uuid::from_u128(1))
}

pub(super) fn team() -> TeamId {
    TeamId::from_uuid(Uuid::from_u128(2))
}

pub(super) fn job_id(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn hold(number: u128, fence: i64) -> JobHold {
    JobHold {
        job_id: job_id(number),
        team_id: team(),
        process_id: process(),
        fence,
    }
}

/// A job that runs at most to its first transaction: the reads of its steps are not mocked.
pub(super) fn claimed(number: u128) -> ClaimedJob {
    ClaimedJob {
        hold: hold(number, 1),
        job: Job {
            id: job_id(number),
            team_id: team(),
            kind: JobKind::AddonInstall,
            kind_version: 1,
            state: JobState::Running,
            environment_id: Some(EnvironmentId::from_uuid(Uuid::from_u128(3))),
            principal: Principal::System,
            required_permissions: PermissionSet::NONE,
            payload: EncodedData(r#"{"addon":"sftp"}"#.to_owned()),
            progress: JobProgress::default(),
            waiting_for: None,
            failure: None,
            is_cancel_requested: false,
            attention: None,
            retry_of: None,
            trace_parent: None,
            created_at: Timestamp::from_second(1_800_000_000).unwrap(),
            started_at: None,
            finished_at: None,
            log_sequence: 0,
            version: 1,
        },
        turns: Vec::new(),
        deaths: 0,
        taken_over_after: None,
    }
}

/// Jobs that are due, and how the runs of this process find their journals.
pub(super) struct Queue {
    pub(super) due: Mutex<VecDeque<ClaimedJob>>,
    pub(super) requests: Mutex<Vec<ClaimRequest>>,
    pub(super) expired: AtomicUsize,
    /// What was kept each time that leases were given back.
    pub(super) kept: Mutex<Vec<Vec<JobId>>>,
    /// How many claims are not answered, after the first one.
    pub(super) unheard: AtomicUsize,
    /// How many runs are at their journal, and how many may pass.
    pub(super) arrived: AtomicU32,
    pub(super) gate: tokio::sync::Semaphore,
}

impl Queue {
    pub(super) fn with(jobs: Vec<ClaimedJob>) -> Arc<Self> {
        Arc::new(Self {
            due: Mutex::new(jobs.into()),
            requests: Mutex::default(),
            expired: AtomicUsize::new(0),
            kept: Mutex::default(),
            unheard: AtomicUsize::new(0),
            arrived: AtomicU32::new(0),
            gate: tokio::sync::Semaphore::new(0),
        })
    }

    pub(super) fn claims(&self) -> Vec<u32> {
        let requests = self.requests.lock().unwrap();
        requests.iter().map(|request| request.limit).collect()
    }
}

/// A queue whose runs wait at the gate before they read their journals.
pub(super) struct GatedQueue(Arc<Queue>, MockJobQueue);

#[async_trait]
impl domain::ports::JobQueue for GatedQueue {
    async fn claim_jobs(&self, request: &ClaimRequest) -> Result<Vec<ClaimedJob>, StoreError> {
        assert_eq!(request.process_id, process());
        self.0.requests.lock().unwrap().push(request.clone());
        let is_first = self.0.requests.lock().unwrap().len() == 1;
        let unheard = &self.0.unheard;
        if !is_first && unheard.load(Ordering::SeqCst) > 0 {
            unheard.fetch_sub(1, Ordering::SeqCst);
            return Err(StoreError::Busy);
        }
        let mut due = self.0.due.lock().unwrap();
        let count = due.len().min(request.limit as usize);
        Ok(due.drain(..count).collect())
    }

    async fn renew_leases(
        &self,
        process: ProcessId,
        jobs: &[JobId],
    ) -> Result<Vec<(JobId, i64)>, StoreError> {
        self.1.renew_leases(process, jobs).await
    }

    async fn expire_leases_of(
        &self,
        expired: ProcessId,
        running: &[JobId],
    ) -> Result<(), StoreError> {
        assert_eq!(expired, process());
        self.0.expired.fetch_add(1, Ordering::SeqCst);
        self.0.kept.lock().unwrap().push(running.to_vec());
        Ok(())
    }

    async fn hand_back(&self, hold: &JobHold, after: Duration) -> Result<(), StoreError> {
        self.1.hand_back(hold, after).await
    }

    async fn expire_all_leases(&self) -> Result<(), StoreError> {
        unreachable!("only an embedded store does that, before any worker runs")
    }

    async fn load_journal(
        &self,
        job: JobId,
    ) -> Result<Vec<domain::job::journal::StepAttempt>, StoreError> {
        self.0.arrived.fetch_add(1, Ordering::SeqCst);
        self.0.gate.acquire().await.unwrap().forget();
        // Not in a mock: a panic there would poison it for the other runs.
        assert_ne!(job, job_id(666), "this run is meant to go wrong");
        self.1.load_journal(job).await
    }

    async fn next_due_in(&self) -> Result<Option<Duration>, StoreError> {
        self.1.next_due_in().await
    }
}

/// Journals are empty, leases are renewed, nothing is due.
pub(super) fn quiet() -> MockJobQueue {
    let mut mock = MockJobQueue::new();
    mock.expect_load_journal().returning(|_| Ok(Vec::new()));
    mock.expect_renew_leases()
        .returning(|_, jobs| Ok(jobs.iter().map(|job| (*job, 1)).collect()));
    mock.expect_next_due_in().returning(|| Ok(None));
    mock
}

/// What the runs of a worker gave back, in order.
pub(super) type GivenBack = Arc<Mutex<Vec<(JobId, WaitReason)>>>;

pub(super) fn runner(
    queue: Arc<dyn domain::ports::JobQueue>,
    given_back: &GivenBack,
) -> WorkflowRunner {
    let mut unit_of_work = MockUnitOfWork::new();
    let written = Arc::clone(given_back);
    unit_of_work.expect_begin_held().returning(move |hold| {
        if hold.job_id == job_id(667) {
            return Err(HoldError::Lost);
        }
        let (job, written) = (hold.job_id, Arc::clone(&written));
        let mut transaction = MockTransaction::default();
        transaction
            .journal
            .expect_give_back()
            .returning(move |event, reason, _| {
                assert!(matches!(event, JobEvent::Parked | JobEvent::Released));
                written.lock().unwrap().push((job, reason));
                Ok(())
            });
        Ok(Box::new(transaction))
    });
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_platform_account()
        .returning(|_| Ok(None));
    read_model
        .expect_find_environment()
        .returning(|_, _| Ok(None));
    read_model
        .expect_find_pauses_of_team()
        .returning(|_| Ok(domain::pause::TeamPauses::default()));
    let mut events = MockEventBus::new();
    events.expect_publish().return_const(());
    WorkflowRunner {
        unit_of_work: Arc::new(unit_of_work),
        job_queue: queue,
        read_model: Arc::new(read_model),
        platform: Arc::new(MockHostingPlatform::default()),
        custody: CredentialCustody::new(Arc::new(MockSecretVault::new())),
        team_lock: Arc::new(MockTeamLock::new()),
        events: Arc::new(events),
        ids: Arc::new(MockIdSource::new()),
        clock: Arc::new(RuntimeClock(tokio::time::Instant::now())),
        observer: Arc::new(MockObserver::default()),
        settings: WorkflowSettings::default(),
    }
}

pub(super) struct Shop {
    pub(super) worker: Worker,
    pub(super) queue: Arc<Queue>,
    pub(super) wake_up: Arc<CountingWakeUp>,
    pub(super) given_back: GivenBack,
}

/// A worker with room for `concurrency` jobs.
pub(super) fn shop(concurrency: u32, jobs: Vec<ClaimedJob>, mock: MockJobQueue) -> Shop {
    shop_of_places(concurrency, concurrency, jobs, mock)
}

/// The same, where jobs of the background take `background` of its places at most.
pub(super) fn shop_of_places(
    concurrency: u32,
    background: u32,
    jobs: Vec<ClaimedJob>,
    mock: MockJobQueue,
) -> Shop {
    let queue = Queue::with(jobs);
    let gated = Arc::new(GatedQueue(Arc::clone(&queue), mock));
    let wake_up: Arc<CountingWakeUp> = Arc::default();
    let given_back = GivenBack::default();
    let settings = WorkerSettings {
        concurrency,
        background,
        rooms: JobRooms {
            per_platform: NonZeroU32::MAX,
            per_team: NonZeroU32::MAX,
        },
        poll_interval: Duration::from_secs(1),
        drain_timeout: Duration::from_secs(5),
        kinds: WorkflowCatalog::runnable_kinds(),
    };
    let worker = Worker::new(
        process(),
        Arc::clone(&gated) as Arc<dyn domain::ports::JobQueue>,
        Arc::clone(&wake_up) as Arc<dyn WakeUp>,
        Arc::new(RuntimeClock(tokio::time::Instant::now())),
        runner(gated, &given_back),
        settings,
    );
    Shop {
        worker,
        queue,
        wake_up,
        given_back,
    }
}

impl Shop {
    /// Runs the worker for a while, lets `meanwhile` happen, and shuts it down.
    pub(super) async fn open_for(&self, time: Duration, at_closing: impl FnOnce()) {
        let shutdown = CancellationToken::new();
        let close = async {
            tokio::time::sleep(time).await;
            at_closing();
            shutdown.cancel();
        };
        tokio::join!(self.worker.clone().run(shutdown.clone()), close);
    }

    pub(super) fn arrived(&self) -> u32 {
        self.queue.arrived.load(Ordering::SeqCst)
    }
}
