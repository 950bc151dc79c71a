//! Turns an environment into what a plan says: the complete desired state, not a difference.
//!
//! It must not keep what the plan leaves out.

use super::{EnvironmentPlan, TopologyElement, external_addresses};
use crate::state::{Environment, Node, NodeGroup, State};
use crate::world::World;

impl EnvironmentPlan {
    /// The environment as it will be. Nodes of the same layer and type stay, in their order.
    pub(crate) fn changed(
        &self,
        environment: &Environment,
        state: &mut State,
        world: &World,
    ) -> Environment {
        let mut changed = environment.clone();
        let mut present = std::mem::take(&mut changed.nodes);
        changed.node_groups.clear();
        for element in &self.elements {
            let is_new_layer = !changed.has_node_group(&element.node_group);
            if is_new_layer {
                changed.node_groups.push(element.kept_group(environment));
            }
            for position in 0..element.count {
                let is_master = is_new_layer && position == 0;
                let kept = present.iter().position(|node| element.describes(node));
                let node = match kept {
                    Some(index) => element.resized(present.remove(index), is_master),
                    None => element.node(state, world, is_master),
                };
                changed.nodes.push(node);
            }
        }
        changed
    }
}

impl TopologyElement {
    fn describes(&self, node: &Node) -> bool {
        node.node_group == self.node_group && node.node_type == self.node_type
    }

    fn kept_group(&self, environment: &Environment) -> NodeGroup {
        let mut group = self.node_group();
        let mut before = environment.node_groups.iter();
        if group.display_name.is_none()
            && let Some(before) = before.find(|before| before.name == group.name)
        {
            group.display_name.clone_from(&before.display_name);
        }
        group
    }

    /// A node that stays, with the sizes of the plan.
    fn resized(&self, node: Node, is_master: bool) -> Node {
        let mut variables = node.variables;
        variables.extend(self.variables.clone());
        Node {
            is_master,
            external_addresses: external_addresses(node.id, self.external_addresses),
            fixed_cloudlets: self.fixed_cloudlets,
            flexible_cloudlets: self.flexible_cloudlets,
            disk_limit_mb: self.disk_limit_gb * 1_000,
            tag: self.tag.clone().or(node.tag),
            docker_image: self.docker_image.clone().or(node.docker_image),
            variables,
            ..node
        }
    }
}
