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
mod person;
mod target;
mod team;
mod variant;
mod world;

use crate::on_both_backends;
use crate::support::{Answer, Backend, Caller};
use document::{Operation, Policy};
use expectation::{Expectation, Scene, code_of, fault};
use futures::StreamExt as _;
use http::Method;
use identity::{Identity, Standing};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use target::Targets;
use team::{Team, Values};
use variant::{Places, Request, Variant, unknown_parameters, variants};
use world::World;

on_both_backends!(every_operation_answers_everybody_as_its_policy_says);

/// The proof finds the counts behind this.
const MARK: &str = "authorisation-counts: ";
/// Requests that are on their way at a time, while nothing changes.
const AT_A_TIME: usize = 6;
/// How many unexpected cells are shown.
const SHOWN: usize = 20;

/// One request of the matrix, and what is to come of it.
struct Cell<'a> {
    operation: &'a Operation,
    identity: &'a Identity<'a>,
    variant: Variant<'a>,
    expectation: Expectation,
}

/// What has happened so far.
#[derive(Default)]
struct Tally {
    generated: usize,
    tested: usize,
    unexpected: usize,
    /// One of each kind.
    shown: BTreeMap<String, String>,
    tested_operations: BTreeSet<String>,
    by_expectation: BTreeMap<String, usize>,
    /// What became of what was passed: done, or what else was in the way.
    passed: BTreeMap<String, usize>,
}

/// The matrix of one team.
struct Matrix<'a> {
    operations: &'a [Operation],
    own: &'a Team,
    foreign: &'a Team,
    scene: Scene<'a>,
    /// By operation, a cursor of a list of theirs.
    foreign_cursors: BTreeMap<String, String>,
    /// The number of the next request.
    fresh: AtomicU32,
}

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

impl<'a> Matrix<'a> {
    async fn new(
        world: &'a World,
        operations: &'a [Operation],
        own: &'a Team,
        foreign: &'a Team,
    ) -> Self {
        Self {
            operations,
            own,
            foreign,
            scene: Scene {
                own_team: &own.id,
                foreign_team: &foreign.id,
                is_own_suspended: false,
            },
            foreign_cursors: cursors(world, foreign, operations).await,
            fresh: AtomicU32::new(0),
        }
    }

    async fn run(&self, everybody: &[Identity<'_>], targets: &mut Targets<'_>, tally: &mut Tally) {
        let mut refused = Vec::new();
        let mut passed = Vec::new();
        for operation in self.operations {
            for identity in everybody {
                let cells = self.cells(operation, identity);
                tally.generated += cells.len();
                let is_passed = |cell: &Cell<'_>| cell.expectation == Expectation::Passed;
                let (into_passed, into_refused): (Vec<_>, _) =
                    cells.into_iter().partition(is_passed);
                passed.extend(into_passed);
                refused.push(into_refused);
            }
        }
        let groups = futures::stream::iter(refused).map(|group| self.ask_group(group));
        let mut groups = groups.buffer_unordered(AT_A_TIME);
        while let Some(results) = groups.next().await {
            for result in results {
                tally.count(result);
            }
        }
        if tally.unexpected > 0 {
            return;
        }
        for cell in passed {
            tally.count(self.ask_for_real(&cell, targets).await);
        }
    }

    fn cells<'b>(&'b self, operation: &'b Operation, identity: &'b Identity<'b>) -> Vec<Cell<'b>> {
        let cell = |variant| Cell {
            operation,
            identity,
            variant,
            expectation: self.scene.expectation(operation, identity, variant),
        };
        variants(operation, identity)
            .into_iter()
            .map(cell)
            .collect()
    }

    /// Asks for everything that one caller is refused of one operation, and compares.
    async fn ask_group<'b>(&self, cells: Vec<Cell<'b>>) -> Vec<Outcome<'b>> {
        let mut answers = Vec::new();
        for cell in &cells {
            answers.push(self.ask(cell, &Values::new()).await);
        }
        let beside = |cell: &Cell<'_>| {
            let reference = match cell.variant {
                Variant::MissingTeam => None,
                _ if cell.expectation == Expectation::NotFound => Some(Variant::MissingTeam),
                variant => variant.reference(),
            }?;
            let place = cells.iter().position(|other| other.variant == reference)?;
            Some(&answers[place])
        };
        let mut outcomes = Vec::new();
        for (cell, answer) in cells.iter().zip(&answers) {
            outcomes.push(self.judge(cell, answer, beside(cell)));
        }
        outcomes
    }

    /// Asks for something that is allowed, of something that may go.
    async fn ask_for_real<'b>(&self, cell: &Cell<'b>, targets: &mut Targets<'_>) -> Outcome<'b> {
        let prepared = targets.prepare(cell.operation, cell.identity).await;
        let answer = self.ask(cell, &prepared).await;
        targets.repair(cell.operation, cell.identity, &answer).await;
        self.judge(cell, &answer, None)
    }

    async fn ask(&self, cell: &Cell<'_>, targets: &Values) -> Answer {
        let operation = cell.operation;
        let places = Places {
            own: &self.own.values,
            foreign: &self.foreign.values,
            foreign_cursor: self.foreign_cursors.get(&operation.id).map(String::as_str),
        };
        let fresh = self.fresh.fetch_add(1, Ordering::Relaxed);
        let request = places.request(operation, cell.variant, targets, fresh);
        let caller = match cell.variant {
            Variant::WithoutCsrf => cell.identity.caller_without_csrf(operation),
            _ => cell.identity.caller(operation),
        };
        send(&caller, operation.method.clone(), &request).await
    }

    fn judge<'b>(
        &self,
        cell: &Cell<'b>,
        answer: &Answer,
        reference: Option<&Answer>,
    ) -> Outcome<'b> {
        let place = (cell.operation, cell.identity, cell.variant);
        let found = fault(cell.expectation, place, answer, reference);
        let found = found.or_else(|| self.leak(cell, answer));
        Outcome {
            operation: cell.operation,
            expectation: cell.expectation,
            answer: match code_of(answer) {
                "" => "done".to_owned(),
                code => code.to_owned(),
            },
            fault: found.map(|fault| {
                let (who, id, variant) = (&cell.identity.name, &cell.operation.id, cell.variant);
                let (expected, status, code) = (cell.expectation, answer.status, code_of(answer));
                let kind = format!("{id}: expected {expected:?}, got {status} {code}");
                let text = &answer.text;
                let told = format!("{kind} ({who}, {variant:?}): {fault}\n    {text}");
                (kind, told)
            }),
        }
    }

    /// No answer holds anything of the other team, for who is not in it.
    fn leak(&self, cell: &Cell<'_>, answer: &Answer) -> Option<String> {
        let sees_both = match &cell.identity.standing {
            Standing::Operator => true,
            Standing::Member { team, .. } => *team == self.foreign.id,
            _ => false,
        };
        let is_told = |(name, id): &(&&str, &String)| {
            (name.ends_with("_id") || name.ends_with("_token")) && answer.text.contains(*id)
        };
        let mut told = self.foreign.values.iter().filter(is_told);
        let (name, _) = told.next().filter(|_| !sees_both)?;
        Some(format!("tells the `{name}` of another team"))
    }
}

