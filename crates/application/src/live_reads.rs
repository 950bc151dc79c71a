//! Reads that only the platform can answer: the few that people wait for. They have places of their own and little
//! time, so that a silent platform does not fill the house with people who wait for it.

use crate::UseCaseError;
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, NodeId, TeamId};
use domain::names::ShortDomain;
use domain::platform_account::{PlatformAccountRef, PlatformAccountState};
use domain::ports::{
    Clock, EnvironmentDetails, HostingPlatform, Observation, Observer, PlatformReadError,
    RateLimiter, ReadModel, Refusal, RefusalClass,
};
use domain::rate_limit::{RateDemand, RatePolicy, RateScope};
use futures::future::{Either, select};
use std::future::Future;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

mod shared_answers;
#[cfg(test)]
mod tests;

pub(crate) use shared_answers::SharedAnswers;

/// Reads of one process that wait for the platform at once; more are refused at once.
const PLACES: usize = 16;
/// No answer after that is no answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// When it is worth trying again.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Asks the platform while somebody waits.
pub struct LiveReads {
    /// The platform.
    pub platform: Arc<dyn HostingPlatform>,
    /// Where things are on it.
    pub read_model: Arc<dyn ReadModel>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How often a team may have it asked.
    pub budget: ReadBudget,
    taken: AtomicUsize,
}

/// How often a team may have others asked, the platform or the DNS, while somebody waits.
#[derive(Clone)]
pub struct ReadBudget {
    /// So many questions a minute.
    pub per_minute: NonZeroU32,
    /// Who counts them.
    pub limiter: Arc<dyn RateLimiter>,
    /// Who is told of those that are too many.
    pub observer: Arc<dyn Observer>,
}

/// Where a node is on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReachedNode {
    pub(crate) account: PlatformAccountRef,
    pub(crate) short_domain: ShortDomain,
    pub(crate) node: PlatformNodeId,
}

/// A place that is given back however the read ends.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl LiveReads {
    /// With all places free.
    pub fn new(
        platform: Arc<dyn HostingPlatform>,
        read_model: Arc<dyn ReadModel>,
        clock: Arc<dyn Clock>,
        budget: ReadBudget,
    ) -> Self {
        Self {
            platform,
            read_model,
            clock,
            budget,
            taken: AtomicUsize::new(0),
        }
    }

    /// Finds a node of the team's environment by our records. *Not found* for what is not there;
    /// otherwise like [`Self::reach_account`].
    pub(crate) async fn reach_node(
        &self,
        team: TeamId,
        environment: EnvironmentId,
        node: NodeId,
    ) -> Result<ReachedNode, UseCaseError> {
        let found = self.find_environment(team, environment).await?;
        let node = found.nodes.iter().find(|known| known.id == node);
        let node = node.ok_or_else(UseCaseError::not_found)?;
        Ok(ReachedNode {
            account: self.reach_account(team).await?,
            short_domain: found.environment.short_domain,
            node: node.platform_node_id,
        })
    }

    /// The team's environment by our records; *not found* for what is not there.
    pub(crate) async fn find_environment(
        &self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<EnvironmentDetails, UseCaseError> {
        let found = self.read_model.find_environment(team, environment).await?;
        found.ok_or_else(UseCaseError::not_found)
    }

    /// The account through which the team's reads go. `platform-account-missing` or
    /// `platform-account-needs-reauthentication` when nobody can be asked.
    pub(crate) async fn reach_account(
        &self,
        team: TeamId,
    ) -> Result<PlatformAccountRef, UseCaseError> {
        let account = self.read_model.find_platform_account(team).await?;
        let account = account.ok_or_else(|| {
            let detail = "the team has no connected platform account";
            UseCaseError::new(ErrorCode::PlatformAccountMissing, detail)
        })?;
        if account.state != PlatformAccountState::Connected {
            return Err(needs_its_owner());
        }
        Ok(account.reference())
    }

    /// Waits for an answer of the platform, but not for long. `platform-budget-spent` when the account's team has had
    /// it asked too often, `temporarily-unavailable` when too many wait already, `platform-unavailable` when no answer
    /// comes.
    pub(crate) async fn ask<Value>(
        &self,
        account: &PlatformAccountRef,
        read: impl Future<Output = Result<Value, PlatformReadError>>,
    ) -> Result<Value, UseCaseError> {
        let within_budget = async {
            self.budget.spend(account.team_id).await?;
            read.await.map_err(refused)
        };
        self.wait(within_budget, || silent("no answer came in time"))
            .await?
    }

    /// Waits at one of the places, and fails like this when the time is over. `temporarily-unavailable` when too many
    /// wait already.
    pub(crate) async fn wait<Value>(
        &self,
        answer: impl Future<Output = Value>,
        when_late: impl FnOnce() -> UseCaseError,
    ) -> Result<Value, UseCaseError> {
        let place = Place(&self.taken);
        if self.taken.fetch_add(1, Ordering::SeqCst) >= PLACES {
            let detail = "too many requests wait for the platform just now";
            let busy = UseCaseError::new(ErrorCode::TemporarilyUnavailable, detail);
            return Err(busy.retry_after(TRY_AGAIN));
        }
        let late = self.clock.sleep(ANSWER_WITHIN);
        let answer = match select(pin!(answer), pin!(late)).await {
            Either::Left((answer, _)) => Ok(answer),
            Either::Right(((), _)) => Err(when_late()),
        };
        drop(place);
        answer
    }
}

