use super::*;
use crate::calls::topology::KeptSettings;
use domain::names::{GroupName, NodeGroup};
use domain::ports::{Cloudlets, LayerSpec};

pub(super) fn cases() -> Vec<Case> {
    let shop = shop();
    let size = Cloudlets {
        reserved: 1,
        limit: 16,
    };
    let text = "Kunden & Söhne/50%+x=1;'y' #?";
    let group = GroupName::parse(text).unwrap();
    let grouped = [("envName", "shop-abc123"), ("envGroup", text)];
    let mut cases = vec![
        case(topology::layers(&shop), &[("envName", "shop-abc123")]),
        case(
            topology::set_cloudlets(&shop, NODE, size),
            &[
                ("envName", "shop-abc123"),
                ("nodeid", "48211"),
                ("count", "1"),
                ("fixedCloudlets", "1"),
                ("flexibleCloudlets", "16"),
            ],
        ),
        case(groups::attach_group(&shop, &group), &grouped),
        case(groups::detach_group(&shop, &group), &grouped),
        case(groups::set_only_group(&shop, &group), &grouped),
    ];
    cases.extend(changes(&shop));
    cases
}

/// The change names what stays, every layer, and its key.
fn changes(shop: &ShortDomain) -> [Case; 2] {
    let layer = |group: &str, version: Option<&str>| LayerSpec {
        node_group: NodeGroup::parse(group).unwrap(),
        stack: HOSTILE.into(),
        version: version.map(str::to_owned),
        count: 2,
        cloudlets_reserved: 0,
        cloudlets_limit: 8,
        disk_limit_gb: None,
    };
    let layers = [layer("cp", Some("8.3")), layer("sqldb", None)];
    let stack = serde_json::to_string(HOSTILE).unwrap();
    let nodes = format!(
        concat!(
            r#"[{{"nodeType":{0},"nodeGroup":"cp","tag":"8.3","count":2,"fixedCloudlets":0,"#,
            r#""flexibleCloudlets":8}},{{"nodeType":{0},"nodeGroup":"sqldb","count":2,"#,
            r#""fixedCloudlets":0,"flexibleCloudlets":8}}]"#
        ),
        stack
    );
    let key = attempt().to_string();
    let known = KeptSettings {
        region: Some("eu1_hn_group".into()),
        sslstate: Some(false),
    };
    let unknown = KeptSettings {
        region: None,
        sslstate: None,
    };
    let change = |kept: &KeptSettings, env: &str| {
        case(
            topology::change_topology(shop, kept, &layers, attempt()),
            &[
                ("envName", "shop-abc123"),
                ("env", env),
                ("nodes", &nodes),
                ("actionkey", &key),
            ],
        )
    };
    [
        change(&known, r#"{"region":"eu1_hn_group","sslstate":false}"#),
        change(&unknown, "{}"),
    ]
}
