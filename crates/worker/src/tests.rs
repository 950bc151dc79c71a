mod shop;

use crate::Worker;
use crate::active_runs::ActiveRun;
use application::workflows::Lease;
use domain::job::{JobKind, JobPool, WaitReason};
use domain::limits;
use domain::ports::{ClaimRequest, Clock, JobHold, MockJobQueue, StoreError};
use shop::{StandingClock, claimed, hold, job_id, process, quiet, shop, shop_of_places};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[tokio::test(start_paused = true)]
async fn no_more_is_claimed_than_there_is_room_for() {
    let shop = shop(2, (10..15).map(claimed).collect(), quiet());
    let queue = Arc::clone(&shop.queue);
    let release = || queue.gate.add_permits(5);
    shop.open_for(Duration::from_secs(3), release).await;
    assert_eq!(shop.arrived(), 2, "both places stay taken");
    assert_eq!(shop.queue.claims(), [2], "a full worker does not ask");
}

/// The jobs of these tests install add-ons, which is of the background.
#[tokio::test(start_paused = true)]
async fn a_worker_whose_background_is_full_asks_for_interactive_jobs_only() {
    let mut mock = MockJobQueue::new();
    mock.expect_next_due_in().returning(|| Ok(None));
    let shop = shop_of_places(3, 1, vec![claimed(10)], mock);
    let queue = Arc::clone(&shop.queue);
    let release = || queue.gate.add_permits(1);
    shop.open_for(Duration::from_secs(3), release).await;
    let requests = shop.queue.requests.lock().unwrap().clone();
    let asks_for = |index: usize, kind| {
        let request: &ClaimRequest = &requests[index];
        request.kinds.iter().any(|(known, _)| *known == kind)
    };
    assert_eq!((requests[0].limit, requests[0].background_limit), (3, 1));
    assert!(asks_for(0, JobKind::AddonInstall) && asks_for(0, JobKind::EnvironmentRestart));
    assert_eq!((requests[1].limit, requests[1].background_limit), (2, 0));
    assert!(!asks_for(1, JobKind::AddonInstall) && asks_for(1, JobKind::EnvironmentRestart));
}

