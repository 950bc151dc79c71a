//! Names that people type, parsed once at the edge. A value of one of these types is valid.

use crate::ids::EnvironmentId;
use crate::limits;
use std::fmt;

#[cfg(test)]
mod tests;

/// Why a text is not a valid name; says the rule, not just that it was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct NameError {
    rule: &'static str,
}

impl NameError {
    /// For what is parsed elsewhere, because it is secret.
    pub(crate) fn new(rule: &'static str) -> Self {
        Self { rule }
    }

    /// The rule that the text breaks.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $check:ident, $rule:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(String);

            impl $name {
                /// Parses the text; the error states the rule.
                pub fn parse(text: &str) -> Result<Self, NameError> {
                    if $check(text) { Ok(Self(text.to_owned())) } else { Err(NameError { rule: $rule }) }
                }

                /// The text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(&self.0)
                }
            }
        )*
    };
}

names! {
    /// What a team calls an environment; unique among the team's living environments.
    EnvironmentName: is_environment_name,
        "must be 2 to 25 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen";
    /// The environment's name on the platform: unique on the whole platform, part of its domain.
    ShortDomain: is_short_domain, "must be 5 to 32 lower-case letters, digits and hyphens";
    /// Free text shown to people.
    DisplayName: is_display_name, "must be 1 to 80 characters without control characters";
    /// What is searched for in names.
    SearchText: is_display_name, "must be 1 to 80 characters without control characters";
    /// A team's name.
    TeamName: is_display_name, "must be 1 to 80 characters without control characters";
    /// A configured platform.
    PlatformName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A configured blueprint.
    BlueprintName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A region of a platform.
    RegionName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A node group (layer) of an environment, such as `cp` or `sqldb`.
    NodeGroup: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A software stack, in the platform's words, such as `nginxphp`.
    StackName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A client's key that makes a repeated request the same request.
    IdempotencyKey: is_idempotency_key, "must be 1 to 255 printable ASCII characters";
    /// A version (tag) of a stack's image.
    StackVersion: is_stack_version, "must be 1 to 128 letters, digits, `.`, `_` and hyphens and start with a letter, a digit or `_`";
    /// A group of environments; `/` makes a group inside another one.
    GroupName: is_group_name,
        "must be 1 to 80 characters without control characters, commas and brackets, and no part between `/` may be empty";
    /// A domain that visitors use, in lower case, international ones in their ASCII form.
    ExternalDomain: is_external_domain,
        "must be a domain of at least two labels in lower-case letters, digits and hyphens, at most 253 characters";
    /// A variable of a container.
    VariableName: is_variable_name, "must be 1 to 128 letters, digits and `_`, and not start with a digit";
    /// An absolute path of a folder on a node.
    FolderPath: is_absolute_path, "must be an absolute path of at most 512 characters without `..`, `//` and control characters";
    /// An absolute path of a file on a node.
    FilePath: is_file_path, "must be an absolute path of at most 512 characters without `..`, `//`, a final `/` and control characters";
    /// What people call a shared folder.
    MountName: is_display_name, "must be 1 to 80 characters without control characters";
    /// A parameter of an mbadmin action.
    ParameterName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A script that configuration maps to one stored on the platform.
    ScriptName: is_configured_name, "must be 1 to 64 letters, digits, `.`, `_` and hyphens";
    /// A backup, as the backup add-on names it.
    SnapshotName: is_snapshot_name, "must be 1 to 128 letters, digits and `._:~+-` and start with a letter or a digit";
    /// The name of a person.
    PersonName: is_display_name, "must be 1 to 80 characters without control characters";
    /// The name of a role, unique in its team.
    RoleName: is_display_name, "must be 1 to 80 characters without control characters";
    /// What people call an API token.
    TokenLabel: is_display_name, "must be 1 to 80 characters without control characters";
    /// Why those who run the service suspend a team; the team reads it in its audit trail.
    SuspensionReason: is_display_name, "must be 1 to 80 characters without control characters";
    /// Why those who run the service pause changes; teams read it in the log of their jobs.
    PauseReason: is_display_name, "must be 1 to 80 characters without control characters";
    /// Where messages about a team go.
    WebhookUrl: is_webhook_url, "must be an `https://` address of at most 1024 printable ASCII characters without user and fragment";
    /// The login of a platform account.
    PlatformLogin: is_platform_login, "must be 1 to 254 characters without spaces or control characters";
}

