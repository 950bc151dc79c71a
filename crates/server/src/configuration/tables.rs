//! Lists of tables, such as `[[platforms]]`: a wrong key or value is named by its path.

use super::ConfigurationError;
use super::reading::{Settings, unknown};
use serde::de::DeserializeOwned;
use toml::Value;

/// Every table of the list, read into its type.
pub(super) fn read<Table: DeserializeOwned>(
    settings: &Settings,
    list: &str,
) -> Result<Vec<Table>, ConfigurationError> {
    let entries = match settings.lists.get(list) {
        None => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            return Err(ConfigurationError(format!(
                "`{list}` is a list: write `[[{list}]]`"
            )));
        }
    };
    entries
        .iter()
        .enumerate()
        .map(|(place, entry)| read_entry(list, place, entry))
        .collect()
}

/// An entry is called by its name, or by its place while it has none.
fn read_entry<Table: DeserializeOwned>(
    list: &str,
    place: usize,
    entry: &Value,
) -> Result<Table, ConfigurationError> {
    let entry_name = match entry.get("name").and_then(Value::as_str) {
        Some(name) => name.to_owned(),
        None => (place + 1).to_string(),
    };
    serde_path_to_error::deserialize(entry.clone()).map_err(|error| {
        let path = match error.path().to_string().as_str() {
            "." => format!("{list}.{entry_name}"),
            path => format!("{list}.{entry_name}.{path}"),
        };
        wrong(&path, error.inner().message())
    })
}

fn wrong(path: &str, message: &str) -> ConfigurationError {
    let message = message.replace('\n', " ");
    // What serde says of a field that a table does not have names the field, then those it has.
    if message.starts_with("unknown field `") {
        let mut names = message.split('`').skip(1).step_by(2);
        let field = names.next().unwrap_or_default();
        // The path ends with the field where serde has read it already.
        let path = path.strip_suffix(&format!(".{field}")).unwrap_or(path);
        return unknown(&format!("unknown key `{path}.{field}`"), field, names);
    }
    ConfigurationError(format!("`{path}`: {message}"))
}
