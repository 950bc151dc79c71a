//! Where settings come from: a file and the environment. Tests bring their own environment.

use super::ConfigurationError;
use super::keys::FILE_VARIABLE;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variables of a process.
pub type Environment = BTreeMap<String, String>;

/// A file, if any, and the environment.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file's name, for errors.
    pub file_name: String,
    /// The file's text; empty when there is none.
    pub file_text: String,
    /// The environment.
    pub environment: Environment,
}

impl Sources {
    /// The file named by the option or by the environment, and this process's environment.
    pub fn of_process(file: Option<PathBuf>) -> Result<Self, ConfigurationError> {
        let environment: Environment = std::env::vars().collect();
        let file = file.or_else(|| environment.get(FILE_VARIABLE).map(PathBuf::from));
        let Some(file) = file else {
            return Ok(Self {
                environment,
                ..Self::default()
            });
        };
        let file_name = file.display().to_string();
        let file_text = std::fs::read_to_string(&file).map_err(|error| {
            ConfigurationError(format!(
                "the configuration file {file_name} cannot be read: {error}"
            ))
        })?;
        Ok(Self {
            file_name,
            file_text,
            environment,
        })
    }
}
