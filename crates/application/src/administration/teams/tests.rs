use super::{ListAllTeams, SuspendTeam, SuspensionChange};
use crate::administration::people::tests::administrator;
use crate::sample::{CountingIds, HandClock, beginning, commits, id, team, unit_of_work};
use domain::access::Principal;
use domain::error_code::ErrorCode;
use domain::names::TeamName;
use domain::page::Page;
use domain::ports::{MockReadModel, MockTransaction};
use domain::team::Team;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

fn stored(suspended_at: Option<Timestamp>) -> Team {
    Team {
        id: team(),
        name: TeamName::parse("A team").unwrap(),
        created_at: beginning(),
        suspended_at,
        version: 4,
    }
}

fn use_case(transactions: Vec<MockTransaction>) -> SuspendTeam {
    let clock = HandClock::default();
    clock.advance(Duration::from_secs(9));
    SuspendTeam {
        unit_of_work: unit_of_work(transactions),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(clock),
    }
}

fn auditing(found: Team, action: &'static str) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team()
        .returning(move |_| Ok(Some(found.clone())));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| {
            event.action == action
                && event.team_id == Some(team())
                && event.principal == Principal::CommandLine
                && event.detail.as_deref() == Some("os_user:1000")
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn suspending_and_resuming_are_stored_and_shown_to_the_team() {
    let later = beginning().checked_add(Duration::from_secs(9)).unwrap();
    for (before, change, action, after) in [
        (None, SuspensionChange::Suspend, "team.suspend", Some(later)),
        (
            Some(beginning()),
            SuspensionChange::Resume,
            "team.resume",
            None,
        ),
    ] {
        let mut transaction = auditing(stored(before), action);
        transaction
            .teams
            .expect_update_team()
            .withf(move |changed| *changed == stored(after))
            .times(1)
            .returning(|_| Ok(()));
        let counter = Arc::clone(&transaction.commits);
        let done = use_case(vec![transaction])
            .run(&administrator(), team(), change)
            .await;
        done.unwrap();
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn a_second_suspension_keeps_the_time_of_the_first() {
    // No update is expected: one would panic.
    let transaction = auditing(stored(Some(beginning())), "team.suspend");
    let done = use_case(vec![transaction])
        .run(&administrator(), team(), SuspensionChange::Suspend)
        .await;
    done.unwrap();
}

#[tokio::test]
async fn an_unknown_team_is_said_to_be_unknown() {
    let mut transaction = MockTransaction::default();
    transaction.teams.expect_find_team().returning(|_| Ok(None));
    let error = use_case(vec![transaction])
        .run(&administrator(), team(), SuspensionChange::Suspend)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn all_teams_are_told_of_page_by_page() {
    let mut read_model = MockReadModel::new();
    read_model.expect_list_teams().returning(|page| {
        let (id, next_after) = match page.after() {
            None => (team(), Some(team())),
            Some(_) => (id(77), None),
        };
        let items = vec![Team { id, ..stored(None) }];
        Ok(Page { items, next_after })
    });
    let use_case = ListAllTeams {
        read_model: Arc::new(read_model),
    };
    let mut told = Vec::new();
    let done = use_case.run(&mut |team| told.push(team.id)).await;
    done.unwrap();
    assert_eq!(told, [team(), id(77)]);
}
