//! `environment/control`: passwords of nodes. They are always sent: without one the platform would make
//! one up and tell it by mail.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;

/// Gives a node's main user a password.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-ResetNodePasswordById> (primary
/// source). A repetition with the same password changes nothing more \[inferred\]. Answers after seconds.
pub(crate) fn reset_node_password(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    password: &SecretText,
) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeId", node.0)
        .with_secret("password", password);
    Call::new(Endpoint::ResetNodePasswordById, form)
}

/// Gives a container's root user a password. `nodeid` is lower case here.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-ResetContainerPasswordById> (primary
/// source). A repetition with the same password changes nothing more \[inferred\]. Answers after seconds.
pub(crate) fn reset_container_password(
    short_domain: &ShortDomain,
    node: PlatformNodeId,
    password: &SecretText,
) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_number("nodeid", node.0)
        .with_secret("password", password);
    Call::new(Endpoint::ResetContainerPasswordById, form)
}
