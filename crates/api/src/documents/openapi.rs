//! `docs/openapi.json`: the description of the API, made from the routes.

use super::forms;
use crate::problem::ProblemBody;
use crate::request::SESSION_COOKIE;
use crate::v1;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

/// What is said about the API as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Windlass",
        description = "Drives a hosting platform on behalf of teams. Slow or risky operations are \
            jobs: they answer 202 with the job, which can be polled, waited for, followed and \
            cancelled. Every refusal is a problem (RFC 9457) with a stable `code`. Each operation \
            names the permission that it needs in `x-required-permission`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ProblemBody)),
    modifiers(&CredentialSchemes),
    tags(
        (name = "people", description = "Accounts of people: registering, signing in, passwords, second factors."),
        (name = "teams", description = "Who owns everything else."),
        (name = "members", description = "People in teams, and who is invited."),
        (name = "roles", description = "Who may do what."),
        (name = "API tokens", description = "Credentials of programs."),
        (name = "operators", description = "For those who run the service."),
        (name = "platform account", description = "The team's account on the platform."),
        (name = "environments", description = "Deployed stacks."),
        (name = "nodes", description = "What environments are made of."),
        (name = "software", description = "What is installed in environments and run inside of them."),
        (name = "audit", description = "Who did what."),
        (name = "jobs", description = "Slow or risky operations."),
        (name = "events", description = "What happens in a team."),
        (name = "webhooks", description = "Who is told what happens."),
        (name = "meta", description = "About this API."),
    ),
)]
struct Description;

struct CredentialSchemes;

impl Modify for CredentialSchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("An API token of a team: `wdl_…`.".to_owned());
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("api_token", SecurityScheme::Http(scheme));
        let cookie = ApiKeyValue::with_description(
            SESSION_COOKIE,
            "The session of a person who signed in. What changes something also needs the session's \
             `csrf_token` in the header `X-CSRF-Token`.",
        );
        let scheme = SecurityScheme::ApiKey(ApiKey::Cookie(cookie));
        components.add_security_scheme("browser_session", scheme);
    }
}

/// The OpenAPI 3.1 description as indented JSON with sorted keys: the same code gives the same text.
pub fn openapi_json() -> String {
    let openapi = OpenApiRouter::with_openapi(Description::openapi())
        .merge(v1::routes())
        .into_openapi();
    let mut value = serde_json::to_value(openapi).expect("a description is JSON");
    forms::describe(&mut value);
    let mut text = serde_json::to_string_pretty(&Sorted(&value)).expect("JSON is JSON");
    text.push('\n');
    text
}

/// Writes objects with sorted keys, whichever map the JSON library was built with.
struct Sorted<'a>(&'a Value);

impl serde::Serialize for Sorted<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let fields: BTreeMap<_, _> = fields.iter().map(|(k, v)| (k, Sorted(v))).collect();
                serializer.collect_map(fields)
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Sorted)),
            scalar => scalar.serialize(serializer),
        }
    }
}
