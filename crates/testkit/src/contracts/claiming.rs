//! Who gets which job, and when.

use super::Store;
use super::store::{claim_request, hold_of, job_ids};
use domain::ids::{EnvironmentId, JobId, TeamId};
use domain::job::{JobEvent, JobKind, JobState, WaitReason};
use domain::ports::{ClaimRequest, ClaimedJob, new_id};
use domain::turn::TurnScope;
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A claim says who holds what, and readers see it.
pub async fn a_claimed_job_runs_under_a_raised_fence(store: &Store) {
    let account = store.team().await;
    let turns = [
        TurnScope::Environment(new_id(&*store.ids)),
        TurnScope::Team(account.team_id),
    ];
    let job = store.enqueue(account.team_id, &turns).await;
    let process = store.process();
    let claimed = store.claim_one(process).await;
    assert_eq!((claimed.hold.job_id, claimed.hold.fence), (job.id, 1));
    assert_eq!(
        (claimed.hold.team_id, claimed.hold.process_id),
        (account.team_id, process)
    );
    assert_eq!(claimed.deaths, 0);
    assert_eq!(claimed.turns, [turns[1], turns[0]]);
    assert_eq!(claimed.job.state, JobState::Running);
    assert_eq!(claimed.job.required_permissions, job.required_permissions);
    assert!(claimed.job.started_at.is_some());
    assert_eq!(claimed.job, store.job(&claimed.hold).await);
    assert!(store.claim(store.process(), 10).await.is_empty());
}

/// First come, first served, one at a time.
pub async fn jobs_of_one_turn_are_claimed_in_their_order(store: &Store) {
    let account = store.team().await;
    let turn = [TurnScope::Team(account.team_id)];
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.push(store.enqueue(account.team_id, &turn).await.id);
    }
    let mut order = Vec::new();
    for _ in 0..3 {
        let claimed = store.claim(store.process(), 10).await;
        order.extend(job_ids(&claimed));
        store.finish(&claimed[0].hold, JobEvent::Succeeded).await;
    }
    assert_eq!(order, expected);
}

/// A job needs all of its turns, and stands in all of its lines meanwhile.
pub async fn a_job_of_two_turns_waits_for_both(store: &Store) {
    let account = store.team().await;
    let team_turn = TurnScope::Team(account.team_id);
    let environment_turn = TurnScope::Environment(new_id(&*store.ids));
    let team = account.team_id;
    let on_environment = store.enqueue(team, &[environment_turn]).await.id;
    let on_both = store.enqueue(team, &[team_turn, environment_turn]).await.id;
    let on_team = store.enqueue(team, &[team_turn]).await.id;
    let elsewhere = [TurnScope::Environment(new_id(&*store.ids))];
    let on_other = store.enqueue(team, &elsewhere).await.id;
    let process = store.process();
    let claimed = store.claim(process, 10).await;
    assert_eq!(job_ids(&claimed), [on_environment, on_other]);
    store
        .finish(&hold_of(&claimed, on_other), JobEvent::Succeeded)
        .await;
    assert!(store.claim(process, 10).await.is_empty());
    store
        .finish(&hold_of(&claimed, on_environment), JobEvent::Succeeded)
        .await;
    let claimed = store.claim(process, 10).await;
    assert_eq!(job_ids(&claimed), [on_both]);
    store.finish(&claimed[0].hold, JobEvent::Failed).await;
    assert_eq!(job_ids(&store.claim(process, 10).await), [on_team]);
}

/// A rolling upgrade leaves new jobs to new workers.
pub async fn kinds_and_versions_that_are_not_known_are_left_alone(store: &Store) {
    let account = store.team().await;
    store.enqueue(account.team_id, &[]).await;
    let kind = JobKind::EnvironmentProvision;
    let claim = async |kinds: Vec<(JobKind, i32)>| {
        let request = ClaimRequest {
            kinds,
            ..claim_request(store.process(), 10)
        };
        store
            .job_queue
            .claim_jobs(&request)
            .await
            .expect("claimed")
            .len()
    };
    assert_eq!(claim(vec![]).await, 0);
    assert_eq!(claim(vec![(JobKind::AddonInstall, 1)]).await, 0);
    assert_eq!(claim(vec![(kind, kind.version() - 1)]).await, 0);
    assert_eq!(
        claim(vec![(JobKind::AddonInstall, 1), (kind, kind.version())]).await,
        1
    );
}

/// Not more than was asked for.
pub async fn the_limit_is_kept(store: &Store) {
    let account = store.team().await;
    for _ in 0..5 {
        store.enqueue(account.team_id, &[]).await;
    }
    for expected in [0, 2, 2, 1, 0] {
        let limit = expected.max(u32::from(expected == 1) * 2);
        let claimed = store.claim(store.process(), limit).await;
        assert_eq!(claimed.len(), expected as usize);
    }
}

