//! From the platform's words to ours. It must not know how an answer came.

use crate::calls::topology::KeptSettings;
use crate::wire::WireError;
use crate::wire::environment::{EnvironmentInfo, NodeFields};
use crate::wire::installation::InstalledList;
use crate::wire::topology::LayerFields;
use crate::wire::tracking::Action;
use domain::environment::{ObservedState, PlatformAppId, PlatformNodeId};
use domain::ids::StepAttemptId;
use domain::names::{NodeGroup, ShortDomain};
use domain::ports::{
    Cloudlets, CreatedEnvironment, NodePasswords, ObservedEnvironment, ObservedLayer, ObservedNode,
    TrackedAction,
};
use domain::software::PlatformUniqueName;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

pub(crate) mod accounts;
pub(crate) mod logs;
pub(crate) mod storage;
#[cfg(test)]
mod tests;

/// The state behind a status number. An unknown number is a change that we do not know: ask again.
pub(crate) fn state(status: Option<i64>) -> ObservedState {
    match status {
        Some(1) => ObservedState::Running,
        Some(2) => ObservedState::Stopped,
        Some(4) => ObservedState::Sleeping,
        // 5 is a suspended account, 11 a failed creation.
        Some(5 | 11) => ObservedState::Broken,
        _ => ObservedState::Changing,
    }
}

/// One environment. `Ok(None)`: its name is none that we could have given, so it is not ours.
pub(crate) fn environment(info: EnvironmentInfo) -> Result<Option<ObservedEnvironment>, WireError> {
    let env = info.env.ok_or(WireError::Missing("env"))?;
    let name = env.name().ok_or(WireError::Missing("env.envName"))?;
    let Ok(short_domain) = ShortDomain::parse(&name.to_ascii_lowercase()) else {
        return Ok(None);
    };
    Ok(Some(ObservedEnvironment {
        short_domain,
        // Deletions compare it: an environment without one could be taken for another.
        appid: PlatformAppId(env.appid.ok_or(WireError::Missing("env.appid"))?),
        display_name: env.display_name,
        state: state(env.status),
        domain: env.domain,
        groups: info
            .groups
            .into_iter()
            .filter_map(|group| group.0)
            .collect(),
        nodes: info.nodes.iter().filter_map(node).collect(),
    }))
}

/// One environment that was asked for by name.
pub(crate) fn environment_named(
    info: EnvironmentInfo,
    wanted: &ShortDomain,
) -> Result<ObservedEnvironment, WireError> {
    match environment(info)? {
        Some(environment) if environment.short_domain == *wanted => Ok(environment),
        _ => Err(WireError::OtherSubject),
    }
}

/// The fruit of a creation.
pub(crate) fn created(
    info: EnvironmentInfo,
    wanted: &ShortDomain,
) -> Result<CreatedEnvironment, WireError> {
    let node_passwords: NodePasswords = info
        .nodes
        .iter()
        .filter_map(|node| Some((PlatformNodeId(node.id?), node.password.as_ref()?.0.clone())))
        .collect();
    Ok(CreatedEnvironment {
        environment: environment_named(info, wanted)?,
        node_passwords,
    })
}

/// What a change of layers must leave as it is.
pub(crate) fn kept_settings(
    info: EnvironmentInfo,
    wanted: &ShortDomain,
) -> Result<KeptSettings, WireError> {
    let env = info.env.ok_or(WireError::Missing("env"))?;
    let is_wanted = |name: &str| name.eq_ignore_ascii_case(wanted.as_str());
    if !env.name().is_some_and(is_wanted) {
        return Err(WireError::OtherSubject);
    }
    Ok(KeptSettings {
        region: env.region,
        sslstate: env.sslstate,
    })
}

/// A layer; one without a name cannot be spoken of.
pub(crate) fn layer(fields: LayerFields) -> Option<ObservedLayer> {
    Some(ObservedLayer {
        node_group: NodeGroup::parse(fields.name.as_deref()?).ok()?,
        display_name: fields.display_name,
    })
}

/// A node; one without a number or a layer cannot be spoken of.
fn node(fields: &NodeFields) -> Option<ObservedNode> {
    let group = fields
        .node_group
        .as_deref()
        .or(fields.nodemission.as_deref())?;
    Some(ObservedNode {
        platform_node_id: PlatformNodeId(fields.id?),
        node_group: NodeGroup::parse(group).ok()?,
        stack: fields.node_type.clone().unwrap_or_default(),
        version: fields.version.clone(),
        cloudlets: cloudlets(fields),
        is_master: fields.ismaster.unwrap_or(false),
        state: state(fields.status),
    })
}

/// The size of a node, when both numbers are there and can be ones.
fn cloudlets(fields: &NodeFields) -> Option<Cloudlets> {
    Some(Cloudlets {
        reserved: u16::try_from(fields.fixed_cloudlets?).ok()?,
        limit: u16::try_from(fields.flexible_cloudlets?).ok()?,
    })
}

/// The installations of one environment. An element that does not say where it is counts: leaving it
/// out could make something installed look absent.
pub(crate) fn installations(
    list: InstalledList,
    short_domain: &ShortDomain,
) -> Vec<PlatformUniqueName> {
    let is_here = |name: &str| name.eq_ignore_ascii_case(short_domain.as_str());
    list.0
        .into_iter()
        .filter(|app| app.is_installed != Some(false))
        .filter(|app| app.env_name.as_deref().is_none_or(is_here))
        .filter_map(|app| app.name().map(|name| PlatformUniqueName(name.to_owned())))
        .collect()
}

/// A tracked action; `is_running` when the list holds running ones only.
pub(crate) fn action(action: &Action, is_running: bool) -> TrackedAction {
    TrackedAction {
        attempt: action
            .key()
            .and_then(|key| key.parse::<StepAttemptId>().ok()),
        short_domain: action.environment().map(str::to_owned),
        result: if is_running {
            None
        } else {
            action.final_result()
        },
        started_at: action.started().and_then(time),
    }
}

/// A time as the platform writes it: milliseconds since 1970, with a zone, or without one in UTC.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(milliseconds) = text.parse::<i64>() {
        return Timestamp::from_millisecond(milliseconds).ok();
    }
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = text.parse::<DateTime>().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    })
}
