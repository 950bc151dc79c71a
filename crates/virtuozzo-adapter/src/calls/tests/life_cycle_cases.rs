use super::*;
use domain::names::{NodeGroup, StackVersion};
use domain::ports::{NodeTarget, RedeploySpec};

pub(super) fn cases() -> Vec<Case> {
    let shop = shop();
    let node = NodeTarget::Node(NODE);
    let layer = NodeTarget::Layer(NodeGroup::parse("cp").unwrap());
    let spec = |keeps_volumes| RedeploySpec {
        version: StackVersion::parse("1.26.2-php-8.3").unwrap(),
        keeps_volumes,
    };
    let of_node = [("envName", "shop-abc123"), ("nodeId", "48211")];
    let of_layer = [("envName", "shop-abc123"), ("nodeGroup", "cp")];
    let redeployed = |target: &[(&'static str, &'static str)], keeps| {
        let spec = [("tag", "1.26.2-php-8.3"), ("useExistingVolumes", keeps)];
        [target, &spec].concat()
    };
    vec![
        case(life_cycle::start_environment(&shop), &of_node[..1]),
        case(life_cycle::stop_environment(&shop), &of_node[..1]),
        case(life_cycle::put_environment_to_sleep(&shop), &of_node[..1]),
        case(life_cycle::restart_services(&shop, &node), &of_node),
        case(life_cycle::restart_services(&shop, &layer), &of_layer),
        case(life_cycle::restart_nodes(&shop, &node), &of_node),
        case(life_cycle::restart_nodes(&shop, &layer), &of_layer),
        case(
            life_cycle::redeploy(&shop, &node, &spec(true)),
            &redeployed(&of_node, "true"),
        ),
        case(
            life_cycle::redeploy(&shop, &layer, &spec(false)),
            &redeployed(&of_layer, "false"),
        ),
    ]
}
