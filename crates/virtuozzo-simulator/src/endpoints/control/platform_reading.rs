//! gettemplates, getnodegroups and getsumstat: what there is to build with, layers, consumption.
//!
//! It must not measure anything: consumption follows from what the nodes reserve.

use serde_json::{Value, json};

use super::SERVICE;
use crate::answer::{Outcome, into_map};
use crate::endpoints::{Call, Endpoint};
use crate::environment_view::node_group_member;
use crate::state::EnvironmentStatus;

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::reading(
        SERVICE,
        "gettemplates",
        "environment.control.GetTemplates",
        |call| Ok(get_templates(call)),
    ),
    Endpoint::reading(
        SERVICE,
        "getnodegroups",
        "environment.control.GetNodeGroups",
        get_node_groups,
    ),
    Endpoint::reading(
        SERVICE,
        "getsumstat",
        "environment.control.GetSumStat",
        get_sum_statistics,
    ),
];

struct Template {
    node_type: &'static str,
    layer: &'static str,
    name: &'static str,
    engines: &'static [&'static str],
    tags: &'static [&'static str],
}

const TEMPLATES: [Template; 4] = [
    Template {
        node_type: "nginxphp-dockerized",
        layer: "cp",
        name: "NGINX PHP",
        engines: &["php8.2", "php8.3"],
        tags: &["1.26.2-php-8.3", "1.26.2-php-8.2"],
    },
    Template {
        node_type: "nginx-dockerized",
        layer: "bl",
        name: "NGINX Balancer",
        engines: &[],
        tags: &["1.26.2"],
    },
    Template {
        node_type: "mysql8",
        layer: "sqldb",
        name: "MySQL CE",
        engines: &[],
        tags: &["8.4.2", "8.0.39"],
    },
    Template {
        node_type: "redis",
        layer: "cache",
        name: "Redis",
        engines: &[],
        tags: &["7.4.0"],
    },
];
/// Of every template above.
const TEMPLATE_TYPE: &str = "DOCKERIZED";

fn get_templates(call: &Call) -> serde_json::Map<String, Value> {
    let wanted = call.parameters.text("type").unwrap_or("ALL");
    let is_wanted = ["ALL", TEMPLATE_TYPE].contains(&wanted.to_ascii_uppercase().as_str());
    let templates = TEMPLATES.iter().filter(|_| is_wanted);
    let array: Vec<Value> = templates
        .map(|template| {
            let tags = template.tags.iter().enumerate();
            let tags: Vec<Value> = tags
                .map(|(position, tag)| json!({"name": tag, "isDefault": position == 0}))
                .collect();
            json!({"nodeType": template.node_type, "nodeMission": template.layer,
                "name": template.name, "engines": template.engines, "tags": tags,
                "type": TEMPLATE_TYPE, "enabled": true, "published": true})
        })
        .collect();
    into_map(json!({"array": array}))
}

/// Despite its name, `object` is an array.
fn get_node_groups(call: &Call) -> Outcome {
    let environment = call.owned_environment(&call.required_environment_name()?)?;
    let groups: Vec<Value> = environment
        .node_groups
        .iter()
        .map(node_group_member)
        .collect();
    Ok(into_map(json!({"object": groups})))
}

fn get_sum_statistics(call: &Call) -> Outcome {
    let environment = call.owned_environment(&call.required_environment_name()?)?;
    let duration_s = call.required_number("duration")?;
    let is_running = environment.status == EnvironmentStatus::Running;
    let nodes = environment
        .nodes
        .iter()
        .filter(|node| is_running && !node.is_stopped);
    let (mut count, mut cloudlets) = (0, 0);
    for node in nodes {
        count += 1;
        cloudlets += node.fixed_cloudlets;
    }
    let statistics = json!({
        "duration": duration_s, "cpu": cloudlets * duration_s, "mem": cloudlets * 64,
        "disk": count * 1_000, "netInInt": 0, "netInExt": 0, "netOutInt": 0, "netOutExt": 0,
        "iops_used": count, "disk_io_used": count,
    });
    Ok(into_map(json!({"stats": [statistics]})))
}
