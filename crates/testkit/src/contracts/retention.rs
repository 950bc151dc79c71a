//! Removing what is old.

use super::Store;
use crate::{builders, wait};
use domain::access::{Principal, RoleKind};
use domain::finding::{Finding, FindingKind};
use domain::ids::JobId;
use domain::job::{Job, JobEvent, JobKind, JobLogLevel};
use domain::names::IdempotencyKey;
use domain::people::{EmailLink, EmailLinkPurpose, UserSession};
use domain::ports::{IdempotencyRecord, IdempotencyScope, JobHold, Perishable, new_id};
use domain::team::{Invitation, OwnershipOffer, TeamDeletion};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

async fn find(store: &Store, hold: &JobHold) -> Option<Job> {
    let found = store.read_model.find_job(hold.team_id, hold.job_id).await;
    found.expect("read").map(|details| details.job)
}

/// A job with a step and a line, remembered under a key.
async fn job_with_all(store: &Store, key: &str) -> (JobHold, IdempotencyScope) {
    let hold = store.running_job().await;
    let mut transaction = store.begin_held(&hold).await;
    let attempt = builders::step_attempt(&*store.ids, "example");
    let journal = transaction.journal();
    journal.start_attempt(&attempt).await.expect("started");
    let line = journal.append_log(JobLogLevel::Info, None, "an example");
    line.await.expect("written");
    let scope = IdempotencyScope {
        team_id: hold.team_id,
        principal: "system".to_owned(),
        operation: "examples.create",
        key: IdempotencyKey::parse(key).expect("a key"),
    };
    let record = remembered(hold.job_id);
    let records = transaction.idempotency();
    let inserted = records.insert_idempotency_record(&scope, &record).await;
    inserted.expect("remembered");
    transaction.commit().await.expect("committed");
    (hold, scope)
}

fn remembered(job_id: JobId) -> IdempotencyRecord {
    IdempotencyRecord {
        fingerprint: vec![1],
        job_id,
    }
}

async fn is_remembered(store: &Store, scope: &IdempotencyScope) -> bool {
    let mut transaction = store.begin().await;
    let found = transaction
        .idempotency()
        .find_idempotency_record(scope)
        .await;
    found.expect("read").is_some()
}

async fn purge(store: &Store, what: Perishable, age: Duration, limit: u32) -> u64 {
    let purged = store.retention.purge_older(what, age, limit).await;
    purged.expect("purged")
}

/// Waits until so many are at all older than now: the clock of a database may be coarse.
async fn until_old(store: &Store, what: Perishable, count: u64) {
    wait::until("they are past", Duration::from_secs(10), async || {
        let counted = store.retention.count_older(what, Duration::ZERO).await;
        (counted.expect("counted") == count).then_some(())
    })
    .await;
}

/// With all that was written about it; its key means nothing any more. What runs, what waits for a person
/// and what has just ended stays.
pub async fn a_finished_job_goes_with_everything_and_others_stay(store: &Store) {
    let (done, key) = job_with_all(store, "done").await;
    store.finish(&done, JobEvent::Succeeded).await;
    let (asking, asking_key) = job_with_all(store, "asking").await;
    store.finish(&asking, JobEvent::AttentionNeeded).await;
    let (running, running_key) = job_with_all(store, "running").await;
    let what = Perishable::FinishedJobs;
    assert_eq!(purge(store, what, DAY, 10).await, 0, "it is too young");
    until_old(store, what, 1).await;
    assert_eq!(purge(store, what, Duration::ZERO, 10).await, 1);
    assert_eq!(purge(store, what, Duration::ZERO, 10).await, 0);
    assert_eq!(find(store, &done).await, None);
    let journal = store.job_queue.load_journal(done.job_id).await;
    assert!(journal.expect("read").is_empty());
    assert!(!is_remembered(store, &key).await);
    for (hold, key) in [(asking, asking_key), (running, running_key)] {
        assert!(find(store, &hold).await.is_some());
        let journal = store.job_queue.load_journal(hold.job_id).await;
        assert_eq!(journal.expect("read").len(), 1);
        assert!(is_remembered(store, &key).await);
    }
}

