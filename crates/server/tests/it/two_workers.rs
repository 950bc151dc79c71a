//! Two worker processes share one queue: every job is done, and no two mutations under one turn
//! overlap.

use crate::support::{App, Backend, PATIENCE, found_team};
use domain::access::PermissionSet;
use std::collections::BTreeMap;
use virtuozzo_simulator::{MutationInterval, World};

const TEAMS: usize = 8;
const JOBS_PER_TEAM: usize = 5;

/// The example world with one account per team.
fn world() -> World {
    let accounts = (0..TEAMS).map(|team| {
        format!(
            "\n[[accounts]]\nuid = {}\nlogin = \"team{team}@example.com\"\n\
             password = \"password-{team}\"\n",
            5000 + team
        )
    });
    let text: String = std::iter::once(World::EXAMPLE_TOML.to_owned())
        .chain(accounts)
        .collect();
    World::from_toml(&text).expect("a world with more accounts")
}

/// Mutations that really executed, by the account they belong to.
fn executed_by_account(app: &App) -> BTreeMap<u64, Vec<MutationInterval>> {
    let mut by_account: BTreeMap<u64, Vec<MutationInterval>> = BTreeMap::new();
    for interval in app.simulator.mutations() {
        // Signing in changes nothing that a turn guards, and refused calls changed nothing at all.
        let has_run = interval.result == Some(0) && interval.method != "signin";
        if let (Some(uid), true) = (interval.uid, has_run) {
            by_account.entry(uid).or_default().push(interval);
        }
    }
    by_account
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_do_forty_jobs_of_eight_teams_without_overlap() {
    let app = App::start_in(Backend::PostgresAndRedis, world(), 0.02).await;
    let _second = app.spawn(&["serve", "--role", "worker"], "worker-1");
    let _third = app.spawn(&["serve", "--role", "worker"], "worker-2");
    let mut teams = Vec::new();
    for team in 0..TEAMS {
        let name = format!("Team {team}");
        let person = app.owner.in_person();
        let caller = found_team(&person, &name, PermissionSet::all()).await;
        let login = format!("team{team}@example.com");
        let answer = caller
            .connect_account(&login, &format!("password-{team}"))
            .await;
        assert!(
            answer.status.is_success(),
            "{}\n{}",
            answer.body,
            app.logs()
        );
        teams.push(caller);
    }
    let mut jobs = Vec::new();
    for number in 0..JOBS_PER_TEAM {
        for team in &teams {
            let job = team
                .provision(&format!("site-{number}"), "wordpress", &["sftp"])
                .await;
            jobs.push((team.clone(), job["id"].as_str().expect("an id").to_owned()));
        }
    }
    assert_eq!(jobs.len(), 40);
    for (team, id) in &jobs {
        let job = testkit::wait::until("the job succeeds", PATIENCE * 3, async || {
            let job = team.job(id).await;
            (job["state"] == "succeeded" || job["state"] == "failed").then_some(job)
        })
        .await;
        assert_eq!(job["state"], "succeeded", "{job}\n{}", app.logs());
    }
    let mut pairs = 0;
    for (uid, intervals) in executed_by_account(&app) {
        for (index, one) in intervals.iter().enumerate() {
            for other in &intervals[index + 1..] {
                pairs += 1;
                assert!(
                    !one.overlaps(other),
                    "account {uid}: {one:?} overlaps {other:?}"
                );
            }
        }
    }
    // Create, package, add-on and display name of five sites per team: C(20, 2) pairs a team.
    assert_eq!(
        pairs,
        TEAMS * 190,
        "every mutation was executed exactly once"
    );
}
