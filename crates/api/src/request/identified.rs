//! Who a request turned out to come from. Authentication happens deep inside; what is done with a refusal
//! happens outside.

use application::refusals::RefusedCaller;
use axum::http::request::Parts;
use std::sync::{Arc, OnceLock};

/// Filled once a credential of the request was found to be good.
#[derive(Clone, Default)]
pub(crate) struct Identified(Arc<OnceLock<RefusedCaller>>);

impl Identified {
    /// Who it is, when that is known.
    pub(crate) fn get(&self) -> Option<&RefusedCaller> {
        self.0.get()
    }
}

/// Notes who it is. The first note stays: a request has one credential.
pub(super) fn identify(parts: &Parts, caller: impl FnOnce() -> RefusedCaller) {
    if let Some(identified) = parts.extensions.get::<Identified>() {
        identified.0.get_or_init(caller);
    }
}
