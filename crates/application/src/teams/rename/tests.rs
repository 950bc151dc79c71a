use super::RenameTeam;
use crate::sample::{
    audited, commits, counter, demands, owner, refusal, stored_team, team, team_changes,
};
use domain::access::Permission;
use domain::names::TeamName;
use domain::ports::{MockTransaction, StoreError};

fn name() -> TeamName {
    TeamName::parse("Another name").unwrap()
}

fn use_case(transactions: Vec<MockTransaction>) -> RenameTeam {
    RenameTeam {
        changes: team_changes(transactions),
    }
}

fn renaming() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team()
        .returning(|_| Ok(Some(stored_team())));
    transaction
        .teams
        .expect_update_team()
        .withf(|team| team.name == name() && team.version == 4)
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamUpdate, |actor, target| async move {
        use_case(Vec::new())
            .run(&actor, target.team_id, name(), None)
            .await
    })
    .await;
}

#[tokio::test]
async fn a_team_gets_its_name_and_the_trail_a_line() {
    let mut transaction = renaming();
    audited(&mut transaction, "team.update", team().to_string());
    let counter = counter(&transaction);
    let use_case = use_case(vec![transaction]);
    let renamed = use_case.run(&owner(), team(), name(), None).await.unwrap();
    assert_eq!((renamed.name, renamed.version), (name(), 5));
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn without_its_line_in_the_trail_nothing_is_stored() {
    let mut transaction = renaming();
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Err(StoreError::Busy));
    let counter = counter(&transaction);
    let use_case = use_case(vec![transaction]);
    let outcome = use_case.run(&owner(), team(), name(), None).await;
    assert_eq!(refusal(outcome), ("temporarily-unavailable", None));
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn only_the_version_that_was_read_is_renamed_if_the_caller_insists() {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team()
        .returning(|_| Ok(Some(stored_team())));
    let use_case = use_case(vec![transaction]);
    let older = stored_team().version - 1;
    let outcome = use_case.run(&owner(), team(), name(), Some(older)).await;
    assert_eq!(refusal(outcome), ("precondition-failed", None));
}
