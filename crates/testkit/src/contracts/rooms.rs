//! How many jobs run at once.

use super::Store;
use super::store::{claim_request, hold_of, job_ids};
use domain::ids::{JobId, TeamId};
use domain::job::{Job, JobEvent, JobKind, JobState, WaitReason};
use domain::page::PageRequest;
use domain::ports::{ClaimRequest, ClaimedJob, JobFilter, JobRooms};
use futures::future::join_all;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const MANY: u32 = 1_000;

fn rooms(per_platform: u32, per_team: u32) -> JobRooms {
    let number = |number| NonZeroU32::new(number).expect("at least one");
    JobRooms {
        per_platform: number(per_platform),
        per_team: number(per_team),
    }
}

async fn claim(store: &Store, limit: u32, rooms: JobRooms) -> Vec<ClaimedJob> {
    let request = ClaimRequest {
        rooms,
        ..claim_request(store.process(), limit)
    };
    let claimed = store.job_queue.claim_jobs(&request).await;
    claimed.expect("the queue answers")
}

async fn enqueue_some(store: &Store, team: TeamId, count: usize) -> Vec<JobId> {
    let mut jobs = Vec::new();
    for _ in 0..count {
        jobs.push(store.enqueue(team, &[]).await.id);
    }
    jobs
}

/// Also when a claim sees no more than the jobs of the team whose rooms are full.
pub async fn a_team_gets_the_rooms_that_there_are_and_keeps_nobody_waiting(store: &Store) {
    let (busy, other) = (store.team().await.team_id, store.team().await.team_id);
    let mut of_busy = enqueue_some(store, busy, 1).await;
    let of_other = enqueue_some(store, other, 2).await;
    of_busy.extend(enqueue_some(store, busy, 3).await);
    let rooms = rooms(MANY, 1);
    let one = async || job_ids(&claim(store, 1, rooms).await);
    assert_eq!(one().await, of_busy[..1]);
    let claimed = claim(store, 1, rooms).await;
    assert_eq!(job_ids(&claimed), of_other[..1]);
    assert!(claim(store, 10, rooms).await.is_empty());
    store.finish(&claimed[0].hold, JobEvent::Succeeded).await;
    assert_eq!(
        one().await,
        of_other[1..],
        "one of the busy team stands in front of it"
    );
}

/// The teams of a platform share its rooms.
pub async fn a_platform_gets_the_rooms_that_there_are_and_keeps_no_other_waiting(store: &Store) {
    let here = [
        store.team_on("here").await.team_id,
        store.team_on("here").await.team_id,
    ];
    let there = store.team_on("there").await.team_id;
    let mut of_here = Vec::new();
    for team in here {
        of_here.extend(enqueue_some(store, team, 1).await);
    }
    let elsewhere = enqueue_some(store, there, 1).await;
    let rooms = rooms(1, MANY);
    let claimed = claim(store, 1, rooms).await;
    assert_eq!(job_ids(&claimed), of_here[..1]);
    assert_eq!(job_ids(&claim(store, 1, rooms).await), elsewhere);
    assert!(claim(store, 10, rooms).await.is_empty());
    store.finish(&claimed[0].hold, JobEvent::Succeeded).await;
    assert_eq!(job_ids(&claim(store, 10, rooms).await), of_here[1..]);
}

/// It waits for something else; its turns are kept all the same.
pub async fn a_job_that_was_given_back_takes_no_room(store: &Store) {
    let team = store.team().await.team_id;
    let jobs = enqueue_some(store, team, 2).await;
    let rooms = rooms(MANY, 1);
    let claimed = claim(store, 10, rooms).await;
    assert_eq!(job_ids(&claimed), [jobs[0]]);
    let mut transaction = store.begin_held(&claimed[0].hold).await;
    let given_back = transaction.journal().give_back(
        JobEvent::Parked,
        WaitReason::PlatformWork,
        Duration::from_hours(1),
    );
    given_back.await.expect("given back");
    transaction.commit().await.expect("committed");
    assert_eq!(job_ids(&claim(store, 10, rooms).await), [jobs[1]]);
}

/// Its call may still be under way, so nobody else gets the room.
pub async fn a_job_whose_holder_died_keeps_its_room_and_is_taken_over(store: &Store) {
    let team = store.team().await.team_id;
    let jobs = enqueue_some(store, team, 2).await;
    let rooms = rooms(1, 1);
    assert_eq!(job_ids(&claim(store, 10, rooms).await), [jobs[0]]);
    store.job_queue.expire_all_leases().await.expect("expired");
    let claimed = claim(store, 10, rooms).await;
    assert_eq!(job_ids(&claimed), [jobs[0]]);
    assert_eq!(
        (claimed[0].deaths, claimed[0].job.state),
        (1, JobState::Running)
    );
}

