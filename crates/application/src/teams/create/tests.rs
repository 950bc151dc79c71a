use super::CreateTeam;
use crate::sample::{
    commits, counter, custody, finding_rights, person, record_in_browser, refusal, role,
    team_changes, team_key, user_id,
};
use domain::access::RoleKind;
use domain::limits;
use domain::names::TeamName;
use domain::people::UserState;
use domain::ports::{CommitError, MockTransaction};
use std::collections::HashSet;

fn name() -> TeamName {
    TeamName::parse("New team").unwrap()
}

fn use_case(transaction: MockTransaction) -> CreateTeam {
    CreateTeam {
        changes: team_changes(vec![transaction]),
        custody: custody(),
    }
}

fn owning(count: i64) -> MockTransaction {
    let mut transaction = finding_rights(record_in_browser(role(RoleKind::Viewer)));
    transaction
        .memberships
        .expect_count_owned_teams()
        .withf(|user| *user == user_id())
        .returning(move |_| Ok(count));
    transaction
}

fn storing() -> MockTransaction {
    let mut transaction = owning(limits::TEAMS_OWNED_MAX - 1);
    transaction
        .teams
        .expect_insert_team()
        .withf(|team, key, roles| {
            let different: HashSet<_> = roles.iter().collect();
            team.name == name() && *key == team_key() && different.len() == 4
        })
        .times(1)
        .returning(|_, _, _| Ok(()));
    transaction
        .roles
        .expect_find_built_in_role()
        .returning(|_, kind| Ok(Some(role(kind))));
    transaction
        .memberships
        .expect_insert_membership()
        .withf(|membership| {
            membership.user_id == user_id() && membership.role_id == role(RoleKind::Owner).id
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| {
            event.action == "team.create"
                && event.team_id.map(|id| id.to_string()).as_deref() == Some(&*event.target)
        })
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn who_makes_a_team_owns_it() {
    let transaction = storing();
    let counter = counter(&transaction);
    let made = use_case(transaction).run(&person(), name()).await;
    let (team, role) = made.unwrap();
    assert_eq!((team.name, role.kind), (name(), RoleKind::Owner));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn nobody_owns_more_teams_than_one_person_may() {
    let transaction = owning(limits::TEAMS_OWNED_MAX);
    let outcome = use_case(transaction).run(&person(), name()).await;
    assert_eq!(refusal(outcome), ("limit-reached", None));
}

#[tokio::test]
async fn somebody_who_was_shut_out_meanwhile_makes_none() {
    let mut record = record_in_browser(role(RoleKind::Owner));
    record.user.state = UserState::Disabled;
    let outcome = use_case(finding_rights(record))
        .run(&person(), name())
        .await;
    assert_eq!(refusal(outcome), ("unauthenticated", None));
}

#[tokio::test]
async fn a_lost_commit_is_called_unknown() {
    let mut transaction = storing();
    transaction.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let outcome = use_case(transaction).run(&person(), name()).await;
    assert_eq!(refusal(outcome), ("outcome-unknown", None));
}
