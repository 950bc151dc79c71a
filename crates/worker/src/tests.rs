use super::active_runs::ActiveRun;
use super::{Worker, WorkerSettings};
use application::CredentialCustody;
use application::workflows::{Lease, WorkflowCatalog, WorkflowRunner, WorkflowSettings};
use async_trait::async_trait;
use domain::access::Principal;
use domain::ids::{EntityId, JobId, ProcessId, TeamId};
use domain::job::{EncodedData, Job, JobEvent, JobKind, JobProgress, JobState, WaitReason};
use domain::limits;
use domain::ports::{
    ClaimedJob, Clock, HoldError, Instant, JobHold, MockEventBus, MockHostingPlatform,
    MockIdSource, MockJobQueue, MockReadModel, MockSecretVault, MockTeamLock, MockTransaction,
    MockUnitOfWork, StoreError, WakeUp,
};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The clock of the runtime, which these tests pause: time moves only when everybody waits.
struct RuntimeClock(tokio::time::Instant);

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
struct StandingClock(Mutex<Duration>);

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
struct CountingWakeUp {
    notify: Notify,
    waits: AtomicUsize,
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

fn process() -> ProcessId {
    ProcessId::from_uuid(Uuid::from_u128(1))
}

fn team() -> TeamId {
    TeamId::from_uuid(Uuid::from_u128(2))
}

fn job_id(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

fn hold(number: u128, fence: i64) -> JobHold {
    JobHold {
        job_id: job_id(number),
        team_id: team(),
        process_id: process(),
        fence,
    }
}

/// A job that runs at most to its first transaction: the reads of its steps are not mocked.
fn claimed(number: u128) -> ClaimedJob {
    ClaimedJob {
        hold: hold(number, 1),
        job: Job {
            id: job_id(number),
            team_id: team(),
            kind: JobKind::AddonInstall,
            kind_version: 1,
            state: JobState::Running,
            environment_id: None,
            principal: Principal::System,
            payload: EncodedData(r#"{"addon":"sftp"}"#.to_owned()),
            progress: JobProgress::default(),
            waiting_for: None,
            failure: None,
            is_cancel_requested: false,
            retry_of: None,
            created_at: Timestamp::from_second(1_800_000_000).unwrap(),
            started_at: None,
            finished_at: None,
            log_sequence: 0,
            version: 1,
        },
        turns: Vec::new(),
        deaths: 0,
    }
}

/// Jobs that are due, and how the runs of this process find their journals.
struct Queue {
    due: Mutex<VecDeque<ClaimedJob>>,
    limits: Mutex<Vec<u32>>,
    expired: AtomicUsize,
    /// How many runs are at their journal, and how many may pass.
    arrived: AtomicU32,
    gate: tokio::sync::Semaphore,
}

impl Queue {
    fn with(jobs: Vec<ClaimedJob>) -> Arc<Self> {
        Arc::new(Self {
            due: Mutex::new(jobs.into()),
            limits: Mutex::default(),
            expired: AtomicUsize::new(0),
            arrived: AtomicU32::new(0),
            gate: tokio::sync::Semaphore::new(0),
        })
    }

    fn claims(&self) -> Vec<u32> {
        self.limits.lock().unwrap().clone()
    }
}

/// A queue whose runs wait at the gate before they read their journals.
struct GatedQueue(Arc<Queue>, MockJobQueue);

#[async_trait]
impl domain::ports::JobQueue for GatedQueue {
    async fn claim_jobs(
        &self,
        request: &domain::ports::ClaimRequest,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        assert_eq!(request.process_id, process());
        self.0.limits.lock().unwrap().push(request.limit);
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

    async fn expire_leases_of(&self, expired: ProcessId) -> Result<(), StoreError> {
        assert_eq!(expired, process());
        self.0.expired.fetch_add(1, Ordering::SeqCst);
        Ok(())
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
fn quiet() -> MockJobQueue {
    let mut mock = MockJobQueue::new();
    mock.expect_load_journal().returning(|_| Ok(Vec::new()));
    mock.expect_renew_leases()
        .returning(|_, jobs| Ok(jobs.iter().map(|job| (*job, 1)).collect()));
    mock.expect_next_due_in().returning(|| Ok(None));
    mock
}

/// What the runs of a worker gave back, in order.
type GivenBack = Arc<Mutex<Vec<(JobId, WaitReason)>>>;

fn runner(queue: Arc<dyn domain::ports::JobQueue>, given_back: &GivenBack) -> WorkflowRunner {
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
    let mut events = MockEventBus::new();
    events.expect_publish().return_const(());
    WorkflowRunner {
        unit_of_work: Arc::new(unit_of_work),
        job_queue: queue,
        read_model: Arc::new(read_model),
        platform: Arc::new(MockHostingPlatform::new()),
        custody: CredentialCustody::new(Arc::new(MockSecretVault::new())),
        team_lock: Arc::new(MockTeamLock::new()),
        events: Arc::new(events),
        ids: Arc::new(MockIdSource::new()),
        clock: Arc::new(RuntimeClock(tokio::time::Instant::now())),
        settings: WorkflowSettings::default(),
    }
}

struct Shop {
    worker: Worker,
    queue: Arc<Queue>,
    wake_up: Arc<CountingWakeUp>,
    given_back: GivenBack,
}

/// A worker with room for `concurrency` jobs.
fn shop(concurrency: u32, jobs: Vec<ClaimedJob>, mock: MockJobQueue) -> Shop {
    let queue = Queue::with(jobs);
    let gated = Arc::new(GatedQueue(Arc::clone(&queue), mock));
    let wake_up: Arc<CountingWakeUp> = Arc::default();
    let given_back = GivenBack::default();
    let settings = WorkerSettings {
        concurrency,
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
    async fn open_for(&self, time: Duration, at_closing: impl FnOnce()) {
        let shutdown = CancellationToken::new();
        let close = async {
            tokio::time::sleep(time).await;
            at_closing();
            shutdown.cancel();
        };
        tokio::join!(self.worker.clone().run(shutdown.clone()), close);
    }

    fn arrived(&self) -> u32 {
        self.queue.arrived.load(Ordering::SeqCst)
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_is_claimed_than_there_is_room_for() {
    let shop = shop(2, (10..15).map(claimed).collect(), quiet());
    let queue = Arc::clone(&shop.queue);
    let release = || queue.gate.add_permits(5);
    shop.open_for(Duration::from_secs(3), release).await;
    assert_eq!(shop.arrived(), 2, "both places stay taken");
    assert_eq!(shop.queue.claims(), [2], "a full worker does not ask");
}

#[tokio::test(start_paused = true)]
async fn a_place_that_becomes_free_is_taken_at_once() {
    let shop = shop(2, (10..15).map(claimed).collect(), quiet());
    shop.queue.gate.add_permits(5);
    // Far less than the poll interval.
    shop.open_for(Duration::from_millis(5), || {}).await;
    assert_eq!(shop.arrived(), 5);
    assert!(shop.queue.claims().iter().all(|limit| *limit <= 2));
    let expected = (10..15).map(|number| (job_id(number), WaitReason::Reauthentication));
    let given_back = shop.given_back.lock().unwrap();
    assert!(
        expected.clone().all(|one| given_back.contains(&one)),
        "{given_back:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_due_job_that_cannot_be_claimed_does_not_make_the_worker_spin() {
    let mut mock = MockJobQueue::new();
    mock.expect_next_due_in()
        .returning(|| Ok(Some(Duration::ZERO)));
    let shop = shop(2, Vec::new(), mock);
    shop.open_for(Duration::from_secs(1), || {}).await;
    let claims = shop.queue.claims().len();
    assert!((2..=52).contains(&claims), "{claims} claims in a second");
    assert_eq!(shop.wake_up.waits.load(Ordering::SeqCst), claims);
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_asks_as_often_as_the_poll_interval_says_even_without_a_store() {
    let mut mock = MockJobQueue::new();
    mock.expect_next_due_in()
        .returning(|| Err(StoreError::Busy));
    let shop = shop(2, Vec::new(), mock);
    shop.open_for(Duration::from_millis(3_500), || {}).await;
    assert_eq!(shop.queue.claims().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_panics_or_loses_its_hold_stops_no_other() {
    let jobs = vec![claimed(666), claimed(667), claimed(10)];
    let shop = shop(3, jobs, quiet());
    shop.queue.gate.add_permits(3);
    shop.open_for(Duration::from_secs(2), || {}).await;
    let expected = [(job_id(10), WaitReason::Reauthentication)];
    assert_eq!(*shop.given_back.lock().unwrap(), expected);
    // Their places are free again: the worker asked for three more.
    assert_eq!(shop.queue.claims().last(), Some(&3));
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_running_jobs_are_handed_over_before_the_leases_end() {
    let shop = shop(2, vec![claimed(10), claimed(11)], quiet());
    let queue = Arc::clone(&shop.queue);
    let meanwhile = tokio::time::Instant::now();
    shop.open_for(Duration::from_secs(1), move || {
        assert_eq!(queue.expired.load(Ordering::SeqCst), 0);
        // They reach their boundary only after the stop was asked for.
        queue.gate.add_permits(2);
    })
    .await;
    let mut given_back = shop.given_back.lock().unwrap().clone();
    given_back.sort_by_key(|(job, _)| *job);
    let expected = [
        (job_id(10), WaitReason::Handover),
        (job_id(11), WaitReason::Handover),
    ];
    assert_eq!(given_back, expected);
    assert_eq!(shop.queue.expired.load(Ordering::SeqCst), 1);
    assert_eq!(meanwhile.elapsed(), Duration::from_secs(1), "no drain time");
}

#[tokio::test(start_paused = true)]
async fn what_is_still_in_a_call_after_the_drain_time_is_left_to_its_lease() {
    let shop = shop(2, vec![claimed(10)], quiet());
    let start = tokio::time::Instant::now();
    shop.open_for(Duration::from_secs(1), || {}).await;
    assert_eq!(start.elapsed(), Duration::from_secs(6));
    assert_eq!(shop.queue.expired.load(Ordering::SeqCst), 1);
    assert!(shop.given_back.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_claimed_while_shutting_down_is_handed_over_too() {
    let shop = shop(2, vec![claimed(10)], quiet());
    shop.queue.gate.add_permits(1);
    let shutdown = CancellationToken::new();
    shutdown.cancel();
    shop.worker.clone().run(shutdown).await;
    let expected = [(job_id(10), WaitReason::Handover)];
    assert_eq!(*shop.given_back.lock().unwrap(), expected);
}

fn active(worker: &Worker, hold: JobHold) -> Arc<Lease> {
    let lease: Arc<Lease> = Arc::default();
    lease.renewed_until(worker.clock.instant().plus(limits::JOB_LEASE));
    worker.active.add(ActiveRun {
        hold,
        lease: Arc::clone(&lease),
        claimed_at: worker.clock.instant(),
    });
    lease
}

fn left(worker: &Worker, lease: &Lease) -> Duration {
    lease.left(worker.clock.instant())
}

#[tokio::test(start_paused = true)]
async fn one_beat_renews_all_leases_and_marks_those_that_were_taken_over() {
    let mut mock = MockJobQueue::new();
    // Of three jobs one is held still, one was taken over, one was claimed anew by somebody.
    mock.expect_renew_leases()
        .times(1)
        .withf(|renewing, jobs| *renewing == process() && jobs.len() == 3)
        .returning(|_, _| Ok(vec![(job_id(10), 1), (job_id(12), 2)]));
    let shop = shop(4, Vec::new(), mock);
    let leases = [10, 11, 12].map(|number| active(&shop.worker, hold(number, 1)));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    let lost = leases.each_ref().map(|lease| lease.is_lost());
    assert_eq!(lost, [false, true, true]);
    assert_eq!(left(&shop.worker, &leases[0]), limits::JOB_LEASE);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_claimed_or_ended_during_the_beat_is_not_taken_for_lost() {
    let late: Arc<Mutex<Option<(Worker, Arc<Lease>)>>> = Arc::default();
    let during = Arc::clone(&late);
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases()
        .times(1)
        .returning(move |_, jobs| {
            assert_eq!(jobs, [job_id(10)]);
            let mut late = during.lock().unwrap();
            let (worker, lease) = late.as_mut().unwrap();
            worker.active.remove(&hold(10, 1));
            *lease = active(worker, hold(11, 1));
            Ok(Vec::new())
        });
    let shop = shop(4, Vec::new(), mock);
    let ended = active(&shop.worker, hold(10, 1));
    *late.lock().unwrap() = Some((shop.worker.clone(), Arc::default()));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    let (_, claimed_late) = late.lock().unwrap().take().unwrap();
    assert!(!claimed_late.is_lost());
    assert!(!ended.is_lost(), "it gave its job back itself");
}

#[tokio::test(start_paused = true)]
async fn a_beat_without_answer_renews_nothing_and_condemns_nobody() {
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases()
        .returning(|_, _| Err(StoreError::Busy));
    let shop = shop(4, Vec::new(), mock);
    let lease = active(&shop.worker, hold(10, 1));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    assert!(!lease.is_lost());
    let expected = limits::JOB_LEASE.saturating_sub(limits::JOB_HEARTBEAT);
    assert_eq!(left(&shop.worker, &lease), expected);
}

#[tokio::test(start_paused = true)]
async fn the_lease_counts_from_before_the_renewal_was_sent() {
    let clock: Arc<StandingClock> = Arc::default();
    let answering = Arc::clone(&clock);
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases().returning(move |_, _| {
        // The store takes a second to answer.
        *answering.0.lock().unwrap() += Duration::from_secs(1);
        Ok(vec![(job_id(10), 1)])
    });
    let mut shop = shop(4, Vec::new(), mock);
    shop.worker.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    let lease = active(&shop.worker, hold(10, 1));
    *clock.0.lock().unwrap() += limits::JOB_HEARTBEAT;
    shop.worker.beat().await;
    let expected = limits::JOB_LEASE.saturating_sub(Duration::from_secs(1));
    assert_eq!(left(&shop.worker, &lease), expected);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_comes_back_under_a_new_fence_ends_the_older_run() {
    let shop = shop(4, Vec::new(), MockJobQueue::new());
    let older = active(&shop.worker, hold(10, 1));
    let newer = active(&shop.worker, hold(10, 2));
    assert!(older.is_lost() && !newer.is_lost());
    // The older one's end does not take the newer one's place away.
    shop.worker.active.remove(&hold(10, 1));
    assert!(shop.worker.active.is_current(&hold(10, 2)));
    assert_eq!(shop.worker.active.len(), 1);
    shop.worker.active.remove(&hold(10, 2));
    assert!(shop.worker.active.is_empty());
}
