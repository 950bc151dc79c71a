//! `windlass config check | print`.

use super::{CommandError, read_configuration, say};
use crate::configuration::{AccountSettings, Configuration, DatabaseTarget, MailSettings, MailWay};
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn check(file: Option<PathBuf>) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    say(&format!(
        "the configuration is right: {} platform(s), {} blueprint(s)",
        configuration.platforms.len(),
        configuration.blueprints.len()
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn print(file: Option<PathBuf>) -> Result<ExitCode, CommandError> {
    for line in describe(&read_configuration(file)?) {
        say(&line);
    }
    Ok(ExitCode::SUCCESS)
}

/// Every setting as it holds. A secret is only said to be set.
fn describe(configuration: &Configuration) -> Vec<String> {
    let database = match &configuration.database {
        DatabaseTarget::Embedded => "embedded".to_owned(),
        DatabaseTarget::Postgres { pool_size, .. } => {
            format!("postgres (url set, secret), pool_size {pool_size}")
        }
    };
    let redis = if configuration.redis_url.is_some() {
        "set, secret"
    } else {
        "none"
    };
    let metrics = configuration
        .metrics_listen
        .map_or_else(|| "off".to_owned(), |address| address.to_string());
    let mut lines = vec![
        format!("data_dir = {}", configuration.data_dir.display()),
        format!("key_ring = {}", configuration.key_ring.display()),
        format!("database = {database}"),
        format!("redis = {redis}"),
        format!("http = {:?}", configuration.http),
        format!("metrics.listen = {metrics}"),
        format!("log = {:?}", configuration.log),
        format!("worker = {:?}", configuration.worker),
        format!("jobs = {:?}", configuration.jobs),
        format!("http.public_url = {}", configuration.accounts.public_url),
        format!("accounts = {}", accounts(&configuration.accounts)),
        format!("mail = {}", mail(&configuration.mail)),
    ];
    for platform in &configuration.platforms {
        lines.push(format!(
            "platform {} = {} (add-ons: {}; actions: {}; scripts: {})",
            platform.name,
            platform.base_url,
            listed(platform.addons.keys()),
            listed(platform.mbadmin.iter().flat_map(|it| it.actions.keys())),
            listed(platform.scripts.keys())
        ));
    }
    for blueprint in &configuration.blueprints {
        lines.push(format!(
            "blueprint {} = {} layer(s)",
            blueprint.name,
            blueprint.layers.len()
        ));
    }
    lines
}

fn accounts(accounts: &AccountSettings) -> String {
    format!(
        "registration {:?}, second factor for owners {}, session idle {:?}",
        accounts.registration, accounts.second_factor_for_owners, accounts.session_idle
    )
}

fn mail(mail: &MailSettings) -> String {
    match &mail.way {
        MailWay::Outbox(folder) => format!("into {}, from {}", folder.display(), mail.from),
        MailWay::Smtp(server) => format!(
            "to {}:{} ({:?}, password secret), from {}",
            server.host, server.port, server.encryption, mail.from
        ),
    }
}

fn listed<Name: ToString>(names: impl Iterator<Item = Name>) -> String {
    let names: Vec<_> = names.map(|name| name.to_string()).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}
