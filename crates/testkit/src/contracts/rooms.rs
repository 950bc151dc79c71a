//! How many jobs run at once.

use super::Store;
use super::store::{claim_request, hold_of, job_ids};
use domain::ids::{JobId, TeamId};
use domain::job::{JobEvent, JobKind, JobState, WaitReason};
use domain::ports::{ClaimRequest, ClaimedJob, JobRooms};
use futures::future::join_all;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;
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
    let first = enqueue_some(store, busy, 6).await;
    let last = enqueue_some(store, other, 1).await;
    let rooms = rooms(MANY, 2);
    let claimed = claim(store, 2, rooms).await;
    assert_eq!(job_ids(&claimed).len(), 2);
    let rest = claim(store, 2, rooms).await;
    let mut of_all = [job_ids(&claimed), job_ids(&rest)].concat();
    of_all.sort();
    let mut expected = [&first[..2], &last[..]].concat();
    expected.sort();
    assert_eq!(of_all, expected, "two of the busy team, and the other's");
    assert!(claim(store, 10, rooms).await.is_empty());
    let of_busy = claimed
        .iter()
        .chain(&rest)
        .find(|it| it.hold.team_id == busy);
    let hold = of_busy.expect("one of the busy team").hold;
    store.finish(&hold, JobEvent::Succeeded).await;
    assert_eq!(job_ids(&claim(store, 10, rooms).await), [first[2]]);
}

/// The teams of a platform share its rooms.
pub async fn a_platform_gets_the_rooms_that_there_are_and_keeps_no_other_waiting(store: &Store) {
    let here = [
        store.team_on("here").await.team_id,
        store.team_on("here").await.team_id,
    ];
    let there = store.team_on("there").await.team_id;
    for team in here {
        enqueue_some(store, team, 3).await;
    }
    let elsewhere = enqueue_some(store, there, 1).await;
    let rooms = rooms(3, MANY);
    let claimed = claim(store, 3, rooms).await;
    let rest = claim(store, 3, rooms).await;
    let is_here = |it: &&ClaimedJob| here.contains(&it.hold.team_id);
    let held: Vec<_> = claimed.iter().chain(&rest).collect();
    assert_eq!(held.iter().filter(|it| is_here(it)).count(), 3);
    let others = held.iter().filter(|it| !is_here(it));
    let others: Vec<_> = others.map(|it| it.hold.job_id).collect();
    assert_eq!(others, elsewhere);
    assert!(claim(store, 10, rooms).await.is_empty());
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

/// Counted from after a claim to before its end, so less than what is really held.
pub async fn racing_claimers_never_hold_more_than_the_rooms(store: &Store) {
    const PER_PLATFORM: u32 = 5;
    const PER_TEAM: u32 = 2;
    const JOBS_PER_TEAM: usize = 8;
    let mut teams = Vec::new();
    for _ in 0..4 {
        let team = store.team().await.team_id;
        enqueue_some(store, team, JOBS_PER_TEAM).await;
        teams.push(team);
    }
    let held: Mutex<HashMap<TeamId, u32>> = Mutex::default();
    let left = Mutex::new(teams.len() * JOBS_PER_TEAM);
    let claimer = async || {
        while *left.lock().expect("whole") > 0 {
            for it in claim(store, 3, rooms(PER_PLATFORM, PER_TEAM)).await {
                let team = it.hold.team_id;
                {
                    let mut held = held.lock().expect("whole");
                    *held.entry(team).or_default() += 1;
                    assert!(held[&team] <= PER_TEAM, "of a team: {held:?}");
                    assert!(
                        held.values().sum::<u32>() <= PER_PLATFORM,
                        "in all: {held:?}"
                    );
                }
                tokio::task::yield_now().await;
                *held.lock().expect("whole").entry(team).or_default() -= 1;
                store.finish(&it.hold, JobEvent::Succeeded).await;
                *left.lock().expect("whole") -= 1;
            }
        }
    };
    join_all((0..6).map(|_| claimer())).await;
}
