//! The ownership of a team: offer it, accept it, decline it.

use crate::documents::{ReadProblems, WriteProblems};
use crate::problem::Problem;
use crate::request::{Caller, FieldFaults, JsonBody, NoBody, NoQuery, QueryOf, TeamPath};
use crate::state::ApiState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::UserId;
use domain::team::OwnershipOffer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(
            get_ownership_offer,
            put_ownership_offer,
            withdraw_ownership_offer
        ))
        .routes(routes!(accept_ownership))
        .routes(routes!(decline_ownership))
}

/// Who is offered the ownership.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OwnershipOfferPut)]
struct OfferBody {
    /// A member of the team.
    #[schema(example = "user_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    user_id: String,
}

/// An offer that waits for its receiver.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnershipOffer)]
struct OfferView {
    /// Who offers.
    from_user_id: String,
    /// Who may accept.
    to_user_id: String,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// From when on it is refused.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<OwnershipOffer> for OfferView {
    fn from(offer: OwnershipOffer) -> Self {
        Self {
            from_user_id: offer.from.to_string(),
            to_user_id: offer.to.to_string(),
            created_at: offer.created_at.to_string(),
            expires_at: offer.expires_at.to_string(),
        }
    }
}

/// Show the offer of ownership
#[utoipa::path(
    get, path = "/v1/teams/{team_id}/ownership-offer", operation_id = "get_ownership_offer",
    tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 200, description = "The offer.", body = OfferView), ReadProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn get_ownership_offer(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
) -> Result<Json<OfferView>, Problem> {
    let use_case = &state.use_cases.teams.get_ownership_offer;
    let offer = use_case.run(&caller.actor, path.team_id).await?;
    Ok(Json(offer.into()))
}

/// Offer the ownership
///
/// To another member, who is told by mail and has seven days to accept. Nothing changes hands before.
/// An earlier offer is replaced. Needs a browser session in which you proved who you are within the
/// last five minutes.
#[utoipa::path(
    put, path = "/v1/teams/{team_id}/ownership-offer", operation_id = "put_ownership_offer",
    tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    request_body(content = OfferBody, description = "The receiver."),
    responses((status = 200, description = "The offer.", body = OfferView), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.transfer"))),
)]
async fn put_ownership_offer(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    JsonBody(body): JsonBody<OfferBody>,
) -> Result<Json<OfferView>, Problem> {
    let mut faults = FieldFaults::default();
    let to: Option<UserId> = faults.parse_id("/user_id", &body.user_id);
    let to = to.ok_or_else(|| faults.into_problem())?;
    let use_case = state.use_cases.teams.offer_ownership.clone();
    let offer = state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id, to).await })
        .await?;
    Ok(Json(offer.into()))
}

/// Withdraw the offer of ownership
#[utoipa::path(
    delete, path = "/v1/teams/{team_id}/ownership-offer",
    operation_id = "withdraw_ownership_offer", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "Nothing is offered any more."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.transfer"))),
)]
async fn withdraw_ownership_offer(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.withdraw_ownership_offer.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept the ownership
///
/// For the receiver of the offer, in a browser. The old owner becomes a manager; the platform
/// credential that they gave is destroyed, and jobs wait until you connect an account of yours.
/// Refused while a job of the team is not at rest.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/ownership-offer/actions/accept",
    operation_id = "accept_ownership", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "You are the owner."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn accept_ownership(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.accept_ownership.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decline the ownership
///
/// For the receiver of the offer, in a browser.
#[utoipa::path(
    post, path = "/v1/teams/{team_id}/ownership-offer/actions/decline",
    operation_id = "decline_ownership", tag = "teams",
    params(("team_id" = String, Path, description = "The team.")),
    responses((status = 204, description = "Nothing is offered any more."), WriteProblems),
    security(("api_token" = []), ("browser_session" = [])),
    extensions(("x-required-permission" = json!("team.view"))),
)]
async fn decline_ownership(
    State(state): State<ApiState>,
    caller: Caller,
    path: TeamPath,
    _: QueryOf<NoQuery>,
    _: NoBody,
) -> Result<StatusCode, Problem> {
    let use_case = state.use_cases.teams.decline_ownership.clone();
    state
        .run_mutation(async move { use_case.run(&caller.actor, path.team_id).await })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
