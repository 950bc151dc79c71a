//! A mutating call at work on one environment: statuses, tracking, and the refusal of others.
//!
//! It must not know what the work is; the endpoint hands in what to apply at its end.

use crate::answer::Refusal;
use crate::endpoints::Call;
use crate::ledger::Effect;
use crate::state::{Action, ActionKind, Environment, EnvironmentStatus, State};

const WRONG_STATUS: i64 = 2212;

/// How one method treats its environment: a line of the table of its family.
#[derive(Debug)]
pub(crate) struct Rule {
    kind: ActionKind,
    allowed: &'static [EnvironmentStatus],
    during: Option<EnvironmentStatus>,
}

impl Rule {
    /// Accepted in the `allowed` statuses; shows `during` while it is at work, or no change.
    pub(crate) const fn new(
        kind: ActionKind,
        allowed: &'static [EnvironmentStatus],
        during: Option<EnvironmentStatus>,
    ) -> Self {
        Self {
            kind,
            allowed,
            during,
        }
    }

    pub(crate) fn request<'a>(
        &self,
        environment: &'a str,
        duration_ms: u64,
    ) -> OperationRequest<'a> {
        OperationRequest {
            environment,
            kind: self.kind,
            allowed: self.allowed,
            during: self.during,
            duration_ms,
        }
    }
}

/// What a mutating call asks for.
#[derive(Debug)]
pub(crate) struct OperationRequest<'a> {
    pub(crate) environment: &'a str,
    pub(crate) kind: ActionKind,
    pub(crate) allowed: &'a [EnvironmentStatus],
    /// Status shown while the work goes on; absent leaves it as it is.
    pub(crate) during: Option<EnvironmentStatus>,
    /// Before scaling.
    pub(crate) duration_ms: u64,
}

/// Work under way. Whoever begins one must finish it.
#[derive(Debug)]
#[must_use = "an operation that is never finished leaves its environment busy for ever"]
pub(crate) struct Operation {
    pub(crate) environment: String,
    pub(crate) action: u64,
    pub(crate) started_at_ms: u64,
    pub(crate) ends_at_ms: u64,
}

/// Starts work on an environment of the caller, or refuses: 11 unknown, 2212 wrong status.
pub(crate) fn begin(call: &Call, request: &OperationRequest<'_>) -> Result<Operation, Refusal> {
    begin_in(call, &mut call.platform.state(), request)
}

/// The same for callers that look at the state and begin in one step.
pub(crate) fn begin_in(
    call: &Call,
    state: &mut State,
    request: &OperationRequest<'_>,
) -> Result<Operation, Refusal> {
    let unknown = || Refusal::environment_unknown(request.environment);
    let environment = state
        .owned_environment(call.uid, request.environment)
        .ok_or_else(unknown)?;
    refuse_wrong_status(environment, request.allowed)?;
    let appid = environment.appid.clone();
    let operation = register(call, state, request, Some(appid));
    if let Some(environment) = state.environments.get_mut(request.environment) {
        environment.is_busy = true;
        environment.status = request.during.unwrap_or(environment.status);
    }
    Ok(operation)
}

/// Notes a running action and when its work will be over. Used alone by creations, whose
/// environment is not there yet.
pub(crate) fn register(
    call: &Call,
    state: &mut State,
    request: &OperationRequest<'_>,
    appid: Option<String>,
) -> Operation {
    let started_at_ms = call.platform.clock.now_ms();
    let environment = Some(request.environment);
    let action = action(call, request.kind, environment, appid, started_at_ms);
    let action = state.begin_action(action);
    Operation {
        environment: request.environment.to_owned(),
        action,
        started_at_ms,
        ends_at_ms: call.platform.end_of_work_ms(request.duration_ms),
    }
}

/// Waits until the work is over, then applies it and ends the action in one step.
pub(crate) async fn finish<T>(
    call: &Call,
    operation: &Operation,
    result: i64,
    apply: impl FnOnce(&mut State) -> T,
) -> T {
    call.platform.clock.sleep_until(operation.ends_at_ms).await;
    let mut state = call.platform.state();
    if let Some(environment) = state.environments.get_mut(&operation.environment) {
        environment.is_busy = false;
    }
    let applied = apply(&mut state);
    state.end_action(operation.action, call.platform.clock.now_ms(), result);
    applied
}

/// A whole mutation that cannot fail half-way: begins, waits, applies, enters its effect.
pub(crate) async fn change(
    call: &Call,
    request: &OperationRequest<'_>,
    effect: Effect,
    detail: Option<&str>,
    apply: impl FnOnce(&mut Environment),
) -> Result<(), Refusal> {
    let operation = begin(call, request)?;
    let apply_and_enter = |state: &mut State| {
        if let Some(environment) = state.environments.get_mut(request.environment) {
            apply(environment);
        }
        let started_at_ms = operation.started_at_ms;
        call.enter(effect, Some(request.environment), detail, started_at_ms);
    };
    finish(call, &operation, 0, apply_and_enter).await;
    Ok(())
}

/// Tracks work that is over at once and needs no environment; tells when that was.
pub(crate) fn note(call: &Call, kind: ActionKind, environment: Option<&str>, result: i64) -> u64 {
    let mut state = call.platform.state();
    let owned = environment.and_then(|name| state.owned_environment(call.uid, name));
    let appid = owned.map(|environment| environment.appid.clone());
    let now_ms = call.platform.clock.now_ms();
    let action = action(call, kind, environment, appid, now_ms);
    let id = state.begin_action(action);
    state.end_action(id, now_ms, result);
    now_ms
}

fn action(
    call: &Call,
    kind: ActionKind,
    environment: Option<&str>,
    appid: Option<String>,
    started_at_ms: u64,
) -> Action {
    Action {
        id: 0,
        kind,
        environment: environment.map(str::to_owned),
        appid,
        uid: call.uid,
        ruk: call.parameters.text("ruk").map(str::to_owned),
        action_key: call.parameters.text("actionkey").map(str::to_owned),
        started_at_ms,
        end: None,
    }
}

fn refuse_wrong_status(
    environment: &Environment,
    allowed: &[EnvironmentStatus],
) -> Result<(), Refusal> {
    if !environment.is_busy && allowed.contains(&environment.status) {
        return Ok(());
    }
    let required: Vec<&str> = allowed.iter().map(|status| status.constant()).collect();
    let text = format!(
        "Not allowed to execute this service for current Environment status [{}]. \
         Required statuses [{}]",
        environment.status.constant(),
        required.join(", "),
    );
    Err(Refusal::new(WRONG_STATUS, text))
}
