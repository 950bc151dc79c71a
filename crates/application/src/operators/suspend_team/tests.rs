use super::{ResumeTeam, SuspendTeam};
use crate::sample::{
    beginning, commits, counter, finding_rights, operator, person, refusal, stored_team, team,
    team_changes, user_id,
};
use domain::access::Principal;
use domain::names::SuspensionReason;
use domain::ports::MockTransaction;
use domain::team::Team;
use jiff::Timestamp;
use std::time::Duration;

fn long_ago() -> Timestamp {
    beginning().checked_sub(Duration::from_hours(1)).unwrap()
}

/// The team is suspended since then; it is written to be suspended since this.
fn writing(
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    action: &'static str,
) -> MockTransaction {
    let mut transaction = finding_rights(operator().1);
    transaction.teams.expect_find_team().returning(move |_| {
        Ok(Some(Team {
            suspended_at: before,
            ..stored_team()
        }))
    });
    transaction
        .teams
        .expect_update_team()
        .withf(move |team| team.suspended_at == after)
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| {
            event.team_id == Some(team())
                && event.principal == Principal::Operator(user_id())
                && event.action == action
                && event.detail.as_deref() == Some("the invoice")
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

fn reason() -> SuspensionReason {
    SuspensionReason::parse("the invoice").unwrap()
}

#[tokio::test]
async fn for_all_others_there_is_nothing() {
    let changes = || team_changes(Vec::new());
    let suspend = SuspendTeam { changes: changes() };
    let outcome = suspend.run(&person(), team(), None).await;
    assert_eq!(refusal(outcome), ("not-found", None));
    let resume = ResumeTeam { changes: changes() };
    let outcome = resume.run(&person(), team(), None).await;
    assert_eq!(refusal(outcome), ("not-found", None));
}

#[tokio::test]
async fn a_team_is_suspended_since_the_first_time_and_the_team_reads_why() {
    for (before, after) in [
        (None, Some(beginning())),
        (Some(long_ago()), Some(long_ago())),
    ] {
        let transaction = writing(before, after, "team.suspend");
        let counter = counter(&transaction);
        let changes = team_changes(vec![transaction]);
        let suspended = SuspendTeam { changes }
            .run(&operator().0, team(), Some(reason()))
            .await
            .unwrap();
        assert_eq!((suspended.suspended_at, suspended.version), (after, 5));
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn a_suspension_ends() {
    let changes = team_changes(vec![writing(Some(long_ago()), None, "team.resume")]);
    let resumed = ResumeTeam { changes }
        .run(&operator().0, team(), Some(reason()))
        .await;
    assert_eq!(resumed.unwrap().suspended_at, None);
}
