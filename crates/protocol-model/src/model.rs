//! What there is and what can happen. Two workers, two jobs that need the same turn, one call each; a database
//! whose transactions happen at once, a lock in Redis that can be lost, a platform that answers late or never.
//! A worker that does nothing while time passes is a frozen one; a call that is under way outlives its worker.

use crate::event::{Deed, Event};
use crate::guards::{Guard, Guards};

const WORKERS: usize = 2;
const JOBS: usize = 2;
const ATTEMPTS_MAX: usize = 3;

/// Units of time. The relations are those of the program: a call that leaves soon enough after its intent has
/// happened, or never will, when `answer_by` is past.
const LEASE: u8 = 2;
const SEND_WINDOW: u8 = 1;
const LEAVES_WITHIN: u8 = 2;
const ON_ITS_WAY: u8 = 2;
const ANSWER_WITHIN: u8 = LEAVES_WITHIN + ON_ITS_WAY;

/// How far is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Units of time that pass at most.
    pub time: u8,
    /// Workers that die at most.
    pub deaths: u8,
    /// Losses of everything in Redis at most.
    pub redis_losses: u8,
    /// Commits whose answer is lost at most.
    pub lost_commits: u8,
}

/// What the journal says of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AttemptState {
    Started,
    Done,
    NotDone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Attempt {
    pub(crate) state: AttemptState,
    answer_by: u8,
}

/// A row of the queue with its journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Job {
    pub(crate) has_succeeded: bool,
    fence: u8,
    owner: Option<usize>,
    lease_until: u8,
    attempts: [Option<Attempt>; ATTEMPTS_MAX],
    /// The highest fence under which anything was written, and whether a lower one wrote after it.
    written_under: u8,
    pub(crate) was_overwritten: bool,
}

/// A call that the platform may still carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) job: usize,
    worker: usize,
    fence: u8,
    happens_by: u8,
}

/// What a worker knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Hold {
    job: usize,
    fence: u8,
    lease_until: u8,
}

/// Where a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Worker {
    Idle,
    /// It has claimed a job and looks what comes next.
    Holding(Hold),
    /// The intent is stored since then, or so it believes.
    Started(Hold, u8),
    /// It may send until then.
    MaySend(Hold, u8),
    /// The call is under way.
    Waiting(Hold),
    /// The platform has answered that it is done.
    Answered(Hold),
}

impl Worker {
    fn hold(self) -> Option<Hold> {
        match self {
            Self::Idle => None,
            Self::Holding(hold)
            | Self::Started(hold, _)
            | Self::MaySend(hold, _)
            | Self::Waiting(hold)
            | Self::Answered(hold) => Some(hold),
        }
    }
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Model {
    time: u8,
    pub(crate) jobs: [Job; JOBS],
    turn: Option<usize>,
    lock: Option<usize>,
    workers: [Worker; WORKERS],
    pub(crate) calls: Vec<Call>,
    /// How often each job's effect has happened.
    pub(crate) effects: [u8; JOBS],
    left: Bounds,
}

impl Model {
    /// Two accepted jobs, and nobody has done anything.
    pub fn begin(bounds: Bounds) -> Self {
        Self {
            time: 0,
            jobs: Default::default(),
            turn: None,
            lock: None,
            workers: [Worker::Idle; WORKERS],
            calls: Vec::new(),
            effects: [0; JOBS],
            left: bounds,
        }
    }

    /// Everything that can happen next, each with a word on it.
    pub(crate) fn next(&self, guards: Guards) -> Vec<(Event, Self)> {
        let mut next = Vec::new();
        self.time_passes(&mut next);
        self.redis_forgets(&mut next);
        self.calls_happen(&mut next);
        for worker in 0..WORKERS {
            let mut deeds = Vec::new();
            self.works(worker, guards, &mut deeds);
            self.dies(worker, &mut deeds);
            let deeds = deeds.into_iter();
            next.extend(deeds.map(|(deed, after)| (Event::Worker(worker, deed), after)));
        }
        next
    }

    fn time_passes(&self, next: &mut Vec<(Event, Self)>) {
        if self.left.time == 0 {
            return;
        }
        let mut later = self.clone();
        later.left.time -= 1;
        later.time += 1;
        // What has not happened by now never will.
        let now = later.time;
        later.calls.retain(|call| call.happens_by >= now);
        next.push((Event::ItIs(now), later));
    }

    fn redis_forgets(&self, next: &mut Vec<(Event, Self)>) {
        if self.left.redis_losses > 0 && self.lock.is_some() {
            let mut after = self.clone();
            after.left.redis_losses -= 1;
            after.lock = None;
            next.push((Event::RedisForgets, after));
        }
    }

    fn calls_happen(&self, next: &mut Vec<(Event, Self)>) {
        for (index, call) in self.calls.iter().enumerate() {
            let mut after = self.clone();
            after.calls.remove(index);
            after.effects[call.job] += 1;
            let waits = matches!(
                self.workers[call.worker],
                Worker::Waiting(hold) if (hold.job, hold.fence) == (call.job, call.fence)
            );
            if waits {
                let mut told = after.clone();
                if let Some(hold) = self.workers[call.worker].hold() {
                    told.workers[call.worker] = Worker::Answered(hold);
                }
                next.push((Event::HappensAndIsTold(call.job), told));
            }
            next.push((Event::HappensUnheard(call.job), after));
        }
    }

