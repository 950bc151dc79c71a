//! What our add-ons, actions and scripts are on a platform. Nothing is mapped unless it is written down.

use super::{ConfigurationError, PlatformTable};
use domain::names::{NodeGroup, ParameterName, ScriptName};
use domain::ports::PackageSpec;
use domain::software::{Addon, BackupAction, MbadminAction};
use serde::Deserialize;
use std::collections::BTreeMap;
use virtuozzo_adapter::{
    ActionMapping, AddonMapping, MbadminMapping, PlatformConfiguration, RestoreMapping,
};

/// What we call the parameter that says which backup to bring back.
const SNAPSHOT: &str = "snapshot";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddonTable {
    app_id: String,
    node_group: Option<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// Of the backup add-on only.
    #[serde(default)]
    actions: BTreeMap<String, ActionTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MbadminTable {
    source: String,
    node_group: Option<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    actions: BTreeMap<String, ActionTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionTable {
    action: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

/// Moves what is mapped into the platform's configuration.
pub(super) fn map_into(
    platform: &mut PlatformConfiguration,
    table: &PlatformTable,
) -> Result<(), ConfigurationError> {
    for (name, addon) in &table.addons {
        let known: Vec<_> = Addon::ALL.iter().map(|addon| addon.as_str()).collect();
        let key = Addon::parse(name).ok_or_else(|| {
            let rule = format!("is not an add-on; known are {}", known.join(", "));
            table.wrong(&format!("addons.{name}"), &rule)
        })?;
        let mapping = AddonMapping {
            app_id: said(table, &format!("addons.{name}.app_id"), &addon.app_id)?,
            node_group: addon.node_group.clone(),
            settings: addon.settings.clone(),
        };
        platform.addons.insert(key, mapping);
        map_addon_actions(platform, table, (name, key), &addon.actions)?;
    }
    platform.mbadmin = match &table.mbadmin {
        Some(mbadmin) => Some(read_mbadmin(table, mbadmin)?),
        None => None,
    };
    for (name, stored) in &table.scripts {
        let key = format!("scripts.{name}");
        let script = ScriptName::parse(name).map_err(|error| table.wrong(&key, error.rule()))?;
        platform.scripts.insert(script, said(table, &key, stored)?);
    }
    Ok(())
}

/// The backup add-on is the only one that is asked for anything once it is installed.
fn map_addon_actions(
    platform: &mut PlatformConfiguration,
    table: &PlatformTable,
    (name, addon): (&str, Addon),
    actions: &BTreeMap<String, ActionTable>,
) -> Result<(), ConfigurationError> {
    if addon != Addon::Backup && !actions.is_empty() {
        let rule = "is not for this add-on; only `backup` has actions";
        return Err(table.wrong(&format!("addons.{name}.actions"), rule));
    }
    for (action, mapped) in actions {
        let key = format!("addons.{name}.actions.{action}");
        let known = BackupAction::ALL.map(BackupAction::as_str).join(", ");
        let which = BackupAction::parse(action)
            .ok_or_else(|| table.wrong(&key, &format!("is not an action; known are {known}")))?;
        let mapping = read_action(table, &key, mapped)?;
        let mut parameters = mapping.parameters;
        let snapshot = match which {
            BackupAction::Create => None,
            BackupAction::Restore => snapshot_of(&mut parameters),
        };
        if let Some(unknown) = parameters.keys().next() {
            let rule = "is not a parameter of this action";
            return Err(table.wrong(&format!("{key}.parameters.{unknown}"), rule));
        }
        match (which, snapshot) {
            (BackupAction::Create, _) => platform.backups.create = Some(mapping.action),
            (BackupAction::Restore, Some(snapshot)) => {
                platform.backups.restore = Some(RestoreMapping {
                    action: mapping.action,
                    snapshot,
                });
            }
            (BackupAction::Restore, None) => {
                let rule = "must be there: the manifest's name for the backup to bring back";
                return Err(table.wrong(&format!("{key}.parameters.{SNAPSHOT}"), rule));
            }
        }
    }
    Ok(())
}

/// The manifest's name for our `snapshot`.
fn snapshot_of(parameters: &mut BTreeMap<ParameterName, String>) -> Option<String> {
    let name = parameters.keys().find(|name| name.as_str() == SNAPSHOT)?;
    let name = name.clone();
    parameters.remove(&name)
}

fn read_mbadmin(
    table: &PlatformTable,
    mbadmin: &MbadminTable,
) -> Result<MbadminMapping, ConfigurationError> {
    let node_group = match &mbadmin.node_group {
        Some(text) => Some(
            NodeGroup::parse(text)
                .map_err(|error| table.wrong("mbadmin.node_group", error.rule()))?,
        ),
        None => None,
    };
    let mut actions = BTreeMap::new();
    for (name, action) in &mbadmin.actions {
        let key = format!("mbadmin.actions.{name}");
        let action_key = MbadminAction::parse(name).ok_or_else(|| {
            let known: Vec<_> = MbadminAction::all()
                .map(|action| action.to_string())
                .collect();
            let rule = format!("is not an action; known are {}", known.join(", "));
            table.wrong(&key, &rule)
        })?;
        actions.insert(action_key, read_action(table, &key, action)?);
    }
    Ok(MbadminMapping {
        package: PackageSpec {
            source: said(table, "mbadmin.source", &mbadmin.source)?,
            node_group,
            settings: mbadmin.settings.clone(),
        },
        actions,
    })
}

fn read_action(
    table: &PlatformTable,
    key: &str,
    action: &ActionTable,
) -> Result<ActionMapping, ConfigurationError> {
    let mut parameters = BTreeMap::new();
    for (name, on_platform) in &action.parameters {
        let key = format!("{key}.parameters.{name}");
        let parameter =
            ParameterName::parse(name).map_err(|error| table.wrong(&key, error.rule()))?;
        parameters.insert(parameter, said(table, &key, on_platform)?);
    }
    Ok(ActionMapping {
        action: said(table, &format!("{key}.action"), &action.action)?,
        parameters,
    })
}

/// A name of the platform's, which must not be empty.
fn said(table: &PlatformTable, key: &str, name: &str) -> Result<String, ConfigurationError> {
    if name.is_empty() {
        return Err(table.wrong(key, "must not be empty"));
    }
    Ok(name.to_owned())
}