/// What became of a cell.
struct Outcome<'a> {
    operation: &'a Operation,
    expectation: Expectation,
    /// The code of a problem; `done` otherwise.
    answer: String,
    /// Of which kind, and all about it.
    fault: Option<(String, String)>,
}

impl Tally {
    fn count(&mut self, outcome: Outcome<'_>) {
        self.tested += 1;
        self.tested_operations.insert(outcome.operation.id.clone());
        let expected = format!("{:?}", outcome.expectation);
        let expected = expected.split('(').next().unwrap_or_default().to_owned();
        *self.by_expectation.entry(expected).or_default() += 1;
        if outcome.expectation == Expectation::Passed {
            *self.passed.entry(outcome.answer).or_default() += 1;
        }
        if let Some((kind, fault)) = outcome.fault {
            self.unexpected += 1;
            self.shown.entry(kind).or_insert(fault);
        }
    }

    #[expect(
        clippy::print_stdout,
        reason = "the counts are what the matrix is made for, and the proof reads them"
    )]
    fn report(&self, backend: Backend, operations: usize, identities: usize, uncovered: &[String]) {
        let (generated, tested) = (self.generated, self.tested);
        let unexpected = self.unexpected;
        println!(
            "matrix: operations {operations}, identities {identities}, cells generated {generated}, \
             tested {tested}, unexpected {unexpected}, uncovered {}",
            uncovered.len()
        );
        let counts = json!({format!("{backend:?}"): {
            "operations": operations,
            "identities": identities,
            "cells_generated": generated,
            "cells_tested": tested,
            "unexpected": unexpected,
            "uncovered_operations": uncovered.len(),
            "cells_by_expectation": self.by_expectation,
            "passed_by_answer": self.passed,
        }});
        println!("{MARK}{counts}");
        let shown: Vec<_> = self.shown.values().take(SHOWN).cloned().collect();
        let shown = shown.join("\n");
        assert_eq!(unexpected, 0, "unexpected, one of each kind:\n{shown}");
        assert!(uncovered.is_empty(), "uncovered:\n{}", uncovered.join("\n"));
        assert_eq!(tested, generated, "every cell is tested");
    }
}

async fn send(caller: &Caller, method: Method, request: &Request) -> Answer {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let body = request.body.clone();
    caller.send(method, &request.path, &headers, body).await
}

/// By operation, the cursor to the second page of the same list of theirs. Lists of a person are those of
/// somebody else; what operators list is nobody's, so there it is the cursor of another list.
async fn cursors(world: &World, team: &Team, operations: &[Operation]) -> BTreeMap<String, String> {
    let mut cursors = BTreeMap::new();
    let lists = operations.iter().filter(|it| it.takes_query("cursor"));
    for operation in lists {
        let caller = match operation.policy {
            Policy::Permission(_) => team.owner().caller(),
            _ => world.app.owner.in_person(),
        };
        let pattern = match operation.policy {
            Policy::Operator => "/v1/teams",
            _ => &operation.pattern,
        };
        let path = variant::filled(pattern, &team.values) + "?limit=1";
        let page = caller.get(&path).await;
        let cursor = page.body["page"]["next_cursor"].as_str();
        let cursor = cursor.unwrap_or_else(|| panic!("{path}: one page: {}", page.text));
        cursors.insert(operation.id.clone(), cursor.to_owned());
    }
    cursors
}
