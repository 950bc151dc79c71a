use super::*;
use crate::configuration::AddonMapping;
use domain::names::NodeGroup;
use domain::ports::PackageSpec;
use domain::software::PlatformUniqueName;
use std::collections::BTreeMap;

pub(super) fn cases() -> Vec<Case> {
    let shop = shop();
    let settings = BTreeMap::from([("title".to_owned(), HOSTILE.to_owned())]);
    let settings_json = serde_json::to_string(&settings).unwrap();
    let name = PlatformUniqueName(HOSTILE.into());
    let bare = PackageSpec {
        source: HOSTILE.into(),
        node_group: None,
        settings: BTreeMap::new(),
    };
    let on_a_layer = PackageSpec {
        node_group: Some(NodeGroup::parse("cp").unwrap()),
        settings: settings.clone(),
        ..bare.clone()
    };
    let addon = AddonMapping {
        app_id: "sftp".into(),
        node_group: Some("cp".into()),
        settings,
    };
    vec![
        case(
            marketplace::install_package(&shop, &bare),
            &[
                ("jps", HOSTILE),
                ("envName", "shop-abc123"),
                ("skipNodeEmails", "true"),
            ],
        ),
        case(
            marketplace::install_package(&shop, &on_a_layer),
            &[
                ("jps", HOSTILE),
                ("envName", "shop-abc123"),
                ("nodeGroup", "cp"),
                ("skipNodeEmails", "true"),
                ("settings", &settings_json),
            ],
        ),
        case(
            marketplace::install_addon(&shop, &addon),
            &[
                ("id", "sftp"),
                ("envName", "shop-abc123"),
                ("nodeGroup", "cp"),
                ("skipEmail", "true"),
                ("settings", &settings_json),
            ],
        ),
        case(
            marketplace::addon_list(&shop, Some("cp")),
            &[("envName", "shop-abc123"), ("nodeGroup", "cp")],
        ),
        case(installations::installations(), &[]),
        case(
            installations::uninstall(&name),
            &[("appUniqueName", HOSTILE)],
        ),
    ]
}
