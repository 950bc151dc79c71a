//! Counts every request by the address that it comes from, before anything is looked up for it, and tells on
//! every answer where its callers stand. By credential and team it is counted where those are known.

use crate::rate_limits::RateAccount;
use crate::request::ClientAddress;
use crate::state::ApiState;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::rate_limit::{RateScope, RateStanding};
use std::net::IpAddr;

/// Probes are not counted: a process must not seem dead because it is asked often.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

pub(crate) async fn limit_rate(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Response {
    if PROBES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let account = RateAccount::default();
    request.extensions_mut().insert(account.clone());
    let limits = &state.settings.rate_limits;
    let client = request.extensions().get::<ClientAddress>();
    let demand = client.map(|client| limits.demand(RateScope::Address, subject(client.0)));
    let charged = account.charge(limits, demand.as_slice()).await;
    let mut response = match charged {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    tell(response.headers_mut(), &account.standings());
    response
}

/// Whoever has one address of IPv6 has at least the 2^64 of its network.
fn subject(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// `RateLimit-Policy` and `RateLimit`, in the fields of the IETF's draft.
fn tell(headers: &mut HeaderMap, standings: &[RateStanding]) {
    if standings.is_empty() {
        return;
    }
    let policies = standings.iter().map(|it| {
        let policy = &it.policy;
        let (name, window) = (policy.scope.as_str(), policy.window.as_secs());
        format!("\"{name}\";q={};w={window}", policy.quota)
    });
    let limits = standings.iter().map(|it| {
        let name = it.policy.scope.as_str();
        let full_after = it.full_after.as_millis().div_ceil(1000);
        format!("\"{name}\";r={};t={full_after}", it.remaining)
    });
    for (header, value) in [
        ("ratelimit-policy", join(policies)),
        ("ratelimit", join(limits)),
    ] {
        headers.insert(header, value);
    }
}

fn join(parts: impl Iterator<Item = String>) -> HeaderValue {
    let text = parts.collect::<Vec<_>>().join(", ");
    HeaderValue::try_from(text).expect("names and numbers are ASCII")
}

#[cfg(test)]
mod tests {
    use super::subject;

    #[test]
    fn an_address_counts_as_what_one_client_can_have() {
        let subject = |text: &str| subject(text.parse().unwrap());
        assert_eq!(subject("192.0.2.7"), "192.0.2.7");
        assert_eq!(subject("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(subject("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(subject("2001:db8:1:2::ffff"), "2001:db8:1:2::/64");
        assert_ne!(subject("2001:db8:1:3::"), subject("2001:db8:1:2::"));
    }
}
