//! External domains: unique on the whole platform, whoever owns the environment.
//!
//! It must not look at the name system: every domain points here.

use futures::FutureExt;
use serde_json::{Map, Value, json};

use super::SERVICE;
use crate::answer::{Outcome, Refusal, into_map};
use crate::endpoints::{Call, Endpoint};
use crate::ledger::Effect;
use crate::operation::{self, Rule};
use crate::state::{ActionKind, EnvironmentStatus, ExternalDomain, State};

const DOMAIN_UNKNOWN: i64 = 2322;
const DOMAIN_BUSY: i64 = 2330;

const AT_REST: &[EnvironmentStatus] = &EnvironmentStatus::AT_REST;
/// Which statuses each method accepts, and what it shows meanwhile.
const BIND: Rule = Rule::new(ActionKind::BIND_DOMAIN, AT_REST, None);
const REMOVE: Rule = Rule::new(ActionKind::REMOVE_DOMAIN, AT_REST, None);

pub(in crate::endpoints) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::mutating(
        SERVICE,
        "bindextdomain",
        "environment.binder.BindExtDomain",
        |call| bind(call).boxed(),
    ),
    Endpoint::mutating(
        SERVICE,
        "removeextdomain",
        "environment.binder.RemoveExtDomain",
        |call| remove(call).boxed(),
    ),
    Endpoint::reading(
        SERVICE,
        "getextdomains",
        "environment.binder.GetExtDomains",
        get,
    ),
    Endpoint::reading(
        SERVICE,
        "checkextdomain",
        "environment.binder.CheckExtDomain",
        check,
    ),
];

async fn bind(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let domain = domain(&call)?;
    let request = BIND.request(&name, call.platform.world.timings.settings_ms);
    let (operation, bound) = {
        let mut state = call.platform.state();
        let unknown = || Refusal::environment_unknown(&name);
        state
            .owned_environment(call.uid, &name)
            .ok_or_else(unknown)?;
        refuse_busy(&state, &domain)?;
        let operation = operation::begin_in(&call, &mut state, &request)?;
        // Taken from the first moment, so that nobody else gets it meanwhile.
        let id = state.next_object_id();
        let bound = ExternalDomain { id, name: domain };
        if let Some(environment) = state.environments.get_mut(&name) {
            environment.external_domains.push(bound.clone());
        }
        (operation, bound)
    };
    let started_at_ms = operation.started_at_ms;
    operation::finish(&call, &operation, 0, |_| {
        call.enter(
            Effect::DomainBound,
            Some(&name),
            Some(&bound.name),
            started_at_ms,
        );
    })
    .await;
    Ok(into_map(json!({"extDomain": member(&bound)})))
}

async fn remove(call: Call) -> Outcome {
    let name = call.required_environment_name()?;
    let domain = domain(&call)?;
    let environment = call.owned_environment(&name)?;
    let mut bound = environment.external_domains.iter();
    if !bound.any(|known| known.name == domain) {
        let text = format!("external domain [{domain}] not found");
        return Err(Refusal::new(DOMAIN_UNKNOWN, text));
    }
    let request = REMOVE.request(&name, call.platform.world.timings.settings_ms);
    operation::change(
        &call,
        &request,
        Effect::DomainRemoved,
        Some(&domain),
        |environment| {
            environment
                .external_domains
                .retain(|known| known.name != domain);
        },
    )
    .await?;
    Ok(Map::new())
}

fn get(call: &Call) -> Outcome {
    let environment = call.owned_environment(&call.required_environment_name()?)?;
    let domains: Vec<Value> = environment.external_domains.iter().map(member).collect();
    Ok(into_map(json!({"extDomains": domains})))
}

fn check(call: &Call) -> Outcome {
    refuse_busy(&call.platform.state(), &domain(call)?)?;
    Ok(Map::new())
}

fn domain(call: &Call) -> Result<String, Refusal> {
    call.parameters.required("extdomain").map(str::to_lowercase)
}

fn refuse_busy(state: &State, domain: &str) -> Result<(), Refusal> {
    let mut bound = state
        .environments
        .values()
        .flat_map(|environment| environment.external_domains.iter());
    if bound.any(|known| known.name == domain) {
        let text = format!("external domain [{domain}] is busy");
        return Err(Refusal::new(DOMAIN_BUSY, text));
    }
    Ok(())
}

fn member(domain: &ExternalDomain) -> Value {
    json!({"id": domain.id, "domain": domain.name, "sslEnabled": false})
}
