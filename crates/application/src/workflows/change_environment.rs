//! The kinds that want one thing of an environment to be in a certain state: groups, domains, shared
//! folders, sizes, layers, variables and passwords.

use super::payloads::{
    CloudletsPayload, DecodeError, DomainPayload, GroupPayload, MountPayload, PasswordPayload,
    RemoveVariablesPayload, SetVariablesPayload, TopologyPayload, decode,
};
use super::step::{Steps, Undo, WorkflowStep};
use super::steps::{
    DomainBinding, Grouping, Layers, Mount, NodeSize, Reach, RecordProjection, SetPassword,
    Variables, VariablesWish, desired,
};
use domain::environment::PlatformNodeId;
use domain::job::EncodedData;
use domain::names::GroupName;

const SEVERAL_GROUPS: &str = "one call cannot put back the several groups there may have been";
const DATA_GOES_WITH_LAYERS: &str =
    "a layer that was removed has lost its data, and one that was added may hold data by now";
const VALUES_ARE_NOT_KEPT: &str = "the values before may be secrets and are not kept";
const PASSWORD_IS_UNKNOWN: &str = "the password before is not known";

pub(super) fn attach_group(payload: &EncodedData) -> Result<Steps, DecodeError> {
    Ok(Steps(vec![desired(
        "attach_group",
        Grouping::In(group(payload)?),
        "takes it out, unless it was in it before",
    )]))
}

pub(super) fn detach_group(payload: &EncodedData) -> Result<Steps, DecodeError> {
    Ok(Steps(vec![desired(
        "detach_group",
        Grouping::NotIn(group(payload)?),
        "puts it back, if it was in it before",
    )]))
}

pub(super) fn set_group(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let step = Reach(Grouping::OnlyIn(group(payload)?));
    Ok(Steps(vec![WorkflowStep::mutate(
        "set_group",
        step,
        Undo::Pivot(SEVERAL_GROUPS),
    )]))
}

fn group(payload: &EncodedData) -> Result<GroupName, DecodeError> {
    decode::<GroupPayload>(payload)?.group()
}

pub(super) fn bind_domain(payload: &EncodedData, is_bound: bool) -> Result<Steps, DecodeError> {
    let domain = decode::<DomainPayload>(payload)?.domain()?;
    let (name, takes_back) = if is_bound {
        ("bind_domain", "unbinds it, unless it was bound before")
    } else {
        ("unbind_domain", "binds it again, if it was bound before")
    };
    Ok(Steps(vec![desired(
        name,
        DomainBinding { domain, is_bound },
        takes_back,
    )]))
}

pub(super) fn mount(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: MountPayload = decode(payload)?;
    let mount_point = payload.mount_point()?;
    let (name, takes_back) = if mount_point.is_some() {
        ("add_mount_point", "removes it, unless it was there before")
    } else {
        (
            "remove_mount_point",
            "adds what was there before, when it came from a node; else a person",
        )
    };
    let mount = Mount {
        node: payload.node(),
        path: payload.path()?,
        mount_point,
    };
    Ok(Steps(vec![desired(name, mount, takes_back)]))
}

pub(super) fn set_cloudlets(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: CloudletsPayload = decode(payload)?;
    let size = NodeSize {
        node: payload.node(),
        cloudlets: payload.cloudlets(),
    };
    Ok(Steps(vec![desired(
        "set_cloudlets",
        size,
        "sets the size before",
    )]))
}

pub(super) fn change_topology(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let layers = decode::<TopologyPayload>(payload)?.layers()?;
    Ok(Steps(vec![
        WorkflowStep::mutate(
            "change_topology",
            Reach(Layers(layers)),
            Undo::Pivot(DATA_GOES_WITH_LAYERS),
        ),
        WorkflowStep::read("record_projection", RecordProjection),
    ]))
}

pub(super) fn add_variables(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: SetVariablesPayload = decode(payload)?;
    let wish = VariablesWish::With(payload.sealed);
    Ok(variables(
        "add_variables",
        PlatformNodeId(payload.node),
        wish,
    ))
}

pub(super) fn replace_variables(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: SetVariablesPayload = decode(payload)?;
    let wish = VariablesWish::Exactly(payload.sealed);
    Ok(variables(
        "replace_variables",
        PlatformNodeId(payload.node),
        wish,
    ))
}

pub(super) fn remove_variables(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: RemoveVariablesPayload = decode(payload)?;
    let wish = VariablesWish::Without(payload.names()?);
    Ok(variables("remove_variables", payload.node(), wish))
}

fn variables(name: &'static str, node: PlatformNodeId, wish: VariablesWish) -> Steps {
    let step = Reach(Variables { node, wish });
    Steps(vec![WorkflowStep::mutate(
        name,
        step,
        Undo::Pivot(VALUES_ARE_NOT_KEPT),
    )])
}

pub(super) fn reset_password(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let payload: PasswordPayload = decode(payload)?;
    let step = SetPassword {
        node: PlatformNodeId(payload.node),
        of: payload.of,
        sealed: payload.sealed.secret(),
    };
    Ok(Steps(vec![WorkflowStep::mutate(
        "set_password",
        step,
        Undo::Pivot(PASSWORD_IS_UNKNOWN),
    )]))
}
