//! `[[platforms]]`: which platforms there are, how patiently they are called and what is mapped on them.

mod software;

use super::reading::{Settings, parse_duration};
use super::{ConfigurationError, tables};
use domain::names::PlatformName;
use serde::Deserialize;
use software::{AddonTable, MbadminTable};
use std::collections::BTreeMap;
use std::time::Duration;
use virtuozzo_adapter::PlatformConfiguration;

/// The legacy variable of the sign-in URL.
const LEGACY_SIGN_IN_URL: &str = "EXTERNAL_AUTH_URL";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformTable {
    name: String,
    base_url: String,
    signin_url: Option<String>,
    environment_url: Option<String>,
    marketplace_url: Option<String>,
    binder_url: Option<String>,
    script_url: Option<String>,
    billing_url: Option<String>,
    #[serde(default)]
    allow_plain_http: bool,
    ca_file: Option<String>,
    connect_timeout: Option<String>,
    timeout: Option<String>,
    max_retries: Option<u32>,
    retry_backoff: Option<String>,
    min_answer_rate: Option<u32>,
    max_calls: Option<usize>,
    max_calls_per_account: Option<usize>,
    #[serde(default)]
    addons: BTreeMap<String, AddonTable>,
    mbadmin: Option<MbadminTable>,
    #[serde(default)]
    scripts: BTreeMap<String, String>,
    wordpress_folder: Option<String>,
}

impl PlatformTable {
    /// An error about one of its keys.
    fn wrong(&self, key: &str, rule: &str) -> ConfigurationError {
        ConfigurationError(format!("`platforms.{}.{key}` {rule}", self.name))
    }
}

/// Reads all platforms; names must be unique.
pub(super) fn read(
    settings: &Settings,
    deprecations: &mut Vec<String>,
) -> Result<Vec<PlatformConfiguration>, ConfigurationError> {
    let tables: Vec<PlatformTable> = tables::read(settings, "platforms")?;
    let mut platforms: Vec<PlatformConfiguration> = Vec::with_capacity(tables.len());
    for table in tables {
        let platform = read_one(table)?;
        if platforms.iter().any(|other| other.name == platform.name) {
            return Err(ConfigurationError(format!(
                "`platforms` has two entries named `{}`",
                platform.name
            )));
        }
        platforms.push(platform);
    }
    if let (Some(url), Some(first)) = (
        settings.environment.get(LEGACY_SIGN_IN_URL),
        platforms.first_mut(),
    ) && first.service_urls.signin.is_none()
    {
        first.service_urls.signin = Some(url.clone());
        deprecations.push(format!(
            "{LEGACY_SIGN_IN_URL} is deprecated; set `platforms.signin_url` of `{}`",
            first.name
        ));
    }
    Ok(platforms)
}

fn read_one(table: PlatformTable) -> Result<PlatformConfiguration, ConfigurationError> {
    let duration = |key: &str, text: &Option<String>, default: Duration| match text {
        None => Ok(default),
        Some(text) => {
            parse_duration(text).ok_or_else(|| table.wrong(key, "must be a duration such as 10s"))
        }
    };
    let name =
        PlatformName::parse(&table.name).map_err(|error| table.wrong("name", error.rule()))?;
    let mut platform = PlatformConfiguration::new(name, table.base_url.clone());
    platform.connect_timeout = duration(
        "connect_timeout",
        &table.connect_timeout,
        platform.connect_timeout,
    )?;
    platform.answer_timeouts.instant =
        duration("timeout", &table.timeout, platform.answer_timeouts.instant)?;
    platform.retry_backoff = duration(
        "retry_backoff",
        &table.retry_backoff,
        platform.retry_backoff,
    )?;
    platform.max_retries = table.max_retries.unwrap_or(platform.max_retries);
    let rate = &mut platform.answer_rate.bytes_per_second_min;
    *rate = table.min_answer_rate.unwrap_or(*rate);
    platform.concurrency.global = table.max_calls.unwrap_or(platform.concurrency.global);
    platform.concurrency.per_account = table
        .max_calls_per_account
        .unwrap_or(platform.concurrency.per_account);
    platform.allow_plain_http = table.allow_plain_http;
    if let Some(path) = &table.ca_file {
        let pem = std::fs::read_to_string(path)
            .map_err(|error| table.wrong("ca_file", &format!("cannot be read: {error}")))?;
        platform.trusted_ca_pem = Some(pem);
    }
    if let Some(folder) = &table.wordpress_folder {
        platform.wordpress_folder.clone_from(folder);
    }
    software::map_into(&mut platform, &table)?;
    let urls = &mut platform.service_urls;
    urls.signin = table.signin_url;
    urls.environment = table.environment_url;
    urls.marketplace = table.marketplace_url;
    urls.binder = table.binder_url;
    urls.script = table.script_url;
    urls.billing = table.billing_url;
    platform
        .check()
        .map_err(|error| ConfigurationError(error.to_string()))?;
    Ok(platform)
}
