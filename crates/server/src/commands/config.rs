//! `windlass config check | print`.

use super::{CommandError, read_configuration, say};
use crate::configuration::{AccountSettings, Configuration, DatabaseTarget, MailSettings, MailWay};
use domain::software::BackupAction;
use std::path::PathBuf;
use std::process::ExitCode;
use virtuozzo_adapter::BackupMapping;

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

fn describe_traces(configuration: &Configuration) -> String {
    let Some(traces) = &configuration.traces else {
        return "off".to_owned();
    };
    let authorization = if traces.authorization.is_some() {
        "set, secret"
    } else {
        "none"
    };
    let (endpoint, ratio) = (&traces.endpoint, traces.sample_ratio);
    format!("{endpoint}, sample_ratio {ratio}, authorization {authorization}")
}

/// Every setting as it holds. A secret is only said to be set.
pub(super) fn describe(configuration: &Configuration) -> Vec<String> {
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
        format!("limits = {:?}", configuration.rate_quotas),
        format!("metrics.listen = {metrics}"),
        format!("log = {:?}", configuration.log),
        format!("traces = {}", describe_traces(configuration)),
        format!("worker = {:?}", configuration.worker),
        format!("jobs = {:?}", configuration.jobs),
        format!("jobs at once = {:?}", configuration.rooms),
        format!("jobs waiting = {:?}", configuration.backlog),
        format!("retention.jobs = {:?}", configuration.jobs_kept),
        format!("retention.events = {:?}", configuration.events_kept),
        format!(
            "webhooks.allow_private = {}",
            configuration.webhooks_allow_private
        ),
        format!("http.public_url = {}", configuration.accounts.public_url),
        format!("accounts = {}", accounts(&configuration.accounts)),
        format!("mail = {}", mail(&configuration.mail)),
    ];
    for platform in &configuration.platforms {
        lines.push(format!(
            "platform {} = {} (add-ons: {}; actions: {}; backups: {}; scripts: {})",
            platform.name,
            platform.base_url,
            listed(platform.addons.keys()),
            listed(platform.mbadmin.iter().flat_map(|it| it.actions.keys())),
            listed(mapped_of_backups(&platform.backups)),
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

/// What the backup add-on can be asked for.
fn mapped_of_backups(backups: &BackupMapping) -> impl Iterator<Item = &'static str> {
    let create = backups.create.as_ref().map(|_| BackupAction::Create);
    let restore = backups.restore.as_ref().map(|_| BackupAction::Restore);
    let mapped = create.into_iter().chain(restore);
    mapped.map(BackupAction::as_str)
}

fn listed<Name: ToString>(names: impl Iterator<Item = Name>) -> String {
    let names: Vec<_> = names.map(|name| name.to_string()).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::configuration::{Configuration, Sources};
    use std::collections::BTreeMap;

    #[test]
    fn what_holds_is_said_and_secrets_are_not() {
        let url = "postgres://windlass:hunter2@db.example.com/windlass";
        let environment = BTreeMap::from([
            ("WINDLASS_DATABASE_URL".to_owned(), url.to_owned()),
            (
                "WINDLASS_REDIS_URL".to_owned(),
                "redis://:hunter2@cache.example.com".to_owned(),
            ),
        ]);
        let sources = Sources {
            file_name: "windlass.toml".to_owned(),
            file_text: "[limits]\nteam = 77\n[[platforms]]\nname = \"p\"\n\
                        base_url = \"https://app.example.com\"\n[platforms.addons.backup]\n\
                        app_id = \"x\"\n[platforms.addons.backup.actions]\n\
                        create = { action = \"y\" }\n"
                .to_owned(),
            environment,
        };
        let configuration = Configuration::read(&sources).expect("right");
        let said = describe(&configuration).join("\n");
        for expected in [
            "team: 77",
            "jobs: 120",
            "backups: create;",
            "url set, secret",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        assert!(!said.contains("hunter2"), "{said}");
    }
}
