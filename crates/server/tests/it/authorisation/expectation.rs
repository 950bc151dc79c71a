//! What the answer of a cell has to be, from policy, caller and column alone.

use super::document::{Operation, Policy};
use super::identity::Identity;
use super::variant::Variant;
use crate::support::Answer;
use domain::access::{Permission, PermissionSet};
use http::StatusCode;
use serde_json::Value;

/// What is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expectation {
    /// Every rule about who may do it is passed; it is done, or something else is in the way.
    Passed,
    /// Nobody is asked who they are.
    Open,
    Unauthenticated,
    Denied(Permission),
    Suspended,
    SessionRequired,
    CsrfRefused,
    /// The answer for what does not exist.
    NotFound,
    /// The answer that the column beside it gets, for what does not exist.
    AsForMissing,
    /// A cursor of another list is not read, whoever brings it.
    CursorRefused,
}

/// What the caller may do in the team of the path.
struct Place<'a> {
    team: Option<&'a str>,
    is_suspended: bool,
}

/// Where the matrix is about.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) own_team: &'a str,
    pub(super) foreign_team: &'a str,
    pub(super) is_own_suspended: bool,
}

impl Scene<'_> {
    /// What the cell has to answer.
    pub(super) fn expectation(
        &self,
        operation: &Operation,
        identity: &Identity<'_>,
        variant: Variant<'_>,
    ) -> Expectation {
        match operation.policy {
            Policy::Public => Expectation::Open,
            _ if identity.is_nobody() => Expectation::Unauthenticated,
            Policy::AnyCredential => Expectation::Passed,
            Policy::Session if !identity.has_session() => Expectation::SessionRequired,
            Policy::Operator if !identity.has_session() => Expectation::NotFound,
            Policy::Session => beyond_the_caller(variant),
            Policy::Operator => match variant {
                Variant::WithoutCsrf => Expectation::CsrfRefused,
                Variant::MissingTeam => Expectation::NotFound,
                _ if !identity.is_operator() => Expectation::NotFound,
                _ => beyond_the_caller(variant),
            },
            Policy::Permission(permission) => {
                let place = self.place(variant);
                in_team(operation, identity, variant, permission, &place)
            }
        }
    }

    fn place(&self, variant: Variant<'_>) -> Place<'_> {
        let team = match variant {
            Variant::MissingTeam => None,
            Variant::ForeignTeam => Some(self.foreign_team),
            _ => Some(self.own_team),
        };
        Place {
            team,
            is_suspended: self.is_own_suspended && team == Some(self.own_team),
        }
    }
}

fn in_team(
    operation: &Operation,
    identity: &Identity<'_>,
    variant: Variant<'_>,
    permission: Permission,
    place: &Place<'_>,
) -> Expectation {
    let rights = place
        .team
        .and_then(|team| identity.rights_in(team, permission));
    let Some(rights) = rights else {
        return Expectation::NotFound;
    };
    let rights: PermissionSet = if place.is_suspended {
        rights.views()
    } else {
        rights
    };
    match variant {
        Variant::WithoutCsrf => return Expectation::CsrfRefused,
        Variant::MissingCursor | Variant::ForeignCursor => return Expectation::CursorRefused,
        _ => {}
    }
    if !rights.contains(permission) {
        return if place.is_suspended {
            Expectation::Suspended
        } else {
            Expectation::Denied(permission)
        };
    }
    if operation.is_in_person() {
        if place.is_suspended {
            return Expectation::Suspended;
        }
        if identity.is_operator() {
            return Expectation::NotFound;
        }
        if !identity.has_session() {
            return Expectation::SessionRequired;
        }
    }
    beyond_the_caller(variant)
}

/// When the caller may do such a thing, all hangs on what is named.
fn beyond_the_caller(variant: Variant<'_>) -> Expectation {
    match variant {
        Variant::Own | Variant::ForeignKey | Variant::ForeignEventId | Variant::ForeignTeam => {
            Expectation::Passed
        }
        Variant::WithoutCsrf => Expectation::CsrfRefused,
        Variant::MissingTeam => Expectation::NotFound,
        Variant::ForeignChild(_)
        | Variant::MissingChild(_)
        | Variant::ForeignInBody(_)
        | Variant::MissingInBody(_)
        | Variant::ForeignInQuery(..)
        | Variant::MissingInQuery(..) => Expectation::AsForMissing,
        Variant::ForeignCursor | Variant::MissingCursor => Expectation::CursorRefused,
    }
}

