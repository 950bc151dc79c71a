//! Creating an environment, for `createenvironment` and for packages that bring nodes.
//!
//! It must not know envelopes: refusals are nested by the caller where its method nests them.

use super::{Call, limits};
use crate::answer::Refusal;
use crate::ledger::Effect;
use crate::operation::{self, Operation, OperationRequest};
use crate::state::{ActionKind, Environment, EnvironmentStatus, State};
use crate::topology::EnvironmentPlan;

const NODE_TYPE_UNKNOWN: i64 = 2372;

/// Creates the environment and waits until it runs. Also tells when the work began.
pub(super) async fn create(
    call: &Call,
    plan: EnvironmentPlan,
) -> Result<(Environment, u64), Refusal> {
    let operation = begin(call, plan)?;
    let name = operation.environment.clone();
    let (status, effect, result) = if call.twists.ends_broken {
        let code = call
            .platform
            .invented(call.platform.world.invented.environment_broken);
        (EnvironmentStatus::Broken, Effect::EnvironmentBroken, code)
    } else {
        (EnvironmentStatus::Running, Effect::EnvironmentCreated, 0)
    };
    let settle = |state: &mut State| {
        let environment = state.environments.get_mut(&name)?;
        environment.status = status;
        if status == EnvironmentStatus::Broken {
            let half = environment.nodes.len() / 2;
            environment.nodes.truncate(half);
        }
        call.enter(
            effect,
            Some(&name),
            Some(&environment.appid),
            operation.started_at_ms,
        );
        Some(environment.clone())
    };
    let created = operation::finish(call, &operation, result, settle).await;
    match created {
        Some(environment) if result == 0 => Ok((environment, operation.started_at_ms)),
        _ => Err(Refusal::new(
            result,
            format!("environment [{name}] could not be built"),
        )),
    }
}

fn begin(call: &Call, mut plan: EnvironmentPlan) -> Result<Operation, Refusal> {
    let platform = &call.platform;
    let invented = &platform.world.invented;
    if platform
        .world
        .hard_node_group(plan.region.as_deref())
        .is_none()
    {
        let text = format!(
            "region [{}] does not exist",
            plan.region.unwrap_or_default()
        );
        return Err(Refusal::new(
            platform.invented(invented.region_unknown),
            text,
        ));
    }
    if let Some(unknown) = plan.unknown_node_type(&platform.world) {
        let text = format!("node type [{unknown}] is not available");
        return Err(Refusal::new(NODE_TYPE_UNKNOWN, text));
    }
    let mut state = platform.state();
    if plan.name.is_empty() {
        plan.name = format!("env-{}", 1_000_000 + state.generator.below(9_000_000));
    }
    check_name(call, &state, &plan.name, invented.name_taken)?;
    limits::check_environment_count(call, &state)?;
    let mut environment = plan.build(
        &mut state,
        &platform.world,
        call.uid,
        platform.clock.now_ms(),
    );
    limits::check_nodes(call, &environment.nodes)?;
    environment.is_busy = true;
    let request = OperationRequest {
        environment: &environment.name,
        kind: ActionKind::CREATE,
        allowed: &[],
        during: Some(EnvironmentStatus::Creating),
        duration_ms: platform.world.timings.create_ms,
    };
    call.hide(&mut state, &environment.appid);
    let appid = Some(environment.appid.clone());
    let operation = operation::register(call, &mut state, &request, appid);
    state
        .environments
        .insert(environment.name.clone(), environment);
    Ok(operation)
}

/// Whether an environment may be called so now; `taken` is the code when it may not.
pub(super) fn check_name(
    call: &Call,
    state: &State,
    name: &str,
    taken: i64,
) -> Result<(), Refusal> {
    let platform = &call.platform;
    if !is_name(name) {
        let code = platform.invented(platform.world.invented.name_invalid);
        return Err(Refusal::new(code, format!("name [{name}] is not allowed")));
    }
    if call.twists.is_name_taken || state.environments.contains_key(name) {
        let text = format!("domain [{name}] is already in use");
        return Err(Refusal::new(platform.invented(taken), text));
    }
    Ok(())
}

/// Letters, digits and hyphens, 5 to 41 of them.
fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (5..=41).contains(&name.len()) && name.bytes().all(is_allowed)
}
