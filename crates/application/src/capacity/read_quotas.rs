//! How much the platform lets a team's account have.

use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::platform_account::PlatformAccountRef;
use domain::ports::Quota;
use std::sync::Arc;
use std::time::Duration;

/// An answer is good for so long.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// The quotas that bound what can be asked for here.
const QUOTAS: [&str; 5] = [
    "environment.maxcount",
    "environment.maxnodescount",
    "environment.maxsamenodescount",
    "environment.maxcloudletsperrec",
    "environment.externalip.maxcount",
];

/// Reads quotas.
pub struct ReadQuotas {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<PlatformAccountRef, Vec<Quota>>,
}

impl ReadQuotas {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. By name; what the platform does not know is left out. At most a minute old.
    #[tracing::instrument(name = "usecase.capacity.read_quotas", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<Vec<Quota>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let account = self.reads.reach_account(team).await?;
        let ask = async || {
            let read = self
                .reads
                .platform
                .accounts()
                .read_quotas(&account, &QUOTAS);
            let mut quotas = self.reads.ask(&account, read).await?;
            quotas.retain(|quota| QUOTAS.contains(&quota.name.as_str()));
            quotas.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(quotas)
        };
        self.shared.ask(&*self.reads.clock, &account, ask).await
    }
}
