//! The matrix of authorisation: every operation of the served OpenAPI document, everybody who may call it,
//! everything that a request may name. Rows, columns and what is expected are generated; an operation
//! without a policy, a body or a meaning for its parameters fails.
//!
//! What is refused changes nothing and is sent first, many at a time. What is passed is sent one after the
//! other, and repaired: no job begins, because one of each team waits at the platform.

mod bodies;
mod document;
mod expectation;
mod identity;
mod matrix;
mod person;
mod tally;
mod target;
mod team;
mod variant;
mod world;
mod worthless;

use crate::on_both_backends;
use crate::support::Backend;
use document::Operation;
use matrix::Matrix;
use tally::Tally;
use target::Targets;
use variant::unknown_parameters;
use world::World;

on_both_backends!(every_operation_answers_everybody_as_its_policy_says);

async fn every_operation_answers_everybody_as_its_policy_says(backend: Backend) {
    let world = World::build(backend).await;
    let document = world.ours.token.get("/openapi.json").await.body;
    let (mut operations, mut uncovered) = document::operations(&document);
    operations.retain(|operation| {
        let reason = untestable(operation, &world);
        uncovered.extend(reason.clone());
        reason.is_none()
    });
    operations.sort_by_key(Operation::destroys);
    let mut targets = Targets::new(&world);
    targets.use_foreign_keys(&operations).await;
    let mut tally = Tally::default();
    let everybody = world.everybody();
    let matrix = Matrix::new(&world, &operations, &world.ours, &world.theirs).await;
    let mut of_suspended = Matrix::new(&world, &operations, &world.theirs, &world.ours).await;
    of_suspended.scene.is_own_suspended = true;
    matrix.run(&everybody, &mut targets, &mut tally).await;
    let suspended = world.members_of_the_suspended_team();
    // Who did what they may not has changed what the others would find.
    if tally.unexpected == 0 {
        world.suspend_theirs().await;
        of_suspended.run(&suspended, &mut targets, &mut tally).await;
    }

    let is_untested = |it: &&Operation| !tally.tested_operations.contains(&it.id);
    uncovered.extend(
        operations
            .iter()
            .filter(is_untested)
            .map(|it| it.id.clone()),
    );
    let identities = everybody.len() + suspended.len();
    tally.report(backend, operations.len(), identities, &uncovered);
}

/// Why an operation cannot be tested.
fn untestable(operation: &Operation, world: &World) -> Option<String> {
    let id = &operation.id;
    if operation.has_body && bodies::body_of(id).is_none() {
        return Some(format!("{id}: no body"));
    }
    let unknown = unknown_parameters(operation, &world.ours.values);
    (!unknown.is_empty()).then(|| format!("{id}: nothing stands for {unknown:?}"))
}
