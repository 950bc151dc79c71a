//! Syncs: when they come, and what they may write.

use super::Store;
use crate::builders;
use domain::environment::{Environment, EnvironmentState};
use domain::finding::{Finding, FindingKind};
use domain::ids::{FindingId, TeamId};
use domain::job::{Job, JobEvent, JobKind};
use domain::page::PageRequest;
use domain::ports::{Conflict, DueSync, FindingFilter, StoreError, new_id};
use domain::turn::TurnScope;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn sync_of(store: &Store, team: TeamId) -> Job {
    builders::job(&*store.ids, team, JobKind::TeamSync, None)
}

async fn enqueue(store: &Store, job: &Job) -> Result<(), StoreError> {
    let mut transaction = store.begin().await;
    transaction.jobs().enqueue_job(job, &[]).await?;
    transaction.commit().await.expect("committed");
    Ok(())
}

async fn due(store: &Store) -> Vec<DueSync> {
    store.read_model.list_due_syncs(10).await.expect("read")
}

async fn set_next(store: &Store, team: TeamId, after: Duration) {
    let mut transaction = store.begin().await;
    let set = transaction.reconciliation().set_next_sync(team, after);
    set.await.expect("set");
    transaction.commit().await.expect("committed");
}

async fn hasten(store: &Store, team: TeamId, pause: Duration) {
    let mut transaction = store.begin().await;
    let hastened = transaction.reconciliation().hasten_sync(team, pause);
    hastened.await.expect("hastened");
    transaction.commit().await.expect("committed");
}

/// It is due until it is given a later time.
pub async fn a_new_account_is_due_for_a_sync(store: &Store) {
    let account = store.team().await;
    let expected = DueSync {
        team_id: account.team_id,
        platform: account.platform.clone(),
    };
    assert_eq!(due(store).await, [expected]);
    set_next(store, account.team_id, HOUR).await;
    assert_eq!(due(store).await, []);
    let mut transaction = store.begin().await;
    let accounts = transaction.platform_accounts();
    let disconnected = account.disconnected();
    let updated = accounts.update_platform_account(&disconnected).await;
    updated.expect("updated");
    transaction.commit().await.expect("committed");
    assert_eq!(due(store).await, [], "nobody can look");
}

/// The second is a conflict until the first has come to rest; another team is another one.
pub async fn a_team_has_one_sync_at_a_time(store: &Store) {
    let (account, other) = (store.team().await, store.team().await);
    let team = account.team_id;
    let first = sync_of(store, team);
    enqueue(store, &first).await.expect("the first");
    let second = enqueue(store, &sync_of(store, team)).await;
    assert!(matches!(
        second,
        Err(StoreError::Conflict(Conflict::LiveSync))
    ));
    let counted = store.read_model.count_live_syncs().await.expect("read");
    assert_eq!(counted, [(account.platform.clone(), 1)]);
    let teams: Vec<_> = due(store).await.iter().map(|due| due.team_id).collect();
    assert_eq!(teams, [other.team_id], "who is being synced is not due");
    let mut transaction = store.begin().await;
    let live = transaction.jobs().find_live_job_of_team(team).await;
    assert_eq!(live.expect("read"), None, "a sync stands in nobody's way");
    let live = transaction.jobs().find_live_sync(team).await;
    assert_eq!(live.expect("read"), Some(first.id));
    drop(transaction);
    let claimed = store.claim_one(store.process()).await;
    store.finish(&claimed.hold, JobEvent::Succeeded).await;
    let mut transaction = store.begin().await;
    let live = transaction.jobs().find_live_sync(team).await;
    assert_eq!(live.expect("read"), None, "it has ended");
    drop(transaction);
    let third = enqueue(store, &sync_of(store, team)).await;
    third.expect("the first has ended");
}

/// Reading old records asks for it again and again.
pub async fn a_sync_is_brought_forward_unless_one_has_just_ended(store: &Store) {
    let team = store.team().await.team_id;
    set_next(store, team, HOUR).await;
    hasten(store, team, HOUR).await;
    assert_eq!(due(store).await.len(), 1, "none has ended yet");
    set_next(store, team, HOUR).await;
    let mut transaction = store.begin().await;
    let noted = transaction.reconciliation().note_sync_ended(team).await;
    noted.expect("noted");
    transaction.commit().await.expect("committed");
    hasten(store, team, HOUR).await;
    assert_eq!(due(store).await, []);
    hasten(store, team, Duration::ZERO).await;
    assert_eq!(due(store).await.len(), 1);
}

async fn lock(store: &Store, environment: &Environment) -> Option<Environment> {
    let mut transaction = store.begin().await;
    let found = transaction
        .reconciliation()
        .lock_idle_environment(environment.team_id, environment.id)
        .await;
    found.expect("looked")
}

/// Whether it waits or runs.
pub async fn what_a_job_works_on_cannot_be_locked_as_idle(store: &Store) {
    let account = store.team().await;
    let environment = store.environment(&account, "shop").await;
    assert_eq!(lock(store, &environment).await, Some(environment.clone()));
    let turns = [TurnScope::Environment(environment.id)];
    store.enqueue(account.team_id, &turns).await;
    assert_eq!(lock(store, &environment).await, None, "a job waits");
    let claimed = store.claim_one(store.process()).await;
    assert_eq!(lock(store, &environment).await, None, "a job runs");
    store.finish(&claimed.hold, JobEvent::Succeeded).await;
    assert_eq!(lock(store, &environment).await, Some(environment));
}

