//! The store under test, with the steps that most behaviours begin with.

use crate::builders;
use crate::ids::SequentialIds;
use domain::access::{Permission, Role, RoleKind};
use domain::api_token::ApiToken;
use domain::environment::Environment;
use domain::ids::{JobId, ProcessId, RoleId, TeamId, UserId};
use domain::job::{Job, JobEvent, JobKind};
use domain::names::PlatformName;
use domain::page::{Page, PageRequest};
use domain::people::{User, UserSession};
use domain::platform_account::PlatformAccount;
use domain::ports::{
    ClaimRequest, ClaimedJob, HeldTransaction, JobHold, JobQueue, JobRooms, ProcessRegistry,
    ReadModel, RetentionStore, StoreError, StoreStatistics, Transaction, UnitOfWork, WebhookQueue,
    WritePriority, new_id,
};
use domain::team::Membership;
use domain::turn::TurnScope;
use std::num::NonZeroU32;
use std::sync::Arc;

/// An empty store behind its ports.
#[derive(Clone)]
pub struct Store {
    /// Transactions.
    pub unit_of_work: Arc<dyn UnitOfWork>,
    /// The queue.
    pub job_queue: Arc<dyn JobQueue>,
    /// Reads.
    pub read_model: Arc<dyn ReadModel>,
    /// Removing what is old.
    pub retention: Arc<dyn RetentionStore>,
    /// Webhooks that are to be served.
    pub webhooks: Arc<dyn WebhookQueue>,
    /// Figures about it all.
    pub statistics: Arc<dyn StoreStatistics>,
    /// Processes.
    pub processes: Arc<dyn ProcessRegistry>,
    /// Identifiers.
    pub ids: Arc<SequentialIds>,
}

