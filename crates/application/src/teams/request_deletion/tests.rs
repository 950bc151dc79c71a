use super::RequestTeamDeletion;
use crate::sample::{
    HandClock, audited, beginning, demands, owner, owner_in_browser, refusal, team, team_changes,
    token_hash, token_hasher, user_id,
};
use domain::access::Permission;
use domain::limits;
use domain::ports::MockTransaction;
use std::sync::Arc;
use std::time::Duration;

fn use_case(transactions: Vec<MockTransaction>) -> RequestTeamDeletion {
    RequestTeamDeletion {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
    }
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamDelete, |actor, target| async move {
        let requested = use_case(Vec::new()).run(&actor, target.team_id).await;
        requested.map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn a_token_and_an_old_proof_are_not_enough() {
    let outcome = use_case(Vec::new()).run(&owner(), team()).await;
    assert_eq!(refusal(outcome), ("step-up-required", None));
    let mut late = use_case(Vec::new());
    let clock = HandClock::default();
    clock.advance(limits::STEP_UP_WINDOW + Duration::from_secs(1));
    late.changes.clock = Arc::new(clock);
    let outcome = late.run(&owner_in_browser(true), team()).await;
    assert_eq!(refusal(outcome), ("step-up-required", None));
}

#[tokio::test]
async fn the_token_is_told_once_and_stored_as_its_hash() {
    let mut transaction = MockTransaction::default();
    let end = beginning()
        .checked_add(limits::TEAM_DELETION_LIFETIME)
        .unwrap();
    transaction
        .teams
        .expect_put_team_deletion()
        .withf(move |deletion| {
            deletion.hash == token_hash()
                && deletion.requested_by == user_id()
                && deletion.expires_at == end
        })
        .times(1)
        .returning(|_| Ok(()));
    audited(
        &mut transaction,
        "team.request_deletion",
        team().to_string(),
    );
    let use_case = use_case(vec![transaction]);
    let requested = use_case.run(&owner_in_browser(false), team()).await;
    let requested = requested.ok().unwrap();
    assert_eq!(requested.confirmation_token.expose(), "wdl_delete_new");
    assert_eq!(requested.expires_at, end);
}
