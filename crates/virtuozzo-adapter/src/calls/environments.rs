//! `environment/control`.

use super::Call;
use super::topology::NodeParameter;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::SecretText;
use domain::ids::StepAttemptId;
use domain::names::{DisplayName, ShortDomain};
use domain::ports::EnvironmentSpec;
use serde::Serialize;

#[derive(Serialize)]
struct EnvParameter<'a> {
    shortdomain: &'a str,
    #[serde(rename = "displayName")]
    display_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
}

/// Creates an environment; its display name is the creation tag until it gets the real one.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-CreateEnvironment> (confirmed).
/// Not idempotent. Answers when the environment stands, after minutes, in two envelopes; node
/// passwords are in this answer only. `actionkey` repeats the attempt for the platform's tracking.
pub(crate) fn create_environment(spec: &EnvironmentSpec, attempt: StepAttemptId) -> Call {
    let env = EnvParameter {
        shortdomain: spec.short_domain.as_str(),
        display_name: spec.creation_tag.as_str(),
        region: spec.region.as_ref().map(domain::names::RegionName::as_str),
    };
    let nodes: Vec<NodeParameter<'_>> = spec.layers.iter().map(NodeParameter::from).collect();
    let form = Form::default()
        .with_json("env", &env)
        .with_json("nodes", &nodes)
        .with("actionkey", attempt.to_string());
    Call::new(Endpoint::CreateEnvironment, form)
}

/// Copies a running environment under a new name. What is mounted from other environments is left as the
/// platform does it: `useExternalMounts` is not sent, and no key for tracking is documented.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-CloneEnv>
/// (confirmed). Not idempotent. Answers when the copy stands, after many minutes, and in one envelope.
pub(crate) fn clone_environment(source: &ShortDomain, destination: &ShortDomain) -> Call {
    let form = Form::default()
        .with("srcEnvName", source.as_str())
        .with("dstEnvName", destination.as_str());
    Call::new(Endpoint::CloneEnv, form)
}

/// Sets the display name.
///
/// Documentation:
/// <https://docs.jelastic.com/api/#!/api/environment.Control-method-SetEnvDisplayName> (confirmed).
/// Idempotent; answers at once.
pub(crate) fn set_display_name(short_domain: &ShortDomain, display_name: &DisplayName) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with("displayName", display_name.as_str());
    Call::new(Endpoint::SetEnvDisplayName, form)
}

/// Reads one environment with its nodes; 11 when the account has none of that name.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetEnvInfo>
/// (confirmed). A read; answers at once.
pub(crate) fn environment_info(short_domain: &ShortDomain) -> Call {
    Call::new(
        Endpoint::GetEnvInfo,
        Form::default().with("envName", short_domain.as_str()),
    )
}

/// Reads all environments of the account. `lazy` is not used: what it leaves out is not documented,
/// and the display name and the key of the incarnation are needed.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetEnvs>
/// (confirmed). A read; answers at once.
pub(crate) fn environments() -> Call {
    Call::new(Endpoint::GetEnvs, Form::default())
}

/// Deletes an environment at once and for good; 11 when it is gone already.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-DeleteEnv>
/// (confirmed). A repetition changes nothing more. Answers after minutes. `confirmation` is the
/// account's password or the environment's name, as the account's quota wants it.
pub(crate) fn delete_environment(name: &str, confirmation: Option<&SecretText>) -> Call {
    let form = Form::default().with("envName", name);
    let form = match confirmation {
        Some(confirmation) => form.with_secret("password", confirmation),
        None => form,
    };
    Call::new(Endpoint::DeleteEnv, form)
}
