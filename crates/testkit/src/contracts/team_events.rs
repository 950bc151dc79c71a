//! The feed of a team.

use super::Store;
use super::store::all_pages;
use crate::{builders, wait};
use domain::environment::EnvironmentState;
use domain::finding::{Finding, FindingKind};
use domain::ids::TeamId;
use domain::job::{JobEvent, JobKind, WaitReason};
use domain::page::PageRequest;
use domain::ports::{Perishable, TeamEventFilter, new_id};
use domain::team_event::{TeamEvent, TeamEventSubject, TeamEventType};
use domain::turn::TurnScope;
use std::time::Duration;

const ALL: TeamEventFilter = TeamEventFilter {
    event_type: None,
    environment_id: None,
};

async fn feed(store: &Store, team: TeamId, filter: TeamEventFilter) -> Vec<TeamEvent> {
    all_pages(async |page| store.read_model.list_team_events(team, filter, page).await).await
}

/// What the feed has told since the account of the team was connected, which is its first event.
async fn told(store: &Store, team: TeamId) -> Vec<TeamEventType> {
    let events = feed(store, team, ALL).await;
    let numbers: Vec<_> = events.iter().map(|event| event.sequence).collect();
    let expected: Vec<_> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "without a gap");
    assert!(events.iter().all(|event| event.team_id == team));
    let mut types = events.into_iter().map(|event| event.event_type);
    assert_eq!(types.next(), Some(TeamEventType::PlatformAccountConnected));
    types.collect()
}

/// Each change of a job that somebody may wait for, about that job, in the numbers of its own team.
pub async fn what_happens_to_jobs_is_told_in_order(store: &Store) {
    let account = store.team().await;
    let environment = store.environment(&account, "site").await;
    let other = store.team().await.team_id;
    let turns = [TurnScope::Environment(environment.id)];
    let ends = [
        (JobEvent::Succeeded, TeamEventType::JobSucceeded),
        (JobEvent::Failed, TeamEventType::JobFailed),
        (JobEvent::AttentionNeeded, TeamEventType::JobNeedsAttention),
    ];
    let mut expected = vec![TeamEventType::EnvironmentCreated];
    for (event, end) in ends {
        let kind = JobKind::EnvironmentRestart;
        let job = store.enqueue_kind(kind, account.team_id, &turns).await;
        let claimed = store.claim_one(store.process()).await;
        store.finish(&claimed.hold, event).await;
        expected.extend([TeamEventType::JobQueued, TeamEventType::JobStarted, end]);
        let last = feed(store, account.team_id, ALL).await.pop();
        let subject = TeamEventSubject::Job {
            job_id: job.id,
            kind: kind.as_str().to_owned(),
            environment_id: Some(environment.id),
        };
        assert_eq!(last.expect("told").subject, subject);
    }
    assert_eq!(told(store, account.team_id).await, expected);
    assert_eq!(told(store, other).await, []);
}

/// Who waits, is taken again or wants to be cancelled has not begun anew; who never began is cancelled at once.
pub async fn a_job_begins_once_in_the_feed(store: &Store) {
    let team = store.team().await.team_id;
    store.enqueue(team, &[]).await;
    let first = store.claim_one(store.process()).await;
    let mut transaction = store.begin_held(&first.hold).await;
    let journal = transaction.journal();
    let parked = journal.give_back(JobEvent::Parked, WaitReason::PlatformWork, Duration::ZERO);
    parked.await.expect("given back");
    transaction.commit().await.expect("committed");
    let again = store.claim_one(store.process()).await;
    assert_eq!(again.hold.job_id, first.hold.job_id);
    store.finish(&again.hold, JobEvent::Succeeded).await;
    let queued = store.enqueue(team, &[]).await;
    let cancelled = store.write(async |transaction| {
        let jobs = transaction.jobs();
        jobs.cancel_job(team, queued.id).await
    });
    cancelled.await.expect("cancelled");
    let expected = [
        TeamEventType::JobQueued,
        TeamEventType::JobStarted,
        TeamEventType::JobSucceeded,
        TeamEventType::JobQueued,
        TeamEventType::JobCancelled,
    ];
    assert_eq!(told(store, team).await, expected);
}

/// What was rolled back was not told, and leaves no number behind.
pub async fn a_dropped_transaction_tells_nothing(store: &Store) {
    let account = store.team().await;
    let environment = builders::environment(&*store.ids, &account, "dropped");
    let mut transaction = store.begin().await;
    let inserted = transaction.environments().insert_environment(&environment);
    inserted.await.expect("inserted");
    drop(transaction);
    store.environment(&account, "kept").await;
    let expected = [TeamEventType::EnvironmentCreated];
    assert_eq!(told(store, account.team_id).await, expected);
}

