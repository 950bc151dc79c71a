//! Reads the finished environment and stores what people will see of it.

use super::find_environment;
use super::seen::SeenEnvironment;
use crate::workflows::context::JobContext;
use crate::workflows::payloads::{decode, encode_own};
use crate::workflows::step::{NotDone, Output, ReadStep};
use async_trait::async_trait;
use domain::job::EncodedData;
use domain::ports::{HeldTransaction, StoreError};

/// Writes the projection of the environment of the job.
pub(crate) struct RecordProjection;

#[async_trait]
impl ReadStep for RecordProjection {
    fn does(&self) -> &'static str {
        "reads the environment and stores what people will see"
    }

    async fn read(&self, context: &JobContext<'_>) -> Result<Output, NotDone> {
        let found = find_environment(context).await?;
        Ok(Some(encode_own(&SeenEnvironment::of(&found))))
    }

    async fn record(
        &self,
        context: &JobContext<'_>,
        transaction: &mut dyn HeldTransaction,
        output: Option<&EncodedData>,
    ) -> Result<(), StoreError> {
        let seen = output.and_then(|data| decode::<SeenEnvironment>(data).ok());
        let Some(seen) = seen else { return Ok(()) };
        let mut environment = context.environment().clone();
        environment.synced_at = Some(context.clock.now());
        seen.apply_to(&mut environment);
        let environments = transaction.environments();
        environments.update_environment(&environment).await?;
        let nodes = seen.nodes(context.ids);
        environments
            .replace_nodes(environment.team_id, environment.id, &nodes)
            .await
    }
}
