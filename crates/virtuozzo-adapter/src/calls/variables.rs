//! `environment/control`: variables of containers. Their values are secrets: they go straight into the
//! form and nowhere else.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::{ShortDomain, VariableName};
use std::collections::{BTreeMap, BTreeSet};

/// Reads all variables of a node's container.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetContainerEnvVars>
/// (confirmed). A read; answers at once.
pub(crate) fn variables(short_domain: &ShortDomain, node: PlatformNodeId) -> Call {
    Call::new(Endpoint::GetContainerEnvVars, of_node(short_domain, node))
}

/// Adds or overwrites variables; others stay.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-AddContainerEnvVars>
/// (confirmed). Idempotent; answers at once.
pub(crate) fn add_variables(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    variables: &BTreeMap<VariableName, SecretText>,
) -> Call {
    let form = of_node(short_domain, node).with_secrets("vars", named(variables));
    Call::new(Endpoint::AddContainerEnvVars, form)
}

/// Replaces all variables: even `PATH` is gone unless it is among them.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-SetContainerEnvVars>
/// (confirmed). Idempotent; answers at once.
pub(crate) fn replace_variables(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    variables: &BTreeMap<VariableName, SecretText>,
) -> Call {
    let form = of_node(short_domain, node).with_secrets("vars", named(variables));
    Call::new(Endpoint::SetContainerEnvVars, form)
}

/// Removes variables. `vars` is a list of names here; names that do not exist do not matter.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-RemoveContainerEnvVars>
/// (confirmed). Idempotent; answers at once.
pub(crate) fn remove_variables(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    names: &BTreeSet<VariableName>,
) -> Call {
    let names: Vec<&str> = names.iter().map(VariableName::as_str).collect();
    let form = of_node(short_domain, node).with_json("vars", &names);
    Call::new(Endpoint::RemoveContainerEnvVars, form)
}

fn of_node(short_domain: &ShortDomain, node: PlatformNodeId) -> Form {
    Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeId", node.0)
}

fn named(
    variables: &BTreeMap<VariableName, SecretText>,
) -> impl Iterator<Item = (&str, &SecretText)> + Clone {
    variables.iter().map(|(name, value)| (name.as_str(), value))
}