/// They stand in front and wait all the same.
pub async fn jobs_of_the_background_leave_places_to_others(store: &Store) {
    let team = store.team().await.team_id;
    let background = enqueue_some(store, team, 3).await;
    let restart = store
        .enqueue_kind(JobKind::EnvironmentRestart, team, &[])
        .await
        .id;
    let with = async |background_limit| {
        let request = ClaimRequest {
            background_limit,
            ..claim_request(store.process(), 10)
        };
        let claimed = store.job_queue.claim_jobs(&request).await;
        claimed.expect("the queue answers")
    };
    let claimed = with(1).await;
    assert_eq!(job_ids(&claimed), [background[0], restart]);
    assert!(with(0).await.is_empty());
    store
        .finish(&hold_of(&claimed, restart), JobEvent::Succeeded)
        .await;
    assert_eq!(job_ids(&with(2).await), background[1..]);
}

/// Also when a claim sees no more than what stands in front of it.
pub async fn the_background_leaves_rooms_of_a_team_to_others(store: &Store) {
    let team = store.team().await.team_id;
    let background = enqueue_some(store, team, 5).await;
    let restart = enqueue_restart(store, team).await;
    background_leaves_one(store, rooms(MANY, 4), &background, restart).await;
}

/// The teams of a platform share what is left.
pub async fn the_background_leaves_rooms_of_a_platform_to_others(store: &Store) {
    let mut background = Vec::new();
    for _ in 0..5 {
        let team = store.team().await.team_id;
        background.extend(enqueue_some(store, team, 1).await);
    }
    let team = store.team().await.team_id;
    let restart = enqueue_restart(store, team).await;
    background_leaves_one(store, rooms(4, MANY), &background, restart).await;
}

async fn enqueue_restart(store: &Store, team: TeamId) -> JobId {
    let kind = JobKind::EnvironmentRestart;
    store.enqueue_kind(kind, team, &[]).await.id
}

async fn background_leaves_one(
    store: &Store,
    rooms: JobRooms,
    background: &[JobId],
    restart: JobId,
) {
    let mut held = Vec::new();
    for _ in 0..3 {
        held.extend(claim(store, 1, rooms).await);
    }
    assert_eq!(job_ids(&held), background[..3]);
    assert_eq!(job_ids(&claim(store, 1, rooms).await), [restart]);
    assert!(
        claim(store, 10, rooms).await.is_empty(),
        "all rooms are full"
    );
    store.finish(&held[0].hold, JobEvent::Succeeded).await;
    assert_eq!(job_ids(&claim(store, 10, rooms).await), background[3..4]);
}

/// What readers see running after each claim was held at one moment.
pub async fn racing_claimers_never_hold_more_than_the_rooms(store: &Store) {
    const PER_PLATFORM: u32 = 5;
    const PER_TEAM: u32 = 2;
    const JOBS_PER_TEAM: usize = 8;
    let rooms = rooms(PER_PLATFORM, PER_TEAM);
    let mut teams = Vec::new();
    for _ in 0..4 {
        let team = store.team().await.team_id;
        for _ in 0..JOBS_PER_TEAM / 2 {
            enqueue_some(store, team, 1).await;
            enqueue_restart(store, team).await;
        }
        teams.push(team);
    }
    let left = AtomicUsize::new(teams.len() * JOBS_PER_TEAM);
    let claimer = async || {
        while left.load(Ordering::SeqCst) > 0 {
            let claimed = claim(store, 3, rooms).await;
            let running = running(store).await;
            assert!(
                running.len() <= PER_PLATFORM as usize,
                "{} in all",
                running.len()
            );
            for team in &teams {
                let of_team = running.iter().filter(|job| job.team_id == *team).count();
                assert!(of_team <= PER_TEAM as usize, "{of_team} of a team");
            }
            for it in claimed {
                store.finish(&it.hold, JobEvent::Succeeded).await;
                left.fetch_sub(1, Ordering::SeqCst);
            }
        }
    };
    join_all((0..6).map(|_| claimer())).await;
}

async fn running(store: &Store) -> Vec<Job> {
    let filter = JobFilter {
        state: Some(JobState::Running),
        ..JobFilter::default()
    };
    let page = PageRequest::new(100, None);
    let listed = store.read_model.list_jobs(&filter, page).await;
    listed.expect("readers see them").items
}
