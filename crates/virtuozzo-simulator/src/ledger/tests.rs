use super::{Ledger, MutationInterval};

fn interval(method: &str) -> MutationInterval {
    MutationInterval {
        call: 0,
        method: method.to_owned(),
        environment: None,
        uid: None,
        ruk: None,
        started_at_ms: 5,
        ended_at_ms: None,
        started_order: 0,
        ended_order: None,
        result: None,
        nested_result: None,
    }
}

#[test]
fn intervals_within_one_millisecond_are_told_apart() {
    let ledger = Ledger::default();
    let first = ledger.open_mutation(interval("first"));
    ledger.close_mutation(first, 5, Some(0), None);
    let second = ledger.open_mutation(interval("second"));
    let third = ledger.open_mutation(interval("third"));
    ledger.close_mutation(second, 5, Some(0), None);
    ledger.close_mutation(third, 5, Some(0), None);

    let all = ledger.mutations();
    assert!(!all[0].overlaps(&all[1]) && !all[1].overlaps(&all[0]));
    assert!(all[1].overlaps(&all[2]) && all[2].overlaps(&all[1]));
}

#[test]
fn a_running_interval_overlaps_everything_that_starts_later() {
    let ledger = Ledger::default();
    ledger.open_mutation(interval("running"));
    let later = ledger.open_mutation(interval("later"));
    ledger.close_mutation(later, 6, Some(0), None);
    let all = ledger.mutations();
    assert!(all[0].overlaps(&all[1]));
}
