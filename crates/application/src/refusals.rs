//! What authenticated callers were refused goes into the audit trail, without making anybody wait: the
//! first refusal of a principal on a route in a minute is a line, its repeats are counted into one more.

use domain::access::{Actor, Person, Principal};
use domain::audit::{AuditEvent, AuditOutcome};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::ports::{
    Clock, CommitError, IdSource, Instant, StoreError, UnitOfWork, WritePriority, new_id,
};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// Refusals of one kind within this time are one line and a count.
const WINDOW: Duration = Duration::from_mins(1);
/// Kinds of refusals that are remembered at a time; more are dropped. A kind is a caller that we know,
/// a route and a code, so only very many callers make as many.
const KINDS_MAX: usize = 10_000;
/// Lines that wait to be written; more are dropped.
const WAITING_MAX: usize = 2_000;
/// Lines that one transaction writes at most: others write into the trail, too.
const BATCH_MAX: usize = 100;

/// Who was refused.
#[derive(Debug, Clone)]
pub enum RefusedCaller {
    /// The caller of a team; written into the team's trail.
    Actor(Actor),
    /// A person apart from any team; written into the trail of the system.
    Person(Box<Person>),
}

/// What became of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It will be written.
    Taken,
    /// It was counted.
    Repeated,
    /// There was no room; it is lost.
    Dropped,
}

/// What is the same refusal again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Kind {
    team: Option<TeamId>,
    principal: Principal,
    route: String,
    code: ErrorCode,
}

/// A kind that was refused not long ago.
struct Recent {
    since: Instant,
    repeats: u64,
    first: AuditEvent,
}

#[derive(Default)]
struct Book {
    recent: HashMap<Kind, Recent>,
    waiting: VecDeque<AuditEvent>,
    dropped: u64,
}

/// Notes refusals and writes them in batches.
pub struct RefusalRecorder {
    unit_of_work: Arc<dyn UnitOfWork>,
    ids: Arc<dyn IdSource>,
    clock: Arc<dyn Clock>,
    book: Mutex<Book>,
}

impl RefusalRecorder {
    /// A recorder without notes.
    pub fn new(
        unit_of_work: Arc<dyn UnitOfWork>,
        ids: Arc<dyn IdSource>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            unit_of_work,
            ids,
            clock,
            book: Mutex::default(),
        }
    }

    /// Notes a refusal. Never waits for the store. `route` is the method and the pattern of the route,
    /// never the path that was asked for.
    pub fn note(&self, caller: &RefusedCaller, route: &str, code: ErrorCode) -> Noted {
        let event = self.event(caller, route, code);
        let kind = Kind {
            team: event.team_id,
            principal: event.principal,
            route: route.to_owned(),
            code,
        };
        let now = self.clock.instant();
        let mut book = self.book();
        let is_full = book.recent.len() >= KINDS_MAX;
        let recent = Recent {
            since: now,
            repeats: 0,
            first: event.clone(),
        };
        let ended = match book.recent.entry(kind) {
            Entry::Occupied(mut known) => {
                if now < known.get().since.plus(WINDOW) {
                    known.get_mut().repeats += 1;
                    return Noted::Repeated;
                }
                Some(known.insert(recent))
            }
            Entry::Vacant(_) if is_full => {
                book.dropped += 1;
                return Noted::Dropped;
            }
            Entry::Vacant(free) => {
                free.insert(recent);
                None
            }
        };
        if let Some(count) = ended.and_then(|ended| self.count(ended)) {
            book.put(count);
        }
        if book.put(event) {
            Noted::Taken
        } else {
            Noted::Dropped
        }
    }

    /// Writes what waits, and the counts of minutes that are over. Called again and again, and once at
    /// the end of the process with `is_last`: then the counts of all minutes are written. Lines that
    /// cannot be written now wait for the next time. Says how many were lost since the last call.
    pub async fn flush(&self, is_last: bool) -> u64 {
        self.end_minutes(is_last);
        let lines = std::mem::take(&mut self.book().waiting);
        let mut trails: BTreeMap<Option<TeamId>, Vec<AuditEvent>> = BTreeMap::new();
        for line in lines {
            trails.entry(line.team_id).or_default().push(line);
        }
        for lines in trails.values() {
            for batch in lines.chunks(BATCH_MAX) {
                self.write_or_keep(batch).await;
            }
        }
        std::mem::take(&mut self.book().dropped)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics while holding it")
    }

    fn event(&self, caller: &RefusedCaller, route: &str, code: ErrorCode) -> AuditEvent {
        let id = new_id(&*self.ids);
        match caller {
            RefusedCaller::Actor(actor) => {
                AuditEvent::refused(id, actor, "request.refuse", route, code)
            }
            RefusedCaller::Person(person) => AuditEvent {
                outcome: AuditOutcome::Refused,
                ..AuditEvent::by_person(id, person, "request.refuse", route)
                    .with_detail(code.as_str())
            },
        }
    }

    /// One line for the repeats.
    fn count(&self, ended: Recent) -> Option<AuditEvent> {
        let repeats = ended.repeats;
        let code = ended.first.detail.clone().unwrap_or_default();
        (repeats > 0).then(|| {
            AuditEvent {
                id: new_id(&*self.ids),
                // The count is about many requests.
                request_id: None,
                ..ended.first
            }
            .with_detail(format!("{code}; {repeats} more within a minute"))
        })
    }

    fn end_minutes(&self, all: bool) {
        let now = self.clock.instant();
        let mut book = self.book();
        let over = |recent: &Recent| all || now >= recent.since.plus(WINDOW);
        let ended: Vec<_> = book
            .recent
            .extract_if(|_, recent| over(recent))
            .map(|(_, recent)| recent)
            .collect();
        for count in ended.into_iter().filter_map(|ended| self.count(ended)) {
            book.put(count);
        }
    }

    async fn write_or_keep(&self, batch: &[AuditEvent]) {
        match self.write(batch).await {
            Ok(()) => {}
            Err(CommitError::RolledBack(error)) => {
                tracing::warn!(error = %error, "refusals could not be written; they are kept");
                let mut book = self.book();
                for line in batch {
                    book.put(line.clone());
                }
            }
            // Written twice they would break the rule that ids are unique, and block all others.
            Err(CommitError::OutcomeUnknown(error)) => {
                tracing::warn!(error = %error, "whether refusals were written is unknown");
            }
        }
    }

    async fn write(&self, batch: &[AuditEvent]) -> Result<(), CommitError> {
        let begun = self.unit_of_work.begin(WritePriority::Interactive).await;
        let mut transaction = begun.map_err(CommitError::RolledBack)?;
        for line in batch {
            let written: Result<(), StoreError> =
                transaction.audit().append_audit_event(line).await;
            written.map_err(CommitError::RolledBack)?;
        }
        transaction.commit().await
    }
}

impl Book {
    fn put(&mut self, line: AuditEvent) -> bool {
        let has_room = self.waiting.len() < WAITING_MAX;
        if has_room {
            self.waiting.push_back(line);
        } else {
            self.dropped += 1;
        }
        has_room
    }
}