impl ReadBudget {
    /// Takes one question of the team, or refuses it.
    pub(crate) async fn spend(&self, team: TeamId) -> Result<(), UseCaseError> {
        let demand = RateDemand {
            policy: RatePolicy {
                scope: RateScope::PlatformReads,
                quota: self.per_minute,
                window: Duration::from_mins(1),
            },
            subject: team.to_string(),
        };
        let standings = self.limiter.take(&[demand]).await;
        match standings.iter().find_map(|standing| standing.retry_after) {
            None => Ok(()),
            Some(wait) => {
                self.observer.observe(&Observation::PlatformBudgetSpent);
                let detail = "the team has had the platform and the DNS asked as often as it may in a minute";
                let spent = UseCaseError::new(ErrorCode::PlatformBudgetSpent, detail);
                Err(spent.retry_after(wait))
            }
        }
    }
}

fn needs_its_owner() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::PlatformAccountNeedsReauthentication,
        "the platform refuses the stored credential; the owner has to connect the account again",
    )
}

fn silent(cause: &str) -> UseCaseError {
    let detail = "the platform does not answer; nothing was changed";
    let error = UseCaseError::new(ErrorCode::PlatformUnavailable, detail);
    error.retry_after(TRY_AGAIN).caused_by(cause.to_owned())
}

fn refused(error: PlatformReadError) -> UseCaseError {
    match error {
        PlatformReadError::Unavailable(cause) => silent(&cause),
        PlatformReadError::NeedsReauthentication => needs_its_owner(),
        PlatformReadError::AccountChanged => silent("the account has changed meanwhile"),
        PlatformReadError::Refused(refusal) => of_refusal(&refusal),
    }
}

fn of_refusal(refusal: &Refusal) -> UseCaseError {
    let (code, detail) = match refusal.class {
        RefusalClass::NotFound => (
            ErrorCode::EnvironmentNotVisible,
            "the platform does not have this, or does not show it to the connected account",
        ),
        RefusalClass::Session => return silent("a fresh session was refused"),
        RefusalClass::Credentials => return needs_its_owner(),
        RefusalClass::Busy | RefusalClass::NodeDown => (
            ErrorCode::EnvironmentNotRunning,
            "the environment does not run, or the platform is changing it",
        ),
        _ => (ErrorCode::PlatformRefused, "the platform refused the read"),
    };
    UseCaseError::new(code, detail).caused_by(format!("result {}", refusal.result))
}
