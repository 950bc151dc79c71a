use super::metrics::{ALL, Kind};
use super::spans;
use std::collections::BTreeSet;

#[test]
fn metric_names_are_unique_and_say_their_unit() {
    let unique: BTreeSet<&str> = ALL.iter().map(|metric| metric.name).collect();
    assert_eq!(unique.len(), ALL.len());
    for metric in ALL {
        let name = metric.name;
        assert!(
            name.starts_with("windlass_") || name.starts_with("virtuozzo_"),
            "{name}"
        );
        assert_eq!(
            name.ends_with("_total"),
            metric.kind == Kind::Counter,
            "{name}"
        );
        let in_seconds = metric.unit == ::metrics::Unit::Seconds;
        assert_eq!(name.ends_with("_seconds"), in_seconds, "{name}");
        assert!(!metric.help.is_empty(), "{name}");
    }
}

#[test]
fn span_names_follow_the_vocabulary() {
    assert_eq!(spans::job("provision"), "job.provision");
    assert_eq!(spans::step("create"), "step.create");
    assert_eq!(
        spans::store("environments", "insert"),
        "store.environments.insert"
    );
    assert_eq!(
        spans::platform_call("createenvironment"),
        "virtuozzo.createenvironment"
    );
}
