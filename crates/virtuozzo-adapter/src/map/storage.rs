//! Shared folders.

use crate::wire::storage::MountPointFields;
use domain::environment::PlatformNodeId;
use domain::ports::ObservedMountPoint;

#[cfg(test)]
mod tests;

/// A shared folder; one without a path cannot be spoken of. Nodes are numbered from 1, so any other number
/// stands for none.
pub(crate) fn mount_point(fields: MountPointFields) -> Option<ObservedMountPoint> {
    let source_node = fields.source_node.filter(|number| *number > 0);
    Some(ObservedMountPoint {
        path: fields.path?,
        source_node: source_node.map(PlatformNodeId),
        source_path: fields.source_path,
        is_read_only: fields.is_read_only,
    })
}
