//! Where a platform is and how patiently it is called. Plain data: `server` fills it from its own
//! configuration. It must not know files, environment variables or sessions.

use domain::names::{ParameterName, PlatformName, ScriptName};
use domain::ports::PackageSpec;
use domain::software::{Addon, MbadminAction};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

mod service_urls;
#[cfg(test)]
mod tests;

pub(crate) use service_urls::ResolvedUrls;
pub use service_urls::ServiceUrls;

/// A wrong value; the message names the key and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`platforms.{platform}.{key}` {rule}")]
pub struct ConfigurationError {
    /// The platform's name.
    pub platform: String,
    /// The key below the platform.
    pub key: &'static str,
    /// What it must be.
    pub rule: String,
}

/// How long the platform may take to answer, by class of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTimeouts {
    /// Reads, sign-in, small settings. One attempt.
    pub instant: Duration,
    /// Calls that take seconds to a minute.
    pub medium: Duration,
    /// Calls that take minutes; the answer comes when the work is over.
    pub long: Duration,
}

impl Default for AnswerTimeouts {
    fn default() -> Self {
        Self {
            instant: Duration::from_secs(15),
            medium: Duration::from_mins(2),
            long: Duration::from_mins(30),
        }
    }
}

/// How many calls may be open at once. A call beyond a limit is refused at once, never queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConcurrencyLimits {
    /// On the platform.
    pub global: usize,
    /// For one account.
    pub per_account: usize,
}

impl Default for ConcurrencyLimits {
    fn default() -> Self {
        Self {
            global: 64,
            per_account: 8,
        }
    }
}

/// When a host is left alone for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row that open it.
    pub failures_in_a_row: u32,
    /// How long it stays open before one call may try.
    pub open_for: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures_in_a_row: 8,
            open_for: Duration::from_secs(10),
        }
    }
}

/// How fast the body of an answer must come, once its first byte is there.
///
/// The platform answers when the work is over, so a body takes as long as the line does. One that
/// trickles would hold its connection and its place among the open calls for the whole time that the
/// answer may take, and that is half an hour for some. An answer whose head comes early and whose
/// body comes late is not meant: nothing is measured before the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerRate {
    /// Fewest bytes in a second, on average over the stretch; 0 lets every body trickle.
    pub bytes_per_second_min: u32,
    /// How long the stretches are that it is measured over.
    pub measured_over: Duration,
}

impl Default for AnswerRate {
    /// A hundredth of what the slowest usable line brings, over a time that no hiccup lasts.
    fn default() -> Self {
        Self {
            bytes_per_second_min: 256,
            measured_over: Duration::from_secs(5),
        }
    }
}

/// What the backup add-on's actions are on this platform. What is absent cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackupMapping {
    /// The manifest's name for making a backup.
    pub create: Option<String>,
    /// The manifest's names for bringing one back, and for the parameter that says which.
    pub restore: Option<RestoreMapping>,
}

/// What bringing a backup back is on this platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreMapping {
    /// The manifest's name for it.
    pub action: String,
    /// The manifest's name for the parameter that says which backup.
    pub snapshot: String,
}

/// What an add-on is on this platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddonMapping {
    /// The marketplace id.
    pub app_id: String,
    /// The layer to install it on; the add-on decides when absent.
    pub node_group: Option<String>,
    /// Its settings.
    pub settings: BTreeMap<String, String>,
}

/// What an action of the mbadmin package is on this platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionMapping {
    /// The manifest's name for it.
    pub action: String,
    /// The manifest's name for each parameter of ours.
    pub parameters: BTreeMap<ParameterName, String>,
}

/// What the mbadmin package is on this platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MbadminMapping {
    /// How it is installed.
    pub package: PackageSpec,
    /// Its actions. None can be run unless it is here.
    pub actions: BTreeMap<MbadminAction, ActionMapping>,
}

/// One platform.
#[derive(Debug, Clone)]
pub struct PlatformConfiguration {
    /// What accounts call it.
    pub name: PlatformName,
    /// The root of its API, such as `https://app.example.com`; `/1.0` is added when it is missing.
    pub base_url: String,
    /// Roots of single services, where they differ.
    pub service_urls: ServiceUrls,
    /// Whether `http` may leave the machine. Loopback hosts are always allowed.
    pub allow_plain_http: bool,
    /// Trust anchors to use besides the machine's, as PEM.
    pub trusted_ca_pem: Option<String>,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long answers may take.
    pub answer_timeouts: AnswerTimeouts,
    /// How fast answers must come.
    pub answer_rate: AnswerRate,
    /// How long one read may take with all its retries.
    pub read_total: Duration,
    /// How often a read is sent again.
    pub max_retries: u32,
    /// The longest first pause before a retry; doubled for each further one.
    pub retry_backoff: Duration,
    /// Limits on open calls.
    pub concurrency: ConcurrencyLimits,
    /// When a host is left alone.
    pub breaker: BreakerSettings,
    /// What our add-ons are on this platform. Nothing is mapped unless it is here.
    pub addons: BTreeMap<Addon, AddonMapping>,
    /// The actions of the backup add-on.
    pub backups: BackupMapping,
    /// The mbadmin package, when there is one.
    pub mbadmin: Option<MbadminMapping>,
    /// What our scripts are called on this platform. None can be run unless it is here.
    pub scripts: BTreeMap<ScriptName, String>,
    /// Where a node keeps the site that WP-CLI works on.
    pub wordpress_folder: String,
}

