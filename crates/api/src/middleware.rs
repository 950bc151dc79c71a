//! What happens around every handler, from the outside in: context and log line, other origins, rate limit, host,
//! refusals, route name, panics, time limit, session keys, tags of answers, deprecations.

mod announce_deprecations;
mod audit_refusals;
mod demand_one_host;
mod limit_rate;
mod note_route;
mod panics;
mod refuse_session_keys;
mod request_context;
mod share_with_origins;
mod tag_answers;
mod time_limit;

pub(crate) use announce_deprecations::announce_deprecations;
pub(crate) use audit_refusals::audit_refusals;
pub(crate) use demand_one_host::demand_one_host;
pub(crate) use limit_rate::limit_rate;
pub(crate) use note_route::note_route;
pub(crate) use panics::catch_panics;
pub(crate) use refuse_session_keys::refuse_session_keys;
pub(crate) use request_context::request_context;
pub(crate) use share_with_origins::share_with_origins;
pub(crate) use tag_answers::tag_answers;
pub(crate) use time_limit::limit_time;
