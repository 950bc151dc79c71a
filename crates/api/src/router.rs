//! Puts the routes and their layers together. Whatever a client asks for, the answer passes here.

use crate::deprecations::DEPRECATIONS;
use crate::middleware::{
    announce_deprecations, audit_refusals, catch_panics, demand_one_host, limit_rate, limit_time,
    note_route, refuse_session_keys, request_context, share_with_origins, tag_answers,
};
use crate::problem::Problem;
use crate::settings::ApiSettings;
use crate::state::ApiState;
use crate::use_cases::UseCases;
use crate::{v1, web};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use domain::error_code::ErrorCode;

/// The whole API as one service.
pub fn router(use_cases: UseCases, settings: ApiSettings) -> Router {
    let state = ApiState::new(use_cases, settings);
    let routes = Router::from(v1::routes()).merge(web::routes());
    layered(routes, state)
}

/// The routes with everything around them; apart, so that tests can add routes that misbehave.
pub(crate) fn layered(routes: Router<ApiState>, state: ApiState) -> Router {
    let inner = routes
        .fallback(async || Problem::new(ErrorCode::NotFound, "there is no such path"))
        .method_not_allowed_fallback(async || {
            let detail = "the path does not take this method; `Allow` lists those it takes";
            Problem::new(ErrorCode::MethodNotAllowed, detail)
        })
        .layer(from_fn_with_state(DEPRECATIONS, announce_deprecations))
        .layer(from_fn_with_state(state.clone(), tag_answers))
        .layer(from_fn_with_state(state.clone(), refuse_session_keys))
        .layer(from_fn_with_state(state.clone(), limit_time))
        .layer(from_fn(catch_panics))
        .layer(from_fn(note_route))
        .layer(from_fn_with_state(state.clone(), audit_refusals))
        .layer(from_fn(demand_one_host))
        .layer(from_fn_with_state(state.clone(), limit_rate))
        .layer(from_fn_with_state(state.clone(), share_with_origins))
        .with_state(state.clone());
    // The router adds `Allow` outside of its own layers, so the last one goes around it.
    Router::new()
        .fallback_service(inner)
        .layer(from_fn_with_state(state, request_context))
}
