//! What exists on the simulated platform before the first call: a TOML file turned into types.
//!
//! It must not know HTTP, sessions or anything that changes while the simulator runs.

use std::collections::BTreeMap;

use serde::Deserialize;

mod billing;
mod commands;
mod invented;
mod secret;
mod timings;
mod validation;

pub use billing::Billing;
pub use commands::Commands;
pub use invented::Invented;
pub use secret::WorldSecret;
pub use timings::Timings;

/// The platform as it is when the simulator starts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Domain of the platform itself, such as `example-paas.test`.
    pub platform_domain: String,
    /// What `marketplace/jps/rest/getengineversion` answers.
    #[serde(default = "default_engine_version")]
    pub engine_version: String,
    /// Seed for made-up identifiers when the command line names none.
    pub seed: Option<u64>,
    pub accounts: Vec<Account>,
    pub regions: Vec<Region>,
    /// Node types that can be built with, beside `docker`; empty means that every name is one.
    #[serde(default)]
    pub node_types: Vec<String>,
    #[serde(default)]
    pub marketplace: Vec<MarketplaceApp>,
    #[serde(default)]
    pub manifests: Vec<StoredManifest>,
    /// Environments that exist from the start.
    #[serde(default)]
    pub environments: Vec<StandingEnvironment>,
    /// Log files that new nodes have besides the built-in ones.
    #[serde(default)]
    pub logs: Vec<StoredLog>,
    /// Answers 2338 whatever quota is exceeded, instead of the quota's own code.
    #[serde(default)]
    pub is_quota_code_general: bool,
    /// What `eval` knows besides the platform's methods.
    #[serde(default)]
    pub scripts: Vec<StoredScript>,
    #[serde(default)]
    pub commands: Commands,
    #[serde(default)]
    pub timings: Timings,
    #[serde(default)]
    pub invented: Invented,
}

/// One account of the platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub uid: u64,
    pub login: String,
    pub password: WorldSecret,
    /// Shown by `signin` and `getuserinfo`; absent when not given.
    pub name: Option<String>,
    /// Sign-in answers 704.
    #[serde(default)]
    pub is_blocked: bool,
    /// Sign-in hands out no session but asks for a second factor.
    #[serde(default)]
    pub needs_second_factor: bool,
    #[serde(default)]
    pub tokens: Vec<PersonalAccessToken>,
    /// Quota name to value, as `billing/account/rest/getquotas` answers them.
    #[serde(default)]
    pub quotas: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub billing: Billing,
}

/// A personal access token: goes wherever a session goes, never expires here.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalAccessToken {
    /// 40 lower-case hexadecimal digits.
    pub value: WorldSecret,
    /// Dotted names (`environment.control.CreateEnvironment`, any case), `environment.control.*` or `*`.
    pub methods: Vec<String>,
}

/// A region with the domain its environments live under.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub unique_name: String,
    pub display_name: String,
    pub domain: String,
    pub hard_node_groups: Vec<HardNodeGroup>,
}

/// What `createenvironment` calls `region`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HardNodeGroup {
    pub unique_name: String,
    pub display_name: String,
    #[serde(default = "enabled")]
    pub is_enabled: bool,
}

/// What a marketplace entry is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum MarketplaceKind {
    Addon,
    Package,
}

/// An entry of the marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketplaceApp {
    pub id: String,
    pub name: String,
    pub kind: MarketplaceKind,
    /// Layers an add-on may go on; empty means every layer.
    #[serde(default)]
    pub node_groups: Vec<String>,
    /// URL of the manifest of a package; must be one of `[[manifests]]`.
    pub manifest: Option<String>,
    /// What `executeaction` can do with an installation, by name.
    #[serde(default)]
    pub actions: BTreeMap<String, MarketplaceAction>,
}

/// An action of an installation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarketplaceAction {
    /// Nested result; anything but 0 changes nothing.
    pub result: i64,
    pub message: Option<String>,
    /// Container variables that a success sets on the nodes of the installation's layer.
    pub sets: BTreeMap<String, String>,
    /// A shell line that really runs in the folder of each of those nodes, the parameters being its variables. When it
    /// fails on one, so does the action.
    pub runs: Option<String>,
}

/// A script that `development/scripting/rest/eval` finds by its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredScript {
    pub name: String,
    /// What it answers inside `response`; `result` is 0 unless it says otherwise.
    #[serde(default)]
    pub response: serde_json::Value,
    /// Not 0: it fails with this outer code and an empty `response`.
    #[serde(default)]
    pub outer_result: i64,
}

/// A manifest that `jps/install` finds under a URL. Nothing is ever fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredManifest {
    pub url: String,
    pub text: String,
}

/// An environment that exists from the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingEnvironment {
    pub name: String,
    pub uid: u64,
    pub display_name: Option<String>,
    /// Number of the platform's status table; 1 is running.
    #[serde(default = "running")]
    pub status: u16,
    /// One node each; layers are derived.
    #[serde(default)]
    pub node_types: Vec<String>,
    /// Layers whose nodes are down although the environment runs.
    #[serde(default)]
    pub stopped_node_groups: Vec<String>,
}

/// A log file that every new node of a layer has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredLog {
    /// Absent means every layer.
    pub node_group: Option<String>,
    pub path: String,
    pub text: String,
}

/// Why a world file was refused.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// Not TOML, a wrong type, a missing or an unknown key; the message names it.
    #[error("world file cannot be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// Readable, but the parts do not fit together.
    #[error("world file: {key}: {problem}")]
    Invalid { key: String, problem: String },
}

impl World {
    /// Reads a world file; the error names the offending key.
    pub fn from_toml(text: &str) -> Result<Self, WorldError> {
        let world: Self = toml::from_str(text)?;
        validation::check(&world)?;
        Ok(world)
    }

    /// The built-in demo world: one account, two regions, three add-ons and a WordPress package.
    pub fn example() -> Self {
        Self::from_toml(Self::EXAMPLE_TOML).expect("the built-in world is checked by a test")
    }

    /// The text of [`World::example`], to start a file of one's own from.
    pub const EXAMPLE_TOML: &str = include_str!("world/example.toml");

    pub(crate) fn account(&self, uid: u64) -> Option<&Account> {
        self.accounts.iter().find(|account| account.uid == uid)
    }

    /// The region and the hard node group that `createenvironment` means by `name`; the first
    /// enabled one when it names none.
    pub(crate) fn hard_node_group(&self, name: Option<&str>) -> Option<(&Region, &HardNodeGroup)> {
        let all = self.regions.iter().flat_map(|region| {
            region
                .hard_node_groups
                .iter()
                .map(move |group| (region, group))
        });
        all.filter(|(_, group)| group.is_enabled)
            .find(|(_, group)| name.is_none_or(|wanted| wanted == group.unique_name))
    }

    pub(crate) fn has_node_type(&self, name: &str) -> bool {
        let listed = &self.node_types;
        listed.is_empty() || name == "docker" || listed.iter().any(|node_type| node_type == name)
    }

    pub(crate) fn manifest_text(&self, url: &str) -> Option<&str> {
        let without_query = url.split('?').next().unwrap_or(url);
        self.manifests
            .iter()
            .find(|manifest| manifest.url == url || manifest.url == without_query)
            .map(|manifest| manifest.text.as_str())
    }
}

fn default_engine_version() -> String {
    "8.10.1".to_owned()
}

fn enabled() -> bool {
    true
}

fn running() -> u16 {
    1
}

#[cfg(test)]
mod tests;
