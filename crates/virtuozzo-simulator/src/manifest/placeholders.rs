//! Replaces `${env.domain}`, `${settings.x}` and their kind.
//!
//! It must not evaluate anything: an unknown placeholder stays as it is.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::state::Environment;
use crate::world::Account;

#[derive(Clone, Debug, Default)]
pub(crate) struct Placeholders {
    values: BTreeMap<String, String>,
}

impl Placeholders {
    pub(crate) fn with_settings(mut self, settings: &Map<String, Value>) -> Self {
        for (name, value) in settings {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            self.values.insert(format!("settings.{name}"), text);
        }
        self
    }

    pub(crate) fn with_account(mut self, account: &Account) -> Self {
        self.set("user.email", &account.login);
        self.set("user.uid", &account.uid.to_string());
        self
    }

    pub(crate) fn with_environment(mut self, environment: &Environment) -> Self {
        self.set("env.envName", &environment.name);
        self.set("env.name", &environment.name);
        self.set("env.shortdomain", &environment.name);
        self.set("env.domain", &environment.domain);
        self.set("env.appid", &environment.appid);
        self.set("env.uid", &environment.uid.to_string());
        self.set(
            "env.protocol",
            if environment.has_ssl { "https" } else { "http" },
        );
        self.set("env.url", &format!("http://{}/", environment.domain));
        let display_name = environment.display_name.as_deref().unwrap_or_default();
        self.set("env.displayName", display_name);
        for node in environment.nodes.iter().filter(|node| node.is_master) {
            for position in ["", ".first", ".master"] {
                let prefix = format!("nodes.{}{position}", node.node_group);
                self.set(&format!("{prefix}.id"), &node.id.to_string());
                self.set(&format!("{prefix}.intIP"), &node.internal_address);
                self.set(&format!("{prefix}.address"), &node.internal_address);
                self.set(&format!("{prefix}.password"), &node.password);
            }
        }
        self
    }

    /// One pass from left to right; a replaced value is not looked at again.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut output = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            output.push_str(before);
            let known = after.split_once('}').and_then(|(name, remainder)| {
                self.values.get(name.trim()).map(|value| (value, remainder))
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

    fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }
}
