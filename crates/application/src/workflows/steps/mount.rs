//! What appears at a path of a node.

use super::DesiredState;
use crate::workflows::context::JobContext;
use crate::workflows::refusal::{failure_without_answer, not_done_after_read};
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::error_code::ErrorCode;
use domain::names::FolderPath;
use domain::ports::{MountPointSpec, MutationOutcome, MutationTicket, ObservedMountPoint};
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What shall appear at a path of a node; nothing when there is no mount point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) node: PlatformNodeId,
    pub(crate) path: FolderPath,
    pub(crate) mount_point: Option<MountPointSpec>,
}

/// A mount point as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenMount {
    source_node: Option<i64>,
    source_path: Option<String>,
    is_read_only: Option<bool>,
}

impl SeenMount {
    fn of(observed: ObservedMountPoint) -> Self {
        Self {
            source_node: observed.source_node.map(|node| node.0),
            source_path: observed.source_path,
            is_read_only: observed.is_read_only,
        }
    }

    fn is(&self, wanted: &MountPointSpec) -> bool {
        self.source_node == Some(wanted.source_node.0)
            && self.source_path.as_deref() == Some(wanted.source_path.as_str())
            && self
                .is_read_only
                .is_none_or(|read_only| read_only == wanted.is_read_only)
    }

    /// What makes it again; only what comes from a node of the platform can be.
    fn spec(&self, path: &FolderPath) -> Option<MountPointSpec> {
        Some(MountPointSpec {
            path: path.clone(),
            source_node: PlatformNodeId(self.source_node?),
            source_path: FolderPath::parse(self.source_path.as_deref()?).ok()?,
            name: None,
            is_read_only: self.is_read_only?,
        })
    }
}

#[async_trait]
impl DesiredState for Mount {
    fn does(&self) -> &'static str {
        match self.mount_point {
            Some(_) => {
                "makes a folder of a node appear on another one; fails with `mount-path-taken`"
            }
            None => "removes what appears at a path",
        }
    }

    /// What appears at the path.
    type Seen = Option<SeenMount>;

    async fn look(&self, context: &JobContext<'_>) -> Result<Option<SeenMount>, NotDone> {
        let found = context
            .platform
            .storage()
            .list_mount_points(
                &context.reference,
                &context.environment().short_domain,
                self.node,
            )
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        Ok(found
            .into_iter()
            .find(|found| found.path == self.path.as_str())
            .map(SeenMount::of))
    }

    fn is_reached(&self, seen: &Option<SeenMount>) -> bool {
        match (seen, &self.mount_point) {
            (None, None) => true,
            (Some(seen), Some(wanted)) => seen.is(wanted),
            _ => false,
        }
    }

    async fn check(
        &self,
        _context: &JobContext<'_>,
        seen: &Option<SeenMount>,
    ) -> Result<(), NotDone> {
        if self.mount_point.is_none() || seen.is_none() {
            return Ok(());
        }
        Err(NotDone::Failed(failure_without_answer(
            ErrorCode::MountPathTaken,
            format!("something else is mounted at `{}`", self.path),
        )))
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let storage = context.platform.storage();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(match &self.mount_point {
            Some(mount_point) => {
                storage
                    .add_mount_point(account, ticket, short_domain, self.node, mount_point)
                    .await
            }
            None => {
                storage
                    .remove_mount_point(account, ticket, short_domain, self.node, &self.path)
                    .await
            }
        })
    }

    fn inverse(&self, before: Option<SeenMount>) -> Option<Self> {
        let mount_point = match before {
            None => None,
            Some(seen) => Some(seen.spec(&self.path)?),
        };
        Some(Self {
            mount_point,
            ..self.clone()
        })
    }
}