#[tokio::test(start_paused = true)]
async fn a_place_that_becomes_free_is_taken_at_once() {
    let shop = shop(2, (10..15).map(claimed).collect(), quiet());
    shop.queue.gate.add_permits(5);
    // Far less than the poll interval.
    shop.open_for(Duration::from_millis(5), || {}).await;
    assert_eq!(shop.arrived(), 5);
    assert!(shop.queue.claims().iter().all(|limit| *limit <= 2));
    let mut expected = (10..15).map(|number| (job_id(number), WaitReason::Reauthentication));
    let given_back = shop.given_back.lock().unwrap();
    assert!(
        expected.all(|one| given_back.contains(&one)),
        "{given_back:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_due_job_that_cannot_be_claimed_does_not_make_the_worker_spin() {
    let mut mock = MockJobQueue::new();
    mock.expect_next_due_in()
        .returning(|| Ok(Some(Duration::ZERO)));
    let shop = shop(2, Vec::new(), mock);
    shop.open_for(Duration::from_secs(1), || {}).await;
    let claims = shop.queue.claims().len();
    assert!((2..=52).contains(&claims), "{claims} claims in a second");
    assert_eq!(shop.wake_up.waits.load(Ordering::SeqCst), claims);
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_asks_as_often_as_the_poll_interval_says_even_without_a_store() {
    let mut mock = MockJobQueue::new();
    mock.expect_next_due_in()
        .returning(|| Err(StoreError::Busy));
    let shop = shop(2, Vec::new(), mock);
    shop.open_for(Duration::from_millis(3_500), || {}).await;
    assert_eq!(shop.queue.claims().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_panics_or_loses_its_hold_stops_no_other() {
    let jobs = vec![claimed(666), claimed(667), claimed(10)];
    let shop = shop(3, jobs, quiet());
    shop.queue.gate.add_permits(3);
    shop.open_for(Duration::from_secs(2), || {}).await;
    let expected = [(job_id(10), WaitReason::Reauthentication)];
    assert_eq!(*shop.given_back.lock().unwrap(), expected);
    // Their places are free again: the worker asked for three more.
    assert_eq!(shop.queue.claims().last(), Some(&3));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_the_store_broke_off_is_handed_back_as_soon_as_that_answers() {
    let mut mock = MockJobQueue::new();
    mock.expect_load_journal()
        .returning(|_| Err(StoreError::Busy));
    mock.expect_next_due_in().returning(|| Ok(None));
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    mock.expect_hand_back().returning(move |held, _| {
        assert_eq!(held.job_id, job_id(10));
        match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Err(StoreError::Busy),
            _ => Ok(()),
        }
    });
    let shop = shop(1, vec![claimed(10)], mock);
    shop.queue.gate.add_permits(1);
    shop.open_for(Duration::from_secs(3), || {}).await;
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

/// What a claim without an answer may have given is not waited for until its lease ends, and is no death.
#[tokio::test(start_paused = true)]
async fn jobs_of_a_claim_that_was_not_answered_are_given_back_before_the_next_one() {
    let shop = shop(2, vec![claimed(10)], quiet());
    shop.queue.unheard.store(1, Ordering::SeqCst);
    let queue = Arc::clone(&shop.queue);
    shop.open_for(Duration::from_secs(4), move || queue.gate.add_permits(1))
        .await;
    let kept = shop.queue.kept.lock().unwrap().clone();
    // Once for the claim, while the first job was running, and once when the worker ended.
    assert_eq!(kept, [vec![job_id(10)], Vec::new()]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_its_own_data_broke_off_is_left_to_its_lease() {
    let mut mock = MockJobQueue::new();
    mock.expect_load_journal().returning(|_| {
        Err(StoreError::Inconsistent {
            table: "job_steps",
            column: "state",
            detail: "unknown".to_owned(),
        })
    });
    mock.expect_next_due_in().returning(|| Ok(None));
    // Handing it back is not in the script: nobody would ever count how often it goes wrong.
    let shop = shop(1, vec![claimed(10)], mock);
    shop.queue.gate.add_permits(1);
    shop.open_for(Duration::from_secs(3), || {}).await;
    assert_eq!(shop.arrived(), 1);
}

#[tokio::test(start_paused = true)]
async fn at_shutdown_running_jobs_are_handed_over_before_the_leases_end() {
    let shop = shop(2, vec![claimed(10), claimed(11)], quiet());
    let queue = Arc::clone(&shop.queue);
    let meanwhile = tokio::time::Instant::now();
    shop.open_for(Duration::from_secs(1), move || {
        assert_eq!(queue.expired.load(Ordering::SeqCst), 0);
        // They reach their boundary only after the stop was asked for.
        queue.gate.add_permits(2);
    })
    .await;
    let mut given_back = shop.given_back.lock().unwrap().clone();
    given_back.sort_by_key(|(job, _)| *job);
    let expected = [
        (job_id(10), WaitReason::Handover),
        (job_id(11), WaitReason::Handover),
    ];
    assert_eq!(given_back, expected);
    assert_eq!(shop.queue.expired.load(Ordering::SeqCst), 1);
    assert_eq!(meanwhile.elapsed(), Duration::from_secs(1), "no drain time");
}

#[tokio::test(start_paused = true)]
async fn what_is_still_in_a_call_after_the_drain_time_is_left_to_its_lease() {
    let shop = shop(2, vec![claimed(10)], quiet());
    let start = tokio::time::Instant::now();
    shop.open_for(Duration::from_secs(1), || {}).await;
    assert_eq!(start.elapsed(), Duration::from_secs(6));
    assert_eq!(shop.queue.expired.load(Ordering::SeqCst), 1);
    assert!(shop.given_back.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_claimed_while_shutting_down_is_handed_over_too() {
    let shop = shop(2, vec![claimed(10)], quiet());
    shop.queue.gate.add_permits(1);
    let shutdown = CancellationToken::new();
    shutdown.cancel();
    shop.worker.clone().run(shutdown).await;
    let expected = [(job_id(10), WaitReason::Handover)];
    assert_eq!(*shop.given_back.lock().unwrap(), expected);
}

/// A worker that claims during a beat, and the lease of what it claimed.
type LateClaim = (Worker, Arc<Lease>);

fn active(worker: &Worker, hold: JobHold) -> Arc<Lease> {
    let lease: Arc<Lease> = Arc::default();
    lease.renewed_until(worker.clock.instant().plus(limits::JOB_LEASE));
    worker.active.add(ActiveRun {
        hold,
        pool: JobPool::Interactive,
        lease: Arc::clone(&lease),
        claimed_at: worker.clock.instant(),
    });
    lease
}

fn left(worker: &Worker, lease: &Lease) -> Duration {
    lease.left(worker.clock.instant())
}

#[tokio::test(start_paused = true)]
async fn one_beat_renews_all_leases_and_marks_those_that_were_taken_over() {
    let mut mock = MockJobQueue::new();
    // Of three jobs one is held still, one was taken over, one was claimed anew by somebody.
    mock.expect_renew_leases()
        .times(1)
        .withf(|renewing, jobs| *renewing == process() && jobs.len() == 3)
        .returning(|_, _| Ok(vec![(job_id(10), 1), (job_id(12), 2)]));
    let shop = shop(4, Vec::new(), mock);
    let leases = [10, 11, 12].map(|number| active(&shop.worker, hold(number, 1)));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    let lost = leases.each_ref().map(|lease| lease.is_lost());
    assert_eq!(lost, [false, true, true]);
    assert_eq!(left(&shop.worker, &leases[0]), limits::JOB_LEASE);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_claimed_or_ended_during_the_beat_is_not_taken_for_lost() {
    let late: Arc<Mutex<Option<LateClaim>>> = Arc::default();
    let during = Arc::clone(&late);
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases()
        .times(1)
        .returning(move |_, jobs| {
            assert_eq!(jobs, [job_id(10)]);
            let mut late = during.lock().unwrap();
            let (worker, lease) = late.as_mut().unwrap();
            worker.active.remove(&hold(10, 1));
            *lease = active(worker, hold(11, 1));
            Ok(Vec::new())
        });
    let shop = shop(4, Vec::new(), mock);
    let ended = active(&shop.worker, hold(10, 1));
    *late.lock().unwrap() = Some((shop.worker.clone(), Arc::default()));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    let (_, claimed_late) = late.lock().unwrap().take().unwrap();
    assert!(!claimed_late.is_lost());
    assert!(!ended.is_lost(), "it gave its job back itself");
}

#[tokio::test(start_paused = true)]
async fn a_beat_without_answer_renews_nothing_and_condemns_nobody() {
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases()
        .returning(|_, _| Err(StoreError::Busy));
    let shop = shop(4, Vec::new(), mock);
    let lease = active(&shop.worker, hold(10, 1));
    tokio::time::advance(limits::JOB_HEARTBEAT).await;
    shop.worker.beat().await;
    assert!(!lease.is_lost());
    let expected = limits::JOB_LEASE.saturating_sub(limits::JOB_HEARTBEAT);
    assert_eq!(left(&shop.worker, &lease), expected);
}

#[tokio::test(start_paused = true)]
async fn the_lease_counts_from_before_the_renewal_was_sent() {
    let clock: Arc<StandingClock> = Arc::default();
    let answering = Arc::clone(&clock);
    let mut mock = MockJobQueue::new();
    mock.expect_renew_leases().returning(move |_, _| {
        // The store takes a second to answer.
        *answering.0.lock().unwrap() += Duration::from_secs(1);
        Ok(vec![(job_id(10), 1)])
    });
    let mut shop = shop(4, Vec::new(), mock);
    shop.worker.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    let lease = active(&shop.worker, hold(10, 1));
    *clock.0.lock().unwrap() += limits::JOB_HEARTBEAT;
    shop.worker.beat().await;
    let expected = limits::JOB_LEASE.saturating_sub(Duration::from_secs(1));
    assert_eq!(left(&shop.worker, &lease), expected);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_comes_back_under_a_new_fence_ends_the_older_run() {
    let shop = shop(4, Vec::new(), MockJobQueue::new());
    let older = active(&shop.worker, hold(10, 1));
    let newer = active(&shop.worker, hold(10, 2));
    assert!(older.is_lost() && !newer.is_lost());
    // The older one's end does not take the newer one's place away.
    shop.worker.active.remove(&hold(10, 1));
    assert!(shop.worker.active.is_current(&hold(10, 2)));
    assert_eq!(shop.worker.active.len(), 1);
    shop.worker.active.remove(&hold(10, 2));
    assert!(shop.worker.active.is_empty());
}
