use super::*;
use domain::names::{DisplayName, NodeGroup, RegionName};
use domain::ports::{CreationTag, EnvironmentSpec, LayerSpec};

pub(super) fn cases() -> Vec<Case> {
    let name = DisplayName::parse(HOSTILE).unwrap();
    let copy = ShortDomain::parse("copy-abc123").unwrap();
    let region = RegionName::parse("eu1_hn_group").unwrap();
    let password = SecretText::new(HOSTILE.into());
    let shop = shop();
    vec![
        creation(&shop, &region),
        case(
            environments::clone_environment(&shop, &copy),
            &[("srcEnvName", "shop-abc123"), ("dstEnvName", "copy-abc123")],
        ),
        case(
            environments::set_display_name(&shop, &name),
            &[("envName", "shop-abc123"), ("displayName", HOSTILE)],
        ),
        case(
            environments::environment_info(&shop),
            &[("envName", "shop-abc123")],
        ),
        case(environments::environments(), &[]),
        case(
            environments::delete_environment("shop-abc123", None),
            &[("envName", "shop-abc123")],
        ),
        case(
            environments::delete_environment("shop-abc123", Some(&password)),
            &[("envName", "shop-abc123"), ("password", HOSTILE)],
        ),
        case(
            domains::check_domain(&shop, None),
            &[("domain", "shop-abc123")],
        ),
        case(
            domains::check_domain(&shop, Some(&region)),
            &[("domain", "shop-abc123"), ("region", "eu1_hn_group")],
        ),
        case(tracking::current_actions(), &[]),
        case(
            tracking::search_actions("2026-03-02T09:14:07Z".parse().unwrap(), 100),
            &[(
                "search",
                r#"{"startDate":"2026-03-02 09:09:07","startRow":100,"resultCount":100}"#,
            )],
        ),
    ]
}

/// The creation carries its tag, its key and strict JSON.
fn creation(shop: &ShortDomain, region: &RegionName) -> Case {
    let attempt = attempt();
    let spec = EnvironmentSpec {
        short_domain: shop.clone(),
        creation_tag: CreationTag::of(attempt),
        region: Some(region.clone()),
        layers: vec![LayerSpec {
            node_group: NodeGroup::parse("cp").unwrap(),
            stack: "nginxphp".into(),
            version: None,
            count: 1,
            cloudlets_reserved: 1,
            cloudlets_limit: 8,
            disk_limit_gb: Some(10),
        }],
    };
    let env = format!(
        r#"{{"shortdomain":"shop-abc123","displayName":"wdl:{attempt}","region":"eu1_hn_group"}}"#
    );
    let nodes = concat!(
        r#"[{"nodeType":"nginxphp","nodeGroup":"cp","count":1,"#,
        r#""fixedCloudlets":1,"flexibleCloudlets":8,"diskLimit":10}]"#
    );
    case(
        environments::create_environment(&spec, attempt),
        &[
            ("env", &env),
            ("nodes", nodes),
            ("actionkey", &attempt.to_string()),
        ],
    )
}
