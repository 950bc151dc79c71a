//! Whether a domain leads to an environment, as the DNS says now.

use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::error_code::ErrorCode;
use domain::ids::{EnvironmentId, TeamId};
use domain::names::ExternalDomain;
use domain::ports::HostResolver;
use domain::public_addresses::is_public;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// A look-up is good for so long.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// Where a domain leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDomain {
    /// Where the platform answers for the environment, without a scheme: what the domain has to point to. None until
    /// the environment stands.
    pub target: Option<String>,
    /// The domain's public addresses, in order; others are nobody's business.
    pub addresses: Vec<IpAddr>,
    /// Whether one of its addresses is one of the environment's.
    pub leads_here: bool,
}

/// Checks domains.
pub struct CheckDomain {
    reads: Arc<LiveReads>,
    resolver: Arc<dyn HostResolver>,
    shared: SharedAnswers<String, BTreeSet<IpAddr>>,
}

impl CheckDomain {
    /// On these reads, whose budget, places and deadline it has; the platform is not asked.
    pub fn new(reads: Arc<LiveReads>, resolver: Arc<dyn HostResolver>) -> Self {
        Self {
            reads,
            resolver,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. The domain need not be bound yet. At most 10 s old.
    #[tracing::instrument(name = "usecase.environments.check_domain", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        (team, environment): (TeamId, EnvironmentId),
        domain: &ExternalDomain,
    ) -> Result<CheckedDomain, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let found = self.reads.find_environment(team, environment).await?;
        let target = found.environment.site_host().map(str::to_owned);
        let addresses = self.look_up(team, domain.as_str()).await?;
        let leads_here = match &target {
            Some(target) => !self.look_up(team, target).await?.is_disjoint(&addresses),
            None => false,
        };
        Ok(CheckedDomain {
            target,
            addresses: addresses.into_iter().filter(|it| is_public(*it)).collect(),
            leads_here,
        })
    }

    async fn look_up(&self, team: TeamId, host: &str) -> Result<BTreeSet<IpAddr>, UseCaseError> {
        let ask = async || {
            self.reads.budget.spend(team).await?;
            let found = self.reads.wait(self.resolver.resolve(host), when_late);
            let found = found.await?;
            Ok(found.into_iter().collect())
        };
        let clock = &*self.reads.clock;
        self.shared.ask(clock, &host.to_owned(), ask).await
    }
}

fn when_late() -> UseCaseError {
    let detail = "the name could not be looked up in time; ask again";
    UseCaseError::new(ErrorCode::TemporarilyUnavailable, detail).retry_after(GOOD_FOR)
}
