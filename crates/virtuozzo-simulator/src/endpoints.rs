//! The methods of the platform, one call family per file, and the table that finds them.
//!
//! It must not know HTTP, faults or sessions: the dispatcher has dealt with them by the time a
//! method runs.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::Value;

use crate::answer::{Outcome, Refusal};
use crate::ledger::{Effect, LedgerEntry};
use crate::parameters::Parameters;
use crate::platform::{Platform, Profile};
use crate::state::{Environment, State};

mod account;
mod authentication;
mod billing;
mod binder;
mod control;
mod creation;
mod file;
mod installation;
mod installing;
mod jps;
mod limits;
mod marketplace_app;
mod node_selection;
mod path;
mod quotas;
mod scripting;
mod tokens;
mod tracking;

/// One call that is being carried out.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) platform: Arc<Platform>,
    /// Number of the journal entry.
    pub(crate) number: u64,
    pub(crate) parameters: Parameters,
    /// The caller; 0 for methods that need no session.
    pub(crate) uid: u64,
    pub(crate) twists: Twists,
}

/// Faults that change what a method finds, rather than how it is answered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Twists {
    pub(crate) is_name_taken: bool,
    pub(crate) ends_broken: bool,
    /// How long lists keep quiet about what the call brings.
    pub(crate) visible_after_ms: Option<u64>,
}

impl Call {
    /// Enters an effect that has just been applied.
    pub(crate) fn enter(
        &self,
        effect: Effect,
        environment: Option<&str>,
        detail: Option<&str>,
        started_at_ms: u64,
    ) {
        self.enter_for(self.uid, effect, environment, detail, started_at_ms);
    }

    /// The same for calls that reveal their account only while they run, as signing in does.
    pub(crate) fn enter_for(
        &self,
        uid: u64,
        effect: Effect,
        environment: Option<&str>,
        detail: Option<&str>,
        started_at_ms: u64,
    ) {
        self.platform.ledger.enter(LedgerEntry {
            sequence: 0,
            effect,
            environment: environment.map(str::to_owned),
            detail: detail.map(str::to_owned),
            uid,
            ruk: self.parameters.text("ruk").map(str::to_owned),
            call: self.number,
            started_at_ms,
            ended_at_ms: self.platform.clock.now_ms(),
        });
    }

    /// Keeps what has just come to be out of lists, where a fault says so. `key` is the `appid` of an
    /// environment or the unique name of an installation.
    pub(crate) fn hide(&self, state: &mut State, key: &str) {
        if let Some(ms) = self.twists.visible_after_ms {
            let shown_at_ms = self.platform.clock.now_ms().saturating_add(ms);
            state.hidden_until_ms.insert(key.to_owned(), shown_at_ms);
        }
    }

    /// The `envName` parameter of an environment that belongs to the caller.
    pub(crate) fn required_environment_name(&self) -> Result<String, Refusal> {
        self.parameters.required("envName").map(str::to_lowercase)
    }

    pub(crate) fn required_number(&self, name: &str) -> Result<u64, Refusal> {
        let number = self.parameters.required(name)?.parse();
        number.map_err(|_| Refusal::invalid_parameter(name))
    }

    /// A copy of an environment of the caller.
    pub(crate) fn owned_environment(&self, name: &str) -> Result<Environment, Refusal> {
        let state = self.platform.state();
        let environment = state.owned_environment(self.uid, name).cloned();
        environment.ok_or_else(|| Refusal::environment_unknown(name))
    }
}

/// How a method runs.
pub(crate) enum Handler {
    /// Over at once.
    Instant(fn(&Call) -> Outcome),
    /// Takes time by the simulator's clock.
    Slow(fn(Call) -> BoxFuture<'static, Outcome>),
}

/// One method of the platform.
pub(crate) struct Endpoint {
    /// `namespace/service` in lower case.
    pub(crate) service: &'static str,
    /// Last path segment in lower case.
    pub(crate) method: &'static str,
    /// The dotted name that token permissions use.
    pub(crate) documented_name: &'static str,
    pub(crate) needs_session: bool,
    pub(crate) refuses_get: bool,
    pub(crate) mutates: bool,
    pub(crate) handler: Handler,
}

impl Endpoint {
    const fn reading(
        service: &'static str,
        method: &'static str,
        documented_name: &'static str,
        handler: fn(&Call) -> Outcome,
    ) -> Self {
        Self {
            service,
            method,
            documented_name,
            needs_session: true,
            refuses_get: false,
            mutates: false,
            handler: Handler::Instant(handler),
        }
    }

    const fn mutating(
        service: &'static str,
        method: &'static str,
        documented_name: &'static str,
        handler: fn(Call) -> BoxFuture<'static, Outcome>,
    ) -> Self {
        Self {
            mutates: true,
            handler: Handler::Slow(handler),
            ..Self::reading(service, method, documented_name, |_| {
                Ok(serde_json::Map::new())
            })
        }
    }
}

static FAMILIES: [&[Endpoint]; 22] = [
    authentication::ENDPOINTS,
    account::ENDPOINTS,
    binder::ENDPOINTS,
    control::ENDPOINTS,
    jps::ENDPOINTS,
    marketplace_app::ENDPOINTS,
    installation::ENDPOINTS,
    tracking::ENDPOINTS,
    quotas::ENDPOINTS,
    control::restart::ENDPOINTS,
    control::sizes::ENDPOINTS,
    control::groups::ENDPOINTS,
    control::variables::ENDPOINTS,
    control::passwords::ENDPOINTS,
    control::logs::ENDPOINTS,
    control::platform_reading::ENDPOINTS,
    control::commands::ENDPOINTS,
    file::ENDPOINTS,
    binder::domains::ENDPOINTS,
    tokens::ENDPOINTS,
    billing::ENDPOINTS,
    scripting::ENDPOINTS,
];

/// Finds the method that a path names.
pub(crate) fn find(path: &str, profile: Profile) -> Option<&'static Endpoint> {
    let named = path::read(path, profile)?;
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .find(|endpoint| endpoint.service == named.service && endpoint.method == named.method)
}

/// Finds a method by its dotted name, in any case.
pub(crate) fn find_by_name(name: &str) -> Option<&'static Endpoint> {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .find(|endpoint| endpoint.documented_name.eq_ignore_ascii_case(name))
}

/// The environment that a call names, by whichever parameter names it.
pub(crate) fn named_environment(platform: &Platform, parameters: &Parameters) -> Option<String> {
    let name = parameters.text("envName");
    if let Some(name) = name.or_else(|| parameters.text("srcEnvName")) {
        return Some(name.to_lowercase());
    }
    if let Ok(Some(env)) = parameters.json("env") {
        return env
            .get("shortdomain")
            .and_then(Value::as_str)
            .map(str::to_lowercase);
    }
    let unique_name = parameters.text("appUniqueName")?;
    let state = platform.state();
    let installation = state
        .installations
        .iter()
        .find(|installation| installation.unique_name == unique_name)?;
    installation.environment.clone()
}
