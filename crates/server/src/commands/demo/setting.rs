//! The stage of the demo: a throwaway folder, a configuration for the simulator's example world, and
//! the two requests.

use crate::commands::CommandError;
use crate::configuration::{Configuration, Sources};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The blueprint `wordpress` and the add-ons, mapped to the example world of the simulator. These ids
/// exist nowhere else.
const CONFIGURATION: &str = include_str!("setting/demo.toml");

/// The folder of one demo run.
pub(super) struct DemoSetting {
    folder: PathBuf,
}

impl DemoSetting {
    /// A fresh folder below the machine's folder for temporary files.
    pub(super) fn create() -> Result<Self, std::io::Error> {
        let folder = std::env::temp_dir().join(format!("windlass-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// The configuration, with the simulator as its only platform.
    pub(super) fn configuration(&self, platform_url: &str) -> Result<Configuration, CommandError> {
        let sources = Sources {
            file_name: "demo.toml".to_owned(),
            file_text: CONFIGURATION.replace("{platform_url}", platform_url),
            environment: BTreeMap::from([
                (
                    "WINDLASS_DATA_DIR".to_owned(),
                    self.folder.display().to_string(),
                ),
                ("WINDLASS_HTTP_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
                (
                    "WINDLASS_METRICS_LISTEN".to_owned(),
                    "127.0.0.1:0".to_owned(),
                ),
                ("WINDLASS_LOG_FILTER".to_owned(), "warn".to_owned()),
                (
                    "WINDLASS_ACCOUNTS_SECOND_FACTOR_FOR_OWNERS".to_owned(),
                    "false".to_owned(),
                ),
            ]),
        };
        Ok(Configuration::read(&sources)?)
    }

    /// Where the mails of the demo lie.
    pub(super) fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }

    /// Removes the folder. What cannot be removed is left to the machine.
    pub(super) fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::debug!(error = %error, "the demo's folder is left behind");
        }
    }
}

/// The credential of the example world's account.
pub(super) fn account_body() -> Value {
    json!({
        "platform": "simulator",
        "credential": {
            "kind": "password",
            "login": "owner@example.com",
            "password": "example-password",
        },
    })
}

/// A WordPress site with both add-ons.
pub(super) fn environment_body() -> Value {
    json!({
        "name": "my-first-site",
        "display_name": "My first site",
        "blueprint": "wordpress",
        "region": "example_north_group",
        "addons": ["sftp", "lets_encrypt"],
    })
}