/// Until the transaction ends: a job that is accepted meanwhile would read what is about to change.
pub async fn no_job_is_accepted_about_what_is_locked_as_idle(store: &Store) {
    let account = store.team().await;
    let environment = store.environment(&account, "shop").await;
    let mut transaction = store.begin().await;
    let locked = transaction
        .reconciliation()
        .lock_idle_environment(environment.team_id, environment.id)
        .await;
    assert!(locked.expect("locked").is_some());
    let turns = [TurnScope::Environment(environment.id)];
    let mut accepting = Box::pin(store.enqueue(account.team_id, &turns));
    let waits = tokio::time::timeout(Duration::from_millis(100), &mut accepting).await;
    assert!(waits.is_err(), "it stands before the lock");
    let mut changed = environment;
    changed.site_url = Some("https://shop.example.com/".to_owned());
    let environments = transaction.environments();
    let updated = environments.update_environment(&changed).await;
    updated.expect("nobody has changed it");
    transaction.commit().await.expect("committed");
    accepting.await;
    assert_eq!(lock(store, &changed).await, None, "a job waits");
}

/// Only the time is new.
pub async fn what_was_seen_unchanged_has_a_new_time_and_no_new_version(store: &Store) {
    let account = store.team().await;
    let seen = store.environment(&account, "shop").await;
    let other = store.environment(&account, "blog").await;
    let at = builders::moment();
    let mut transaction = store.begin().await;
    let marked = transaction
        .reconciliation()
        .mark_synced(account.team_id, &[seen.id], at)
        .await;
    marked.expect("marked");
    transaction.commit().await.expect("committed");
    let expected = Environment {
        synced_at: Some(at),
        ..seen
    };
    assert_eq!(lock(store, &expected).await, Some(expected.clone()));
    assert_eq!(lock(store, &other).await, Some(other.clone()));
}

fn finding(store: &Store, team: TeamId) -> Finding {
    Finding {
        id: new_id::<FindingId>(&*store.ids),
        team_id: team,
        kind: FindingKind::EnvironmentUnknown,
        subject: "by-hand".to_owned(),
        environment_id: None,
        address: Some("by-hand.example.com".to_owned()),
        display_name: Some("By hand".to_owned()),
        detail: "it was not made here".to_owned(),
        first_seen_at: builders::moment(),
        confirmed_at: None,
        closed_at: None,
    }
}

async fn told(store: &Store, team: TeamId, is_closed: Option<bool>) -> Vec<Finding> {
    let filter = FindingFilter {
        is_closed,
        ..FindingFilter::default()
    };
    let page = PageRequest::new(10, None);
    let found = store.read_model.list_findings(team, &filter, page).await;
    found.expect("read").items
}

/// Nobody is told before; a closed one makes room for the same again.
pub async fn a_finding_is_confirmed_and_closed(store: &Store) {
    let (team, at) = (store.team().await.team_id, builders::moment());
    let found = finding(store, team);
    let mut transaction = store.begin().await;
    let findings = transaction.reconciliation();
    findings.insert_finding(&found).await.expect("inserted");
    let open = findings.list_open_findings(team).await.expect("read");
    assert_eq!(open, std::slice::from_ref(&found));
    transaction.commit().await.expect("committed");
    assert_eq!(told(store, team, None).await, []);

    let mut transaction = store.begin().await;
    let findings = transaction.reconciliation();
    findings
        .confirm_finding(team, found.id, at)
        .await
        .expect("confirmed");
    transaction.commit().await.expect("committed");
    let confirmed = Finding {
        confirmed_at: Some(at),
        ..found.clone()
    };
    let told_open = told(store, team, Some(false)).await;
    assert_eq!(told_open, std::slice::from_ref(&confirmed));
    let other = store.team().await.team_id;
    assert_eq!(told(store, other, None).await, []);

    let mut transaction = store.begin().await;
    let findings = transaction.reconciliation();
    let twice = findings.insert_finding(&finding(store, team)).await;
    assert!(matches!(twice, Err(StoreError::Conflict(_))));
    drop(transaction);
    let mut transaction = store.begin().await;
    let findings = transaction.reconciliation();
    findings
        .close_finding(team, found.id, at)
        .await
        .expect("closed");
    let again = findings.insert_finding(&finding(store, team)).await;
    again.expect("the first is closed");
    transaction.commit().await.expect("committed");
    let closed = Finding {
        closed_at: Some(at),
        ..confirmed
    };
    assert_eq!(told(store, team, Some(true)).await, [closed]);
}

/// Living ones are not asked for.
pub async fn what_is_gone_is_found_by_its_name_on_the_platform(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let living = store.environment(&account, "shop").await;
    let mut gone = store.environment(&account, "blog").await;
    gone.state = EnvironmentState::Failed;
    let mut transaction = store.begin().await;
    let updated = transaction.environments().update_environment(&gone).await;
    updated.expect("updated");
    transaction.commit().await.expect("committed");
    let name = |environment: &Environment| environment.short_domain.as_str().to_owned();
    let names = [name(&living), name(&gone), "by-hand".to_owned()];
    let read_model = &store.read_model;
    let found = read_model.find_gone_environments(team, &names).await;
    assert_eq!(found.expect("read"), [(name(&gone), gone.id)]);
    let found = read_model.find_gone_environments(team, &[]).await;
    assert_eq!(found.expect("read"), []);
}
