//! What must never be.

use crate::model::Model;

/// The rule that the state breaks, if it breaks one.
pub(crate) fn broken(model: &Model) -> Option<&'static str> {
    let jobs = || model.jobs.iter().zip(model.effects);
    if model.effects.iter().any(|times| *times > 1) {
        return Some("nothing happens twice");
    }
    if jobs().any(|(job, times)| job.has_succeeded && times == 0) {
        return Some("what succeeded has happened");
    }
    if jobs().any(|(job, _)| job.was_overwritten) {
        return Some("nobody writes under an old fence");
    }
    let mut under_way = model.calls.iter().map(|call| call.job);
    let first = under_way.next();
    if under_way.any(|job| Some(job) != first) {
        return Some("calls under one turn do not overlap");
    }
    let is_late = |job: usize| model.jobs[job].has_succeeded;
    if model.calls.iter().any(|call| is_late(call.job)) {
        return Some("what has ended makes no more calls");
    }
    None
}