/// Where the vendor's own package puts a site.
const WORDPRESS_FOLDER: &str = "/var/www/webroot/ROOT";

impl PlatformConfiguration {
    /// A platform with default patience and no add-ons.
    pub fn new(name: PlatformName, base_url: impl Into<String>) -> Self {
        Self {
            name,
            base_url: base_url.into(),
            service_urls: ServiceUrls::default(),
            allow_plain_http: false,
            trusted_ca_pem: None,
            connect_timeout: Duration::from_secs(3),
            answer_timeouts: AnswerTimeouts::default(),
            answer_rate: AnswerRate::default(),
            read_total: Duration::from_secs(20),
            max_retries: 2,
            retry_backoff: Duration::from_millis(200),
            concurrency: ConcurrencyLimits::default(),
            breaker: BreakerSettings::default(),
            addons: BTreeMap::new(),
            backups: BackupMapping::default(),
            mbadmin: None,
            scripts: BTreeMap::new(),
            wordpress_folder: WORDPRESS_FOLDER.to_owned(),
        }
    }

    /// Checks everything that can be checked without the network, so that a wrong value is known
    /// before anything is started.
    pub fn check(&self) -> Result<(), ConfigurationError> {
        self.resolve()?;
        crate::transport::check_trust_anchors(self)
    }

    fn check_backups(&self) -> Result<(), ConfigurationError> {
        let restore = self.backups.restore.as_ref();
        let names = [
            (
                "addons.backup.actions.create.action",
                self.backups.create.as_ref(),
            ),
            (
                "addons.backup.actions.restore.action",
                restore.map(|it| &it.action),
            ),
            (
                "addons.backup.actions.restore.parameters.snapshot",
                restore.map(|it| &it.snapshot),
            ),
        ];
        for (key, name) in names {
            if name.is_some_and(String::is_empty) {
                return Err(self.wrong(key, "must not be empty"));
            }
        }
        Ok(())
    }

    /// An error about one of its keys.
    pub(crate) fn wrong(&self, key: &'static str, rule: impl Into<String>) -> ConfigurationError {
        ConfigurationError {
            platform: self.name.to_string(),
            key,
            rule: rule.into(),
        }
    }

    /// The checked URLs.
    pub(crate) fn resolve(&self) -> Result<ResolvedUrls, ConfigurationError> {
        let positive = [
            ("connect_timeout", self.connect_timeout),
            ("answer_timeouts.instant", self.answer_timeouts.instant),
            ("answer_timeouts.medium", self.answer_timeouts.medium),
            ("answer_timeouts.long", self.answer_timeouts.long),
            ("read_total", self.read_total),
            ("breaker.open_for", self.breaker.open_for),
            ("answer_rate.measured_over", self.answer_rate.measured_over),
        ];
        for (key, value) in positive {
            if value.is_zero() {
                return Err(self.wrong(key, "must be longer than zero"));
            }
        }
        if self.concurrency.global == 0 {
            return Err(self.wrong("concurrency.global", "must be at least 1"));
        }
        if self.concurrency.per_account == 0 {
            return Err(self.wrong("concurrency.per_account", "must be at least 1"));
        }
        if self.max_retries > 5 {
            return Err(self.wrong("max_retries", "must be at most 5"));
        }
        if self.retry_backoff > self.read_total {
            return Err(self.wrong(
                "retry_backoff",
                "must not be longer than a read may take in all",
            ));
        }
        if self.breaker.failures_in_a_row == 0 {
            return Err(self.wrong("breaker.failures_in_a_row", "must be at least 1"));
        }
        if self.addons.values().any(|addon| addon.app_id.is_empty()) {
            return Err(self.wrong("addons", "must name an id for every add-on"));
        }
        self.check_backups()?;
        if let Some(mbadmin) = &self.mbadmin {
            if mbadmin.package.source.is_empty() {
                return Err(self.wrong("mbadmin.source", "must name a package"));
            }
            let mut actions = mbadmin.actions.values();
            if actions.any(|mapping| mapping.action.is_empty()) {
                return Err(self.wrong("mbadmin.actions", "must name an action for every action"));
            }
            let mut actions = mbadmin.actions.values();
            if actions.any(|mapping| !has_distinct_parameters(mapping)) {
                let rule = "must name a different parameter for every parameter of an action";
                return Err(self.wrong("mbadmin.actions", rule));
            }
        }
        if self.scripts.values().any(String::is_empty) {
            return Err(self.wrong("scripts", "must name a stored script for every script"));
        }
        let folder = &self.wordpress_folder;
        if !folder.starts_with('/') || folder.chars().any(char::is_control) {
            let rule = "must be an absolute path without control characters";
            return Err(self.wrong("wordpress_folder", rule));
        }
        ResolvedUrls::of(self)
    }
}

/// Two parameters that meant the same one of the manifest's would overwrite each other.
fn has_distinct_parameters(mapping: &ActionMapping) -> bool {
    let names: BTreeSet<&String> = mapping.parameters.values().collect();
    names.len() == mapping.parameters.len() && !names.iter().any(|name| name.is_empty())
}