/// What is wrong with the answer; `reference` is the answer for what does not exist.
pub(super) fn fault(
    expectation: Expectation,
    (operation, identity, variant): (&Operation, &Identity<'_>, Variant<'_>),
    answer: &Answer,
    reference: Option<&Answer>,
) -> Option<String> {
    let is = |status: StatusCode, code: &str| {
        let is_it = answer.status == status && code_of(answer) == code;
        (!is_it).then(|| format!("not {} {code}", status.as_u16()))
    };
    let fault = match expectation {
        Expectation::Passed => not_passed(operation, identity, variant, answer),
        Expectation::Open => not_open(answer),
        Expectation::Unauthenticated => is(StatusCode::UNAUTHORIZED, "unauthenticated"),
        Expectation::Denied(permission) => is(StatusCode::FORBIDDEN, "permission-denied")
            .or_else(|| does_not_name(answer, permission)),
        Expectation::Suspended => is(StatusCode::FORBIDDEN, "team-suspended"),
        Expectation::SessionRequired => is(StatusCode::FORBIDDEN, "browser-session-required"),
        Expectation::CsrfRefused => is(StatusCode::FORBIDDEN, "csrf-token-invalid"),
        Expectation::NotFound => is(StatusCode::NOT_FOUND, "not-found"),
        Expectation::AsForMissing => not_as_for_missing(variant, answer),
        Expectation::CursorRefused => is(StatusCode::UNPROCESSABLE_ENTITY, "validation-failed"),
    };
    let compared = |answer| comparable(answer, identity.is_operator());
    fault.or_else(|| {
        let differs = reference.is_some_and(|reference| compared(reference) != compared(answer));
        differs.then(|| format!("not what is said of what does not exist: {reference:?}"))
    })
}

pub(super) fn code_of(answer: &Answer) -> &str {
    answer.body["code"].as_str().unwrap_or_default()
}

/// Codes that say something about who may do what.
const ABOUT_RIGHTS: &[&str] = &[
    "unauthenticated",
    "permission-denied",
    "browser-session-required",
    "csrf-token-invalid",
    "team-suspended",
    "rights-exceeded",
    "not-found",
];
/// Codes of requests that were not understood, so that nothing was asked about rights.
const NOT_READ: &[&str] = &[
    "malformed-request",
    "validation-failed",
    "unsupported-media-type",
    "method-not-allowed",
    "idempotency-key-required",
    "session-key-not-accepted",
];

fn not_passed(
    operation: &Operation,
    identity: &Identity<'_>,
    variant: Variant<'_>,
    answer: &Answer,
) -> Option<String> {
    let code = code_of(answer);
    // Asked after all that is about rights: risky things are never done by a token, and what people do
    // about themselves needs the right password or code, or a second factor that they have.
    let is_about_proof = match code {
        "step-up-required" => !identity.has_session(),
        "sign-in-refused" | "second-factor-required" | "validation-failed" => {
            operation.policy == Policy::Session
        }
        _ => false,
    };
    let is_refused = [
        StatusCode::UNAUTHORIZED,
        StatusCode::FORBIDDEN,
        StatusCode::NOT_FOUND,
    ]
    .contains(&answer.status);
    if (is_refused || ABOUT_RIGHTS.contains(&code)) && !is_about_proof {
        return Some("refused to who may do it".to_owned());
    }
    if NOT_READ.contains(&code) && !is_about_proof || answer.status.is_server_error() {
        return Some("not understood".to_owned());
    }
    let is_replayed = !answer.header("idempotency-replayed").is_empty();
    if variant == Variant::ForeignKey && is_replayed {
        return Some("the job of another team is given for its key".to_owned());
    }
    None
}

fn not_open(answer: &Answer) -> Option<String> {
    let is_refused = ABOUT_RIGHTS.contains(&code_of(answer)) || answer.status.is_server_error();
    is_refused.then(|| "refused though it is public".to_owned())
}

fn does_not_name(answer: &Answer, permission: Permission) -> Option<String> {
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    let is_named = detail.contains(&format!("`{}`", permission.as_str()));
    (!is_named).then(|| "the permission is not named".to_owned())
}

/// A list that is narrowed to what does not exist is empty; everything else is refused.
fn not_as_for_missing(variant: Variant<'_>, answer: &Answer) -> Option<String> {
    let is_narrowed = matches!(
        variant,
        Variant::ForeignInQuery(..) | Variant::MissingInQuery(..)
    );
    if is_narrowed {
        let is_empty =
            answer.status == StatusCode::OK && answer.body["data"] == Value::Array(vec![]);
        return (!is_empty).then(|| "not an empty list".to_owned());
    }
    let code = code_of(answer);
    let is_refused = answer.status.is_client_error()
        && !["unauthenticated", "permission-denied", "malformed-request"].contains(&code);
    let is_told = !matches!(variant, Variant::ForeignChild(_) | Variant::MissingChild(_))
        || ["not-found", "node-not-found", "step-up-required"].contains(&code);
    (!(is_refused && is_told)).then(|| "not refused as what does not exist".to_owned())
}

/// Status, headers and body but for what is of this very request. Operators may know which teams there are, so they
/// are told for which one they were counted.
fn comparable(
    answer: &Answer,
    is_for_operator: bool,
) -> (StatusCode, Vec<(String, String)>, Value) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["request-id", "date", "ratelimit"].contains(&name.as_str()))
        .filter(|(name, _)| !(is_for_operator && name.as_str() == "ratelimit-policy"))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect();
    headers.sort();
    let mut body = answer.body.clone();
    if let Some(problem) = body.as_object_mut() {
        problem.remove("request_id");
    }
    (answer.status, headers, body)
}
