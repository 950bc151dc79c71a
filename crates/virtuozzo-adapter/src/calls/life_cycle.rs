//! `environment/control`: starting, stopping and renewing what runs.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::ShortDomain;
use domain::ports::{NodeTarget, RedeploySpec};

/// Starts a stopped or sleeping environment; 2212 in any other state \[inferred\].
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-StartEnv>
/// (confirmed). A repetition changes nothing more. Answers when it runs, after minutes.
pub(crate) fn start_environment(short_domain: &ShortDomain) -> Call {
    Call::new(Endpoint::StartEnv, named(short_domain))
}

/// Stops a running environment; 2212 in any other state \[inferred\].
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-StopEnv>
/// (confirmed). A repetition changes nothing more. Answers when it stands still, after seconds to a
/// minute.
pub(crate) fn stop_environment(short_domain: &ShortDomain) -> Call {
    Call::new(Endpoint::StopEnv, named(short_domain))
}

/// Puts a running environment to sleep; a request of a visitor wakes it.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-SleepEnv>
/// (confirmed). A repetition changes nothing more. Answers when it sleeps, after seconds to a minute.
pub(crate) fn put_environment_to_sleep(short_domain: &ShortDomain) -> Call {
    Call::new(Endpoint::SleepEnv, named(short_domain))
}

/// Restarts the services inside of containers. Whether nodes go one after the other, and with which
/// pause, is left to what the layer says.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-RestartServices>
/// (confirmed). Not idempotent: a repetition restarts again. Answers after seconds to a minute for each
/// node, with `responses[]`.
pub(crate) fn restart_services(short_domain: &ShortDomain, target: &NodeTarget) -> Call {
    Call::new(Endpoint::RestartServices, of_target(short_domain, target))
}

/// Restarts containers.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-RestartNodes>
/// (confirmed). Not idempotent: a repetition restarts again. Answers after seconds to a minute for each
/// node, bare or with `responses[]`.
pub(crate) fn restart_nodes(short_domain: &ShortDomain, target: &NodeTarget) -> Call {
    Call::new(Endpoint::RestartNodes, of_target(short_domain, target))
}

/// Replaces containers by new ones of a version. `login` and `password`, which are those of an image
/// registry, are never sent.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-RedeployContainers> (confirmed).
/// Not idempotent: the same version is pulled again. Answers after minutes; 4081 and 4095 are about the
/// image.
pub(crate) fn redeploy(
    short_domain: &ShortDomain,
    target: &NodeTarget,
    spec: &RedeploySpec,
) -> Call {
    let form = of_target(short_domain, target)
        .with("tag", spec.version.as_str())
        .with_flag("useExistingVolumes", spec.keeps_volumes);
    Call::new(Endpoint::RedeployContainers, form)
}

fn named(short_domain: &ShortDomain) -> Form {
    Form::default().with("envName", short_domain.as_str())
}

/// The platform wants a node or a layer, never both.
fn of_target(short_domain: &ShortDomain, target: &NodeTarget) -> Form {
    match target {
        NodeTarget::Node(node) => named(short_domain).with_number("nodeId", node.0),
        NodeTarget::Layer(layer) => named(short_domain).with("nodeGroup", layer.as_str()),
    }
}