/// Whoever asks for a hundred things first gets no larger share than those who come later with a few.
pub async fn a_team_that_asks_for_much_keeps_nobody_waiting(store: &Store) {
    for jobs in [60, 12, 12] {
        let account = store.team().await;
        for _ in 0..jobs {
            store.enqueue(account.team_id, &[]).await;
        }
    }
    let mut served: BTreeMap<TeamId, u32> = BTreeMap::new();
    for claimed in store.claim(store.process(), 30).await {
        *served.entry(claimed.hold.team_id).or_default() += 1;
    }
    // Jain's index of equal shares is one.
    let sum: f64 = served.values().copied().map(f64::from).sum();
    let squares: f64 = served.values().map(|it| f64::from(*it).powi(2)).sum();
    let index = sum * sum / (3.0 * squares);
    assert!(index > 0.95, "shares {served:?}, index {index}");
}

/// Eight claimers, two hundred jobs of ten teams: every job once, one at a time for each turn, in
/// the order of each turn's line.
pub async fn racing_claimers_never_share_a_job_or_a_turn(store: &Store) {
    let (order, lines) = accept_jobs_of_ten_teams(store).await;
    let total = order.len();
    let running: Mutex<BTreeMap<TurnScope, JobId>> = Mutex::default();
    let done: Mutex<Vec<(JobId, Vec<TurnScope>)>> = Mutex::default();
    let began = Instant::now();
    let claimers = (0..8).map(|_| {
        let (running, done) = (&running, &done);
        let process = store.process();
        async move {
            while done.lock().expect("no panic").len() < total {
                assert!(
                    began.elapsed() < Duration::from_mins(1),
                    "the jobs are not done"
                );
                let claimed = store.claim(process, 3).await;
                if claimed.is_empty() {
                    tokio::task::yield_now().await;
                }
                for job in claimed {
                    run_alone(store, &job, running, done).await;
                }
            }
        }
    });
    join_all(claimers).await;
    let done = done.into_inner().expect("no panic");
    let distinct: BTreeSet<_> = done.iter().map(|(job, _)| *job).collect();
    assert_eq!((done.len(), &distinct), (total, &order));
    for (scope, line) in lines {
        let ran = done.iter().filter(|(_, turns)| turns.contains(&scope));
        let ran: Vec<_> = ran.map(|(job, _)| *job).collect();
        assert_eq!(ran, line, "{scope}");
    }
}

type Lines = BTreeMap<TurnScope, Vec<JobId>>;

async fn accept_jobs_of_ten_teams(store: &Store) -> (BTreeSet<JobId>, Lines) {
    let mut lines = Lines::new();
    let mut order = BTreeSet::new();
    let mut teams: Vec<(TeamId, [EnvironmentId; 2])> = Vec::new();
    for _ in 0..10 {
        let team = store.team().await.team_id;
        teams.push((team, [new_id(&*store.ids), new_id(&*store.ids)]));
    }
    for round in 0..20 {
        for (team, environments) in &teams {
            let environment = TurnScope::Environment(environments[round % 2]);
            let turns = match round % 3 {
                0 => vec![environment],
                1 => vec![TurnScope::Team(*team)],
                _ => vec![environment, TurnScope::Team(*team)],
            };
            let job = store.enqueue(*team, &turns).await.id;
            order.insert(job);
            for turn in turns {
                lines.entry(turn).or_default().push(job);
            }
        }
    }
    (order, lines)
}

async fn run_alone(
    store: &Store,
    claimed: &ClaimedJob,
    running: &Mutex<BTreeMap<TurnScope, JobId>>,
    done: &Mutex<Vec<(JobId, Vec<TurnScope>)>>,
) {
    let job = claimed.hold.job_id;
    for turn in &claimed.turns {
        let other = running.lock().expect("no panic").insert(*turn, job);
        assert_eq!(other, None, "two jobs hold {turn}");
    }
    tokio::task::yield_now().await;
    let mut transaction = store.begin_held(&claimed.hold).await;
    let rested = transaction
        .journal()
        .come_to_rest(JobEvent::Succeeded)
        .await;
    rested.expect("the event is possible");
    {
        let mut running = running.lock().expect("no panic");
        running.retain(|_, holder| *holder != job);
        done.lock()
            .expect("no panic")
            .push((job, claimed.turns.clone()));
    }
    transaction.commit().await.expect("committed");
}

/// Otherwise a worker would look again and again at a job that it cannot have.
pub async fn the_next_due_time_ignores_jobs_that_wait_for_a_turn(store: &Store) {
    let next = async || store.job_queue.next_due_in().await.expect("read");
    assert_eq!(next().await, None);
    let account = store.team().await;
    let turn = [TurnScope::Team(account.team_id)];
    store.enqueue(account.team_id, &turn).await;
    store.enqueue(account.team_id, &turn).await;
    assert_eq!(next().await, Some(Duration::ZERO));
    let claimed = store.claim_one(store.process()).await;
    let lease = next().await.expect("a lease ends");
    assert!(
        lease > Duration::from_secs(3) && lease <= domain::limits::JOB_LEASE,
        "{lease:?}"
    );
    let mut transaction = store.begin_held(&claimed.hold).await;
    let (hour, almost) = (Duration::from_hours(1), Duration::from_mins(59));
    let parked = transaction
        .journal()
        .give_back(JobEvent::Parked, WaitReason::PlatformWork, hour)
        .await;
    parked.expect("parked");
    transaction.commit().await.expect("committed");
    let due = next().await.expect("a job is parked");
    assert!(due > almost && due <= hour, "{due:?}");
}
