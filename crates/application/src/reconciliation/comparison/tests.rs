use super::*;
use crate::sample::{account, beginning, environment};
use crate::workflows::steps::SeenEnvironment;
use domain::environment::PlatformAppId;
use domain::names::ShortDomain;
use std::time::Duration;

fn shown() -> ObservedEnvironment {
    ObservedEnvironment {
        short_domain: environment().short_domain,
        appid: PlatformAppId("appid-1".to_owned()),
        display_name: Some("The shop".to_owned()),
        state: ObservedState::Running,
        domain: None,
        groups: Vec::new(),
        nodes: Vec::new(),
    }
}

fn called(name: &str) -> ObservedEnvironment {
    ObservedEnvironment {
        short_domain: ShortDomain::parse(name).unwrap(),
        ..shown()
    }
}

fn look(known: Environment, observed: &[ObservedEnvironment]) -> Comparison {
    let known = KnownEnvironment {
        environment: known,
        nodes: Vec::new(),
    };
    compare(&account(), vec![known], &HashMap::new(), observed)
}

fn kinds(comparison: &Comparison) -> Vec<FindingKind> {
    let sightings = comparison.sightings.iter();
    sightings.filter_map(Sighting::kind).collect()
}

#[test]
fn what_is_as_it_is_stored_is_not_written() {
    let comparison = look(environment(), &[shown()]);
    assert_eq!(comparison.unchanged_ids(), [environment().id]);
    assert_eq!(comparison.changes, []);
    assert_eq!(comparison.sightings, []);
}

#[test]
fn what_differs_is_followed_from_the_version_that_was_read() {
    let stopped = ObservedEnvironment {
        state: ObservedState::Stopped,
        ..shown()
    };
    let comparison = look(environment(), std::slice::from_ref(&stopped));
    let change = &comparison.changes[0];
    assert_eq!(change.environment_id(), Some(environment().id));
    assert_eq!(change.version, environment().version);
    assert_eq!(change.seen, SeenEnvironment::of(&stopped));
    assert_eq!(change.differences, ["was running, is stopped"]);
    assert!(change.is_drift);
    assert!(comparison.unchanged_ids().is_empty());
}

#[test]
fn falling_asleep_is_nobodys_change() {
    let asleep = ObservedEnvironment {
        state: ObservedState::Sleeping,
        ..shown()
    };
    assert!(!look(environment(), &[asleep]).changes[0].is_drift);
}

#[test]
fn in_the_middle_of_a_change_nothing_is_concluded() {
    let changing = ObservedEnvironment {
        state: ObservedState::Changing,
        ..shown()
    };
    let expected = look(environment(), &[changing]);
    assert_eq!((expected.changes.len(), expected.sightings.len()), (0, 0));
    assert!(expected.unchanged_ids().is_empty());
}

#[test]
fn what_is_not_shown_is_missing() {
    let comparison = look(environment(), &[]);
    assert_eq!(kinds(&comparison), [FindingKind::EnvironmentMissing]);
    assert_eq!(comparison.sightings[0].version, Some(environment().version));
}

#[test]
fn what_another_account_does_not_show_is_not_missing() {
    let known = KnownEnvironment {
        environment: environment(),
        nodes: Vec::new(),
    };
    let mut account = account();
    account.uid_since = beginning().checked_add(Duration::from_secs(1)).unwrap();
    let comparison = compare(&account, vec![known], &HashMap::new(), &[]);
    assert_eq!(kinds(&comparison), [FindingKind::AccountChanged]);
}

#[test]
fn another_incarnation_is_not_adopted() {
    let other = ObservedEnvironment {
        appid: PlatformAppId("appid-2".to_owned()),
        state: ObservedState::Stopped,
        ..shown()
    };
    let comparison = look(environment(), &[other]);
    assert_eq!(kinds(&comparison), [FindingKind::EnvironmentReplaced]);
    assert_eq!(comparison.changes, []);
}

#[test]
fn what_its_job_knows_better_is_left_to_it() {
    for state in [EnvironmentState::Provisioning, EnvironmentState::Deleting] {
        let known = Environment {
            state,
            ..environment()
        };
        let comparison = look(known, &[]);
        assert_eq!(comparison.sightings, [], "{state:?}");
    }
    let held = Environment {
        held_by: Some(crate::sample::job_id()),
        ..environment()
    };
    assert_eq!(look(held, &[]).sightings, []);
}

#[test]
fn strangers_are_told_from_what_was_left_over() {
    let marked = ObservedEnvironment {
        display_name: Some("wdl:att_1".to_owned()),
        ..called("blog-def456")
    };
    let formerly = called("copy-aaaaaa");
    let strange = called("by-hand");
    let gone = HashMap::from([("copy-aaaaaa".to_owned(), environment().id)]);
    let observed = [marked, formerly, strange];
    let comparison = compare(&account(), Vec::new(), &gone, &observed);
    assert_eq!(
        kinds(&comparison),
        [
            FindingKind::EnvironmentLeftover,
            FindingKind::EnvironmentLeftover,
            FindingKind::EnvironmentUnknown,
        ]
    );
    assert_eq!(comparison.sightings[0].display_name, None);
    let formerly = comparison.sightings[1].environment_id();
    assert_eq!(formerly, Some(environment().id));
}

#[test]
fn one_sync_writes_no_more_than_fits_into_a_short_transaction() {
    let known = |number: u128| KnownEnvironment {
        environment: Environment {
            id: crate::sample::id(1_000 + number),
            short_domain: ShortDomain::parse(&format!("site-{number:06}")).unwrap(),
            ..environment()
        },
        nodes: Vec::new(),
    };
    let stopped = |number: u128| ObservedEnvironment {
        state: ObservedState::Stopped,
        ..called(&format!("site-{number:06}"))
    };
    let observed: Vec<_> = (0..150).map(stopped).collect();
    let known = (0..150).map(known).collect();
    let comparison = compare(&account(), known, &HashMap::new(), &observed);
    assert_eq!(comparison.changes.len(), CHANGES_MAX);
    assert!(comparison.is_partial);
}
