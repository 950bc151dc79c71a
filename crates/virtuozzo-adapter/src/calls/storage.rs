//! `environment/file`: shared folders.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::environment::PlatformNodeId;
use domain::names::{FolderPath, MountName, ShortDomain};
use domain::ports::MountPointSpec;

/// Reads the shared folders of a node.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.File-method-GetMountPoints>
/// (confirmed). A read; answers at once.
pub(crate) fn mount_points(short_domain: &ShortDomain, node: PlatformNodeId) -> Call {
    Call::new(Endpoint::GetMountPoints, of_node(short_domain, node))
}

/// Shows a folder of another node on a node. The platform's default protocol is used (NFS 4).
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.File-method-AddMountPointById>
/// (confirmed). Not idempotent: 2030 when something is mounted there already. Answers after seconds.
pub(crate) fn add_mount_point(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    mount_point: &MountPointSpec,
) -> Call {
    let form = of_node(short_domain, node)
        .with("path", mount_point.path.as_str())
        .with("sourcePath", mount_point.source_path.as_str())
        .with_number("sourceNodeId", mount_point.source_node.0)
        .with_some("name", mount_point.name.as_ref().map(MountName::as_str))
        .with_flag("readOnly", mount_point.is_read_only);
    Call::new(Endpoint::AddMountPointById, form)
}

/// Takes the shared folder at a path off a node. The path is the one on the node.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.File-method-RemoveMountPointById>
/// (primary source; the code for a path without one is unknown). A repetition changes nothing more
/// \[inferred\]. Answers after seconds.
pub(crate) fn remove_mount_point(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    path: &FolderPath,
) -> Call {
    let form = of_node(short_domain, node).with("path", path.as_str());
    Call::new(Endpoint::RemoveMountPointById, form)
}

fn of_node(short_domain: &ShortDomain, node: PlatformNodeId) -> Form {
    Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeId", node.0)
}