/// The key of a request can be used anew when its job has ended long ago; the job stays.
pub async fn a_settled_request_is_forgotten_and_its_job_stays(store: &Store) {
    let (done, key) = job_with_all(store, "done").await;
    store.finish(&done, JobEvent::Failed).await;
    let (_, live) = job_with_all(store, "live").await;
    let what = Perishable::SettledRequests;
    assert_eq!(purge(store, what, DAY, 10).await, 0);
    until_old(store, what, 1).await;
    assert_eq!(purge(store, what, Duration::ZERO, 10).await, 1);
    assert!(!is_remembered(store, &key).await);
    assert!(is_remembered(store, &live).await);
    assert!(find(store, &done).await.is_some());
    let again = remembered(done.job_id);
    let inserted = store.write(async |transaction| {
        let records = transaction.idempotency();
        records.insert_idempotency_record(&key, &again).await
    });
    inserted.await.expect("a new request");
}

/// No transaction is longer than its limit, and what ended first goes first.
pub async fn a_purge_goes_in_batches(store: &Store) {
    let what = Perishable::FinishedJobs;
    let mut holds = Vec::new();
    for _ in 0..3 {
        holds.push(store.running_job().await);
    }
    // What was accepted last ends first.
    holds.reverse();
    for (number, hold) in (1..).zip(&holds) {
        store.finish(hold, JobEvent::Failed).await;
        until_old(store, what, number).await;
    }
    assert_eq!(purge(store, what, Duration::ZERO, 2).await, 2);
    assert!(find(store, &holds[2]).await.is_some(), "it ended last");
    assert_eq!(purge(store, what, Duration::ZERO, 2).await, 1);
    assert_eq!(purge(store, what, Duration::ZERO, 2).await, 0);
}

/// A session whose expiry is past goes, a living one stays.
pub async fn what_has_expired_goes_and_what_lives_stays(store: &Store) {
    let user = store.person().await;
    let living = store.user_session(user.id).await;
    for what in Perishable::ALL {
        assert_eq!(purge(store, what, DAY, 10).await, 0, "{what:?}");
    }
    let expired = UserSession {
        expires_at: builders::moment(),
        ..builders::user_session(&*store.ids, user.id)
    };
    let inserted = store.write(async |transaction| {
        transaction
            .user_sessions()
            .insert_user_session(&expired)
            .await
    });
    inserted.await.expect("inserted");
    assert_eq!(purge(store, Perishable::BrowserSessions, DAY, 10).await, 1);
    let left = domain::page::PageRequest::new(10, None);
    let left = store.read_model.list_user_sessions(user.id, left).await;
    let left: Vec<_> = left.expect("read").items.iter().map(|it| it.id).collect();
    assert_eq!(left, [living.id]);
}

/// What is mailed, offered and begun, but not finished: gone when its time is over, untouched before.
pub async fn what_was_not_answered_goes_when_its_time_is_over(store: &Store) {
    let past = builders::moment();
    let (old, living) = (store.team().await.team_id, store.team().await.team_id);
    let (owner, heir) = (store.person().await, store.person().await);
    let role = store.built_in_role(living, RoleKind::Viewer).await;
    let ids = &*store.ids;
    let link = builders::email_link(ids, heir.id, EmailLinkPurpose::PasswordReset);
    let old_link = EmailLink {
        expires_at: past,
        ..builders::email_link(ids, owner.id, EmailLinkPurpose::PasswordReset)
    };
    let invite = |address| builders::invitation(ids, living, address, role.id, owner.id);
    let invitation = invite("living@example.com");
    let old_invitation = Invitation {
        expires_at: past,
        ..invite("old@example.com")
    };
    let deletion = builders::team_deletion(ids, living, owner.id);
    let old_deletion = TeamDeletion {
        expires_at: past,
        ..builders::team_deletion(ids, old, owner.id)
    };
    let offer = builders::ownership_offer(living, owner.id, heir.id);
    let old_offer = OwnershipOffer {
        expires_at: past,
        ..builders::ownership_offer(old, owner.id, heir.id)
    };
    let written = store.write(async |transaction| {
        for link in [&old_link, &link] {
            transaction.people().insert_email_link(link).await?;
        }
        let invitations = transaction.invitations();
        for invitation in [&old_invitation, &invitation] {
            invitations.insert_invitation(invitation).await?;
        }
        let teams = transaction.teams();
        for (deletion, offer) in [(&old_deletion, &old_offer), (&deletion, &offer)] {
            teams.put_team_deletion(deletion).await?;
            teams.put_ownership_offer(offer).await?;
        }
        Ok(())
    });
    written.await.expect("written");
    one_of_each_goes(store).await;
    let mut transaction = store.begin().await;
    let teams = transaction.teams();
    assert_eq!(teams.find_team_deletion(old).await.expect("read"), None);
    assert_eq!(teams.find_ownership_offer(old).await.expect("read"), None);
    let found = teams.find_team_deletion(living).await;
    assert_eq!(found.expect("read"), Some(deletion));
    let found = teams.find_ownership_offer(living).await;
    assert_eq!(found.expect("read"), Some(offer));
    let invitations = transaction.invitations();
    let open = invitations.count_open_invitations(living, past).await;
    assert_eq!(open.expect("counted"), 1);
    let hashes = [link.hash.clone()];
    let people = transaction.people();
    let used = people
        .use_email_link(EmailLinkPurpose::PasswordReset, &hashes, past)
        .await;
    assert_eq!(used.expect("used"), Some(link));
}

