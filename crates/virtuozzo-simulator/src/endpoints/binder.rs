//! environment/binder: whether an environment name is free, and domains of the client's own.
//!
//! It must not know certificates or addresses.

use super::{Call, Endpoint};
use crate::answer::{Outcome, Refusal};

pub(super) mod domains;

const SERVICE: &str = "environment/binder";

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint::reading(
    SERVICE,
    "checkdomain",
    "environment.binder.CheckDomain",
    check_domain,
)];

fn check_domain(call: &Call) -> Outcome {
    let domain = call.parameters.required("domain")?.to_lowercase();
    let is_taken = call.platform.state().environments.contains_key(&domain);
    if is_taken || call.twists.is_name_taken {
        let code = call
            .platform
            .invented(call.platform.world.invented.domain_taken);
        return Err(Refusal::new(
            code,
            format!("domain [{domain}] is already in use"),
        ));
    }
    Ok(serde_json::Map::new())
}
