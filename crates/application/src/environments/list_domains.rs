//! Which domains are bound to an environment, as the platform has them now.

use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::{EnvironmentId, TeamId};
use domain::platform_account::PlatformAccountRef;
use domain::ports::ObservedDomain;
use std::sync::Arc;
use std::time::Duration;

/// A list is good for so long.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// The domains of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundDomains {
    /// Where the platform answers for the environment, without a scheme: what a domain has to point to. None until
    /// the environment stands.
    pub target: Option<String>,
    /// The domains, by name.
    pub domains: Vec<ObservedDomain>,
}

/// Lists domains.
pub struct ListDomains {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<(PlatformAccountRef, EnvironmentId), Vec<ObservedDomain>>,
}

impl ListDomains {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. At most 10 s old.
    #[tracing::instrument(name = "usecase.environments.list_domains", skip_all)]
    pub async fn run(
        &self,
        actor: &Actor,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<BoundDomains, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let reads = &self.reads;
        let found = reads.find_environment(team, environment).await?.environment;
        let account = reads.reach_account(team).await?;
        let ask = async || {
            let listed = reads.platform.domains();
            let listed = listed.list_domains(&account, &found.short_domain);
            let mut domains = reads.ask(&account, listed).await?;
            domains.sort_by(|one, other| one.domain.cmp(&other.domain));
            Ok(domains)
        };
        let question = (account.clone(), environment);
        let domains = self.shared.ask(&*reads.clock, &question, ask).await?;
        let target = found.site_host().map(str::to_owned);
        Ok(BoundDomains { target, domains })
    }
}
