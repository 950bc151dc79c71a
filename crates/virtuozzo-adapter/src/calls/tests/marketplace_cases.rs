use super::*;
use crate::configuration::AddonMapping;
use domain::names::{NodeGroup, SnapshotName};
use domain::ports::PackageSpec;
use domain::software::PlatformUniqueName;
use std::collections::BTreeMap;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = of_packages();
    cases.extend(of_installations());
    cases.extend(of_backups());
    cases
}

fn of_packages() -> Vec<Case> {
    let shop = shop();
    let settings = BTreeMap::from([("title".to_owned(), HOSTILE.to_owned())]);
    let settings_json = serde_json::to_string(&settings).unwrap();
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
    ]
}

fn of_installations() -> Vec<Case> {
    let name = PlatformUniqueName(HOSTILE.into());
    let title = BTreeMap::from([("title", HOSTILE)]);
    let title_json = serde_json::to_string(&title).unwrap();
    vec![
        case(installations::installations(), &[]),
        case(
            mbadmin::execute_action(&name, HOSTILE),
            &[("appUniqueName", HOSTILE), ("action", HOSTILE)],
        ),
        case(
            mbadmin::execute_action_with_parameters(&name, "configure", &title),
            &[
                ("appUniqueName", HOSTILE),
                ("action", "configure"),
                ("params", &title_json),
            ],
        ),
        case(
            mbadmin::execute_action_with_parameters(&name, "configure", &BTreeMap::new()),
            &[
                ("appUniqueName", HOSTILE),
                ("action", "configure"),
                ("params", "{}"),
            ],
        ),
        case(
            installations::uninstall(&name),
            &[("appUniqueName", HOSTILE)],
        ),
    ]
}

fn of_backups() -> Vec<Case> {
    let name = PlatformUniqueName(HOSTILE.into());
    let snapshot = SnapshotName::parse("2026-01-02_03:04:05").unwrap();
    let params = serde_json::json!({HOSTILE: "2026-01-02_03:04:05"}).to_string();
    vec![
        case(
            backups::create_backup(&name, HOSTILE),
            &[("appUniqueName", HOSTILE), ("action", HOSTILE)],
        ),
        case(
            backups::restore_backup(&name, "restore", HOSTILE, &snapshot),
            &[
                ("appUniqueName", HOSTILE),
                ("action", "restore"),
                ("params", &params),
            ],
        ),
    ]
}
