//! Replaces `${env.domain}`, `${settings.x}` and their kind.
//!
//! It must not evaluate anything: an unknown placeholder stays as it is.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::state::{Environment, Node};
use crate::world::Account;

#[derive(Clone, Debug, Default)]
pub(crate) struct Placeholders {
    values: BTreeMap<String, String>,
}

impl Placeholders {
    pub(crate) fn with_account(mut self, account: &Account) -> Self {
        self.set("user.email", &account.login);
        self.set("user.name", &account.login);
        self.set("user.uid", &account.uid.to_string());
        self.set("settings.jelastic_email", &account.login);
        self
    }

    pub(crate) fn with_environment(mut self, environment: &Environment) -> Self {
        for name in ["env.envName", "env.name", "env.shortdomain"] {
            self.set(name, &environment.name);
        }
        self.set("env.domain", &environment.domain);
        self.set("env.appid", &environment.appid);
        for name in ["env.uid", "env.creatorUid"] {
            self.set(name, &environment.uid.to_string());
        }
        let protocol = if environment.has_ssl { "https" } else { "http" };
        self.set("env.protocol", protocol);
        self.set("env.url", &format!("{protocol}://{}/", environment.domain));
        for name in ["env.region", "env.hardwareNodeGroup"] {
            self.set(name, &environment.hard_node_group);
        }
        for name in ["env.ssl", "env.sslstate"] {
            self.set(name, &environment.has_ssl.to_string());
        }
        for name in ["env.ha", "env.ishaenabled"] {
            self.set(name, &environment.has_high_availability.to_string());
        }
        let display_name = environment.display_name.as_deref().unwrap_or_default();
        self.set("env.displayName", display_name);
        self.add_nodes(environment, |node| &node.node_type);
        self.add_nodes(environment, |node| &node.node_group);
        self
    }

    /// `nodes.<key>.id`, `.first.`, `.last.`, `.master.` and `[i].`, for every key.
    fn add_nodes(&mut self, environment: &Environment, key_of: fn(&Node) -> &String) {
        let mut by_key: BTreeMap<&str, Vec<&Node>> = BTreeMap::new();
        for node in &environment.nodes {
            by_key.entry(key_of(node)).or_default().push(node);
        }
        for (key, nodes) in by_key {
            self.set(&format!("nodes.{key}.length"), &nodes.len().to_string());
            for (position, node) in nodes.iter().enumerate() {
                self.add_node(&format!("nodes.{key}[{position}]"), node);
            }
            if let (Some(first), Some(last)) = (nodes.first(), nodes.last()) {
                let master = nodes.iter().find(|node| node.is_master).unwrap_or(first);
                self.add_node(&format!("nodes.{key}.first"), first);
                self.add_node(&format!("nodes.{key}.last"), last);
                self.add_node(&format!("nodes.{key}.master"), master);
                self.add_node(&format!("nodes.{key}"), master);
            }
        }
    }

    fn add_node(&mut self, prefix: &str, node: &Node) {
        let members = [
            ("id", node.id.to_string()),
            ("intIP", node.internal_address.clone()),
            ("address", node.internal_address.clone()),
            ("password", node.password.clone()),
            ("nodeType", node.node_type.clone()),
            ("nodeGroup", node.node_group.clone()),
            ("nodemission", node.node_group.clone()),
            ("ismaster", node.is_master.to_string()),
            ("fixedCloudlets", node.fixed_cloudlets.to_string()),
            ("flexibleCloudlets", node.flexible_cloudlets.to_string()),
            ("diskLimit", node.disk_limit_mb.to_string()),
        ];
        for (name, value) in members {
            self.set(&format!("{prefix}.{name}"), &value);
        }
        if let Some(address) = node.external_addresses.first() {
            self.set(&format!("{prefix}.extIPs.first"), address);
            self.set(&format!("{prefix}.extIPs[0]"), address);
        }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Sets `<prefix>.<name>` for every value; placeholders inside are replaced now.
    pub(crate) fn set_all(&mut self, prefix: &str, values: &Map<String, Value>) {
        for (name, value) in values {
            let filled = self.fill(&plain(value));
            self.set(&format!("{prefix}.{name}"), &filled);
        }
    }

    /// The parameters of an action: `this.<name>`, or `this` when there is one without a name.
    pub(super) fn set_this(&mut self, argument: &Value) {
        self.values
            .retain(|name, _| name != "this" && !name.starts_with("this."));
        match argument {
            Value::Null => {}
            Value::Object(parameters) => self.set_all("this", parameters),
            other => self.set("this", &plain(other)),
        }
    }

    /// One pass from left to right; a replaced value is not looked at again. What is not known is
    /// replaced by the words behind its colon, if it has any.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut output = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            output.push_str(before);
            let known = after.split_once('}').and_then(|(name, remainder)| {
                let value = self.values.get(name.trim()).map(String::as_str);
                Some((value.or_else(|| default_of(name))?, remainder))
            });
            if let Some((value, remainder)) = known {
                output.push_str(value);
                rest = remainder;
            } else {
                output.push_str("${");
                rest = after;
            }
        }
        output.push_str(rest);
        output
    }

    /// The same in every text of a JSON value.
    pub(super) fn fill_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Array(elements) => elements.iter().map(|it| self.fill_in(it)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| (name.clone(), self.fill_in(member)))
                .collect(),
            other => other.clone(),
        }
    }
}

fn default_of(name: &str) -> Option<&str> {
    let (_, default) = name.split_once(':')?;
    (!default.contains('[')).then_some(default)
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
