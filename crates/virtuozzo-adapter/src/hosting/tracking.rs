//! What runs on the platform, and what ran.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::map;
use crate::wire;
use crate::wire::tracking::{Action, ActionList};
use async_trait::async_trait;
use domain::ids::StepAttemptId;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{PlatformReadError, PlatformTracking, TrackedAction};
use jiff::Timestamp;

/// Most pages of tracked actions that one search reads.
const SEARCH_PAGES_MAX: usize = 10;

#[async_trait]
impl PlatformTracking for VirtuozzoPlatforms {
    async fn list_running_actions(
        &self,
        account: &PlatformAccountRef,
    ) -> Result<Vec<TrackedAction>, PlatformReadError> {
        self.read(account, calls::tracking::current_actions(), |body| {
            let list: ActionList = wire::read(body)?;
            Ok(list
                .array
                .iter()
                .map(|action| map::action(action, true))
                .collect())
        })
        .await
    }

    async fn find_actions_of(
        &self,
        account: &PlatformAccountRef,
        attempt: StepAttemptId,
        since: Timestamp,
    ) -> Result<Vec<TrackedAction>, PlatformReadError> {
        let mut found = Vec::new();
        for page in 0..SEARCH_PAGES_MAX {
            let start_row = page * calls::tracking::PAGE_ACTIONS;
            let call = calls::tracking::search_actions(since, start_row);
            let actions: Vec<Action> = self
                .read(account, call, |body| {
                    Ok(wire::read::<ActionList>(body)?.array)
                })
                .await?;
            let tracked = actions.iter().map(|action| map::action(action, false));
            found.extend(tracked.filter(|action| action.attempt == Some(attempt)));
            if actions.len() < calls::tracking::PAGE_ACTIONS {
                return Ok(found);
            }
        }
        if found.is_empty() {
            // The rest was not seen, so this is no proof that there is nothing.
            return Err(PlatformReadError::Unavailable(
                "too many tracked actions".into(),
            ));
        }
        Ok(found)
    }
}
