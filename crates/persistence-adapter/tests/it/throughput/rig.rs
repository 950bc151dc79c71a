//! A store with customers who ask for jobs, and workers who carry them out.

use super::counting;
use domain::access::RoleKind;
use domain::ids::{EnvironmentId, JobId, ProcessId, TeamId, UserId, UserSessionId};
use domain::ports::{
    ClaimedJob, JobQueue, ProcessRegistry, ReadModel, RetentionStore, StoreStatistics, UnitOfWork,
    WebhookQueue, new_id,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use testkit::contracts::Store;
use tokio::sync::{Notify, Semaphore, broadcast};
use tokio::task::JoinSet;

const TEAMS: usize = 64;
const ENVIRONMENTS_PER_TEAM: usize = 8;
/// Acceptance stays this far ahead of the workers at most.
const QUEUED_MAX: usize = 256;
/// How long a worker looks away when nobody wakes it.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// A team, and the person who asks for it.
#[derive(Clone)]
pub(super) struct Customer {
    pub(super) team: TeamId,
    pub(super) user: UserId,
    pub(super) session: UserSessionId,
    environments: Vec<EnvironmentId>,
}

/// How much goes on at once.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) producers: u32,
    pub(super) workers: usize,
    pub(super) claim_limit: u32,
    pub(super) jobs: u32,
}

/// A store at work.
#[derive(Clone)]
pub(super) struct Rig {
    pub(super) store: Store,
    pub(super) wake: Arc<Notify>,
    pub(super) notices: broadcast::Sender<JobId>,
    customers: Arc<Vec<Customer>>,
    finished: Arc<AtomicU32>,
    process: ProcessId,
}

impl Rig {
    pub(super) async fn new<T>(database: T) -> Self
    where
        T: UnitOfWork
            + JobQueue
            + ReadModel
            + ProcessRegistry
            + RetentionStore
            + WebhookQueue
            + StoreStatistics
            + 'static,
    {
        let store = Store::new(database);
        let mut customers = Vec::new();
        for _ in 0..TEAMS {
            let team = store.team().await.team_id;
            let user = store.member(team, RoleKind::Owner).await.id;
            let session = store.user_session(user).await.id;
            let environments = std::iter::repeat_with(|| new_id(&*store.ids));
            customers.push(Customer {
                team,
                user,
                session,
                environments: environments.take(ENVIRONMENTS_PER_TEAM).collect(),
            });
        }
        let process = store.process();
        Self {
            store,
            wake: Arc::default(),
            notices: broadcast::channel(1024).0,
            customers: Arc::new(customers),
            finished: Arc::default(),
            process,
        }
    }

    /// How many jobs came to their end, of all that were ever accepted here.
    pub(super) async fn count_finished(&self) -> u32 {
        assert!(
            self.store.claim(self.process, 1).await.is_empty(),
            "nothing is left over"
        );
        self.finished.load(Ordering::Relaxed)
    }

    /// Jobs per second, from the first request to the last end that is stored.
    pub(super) async fn run(&self, shape: Shape) -> u64 {
        let began = Instant::now();
        let ahead = Arc::new(Semaphore::new(QUEUED_MAX));
        let mut tasks = JoinSet::new();
        let next = Arc::new(AtomicU32::new(0));
        for _ in 0..shape.producers {
            let (rig, ahead, next) = (self.clone(), Arc::clone(&ahead), Arc::clone(&next));
            tasks.spawn(async move { rig.produce(shape.jobs, &next, &ahead).await });
        }
        self.work(shape, &ahead).await;
        while let Some(ended) = tasks.join_next().await {
            ended.expect("accepted");
        }
        counting::per_second(shape.jobs, began.elapsed())
    }

    async fn produce(&self, jobs: u32, next: &AtomicU32, ahead: &Semaphore) {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed) as usize;
            if number >= jobs as usize {
                return;
            }
            ahead.acquire().await.expect("open").forget();
            let customer = &self.customers[number % TEAMS];
            let environment = customer.environments[number / TEAMS % ENVIRONMENTS_PER_TEAM];
            self.accept(customer, environment).await;
        }
    }

    /// Claims what there is room for, as the worker does, until all jobs are done.
    async fn work(&self, shape: Shape, ahead: &Arc<Semaphore>) {
        let places = Arc::new(Semaphore::new(shape.workers));
        let until = self.finished.load(Ordering::Relaxed) + shape.jobs;
        let mut runs = JoinSet::new();
        while self.finished.load(Ordering::Relaxed) < until {
            while let Some(ended) = runs.try_join_next() {
                ended.expect("carried out");
            }
            let room = u32::try_from(places.available_permits()).expect("few");
            let limit = room.min(shape.claim_limit);
            let claimed = if limit == 0 {
                Vec::new()
            } else {
                self.store.claim(self.process, limit).await
            };
            let is_empty = claimed.is_empty();
            for job in claimed {
                let place = Arc::clone(&places).acquire_owned().await.expect("open");
                let (rig, ahead) = (self.clone(), Arc::clone(ahead));
                runs.spawn(async move {
                    rig.carry_out(&job).await;
                    rig.finished.fetch_add(1, Ordering::Relaxed);
                    ahead.add_permits(1);
                    drop(place);
                    rig.wake.notify_one();
                });
            }
            if is_empty {
                tokio::time::timeout(POLL_INTERVAL, self.wake.notified())
                    .await
                    .ok();
            }
        }
        while let Some(ended) = runs.join_next().await {
            ended.expect("carried out");
        }
    }

    /// How long jobs wait from their acceptance until they are claimed, while nothing else is going on.
    pub(super) async fn idle_waits(&self, samples: u32) -> Vec<Duration> {
        let mut waits = Vec::new();
        for number in 0..samples as usize {
            let rig = self.clone();
            let mut waiting = JoinSet::new();
            waiting.spawn(async move {
                loop {
                    rig.wake.notified().await;
                    let claimed = rig.store.claim(rig.process, 1).await.pop();
                    if let Some(claimed) = claimed {
                        return (claimed, Instant::now());
                    }
                }
            });
            let customer = &self.customers[number % TEAMS];
            self.accept(customer, customer.environments[0]).await;
            let accepted_at = Instant::now();
            let (claimed, claimed_at): (ClaimedJob, Instant) = waiting
                .join_next()
                .await
                .expect("one waits")
                .expect("claimed");
            waits.push(claimed_at.saturating_duration_since(accepted_at));
            self.carry_out(&claimed).await;
            self.finished.fetch_add(1, Ordering::Relaxed);
        }
        waits
    }

    /// How long claims of sixteen jobs take; what they claimed is finished.
    pub(super) async fn claim_times(&self, claims: u32) -> Vec<Duration> {
        let mut times = Vec::new();
        for _ in 0..claims {
            for customer in self.customers.iter().take(16) {
                self.accept(customer, customer.environments[1]).await;
            }
            let began = Instant::now();
            let claimed = self.store.claim(self.process, 16).await;
            times.push(began.elapsed());
            assert_eq!(claimed.len(), 16);
            for job in &claimed {
                self.carry_out(job).await;
            }
        }
        times
    }
}
