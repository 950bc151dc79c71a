//! `environment/control`: groups that environments are sorted into. A `/` in a name makes a group inside
//! another one; it is encoded once, like every other character.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::{GroupName, ShortDomain};

/// Adds an environment to a group, which is made when it is missing.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-AttachEnvGroup>
/// (confirmed). Idempotent; answers at once.
pub(crate) fn attach_group(short_domain: &ShortDomain, group: &GroupName) -> Call {
    Call::new(Endpoint::AttachEnvGroup, form(short_domain, group))
}

/// Takes an environment out of a group.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-DetachEnvGroup>
/// (primary source). A repetition changes nothing more \[inferred\]; answers at once.
pub(crate) fn detach_group(short_domain: &ShortDomain, group: &GroupName) -> Call {
    Call::new(Endpoint::DetachEnvGroup, form(short_domain, group))
}

/// Leaves an environment in this group only.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-SetEnvGroup>
/// (confirmed). Idempotent; answers at once.
pub(crate) fn set_only_group(short_domain: &ShortDomain, group: &GroupName) -> Call {
    Call::new(Endpoint::SetEnvGroup, form(short_domain, group))
}

fn form(short_domain: &ShortDomain, group: &GroupName) -> Form {
    Form::default()
        .with("envName", short_domain.as_str())
        .with("envGroup", group.as_str())
}
