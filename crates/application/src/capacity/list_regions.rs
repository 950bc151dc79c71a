//! Where environments can be created.

use crate::authorisation::demand;
use crate::live_reads::SharedAnswers;
use crate::{LiveReads, UseCaseError};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use domain::platform_account::PlatformAccountRef;
use domain::ports::Region;
use std::sync::Arc;
use std::time::Duration;

/// A list is good for so long.
const GOOD_FOR: Duration = Duration::from_mins(1);

/// Lists regions.
pub struct ListRegions {
    reads: Arc<LiveReads>,
    shared: SharedAnswers<PlatformAccountRef, Vec<Region>>,
}

impl ListRegions {
    /// On these reads.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        Self {
            reads,
            shared: SharedAnswers::new(GOOD_FOR),
        }
    }

    /// Demands `env.view`. By name, as the team's account sees them; at most a minute old.
    #[tracing::instrument(name = "usecase.capacity.list_regions", skip_all)]
    pub async fn run(&self, actor: &Actor, team: TeamId) -> Result<Vec<Region>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        let account = self.reads.reach_account(team).await?;
        let ask = async || {
            let listed = self.reads.platform.accounts().list_regions(&account);
            let mut regions = self.reads.ask(&account, listed).await?;
            regions.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(regions)
        };
        self.shared.ask(&*self.reads.clock, &account, ask).await
    }
}
