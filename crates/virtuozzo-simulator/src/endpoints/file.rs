//! environment/file: files and mount points of nodes.
//!
//! It must not carry files from one node to another: a mount is only remembered.

use futures::FutureExt;

use super::Endpoint;
use super::node_selection::NodeSelection;

mod files;
mod mounts;

const SERVICE: &str = "environment/file";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "addmountpointbyid",
        "environment.file.AddMountPointById",
        |call| mounts::add(call, NodeSelection::required_node).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "addmountpointbygroup",
        "environment.file.AddMountPointByGroup",
        |call| mounts::add(call, NodeSelection::required_layer).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "removemountpointbyid",
        "environment.file.RemoveMountPointById",
        |call| mounts::remove(call, NodeSelection::required_node).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "removemountpointbygroup",
        "environment.file.RemoveMountPointByGroup",
        |call| mounts::remove(call, NodeSelection::required_layer).boxed(),
    ),
    Endpoint::reading(
        SERVICE,
        "getmountpoints",
        "environment.file.GetMountPoints",
        mounts::get,
    ),
    Endpoint::reading(SERVICE, "read", "environment.file.Read", files::read),
    Endpoint::reading(SERVICE, "getlist", "environment.file.GetList", files::list),
];