/// A change, the end, and what is refused because somebody else was first.
pub async fn changes_of_environments_are_told(store: &Store) {
    let account = store.team().await;
    let mut environment = store.environment(&account, "site").await;
    for state in [EnvironmentState::Running, EnvironmentState::Deleted] {
        environment.state = state;
        let updated = store.write(async |transaction| {
            let environments = transaction.environments();
            environments.update_environment(&environment).await
        });
        updated.await.expect("updated");
        environment.version += 1;
    }
    let events = feed(store, account.team_id, ALL).await;
    let told: Vec<_> = events
        .into_iter()
        .skip(1)
        .map(|event| (event.event_type, event.subject))
        .collect();
    let subject = |state: EnvironmentState| TeamEventSubject::Environment {
        environment_id: environment.id,
        state: state.as_str().to_owned(),
    };
    let created = builders::environment(&*store.ids, &account, "like").state;
    let expected = [
        (TeamEventType::EnvironmentCreated, subject(created)),
        (
            TeamEventType::EnvironmentChanged,
            subject(EnvironmentState::Running),
        ),
        (
            TeamEventType::EnvironmentGone,
            subject(EnvironmentState::Deleted),
        ),
    ];
    assert_eq!(told, expected);
}

/// A finding is told when it is confirmed, and closed only if it was told.
pub async fn findings_and_accounts_are_told(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let found = |subject: &str| Finding {
        id: new_id(&*store.ids),
        team_id: team,
        kind: FindingKind::EnvironmentUnknown,
        subject: subject.to_owned(),
        environment_id: None,
        address: None,
        display_name: None,
        detail: "an example".to_owned(),
        first_seen_at: builders::moment(),
        confirmed_at: None,
        closed_at: None,
    };
    let (seen_twice, seen_once) = (found("a"), found("b"));
    let written = store.write(async |transaction| {
        let reconciliation = transaction.reconciliation();
        for finding in [&seen_twice, &seen_once] {
            reconciliation.insert_finding(finding).await?;
        }
        let at = builders::moment();
        reconciliation
            .confirm_finding(team, seen_twice.id, at)
            .await?;
        for finding in [&seen_twice, &seen_once] {
            reconciliation.close_finding(team, finding.id, at).await?;
        }
        let accounts = transaction.platform_accounts();
        for _ in 0..2 {
            let version = account.credential_version;
            accounts
                .mark_needs_reauthentication(account.id, version)
                .await?;
        }
        Ok(())
    });
    written.await.expect("written");
    let expected = [
        TeamEventType::FindingOpened,
        TeamEventType::FindingClosed,
        TeamEventType::PlatformAccountNeedsReauthentication,
    ];
    assert_eq!(told(store, team).await, expected);
}

/// By type and by environment.
pub async fn a_feed_is_filtered(store: &Store) {
    let account = store.team().await;
    let one = store.environment(&account, "one").await;
    store.environment(&account, "two").await;
    let turns = [TurnScope::Environment(one.id)];
    store.enqueue(account.team_id, &turns).await;
    let about_one = TeamEventFilter {
        environment_id: Some(one.id),
        ..ALL
    };
    let types = |events: Vec<TeamEvent>| -> Vec<_> {
        events.into_iter().map(|event| event.event_type).collect()
    };
    let expected = [TeamEventType::EnvironmentCreated, TeamEventType::JobQueued];
    assert_eq!(
        types(feed(store, account.team_id, about_one).await),
        expected
    );
    let created = TeamEventFilter {
        event_type: Some(TeamEventType::EnvironmentCreated),
        ..ALL
    };
    let expected = [TeamEventType::EnvironmentCreated; 2];
    assert_eq!(types(feed(store, account.team_id, created).await), expected);
}

const WRITERS: usize = 8;
const EACH: usize = 25;

/// A reader that asks for what comes after the last number it saw misses nothing, however many write at once.
pub async fn a_reader_that_follows_misses_nothing(store: &Store) {
    let team = store.team().await.team_id;
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let store = store.clone();
        writers.spawn(async move {
            for _ in 0..EACH {
                store.enqueue(team, &[]).await;
            }
        });
    }
    let all = 1 + WRITERS * EACH;
    let mut seen = Vec::new();
    wait::until("all are read", Duration::from_mins(1), async || {
        let page = PageRequest::new(7, seen.last().copied());
        let page = store.read_model.list_team_events(team, ALL, page).await;
        seen.extend(page.expect("read").items.iter().map(|event| event.sequence));
        (seen.len() >= all).then_some(())
    })
    .await;
    while let Some(ended) = writers.join_next().await {
        ended.expect("written");
    }
    let expected: Vec<_> = (1..).take(all).collect();
    assert_eq!(seen, expected);
}

/// Old ones go; the numbers go on.
pub async fn old_events_go_and_numbers_go_on(store: &Store) {
    let account = store.team().await;
    store.environment(&account, "old").await;
    let old = Perishable::TeamEvents;
    let counted = async |age| {
        store
            .retention
            .count_older(old, age)
            .await
            .expect("counted")
    };
    assert_eq!(counted(Duration::from_hours(1)).await, 0);
    wait::until("they are past", Duration::from_secs(10), async || {
        (counted(Duration::ZERO).await == 2).then_some(())
    })
    .await;
    let purged = store.retention.purge_older(old, Duration::ZERO, 1).await;
    assert_eq!(purged.expect("purged"), 1);
    let left = feed(store, account.team_id, ALL).await;
    assert_eq!(
        left.iter().map(|event| event.sequence).collect::<Vec<_>>(),
        [2]
    );
    let purged = store.retention.purge_older(old, Duration::ZERO, 10).await;
    assert_eq!(purged.expect("purged"), 1);
    store.environment(&account, "new").await;
    let left = feed(store, account.team_id, ALL).await;
    assert_eq!(
        left.iter().map(|event| event.sequence).collect::<Vec<_>>(),
        [3]
    );
}