    fn dies(&self, worker: usize, next: &mut Vec<(Deed, Self)>) {
        if self.left.deaths > 0 && self.workers[worker] != Worker::Idle {
            let mut after = self.clone();
            after.left.deaths -= 1;
            after.workers[worker] = Worker::Idle;
            next.push((Deed::Dies, after));
        }
    }

    fn works(&self, worker: usize, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        match self.workers[worker] {
            Worker::Idle => self.claims(worker, guards, next),
            Worker::Holding(hold) => self.goes_on(worker, hold, guards, next),
            Worker::Started(hold, since) => self.asks_for_time(worker, hold, since, guards, next),
            Worker::MaySend(hold, send_by) => self.sends(worker, hold, send_by, guards, next),
            Worker::Waiting(hold) => self.gives_up_waiting(worker, hold, next),
            Worker::Answered(hold) => {
                self.ends(worker, hold, guards, Deed::StoresTheEnd(hold.job), next);
            }
        }
    }

    fn claims(&self, worker: usize, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        for job in 0..JOBS {
            let row = &self.jobs[job];
            let is_due =
                !row.has_succeeded && (row.owner.is_none() || row.lease_until <= self.time);
            let is_its_turn = match self.turn {
                Some(holder) => holder == job,
                None => {
                    self.jobs[..job].iter().all(|earlier| earlier.has_succeeded)
                        || !guards.stands(Guard::TurnKeptUntilEnd)
                }
            };
            if !is_due || (guards.stands(Guard::TurnInClaim) && !is_its_turn) {
                continue;
            }
            let mut after = self.clone();
            let row = &mut after.jobs[job];
            row.fence += 1;
            row.owner = Some(worker);
            row.lease_until = self.time + LEASE;
            let hold = Hold {
                job,
                fence: row.fence,
                lease_until: row.lease_until,
            };
            after.turn = Some(job);
            after.workers[worker] = Worker::Holding(hold);
            next.push((Deed::Claims(job), after));
        }
    }

    /// A transaction of a worker: nothing when somebody else holds the job, else the lease is renewed.
    fn under_hold(&self, hold: Hold, guards: Guards) -> Option<(Self, Hold)> {
        let row = &self.jobs[hold.job];
        if guards.stands(Guard::FenceOnEveryWrite) && row.fence != hold.fence {
            return None;
        }
        let mut after = self.clone();
        let row = &mut after.jobs[hold.job];
        row.was_overwritten |= hold.fence < row.written_under || row.has_succeeded;
        row.written_under = row.written_under.max(hold.fence);
        row.lease_until = self.time + LEASE;
        let lease_until = row.lease_until;
        Some((
            after,
            Hold {
                lease_until,
                ..hold
            },
        ))
    }

    fn loses_hold(&self, worker: usize) -> (Deed, Self) {
        let mut after = self.clone();
        after.workers[worker] = Worker::Idle;
        after.unlock(worker);
        (Deed::SeesThatItWasReplaced, after)
    }

    fn unlock(&mut self, worker: usize) {
        if self.lock == Some(worker) {
            self.lock = None;
        }
    }

    fn goes_on(&self, worker: usize, hold: Hold, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        let last = self.last_attempt(hold.job);
        let is_open = last.is_some_and(|it| it.state == AttemptState::Started);
        if is_open && guards.stands(Guard::SettledBeforeSentAgain) {
            self.settles(worker, hold, guards, next);
        } else {
            self.starts(worker, hold, guards, next);
        }
        if !guards.stands(Guard::TurnKeptUntilEnd)
            && let Some((mut after, _)) = self.under_hold(hold, guards)
        {
            after.turn = None;
            after.jobs[hold.job].owner = None;
            after.workers[worker] = Worker::Idle;
            after.unlock(worker);
            next.push((Deed::GivesTheTurnAway, after));
        }
    }

    fn starts(&self, worker: usize, hold: Hold, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        let is_locked = self.lock.is_some_and(|holder| holder != worker);
        if is_locked || self.jobs[hold.job].attempts[ATTEMPTS_MAX - 1].is_some() {
            return;
        }
        let Some((mut after, hold)) = self.under_hold(hold, guards) else {
            next.push(self.loses_hold(worker));
            return;
        };
        after.lock = Some(worker);
        after.workers[worker] = Worker::Started(hold, self.time);
        let unstored = after.clone();
        let place = after.jobs[hold.job]
            .attempts
            .iter_mut()
            .find(|it| it.is_none());
        if let Some(place) = place {
            *place = Some(Attempt {
                state: AttemptState::Started,
                answer_by: self.time + ANSWER_WITHIN,
            });
        }
        if guards.stands(Guard::IntentBeforeCall) {
            next.push((Deed::StoresItsIntent, after));
        } else {
            next.push((Deed::StoresNoIntent, unstored.clone()));
        }
        if self.left.lost_commits == 0 {
            return;
        }
        // The commit never reached the database, and nobody says so.
        let mut lost = unstored;
        lost.left.lost_commits -= 1;
        lost.jobs[hold.job] = self.jobs[hold.job].clone();
        if guards.stands(Guard::LostCommitLookedUp) {
            lost.workers[worker] = Worker::Idle;
            lost.unlock(worker);
            next.push((Deed::LooksForItsCommitInVain, lost));
        } else {
            next.push((Deed::BelievesItsCommit, lost));
        }
    }

