//! Registering. The answer never tells whether an address has an account.

use super::platform_credential::{CredentialBody, CredentialSchema, checked_secret};
use super::presented_factor::new_password;
use crate::documents::WriteProblems;
use crate::problem::Problem;
use crate::request::{FieldFaults, JsonBody, NoQuery, QueryOf, SecretField, Visitor};
use crate::state::ApiState;
use application::people::{BroughtAccount, RegisterCommand};
use axum::extract::State;
use axum::http::StatusCode;
use domain::names::{EmailAddress, PersonName, PlatformName, TeamName};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(register))
}

/// Who registers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Registration)]
struct RegistrationBody {
    /// The address, proved afterwards by the link in a mail.
    #[schema(example = "anna@example.com", max_length = 254)]
    email: String,
    /// The password; one that is easy to guess is refused.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: SecretField,
    /// What to call the person.
    #[schema(example = "Anna", min_length = 1, max_length = 80)]
    name: String,
    /// A first team, owned by the person.
    #[serde(default)]
    #[schema(example = "Example shop", min_length = 1, max_length = 80)]
    team_name: Option<String>,
    /// A platform account that the person has already. The first team is made with it, named after the
    /// person unless `team_name` says otherwise.
    #[serde(default)]
    platform_account: Option<BroughtAccountBody>,
}

/// A platform account that somebody brings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BroughtPlatformAccount)]
struct BroughtAccountBody {
    /// A platform that the operator configured.
    #[schema(example = "main", min_length = 1, max_length = 64)]
    platform: String,
    /// Checked with the platform before anything is stored.
    #[schema(value_type = CredentialSchema)]
    credential: CredentialBody,
    /// A password that confirms deletions, for accounts that are connected by access token on a
    /// platform that asks for one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password, max_length = 1024)]
    delete_confirmation_password: Option<SecretField>,
}

/// Register
///
/// Answers the same whether the address was free or has an account: the mail to it tells. A new person
/// opens the link in the mail, then signs in. Somebody who has a platform account already brings its
/// credential along: it is checked with the platform first, and nothing is stored when it is refused.
#[utoipa::path(
    post, path = "/v1/registrations", operation_id = "register", tag = "people",
    request_body(content = RegistrationBody, description = "Who registers.", example = json!({
        "email": "anna@example.com", "password": "…", "name": "Anna", "team_name": "Example shop",
    })),
    responses((status = 202, description = "Look into the mails of the address."), WriteProblems),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn register(
    State(state): State<ApiState>,
    Visitor(origin): Visitor,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<RegistrationBody>,
) -> Result<StatusCode, Problem> {
    let command = command(body)?;
    let use_case = state.use_cases.people.register.clone();
    state
        .run_mutation(async move { use_case.run(command, &origin).await })
        .await?;
    Ok(StatusCode::ACCEPTED)
}

fn command(body: RegistrationBody) -> Result<RegisterCommand, Problem> {
    let mut faults = FieldFaults::default();
    let email = faults.parse("/email", &body.email, EmailAddress::parse);
    let password = new_password(&mut faults, body.password);
    let name = faults.parse("/name", &body.name, PersonName::parse);
    let team_name = body.team_name.as_deref();
    let team_name = faults.parse_optional("/team_name", team_name, TeamName::parse);
    let platform_account = body
        .platform_account
        .and_then(|brought| brought_account(&mut faults, brought));
    match (email, password, name) {
        (Some(email), Some(password), Some(name)) if faults.is_empty() => Ok(RegisterCommand {
            email,
            password,
            name,
            team_name,
            platform_account,
        }),
        _ => Err(faults.into_problem()),
    }
}

fn brought_account(faults: &mut FieldFaults, body: BroughtAccountBody) -> Option<BroughtAccount> {
    let at = "/platform_account/platform";
    let platform = faults.parse(at, &body.platform, PlatformName::parse);
    let credential = body
        .credential
        .parsed(faults, "/platform_account/credential");
    let at = "/platform_account/delete_confirmation_password";
    let confirmation_password = body
        .delete_confirmation_password
        .and_then(|secret| checked_secret(faults, at, secret));
    Some(BroughtAccount {
        platform: platform?,
        credential: credential?,
        confirmation_password,
    })
}