impl Store {
    /// A store that implements all the ports with one type.
    pub fn new<T>(store: T) -> Self
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
        let store = Arc::new(store);
        Self {
            unit_of_work: store.clone(),
            job_queue: store.clone(),
            read_model: store.clone(),
            retention: store.clone(),
            webhooks: store.clone(),
            statistics: store.clone(),
            processes: store,
            ids: Arc::default(),
        }
    }

    /// An interactive transaction.
    pub async fn begin(&self) -> Box<dyn Transaction> {
        let begun = self.unit_of_work.begin(WritePriority::Interactive).await;
        begun.expect("a transaction begins")
    }

    /// A transaction of the job's holder.
    pub async fn begin_held(&self, hold: &JobHold) -> Box<dyn HeldTransaction> {
        let begun = self.unit_of_work.begin_held(hold).await;
        begun.expect("the job is held")
    }

    /// Does something in a transaction of its own and commits it.
    pub async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut dyn Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut transaction = self.begin().await;
        let result = work(&mut *transaction).await?;
        transaction.commit().await.expect("committed");
        Ok(result)
    }

    /// A stored person who may sign in.
    pub async fn person(&self) -> User {
        let user = builders::user(&*self.ids);
        let key = builders::wrapped_key();
        self.write(async |transaction| transaction.people().insert_user(&user, &key).await)
            .await
            .expect("a new person");
        user
    }

    /// The built-in role of the team.
    pub async fn built_in_role(&self, team: TeamId, kind: RoleKind) -> Role {
        let mut transaction = self.begin().await;
        let found = transaction.roles().find_built_in_role(team, kind).await;
        found.expect("read").expect("every team has the role")
    }

    /// A stored person with the built-in role in the team.
    pub async fn member(&self, team: TeamId, kind: RoleKind) -> User {
        let user = self.person().await;
        let role = self.built_in_role(team, kind).await;
        self.join(team, user.id, role.id)
            .await
            .expect("a new member");
        user
    }

    /// Makes the person a member.
    pub async fn join(&self, team: TeamId, user: UserId, role: RoleId) -> Result<(), StoreError> {
        let membership = Membership {
            team_id: team,
            user_id: user,
            role_id: role,
            joined_at: builders::moment(),
        };
        self.write(async |transaction| {
            transaction
                .memberships()
                .insert_membership(&membership)
                .await
        })
        .await
    }

    /// A stored session of the person.
    pub async fn user_session(&self, user: UserId) -> UserSession {
        let session = builders::user_session(&*self.ids, user);
        self.write(async |transaction| {
            transaction
                .user_sessions()
                .insert_user_session(&session)
                .await
        })
        .await
        .expect("a new session");
        session
    }

    /// A stored token of the person for the team.
    pub async fn api_token(&self, team: TeamId, user: UserId) -> ApiToken {
        let token = builders::api_token(&*self.ids, team, user);
        self.write(async |transaction| transaction.api_tokens().insert_api_token(&token).await)
            .await
            .expect("a new token");
        token
    }

    /// A stored team with a stored account.
    pub async fn team(&self) -> PlatformAccount {
        self.team_on("example-platform").await
    }

    /// A stored team with a connected account of the platform.
    pub async fn team_on(&self, platform: &str) -> PlatformAccount {
        let team = builders::team(&*self.ids);
        let platform = PlatformName::parse(platform).expect("the name is valid");
        let account = PlatformAccount {
            platform,
            ..builders::platform_account(&*self.ids, team.id)
        };
        let mut transaction = self.begin().await;
        transaction
            .teams()
            .insert_team(
                &team,
                &builders::wrapped_key(),
                &builders::built_in_role_ids(&*self.ids),
            )
            .await
            .expect("a new team");
        transaction
            .platform_accounts()
            .insert_platform_account(&account)
            .await
            .expect("a new account");
        transaction.commit().await.expect("committed");
        account
    }

    /// A stored environment of the account.
    pub async fn environment(&self, account: &PlatformAccount, name: &str) -> Environment {
        let environment = builders::environment(&*self.ids, account, name);
        let mut transaction = self.begin().await;
        transaction
            .environments()
            .insert_environment(&environment)
            .await
            .expect("a new environment");
        transaction.commit().await.expect("committed");
        environment
    }

    /// An accepted job that needs these turns.
    pub async fn enqueue(&self, team: TeamId, turns: &[TurnScope]) -> Job {
        self.enqueue_kind(JobKind::EnvironmentProvision, team, turns)
            .await
    }

    /// Accepts a job of the kind.
    pub async fn enqueue_kind(&self, kind: JobKind, team: TeamId, turns: &[TurnScope]) -> Job {
        let environment = turns.iter().find_map(|scope| match scope {
            TurnScope::Environment(id) => Some(*id),
            TurnScope::Team(_) => None,
        });
        let mut job = builders::job(&*self.ids, team, kind, environment);
        let demanded = [Permission::EnvironmentCreate, Permission::AddonInstall];
        job.required_permissions = demanded.into_iter().collect();
        let mut transaction = self.begin().await;
        transaction
            .jobs()
            .enqueue_job(&job, turns)
            .await
            .expect("accepted");
        transaction.commit().await.expect("committed");
        job
    }

    /// A process that is not registered anywhere.
    pub fn process(&self) -> ProcessId {
        new_id(&*self.ids)
    }

    /// Claims at most that many jobs of all kinds.
    pub async fn claim(&self, process: ProcessId, limit: u32) -> Vec<ClaimedJob> {
        let claimed = self
            .job_queue
            .claim_jobs(&claim_request(process, limit))
            .await;
        claimed.expect("the queue answers")
    }

    /// Claims one job; panics when there is none.
    pub async fn claim_one(&self, process: ProcessId) -> ClaimedJob {
        let claimed = self.claim(process, 1).await.pop();
        claimed.expect("a job can be claimed")
    }

    /// Accepts a job without turns and claims it.
    pub async fn running_job(&self) -> JobHold {
        let account = self.team().await;
        self.enqueue(account.team_id, &[]).await;
        self.claim_one(self.process()).await.hold
    }

    /// Brings the job to rest.
    pub async fn finish(&self, hold: &JobHold, event: JobEvent) {
        let mut transaction = self.begin_held(hold).await;
        transaction
            .journal()
            .come_to_rest(event)
            .await
            .expect("the event is possible");
        transaction.commit().await.expect("committed");
    }

    /// The job as readers see it.
    pub async fn job(&self, hold: &JobHold) -> Job {
        let found = self.read_model.find_job(hold.team_id, hold.job_id).await;
        found.expect("the store answers").expect("the job").job
    }
}

/// The jobs, in order.
pub(super) fn job_ids(claimed: &[ClaimedJob]) -> Vec<JobId> {
    claimed.iter().map(|claimed| claimed.hold.job_id).collect()
}

/// The hold of the job among those claimed.
pub(super) fn hold_of(claimed: &[ClaimedJob], job: JobId) -> JobHold {
    let found = claimed.iter().find(|claimed| claimed.hold.job_id == job);
    found.expect("the job was claimed").hold
}

/// Reads all pages of a list, two items at a time.
pub(super) async fn all_pages<Item, Position: Copy>(
    list: impl AsyncFn(PageRequest<Position>) -> Result<Page<Item, Position>, StoreError>,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut after = None;
    loop {
        let page = list(PageRequest::new(2, after)).await.expect("read");
        assert!(page.items.len() <= 2);
        items.extend(page.items);
        after = page.next_after;
        if after.is_none() {
            return items;
        }
    }
}

/// A claim of every kind, with room for all.
pub(super) fn claim_request(process: ProcessId, limit: u32) -> ClaimRequest {
    let kinds = JobKind::ALL.iter();
    ClaimRequest {
        process_id: process,
        kinds: kinds.map(|kind| (*kind, kind.version())).collect(),
        limit,
        background_limit: limit,
        rooms: JobRooms {
            per_platform: NonZeroU32::MAX,
            per_team: NonZeroU32::MAX,
        },
    }
}