async fn one_of_each_goes(store: &Store) {
    for what in [
        Perishable::EmailLinks,
        Perishable::Invitations,
        Perishable::TeamDeletions,
        Perishable::OwnershipOffers,
    ] {
        let counted = store.retention.count_older(what, DAY).await;
        assert_eq!(counted.expect("counted"), 1, "{what:?}");
        assert_eq!(purge(store, what, DAY, 10).await, 1, "{what:?}");
        assert_eq!(purge(store, what, DAY, 10).await, 0, "{what:?}");
    }
}

/// A counter is kept as long as its window is young.
pub async fn counters_of_attempts_go_when_their_window_is_old(store: &Store) {
    let what = Perishable::LoginThrottles;
    let attempt = || {
        store.write(async |transaction| {
            let throttle = transaction.login_throttle();
            throttle.count_attempt("account:1", 1, DAY).await
        })
    };
    assert_eq!(attempt().await.expect("counted"), None);
    assert_eq!(purge(store, what, DAY, 10).await, 0);
    assert!(attempt().await.expect("counted").is_some(), "throttled");
    until_old(store, what, 1).await;
    assert_eq!(purge(store, what, Duration::ZERO, 10).await, 1);
    assert_eq!(attempt().await.expect("counted"), None);
}

/// Those that came by themselves and went well; one that somebody asked for, and one that failed, stays as any
/// other job does. A finding goes once it is closed.
pub async fn scheduled_syncs_and_closed_findings_go_apart_from_other_jobs(store: &Store) {
    let mut ended = Vec::new();
    let by_token = Principal::Token(new_id(&*store.ids));
    for (principal, event) in [
        (Principal::System, JobEvent::Succeeded),
        (Principal::System, JobEvent::Failed),
        (by_token, JobEvent::Succeeded),
    ] {
        let team = store.team().await.team_id;
        let mut job = builders::job(&*store.ids, team, JobKind::TeamSync, None);
        job.principal = principal;
        let mut transaction = store.begin().await;
        let enqueued = transaction.jobs().enqueue_job(&job, &[]).await;
        enqueued.expect("accepted");
        transaction.commit().await.expect("committed");
        let hold = store.claim_one(store.process()).await.hold;
        store.finish(&hold, event).await;
        ended.push(hold);
    }
    let at = builders::moment();
    let team = ended[0].team_id;
    let finding = |subject: &str, closed_at| Finding {
        id: new_id(&*store.ids),
        team_id: team,
        kind: FindingKind::EnvironmentUnknown,
        subject: subject.to_owned(),
        environment_id: None,
        address: None,
        display_name: None,
        detail: "it was not made here".to_owned(),
        first_seen_at: at,
        confirmed_at: Some(at),
        closed_at,
    };
    let (open, closed) = (finding("open", None), finding("closed", Some(at)));
    let mut transaction = store.begin().await;
    for finding in [&open, &closed] {
        let inserted = transaction.reconciliation().insert_finding(finding).await;
        inserted.expect("inserted");
    }
    transaction.commit().await.expect("committed");
    assert_eq!(purge(store, Perishable::ScheduledSyncs, DAY, 10).await, 0);
    let what = [Perishable::ScheduledSyncs, Perishable::ClosedFindings];
    for what in what {
        until_old(store, what, 1).await;
        assert_eq!(purge(store, what, Duration::ZERO, 10).await, 1, "{what:?}");
    }
    assert_eq!(find(store, &ended[0]).await, None);
    assert!(find(store, &ended[1]).await.is_some(), "it failed");
    assert!(find(store, &ended[2]).await.is_some(), "it was asked for");
    let mut transaction = store.begin().await;
    let left = transaction.reconciliation().list_open_findings(team).await;
    assert_eq!(left.expect("read"), [open]);
}
