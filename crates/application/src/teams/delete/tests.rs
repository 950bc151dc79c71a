use super::DeleteTeam;
use crate::UseCaseError;
use crate::sample::{
    audited, beginning, commits, counter, demands, hash_of, job_id, other_user_id, owner, refusal,
    team, team_changes, token_hasher, user_id,
};
use domain::SecretText;
use domain::access::Permission;
use domain::ports::MockTransaction;
use domain::team::TeamDeletion;
use mockall::Sequence;
use std::time::Duration;

const TOKEN: &str = "wdl_delete_right";

fn use_case(transactions: Vec<MockTransaction>) -> DeleteTeam {
    DeleteTeam {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
    }
}

async fn delete(transaction: MockTransaction, token: &str) -> Result<(), UseCaseError> {
    let token = SecretText::new(token.to_owned());
    let use_case = use_case(vec![transaction]);
    use_case.run(&owner(), team(), &token).await
}

/// The first step that was taken.
fn requested() -> TeamDeletion {
    TeamDeletion {
        team_id: team(),
        requested_by: user_id(),
        hash: hash_of(TOKEN),
        expires_at: beginning().checked_add(Duration::from_secs(1)).unwrap(),
    }
}

fn after(deletion: Option<TeamDeletion>) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team_deletion()
        .returning(move |_| Ok(deletion.clone()));
    transaction
}

/// The team goes first; only then live jobs are looked for.
fn deleting(mut transaction: MockTransaction, job: Option<domain::ids::JobId>) -> MockTransaction {
    let mut order = Sequence::new();
    transaction
        .teams
        .expect_delete_team()
        .withf(|asked, at| *asked == team() && *at == beginning())
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _| Ok(()));
    transaction
        .jobs
        .expect_find_live_job_of_team()
        .times(1)
        .in_sequence(&mut order)
        .returning(move |_| Ok(job));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamDelete, |actor, target| async move {
        let token = SecretText::new(TOKEN.to_owned());
        use_case(Vec::new())
            .run(&actor, target.team_id, &token)
            .await
    })
    .await;
}

#[tokio::test]
async fn only_the_token_of_the_first_step_in_time_and_of_the_same_person_deletes() {
    let late = TeamDeletion {
        expires_at: beginning(),
        ..requested()
    };
    let of_another = TeamDeletion {
        requested_by: other_user_id(),
        ..requested()
    };
    for (deletion, token) in [
        (None, TOKEN),
        (Some(requested()), "wdl_delete_wrong"),
        (Some(requested()), "wdl_invite_right"),
        (Some(late), TOKEN),
        (Some(of_another), TOKEN),
    ] {
        // No expectation on the deletion: it would panic.
        let outcome = delete(after(deletion), token).await;
        let at = Some("/confirmation_token");
        assert_eq!(refusal(outcome), ("link-invalid", at));
    }
}

#[tokio::test]
async fn a_team_with_a_live_job_stays() {
    let transaction = deleting(after(Some(requested())), Some(job_id()));
    let counter = counter(&transaction);
    let error = delete(transaction, TOKEN).await.unwrap_err();
    assert_eq!(error.job_id(), Some(job_id()));
    assert_eq!(refusal::<()>(Err(error)), ("team-busy", None));
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn a_team_at_rest_goes() {
    let mut transaction = deleting(after(Some(requested())), None);
    audited(&mut transaction, "team.delete", team().to_string());
    let counter = counter(&transaction);
    delete(transaction, TOKEN).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
