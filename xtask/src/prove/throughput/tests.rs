use super::{AT_LEAST, AT_MOST, missed};
use crate::prove::Counts;

fn kept() -> Counts {
    let mut counts = Counts::new();
    for (name, bound) in AT_LEAST.into_iter().chain(AT_MOST) {
        counts.insert(name.to_owned(), bound.into());
    }
    for database in ["sqlite", "postgres"] {
        counts.insert(
            format!("{database}_claim_with_few_microseconds"),
            100.into(),
        );
        counts.insert(
            format!("{database}_claim_with_many_microseconds"),
            125.into(),
        );
    }
    counts
}

#[test]
fn figures_on_their_bounds_are_kept_promises() {
    assert!(missed(&kept()).is_empty());
}

#[test]
fn each_bound_that_is_missed_or_was_not_measured_is_named() {
    for (name, wrong) in [
        ("sqlite_grouped_jobs_per_second", 1_999),
        ("postgres_single_jobs_per_second", 399),
        ("postgres_start_p99_microseconds", 5_001),
        ("postgres_scans_of_jobs_with_many", 1),
        ("sqlite_claim_with_many_microseconds", 126),
    ] {
        let mut counts = kept();
        counts.insert(name.to_owned(), wrong.into());
        let found = missed(&counts);
        assert!(found.len() == 1 && found[0].contains(name), "{found:?}");
        counts.remove(name);
        assert_eq!(missed(&counts).len(), 1, "{name}");
    }
}