fn is_slug(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_environment_name(text: &str) -> bool {
    (limits::ENVIRONMENT_NAME_LENGTH_MIN..=limits::ENVIRONMENT_NAME_LENGTH_MAX)
        .contains(&text.len())
        && is_slug(text)
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
}

fn is_short_domain(text: &str) -> bool {
    (limits::SHORT_DOMAIN_LENGTH_MIN..=limits::SHORT_DOMAIN_LENGTH_MAX).contains(&text.len())
        && is_slug(text)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// What it leads to is looked at by who sends.
fn is_webhook_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    text.len() <= limits::WEBHOOK_URL_LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains(['#', '\\'])
        && rest.is_some_and(|rest| {
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            !authority.is_empty() && !authority.contains('@')
        })
}

fn is_display_name(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= limits::DISPLAY_NAME_LENGTH_MAX
        && !text.chars().any(char::is_control)
}

fn is_configured_name(text: &str) -> bool {
    (1..=limits::CONFIGURED_NAME_LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn is_snapshot_name(text: &str) -> bool {
    (1..=limits::SNAPSHOT_NAME_LENGTH_MAX).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._:~+-".contains(&byte))
}

fn is_stack_version(text: &str) -> bool {
    (1..=limits::STACK_VERSION_LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        && !text.starts_with(['.', '-'])
}

fn is_group_name(text: &str) -> bool {
    is_display_name(text)
        && !text.contains(['[', ']', ',', '"', '\\'])
        && text.split('/').all(|part| !part.trim().is_empty())
}

fn is_external_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=limits::DOMAIN_LABEL_LENGTH_MAX).contains(&label.len())
            && is_slug(label)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= limits::DOMAIN_LENGTH_MAX
        && text.contains('.')
        && text.split('.').all(is_label)
        && text
            .rsplit('.')
            .next()
            .is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_variable_name(text: &str) -> bool {
    (1..=limits::VARIABLE_NAME_LENGTH_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !text.starts_with(|first: char| first.is_ascii_digit())
}

fn is_absolute_path(text: &str) -> bool {
    text.len() <= limits::PATH_LENGTH_MAX
        && text.starts_with('/')
        && !text.contains("//")
        && !text.split('/').any(|part| part == ".." || part == ".")
        && !text.chars().any(char::is_control)
}

fn is_file_path(text: &str) -> bool {
    is_absolute_path(text) && !text.ends_with('/')
}

fn is_idempotency_key(text: &str) -> bool {
    (1..=limits::IDEMPOTENCY_KEY_LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_platform_login(text: &str) -> bool {
    (1..=limits::PLATFORM_LOGIN_LENGTH_MAX).contains(&text.len())
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// An e-mail address, in lower case: who writes it with capitals is the same person. The form is that
/// of the addresses that people have, not all that the standards allow; that it exists is proved by a
/// mail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Parses the text; the error states the rule.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let lower = text.to_lowercase();
        if is_email_address(&lower) {
            Ok(Self(lower))
        } else {
            Err(NameError {
                rule: "must be an e-mail address such as anna@example.com, at most 254 characters",
            })
        }
    }

    /// The text, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_email_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_local_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    text.len() <= limits::EMAIL_ADDRESS_LENGTH_MAX
        && (1..=limits::EMAIL_LOCAL_PART_LENGTH_MAX).contains(&local.len())
        && local.bytes().all(is_local_byte)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && is_external_domain(domain)
}

impl ShortDomain {
    /// The short domain of a new environment: its name and a random piece of its id, so that it can
    /// be recognised as ours and hardly clash with a stranger's.
    pub fn for_environment(name: &EnvironmentName, id: EnvironmentId) -> Self {
        let suffix = id.random_suffix(limits::SHORT_DOMAIN_SUFFIX_LENGTH);
        Self(format!("{name}-{suffix}"))
    }
}
