//! From sources to values: unknown keys are refused with the nearest known one, every value is checked
//! where it is read.

use super::keys::{ALL, FILE_VARIABLE, Key};
use super::{ConfigurationError, Sources};
use domain::SecretText;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;
use toml::{Table, Value};

/// Tables of the file that hold lists and are read elsewhere.
const LISTS: [&str; 2] = ["platforms", "blueprints"];
/// How alike two names must be for one to be suggested for the other.
const SUGGESTION_SIMILARITY: f64 = 0.7;

/// All settings that were given, by path; and the lists.
pub(super) struct Settings {
    values: BTreeMap<&'static str, String>,
    pub(super) lists: Table,
    pub(super) environment: super::Environment,
}

impl Settings {
    /// Gathers what file and environment give; the environment wins.
    pub(super) fn gather(sources: &Sources) -> Result<Self, ConfigurationError> {
        let mut table: Table = sources
            .file_text
            .parse()
            .map_err(|error: toml::de::Error| {
                let message = error
                    .message()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let line = error.span().map_or(0, |span| {
                    sources.file_text[..span.start].matches('\n').count() + 1
                });
                ConfigurationError(format!("{}: line {line}: {message}", sources.file_name))
            })?;
        let mut lists = Table::new();
        for name in LISTS {
            if let Some(list) = table.remove(name) {
                lists.insert(name.to_owned(), list);
            }
        }
        let mut values = BTreeMap::new();
        flatten(&sources.file_name, "", &table, &mut values)?;
        overlay_environment(sources, &mut values)?;
        Ok(Self {
            values,
            lists,
            environment: sources.environment.clone(),
        })
    }

    /// An error about a key.
    pub(super) fn wrong(&self, key: &Key, rule: &str) -> ConfigurationError {
        let shown = match self.values.get(key.path) {
            Some(value) if !key.is_secret => format!(" (got `{value}`)"),
            _ => String::new(),
        };
        ConfigurationError(format!("`{}` ({}) {rule}{shown}", key.path, key.variable))
    }

    /// The value or its default; empty when there is neither.
    pub(super) fn text(&self, key: &Key) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    /// The value or its default.
    pub(super) fn optional_text(&self, key: &Key) -> Option<String> {
        self.values
            .get(key.path)
            .cloned()
            .or_else(|| key.default.map(str::to_owned))
    }

    /// Whether nobody has set it.
    pub(super) fn is_default(&self, key: &Key) -> bool {
        !self.values.contains_key(key.path)
    }

    /// The value, which must parse.
    pub(super) fn parse<Parsed: FromStr>(&self, key: &Key) -> Result<Parsed, ConfigurationError> {
        self.text(key)
            .parse()
            .map_err(|_| self.wrong(key, &format!("must be {}", key.form)))
    }

    /// The value as a duration longer than zero.
    pub(super) fn duration(&self, key: &Key) -> Result<Duration, ConfigurationError> {
        parse_duration(&self.text(key))
            .ok_or_else(|| self.wrong(key, &format!("must be {}", key.form)))
    }

    /// A duration, or zero for `off`.
    pub(super) fn duration_or_off(&self, key: &Key) -> Result<Duration, ConfigurationError> {
        if self.text(key) == "off" {
            return Ok(Duration::ZERO);
        }
        self.duration(key)
    }

    /// A secret, from its variable, its file or the configuration file.
    pub(super) fn secret(&self, key: &Key) -> Result<Option<SecretText>, ConfigurationError> {
        let file_variable = format!("{}_FILE", key.variable);
        if let Some(path) = self.environment.get(&file_variable) {
            if self.environment.contains_key(key.variable) {
                return Err(ConfigurationError(format!(
                    "`{}` and `{file_variable}` are both set; keep one",
                    key.variable
                )));
            }
            let text = std::fs::read_to_string(path).map_err(|error| {
                ConfigurationError(format!("`{file_variable}`: {path} cannot be read: {error}"))
            })?;
            return Ok(Some(SecretText::new(
                text.trim_end_matches(['\r', '\n']).to_owned(),
            )));
        }
        Ok(self.optional_text(key).map(SecretText::new))
    }
}

/// `10s`, `500ms`, `1h 30m`; `None` for anything else, and for zero or less.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let duration: SignedDuration = text.parse().ok()?;
    Duration::try_from(duration)
        .ok()
        .filter(|duration| !duration.is_zero())
}

fn flatten(
    file: &str,
    prefix: &str,
    table: &Table,
    values: &mut BTreeMap<&'static str, String>,
) -> Result<(), ConfigurationError> {
    for (name, value) in table {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        if let Value::Table(inner) = value
            && ALL
                .iter()
                .any(|key| key.path.starts_with(&format!("{path}.")))
        {
            flatten(file, &path, inner, values)?;
            continue;
        }
        let Some(key) = ALL.iter().find(|key| key.path == path) else {
            let known = ALL.iter().map(|key| key.path).chain(LISTS);
            return Err(unknown(
                &format!("{file}: unknown key `{path}`"),
                &path,
                known,
            ));
        };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Boolean(flag) => flag.to_string(),
            _ => {
                return Err(ConfigurationError(format!(
                    "{file}: `{path}` must be {}",
                    key.form
                )));
            }
        };
        values.insert(key.path, text);
    }
    Ok(())
}

fn overlay_environment(
    sources: &Sources,
    values: &mut BTreeMap<&'static str, String>,
) -> Result<(), ConfigurationError> {
    for (variable, value) in &sources.environment {
        if !variable.starts_with("WINDLASS_") || variable == FILE_VARIABLE {
            continue;
        }
        // The same shell may speak to a Windlass and run one.
        if command_line_client::is_own_variable(variable) {
            continue;
        }
        #[cfg(planted)]
        if variable == domain::planted::VARIABLE {
            continue;
        }
        if let Some(key) = ALL.iter().find(|key| key.variable == variable) {
            values.insert(key.path, value.clone());
            continue;
        }
        let is_file_of_secret = ALL
            .iter()
            .any(|key| key.is_secret && variable.strip_suffix("_FILE") == Some(key.variable));
        if !is_file_of_secret {
            let known = ALL.iter().map(|key| key.variable).chain([FILE_VARIABLE]);
            return Err(unknown(
                &format!("unknown variable `{variable}`"),
                variable,
                known,
            ));
        }
    }
    Ok(())
}

/// An error about an unknown name, with the nearest known one.
pub(super) fn unknown<'name>(
    message: &str,
    name: &str,
    known: impl Iterator<Item = &'name str>,
) -> ConfigurationError {
    let nearest = known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= SUGGESTION_SIMILARITY)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    ConfigurationError(match nearest {
        Some((_, candidate)) => format!("{message}; did you mean `{candidate}`?"),
        None => format!("{message}; docs/configuration.md lists all"),
    })
}
