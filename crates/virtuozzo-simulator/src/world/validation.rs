//! Whether the parts of a world file fit together.
//!
//! It must not repair anything: a file that contradicts itself is refused.

use std::collections::HashSet;
use std::fmt::Display;

use super::{MarketplaceKind, World, WorldError};
use crate::state::EnvironmentStatus;

const TOKEN_LENGTH: usize = 40;

pub(super) fn check(world: &World) -> Result<(), WorldError> {
    check_accounts(world)?;
    check_regions(world)?;
    check_marketplace(world)?;
    check_environments(world)
}

fn check_accounts(world: &World) -> Result<(), WorldError> {
    require(
        !world.accounts.is_empty(),
        "accounts",
        "at least one account is needed",
    )?;
    let mut uids = HashSet::new();
    let mut logins = HashSet::new();
    let mut tokens = HashSet::new();
    for (position, account) in world.accounts.iter().enumerate() {
        let key = format!("accounts[{position}]");
        require(uids.insert(account.uid), format!("{key}.uid"), "used twice")?;
        require(
            logins.insert(&account.login),
            format!("{key}.login"),
            "used twice",
        )?;
        for (index, token) in account.tokens.iter().enumerate() {
            let key = format!("{key}.tokens[{index}].value");
            let text = token.value.reveal();
            let is_hex = text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let problem = "must be 40 lower-case hexadecimal digits";
            require(is_hex && text.len() == TOKEN_LENGTH, key.clone(), problem)?;
            require(tokens.insert(text), key, "used twice")?;
        }
    }
    Ok(())
}

fn check_regions(world: &World) -> Result<(), WorldError> {
    let is_usable = world.hard_node_group(None).is_some();
    require(
        is_usable,
        "regions",
        "at least one enabled hard node group is needed",
    )?;
    let mut names = HashSet::new();
    for (position, region) in world.regions.iter().enumerate() {
        for (index, group) in region.hard_node_groups.iter().enumerate() {
            let key = format!("regions[{position}].hard_node_groups[{index}].unique_name");
            require(names.insert(&group.unique_name), key, "used twice")?;
        }
    }
    Ok(())
}

fn check_marketplace(world: &World) -> Result<(), WorldError> {
    let mut ids = HashSet::new();
    for (position, app) in world.marketplace.iter().enumerate() {
        let key = format!("marketplace[{position}]");
        require(ids.insert(&app.id), format!("{key}.id"), "used twice")?;
        let is_known = app
            .manifest
            .as_deref()
            .is_some_and(|url| world.manifest_text(url).is_some());
        let is_fine = is_known || (app.kind == MarketplaceKind::Addon && app.manifest.is_none());
        require(
            is_fine,
            format!("{key}.manifest"),
            "must be the url of one of [[manifests]]",
        )?;
    }
    Ok(())
}

fn check_environments(world: &World) -> Result<(), WorldError> {
    let mut names = HashSet::new();
    for (position, environment) in world.environments.iter().enumerate() {
        let key = format!("environments[{position}]");
        require(
            names.insert(&environment.name),
            format!("{key}.name"),
            "used twice",
        )?;
        let has_owner = world.account(environment.uid).is_some();
        require(has_owner, format!("{key}.uid"), "no account has this uid")?;
        let is_status = EnvironmentStatus::from_number(environment.status).is_some();
        require(
            is_status,
            format!("{key}.status"),
            "must be a status from 1 to 15",
        )?;
    }
    Ok(())
}

fn require(holds: bool, key: impl Display, problem: &str) -> Result<(), WorldError> {
    if holds {
        return Ok(());
    }
    Err(WorldError::Invalid {
        key: key.to_string(),
        problem: problem.to_owned(),
    })
}
