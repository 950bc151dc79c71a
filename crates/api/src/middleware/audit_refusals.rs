//! What authenticated callers are refused is audited; what nobody is refused is counted. No request waits
//! for it.

use super::note_route::AnsweringRoute;
use crate::problem::Problem;
use crate::request::Identified;
use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::error_code::{ErrorClass, ErrorCode};
use telemetry::names::metrics as names;

pub(crate) async fn audit_refusals(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Response {
    let identified = Identified::default();
    request.extensions_mut().insert(identified.clone());
    let method = request.method().clone();
    let response = next.run(request).await;
    let refusal = response.extensions().get::<Problem>().map(Problem::code);
    let Some(code) = refusal.filter(|code| is_about_rights(*code)) else {
        return response;
    };
    match identified.get() {
        None => {
            metrics::counter!(names::ANONYMOUS_REFUSALS, names::LABEL_CODE => code.as_str())
                .increment(1);
        }
        Some(caller) if code.class() != ErrorClass::Unauthenticated => {
            let route = response.extensions().get::<AnsweringRoute>();
            let route = route.map_or("", |route| route.0.as_str());
            let recorder = &state.use_cases.governance.refusals;
            recorder.note(caller, &format!("{method} {route}"), code);
        }
        // Rights that ended while the request ran: whoever ended them is in the trail.
        Some(_) => {}
    }
    response
}

fn is_about_rights(code: ErrorCode) -> bool {
    let is_refusal = matches!(
        code.class(),
        ErrorClass::Unauthenticated | ErrorClass::Forbidden
    );
    is_refusal || code == ErrorCode::SessionKeyNotAccepted
}
