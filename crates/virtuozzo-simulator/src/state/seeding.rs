//! Places the environments and tokens that a world file starts with.
//!
//! It must not take time or leave a trace in the ledger: they were always there.

use super::{EnvironmentStatus, State, Token};
use crate::topology::{EnvironmentPlan, TopologyElement};
use crate::world::World;

pub(super) fn place_tokens(state: &mut State, world: &World) {
    for account in &world.accounts {
        for token in &account.tokens {
            let token = Token {
                id: state.next_object_id(),
                uid: account.uid,
                key: token.value.reveal().to_owned(),
                description: "of the world file".to_owned(),
                methods: token.methods.clone(),
                expiry: None,
            };
            state.tokens.push(token);
        }
    }
}

pub(super) fn place_standing_environments(state: &mut State, world: &World, now_ms: u64) {
    for standing in &world.environments {
        let elements = standing
            .node_types
            .iter()
            .map(|node_type| TopologyElement::of_type(node_type));
        let plan = EnvironmentPlan {
            name: standing.name.clone(),
            display_name: standing.display_name.clone(),
            elements: elements.collect(),
            ..EnvironmentPlan::default()
        };
        let mut environment = plan.build(state, world, standing.uid, now_ms);
        environment.status =
            EnvironmentStatus::from_number(standing.status).unwrap_or(EnvironmentStatus::Running);
        for node in &mut environment.nodes {
            node.is_stopped = standing.stopped_node_groups.contains(&node.node_group);
        }
        state
            .environments
            .insert(standing.name.clone(), environment);
    }
}
