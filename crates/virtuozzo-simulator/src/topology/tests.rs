use serde_json::json;

use super::{EnvironmentPlan, elements_from_json, layer};
use crate::state::State;
use crate::world::World;

#[test]
fn layers_follow_the_node_type() {
    let cases = [
        ("nginxphp-dockerized", "cp"),
        ("nginx-dockerized", "bl"),
        ("nginx", "bl"),
        ("postgresql", "sqldb"),
        ("mysql8", "sqldb"),
        ("mongodb-dockerized", "nosqldb"),
        ("memcached-dockerized", "cache"),
        ("ubuntu-vps", "vds"),
        ("docker", "docker"),
        ("something-new", "cp"),
    ];
    for (node_type, expected) in cases {
        assert_eq!(layer::implied_by(node_type), expected, "{node_type}");
    }
}

#[test]
fn numbers_and_flags_come_as_text_too() {
    let nodes = json!([{"nodeType": "mysql8", "count": "2", "extip": "true", "diskLimit": "10G",
        "fixedCloudlets": 4, "flexibleCloudlets": 1}]);
    let world = World::example();
    let mut state = State::new(&world, 1, 0);
    let elements = elements_from_json(&nodes).unwrap();
    let env = json!({"shortdomain": "Shop-FR", "displayName": null, "ishaenabled": "true"});
    let environment = EnvironmentPlan::from_json(&env, elements).build(&mut state, &world, 4127, 0);
    assert_eq!(environment.name, "shop-fr");
    assert_eq!(environment.display_name, None);
    assert!(environment.has_high_availability);
    assert_eq!(environment.nodes.len(), 2);
    assert_eq!(environment.nodes[0].disk_limit_mb, 10_000);
    assert_eq!(environment.nodes[0].external_addresses.len(), 1);
    assert_eq!(
        environment.nodes[0].flexible_cloudlets, 4,
        "the ceiling includes the reserved ones"
    );
    assert!(environment.nodes[0].is_master && !environment.nodes[1].is_master);
}

#[test]
fn an_image_makes_a_docker_node() {
    let elements = elements_from_json(&json!([{"docker": {"image": "example/app:1"}}])).unwrap();
    assert_eq!(elements[0].node_type, "docker");
    assert!(elements_from_json(&json!([{"count": 1}])).is_none());
    assert!(elements_from_json(&json!({"nodeType": "mysql8"})).is_none());
}
