//! Every call of the hosting platform against the simulator.

use crate::support::{Simulated, account, short_domain};
use domain::environment::PlatformNodeId;
use domain::ports::{MutationOutcome, ObservedEnvironment, PlatformEnvironments};

mod accounts;
mod backups;
mod commands;
mod domains;
mod environments;
mod groups;
mod life_cycle;
mod logs;
mod mbadmin;
mod passwords;
mod software;
mod storage;
mod topology;
mod tracking;
mod variables;

fn done<Value>(outcome: MutationOutcome<Value>) -> Value {
    match outcome {
        MutationOutcome::Done(value) => value,
        MutationOutcome::Refused(refusal) => panic!("refused: {refusal:?}"),
        MutationOutcome::NotSent(reason) => panic!("not sent: {reason:?}"),
        MutationOutcome::MaybeApplied { reason, answer } => panic!("{reason} ({answer:?})"),
    }
}

/// The environment, as it is now.
async fn observed(simulated: &Simulated) -> ObservedEnvironment {
    let (account, shop) = (account(), short_domain());
    let observed = simulated.platforms.observe_environment(&account, &shop);
    observed.await.unwrap().unwrap()
}

/// The number of the first node of a layer.
async fn node_of(simulated: &Simulated, layer: &str) -> PlatformNodeId {
    let observed = observed(simulated).await;
    let mut nodes = observed.nodes.iter();
    let node = nodes.find(|node| node.node_group.as_str() == layer);
    node.unwrap().platform_node_id
}
