//! The cells of one team's matrix, and asking them.

use super::document::{Operation, Policy};
use super::expectation::{Expectation, Scene, code_of, fault};
use super::identity::{Identity, Standing};
use super::tally::{Outcome, Tally};
use super::target::Targets;
use super::team::{Team, Values};
use super::variant::{Places, Request, Variant, filled, variants};
use super::world::World;
use crate::support::{Answer, Caller};
use futures::StreamExt as _;
use http::Method;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Requests that are on their way at a time, while nothing changes.
const AT_A_TIME: usize = 6;

/// The matrix of one team.
pub(super) struct Matrix<'a> {
    operations: &'a [Operation],
    own: &'a Team,
    foreign: &'a Team,
    pub(super) scene: Scene<'a>,
    /// By operation, a cursor of a list of theirs.
    foreign_cursors: BTreeMap<String, String>,
    /// The number of the next request.
    fresh: AtomicU32,
}

/// One request of the matrix, and what is to come of it.
struct Cell<'a> {
    operation: &'a Operation,
    identity: &'a Identity<'a>,
    variant: Variant<'a>,
    expectation: Expectation,
}

impl<'a> Matrix<'a> {
    pub(super) async fn new(
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

    pub(super) async fn run(
        &self,
        everybody: &[Identity<'_>],
        targets: &mut Targets<'_>,
        tally: &mut Tally,
    ) {
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

/// Sends it.
pub(super) async fn send(caller: &Caller, method: Method, request: &Request) -> Answer {
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
        let path = filled(pattern, &team.values) + "?limit=1";
        let page = caller.get(&path).await;
        let cursor = page.body["page"]["next_cursor"].as_str();
        let cursor = cursor.unwrap_or_else(|| panic!("{path}: one page: {}", page.text));
        cursors.insert(operation.id.clone(), cursor.to_owned());
    }
    cursors
}