    fn settles(&self, worker: usize, hold: Hold, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        if self.effects[hold.job] > 0 {
            self.ends(worker, hold, guards, Deed::FindsTheEffect(hold.job), next);
            return;
        }
        let is_over = self
            .last_attempt(hold.job)
            .is_some_and(|it| self.time > it.answer_by);
        if !is_over && guards.stands(Guard::AbsenceProved) {
            return;
        }
        let Some((mut after, hold)) = self.under_hold(hold, guards) else {
            next.push(self.loses_hold(worker));
            return;
        };
        after.set_last_attempt(hold.job, AttemptState::NotDone);
        after.workers[worker] = Worker::Holding(hold);
        next.push((Deed::FindsThatNothingHappened, after));
    }

    fn asks_for_time(
        &self,
        worker: usize,
        hold: Hold,
        since: u8,
        guards: Guards,
        next: &mut Vec<(Deed, Self)>,
    ) {
        let is_late = self.time + SEND_WINDOW > since + LEAVES_WITHIN;
        if is_late && guards.stands(Guard::SentSoonAfterIntent) {
            self.puts_off(worker, hold, guards, next);
            return;
        }
        if self.time + SEND_WINDOW < hold.lease_until || !guards.stands(Guard::SendWindow) {
            let mut after = self.clone();
            after.workers[worker] = Worker::MaySend(hold, self.time + SEND_WINDOW);
            next.push((Deed::MaySend, after));
            return;
        }
        match self.under_hold(hold, guards) {
            None => next.push(self.loses_hold(worker)),
            Some((mut after, hold)) => {
                after.workers[worker] = Worker::Started(hold, since);
                next.push((Deed::RenewsItsLease, after));
            }
        }
    }

    fn sends(
        &self,
        worker: usize,
        hold: Hold,
        send_by: u8,
        guards: Guards,
        next: &mut Vec<(Deed, Self)>,
    ) {
        if self.time >= send_by && guards.stands(Guard::SendWindow) {
            self.puts_off(worker, hold, guards, next);
            return;
        }
        let mut after = self.clone();
        after.calls.push(Call {
            job: hold.job,
            worker,
            fence: hold.fence,
            happens_by: self.time + ON_ITS_WAY,
        });
        after.calls.sort_unstable();
        after.workers[worker] = Worker::Waiting(hold);
        next.push((Deed::Sends(hold.job), after));
    }

    /// The call never left, and the journal says so.
    fn puts_off(&self, worker: usize, hold: Hold, guards: Guards, next: &mut Vec<(Deed, Self)>) {
        let Some((mut after, hold)) = self.under_hold(hold, guards) else {
            next.push(self.loses_hold(worker));
            return;
        };
        after.set_last_attempt(hold.job, AttemptState::NotDone);
        after.workers[worker] = Worker::Holding(hold);
        next.push((Deed::IsTooLateToSend, after));
    }

    fn last_attempt(&self, job: usize) -> Option<Attempt> {
        self.jobs[job]
            .attempts
            .iter()
            .rev()
            .flatten()
            .next()
            .copied()
    }

    fn set_last_attempt(&mut self, job: usize, state: AttemptState) {
        let attempts = &mut self.jobs[job].attempts;
        if let Some(attempt) = attempts.iter_mut().rev().flatten().next() {
            attempt.state = state;
        }
    }

    fn gives_up_waiting(&self, worker: usize, hold: Hold, next: &mut Vec<(Deed, Self)>) {
        let is_under_way = self
            .calls
            .iter()
            .any(|call| (call.worker, call.job, call.fence) == (worker, hold.job, hold.fence));
        if !is_under_way {
            let mut after = self.clone();
            after.workers[worker] = Worker::Holding(hold);
            next.push((Deed::WaitsNoLonger, after));
        }
    }

    fn ends(
        &self,
        worker: usize,
        hold: Hold,
        guards: Guards,
        what: Deed,
        next: &mut Vec<(Deed, Self)>,
    ) {
        let Some((mut after, _)) = self.under_hold(hold, guards) else {
            next.push(self.loses_hold(worker));
            return;
        };
        after.set_last_attempt(hold.job, AttemptState::Done);
        let row = &mut after.jobs[hold.job];
        row.has_succeeded = true;
        row.owner = None;
        if after.turn == Some(hold.job) {
            after.turn = None;
        }
        after.workers[worker] = Worker::Idle;
        after.unlock(worker);
        next.push((what, after));
    }
}
