use super::RevokeInvitation;
use crate::sample::{
    audited, beginning, commits, counter, demands, id, owner, refusal, team, team_changes,
};
use domain::access::Permission;
use domain::ids::InvitationId;
use domain::ports::MockTransaction;

fn use_case(transactions: Vec<MockTransaction>) -> RevokeInvitation {
    RevokeInvitation {
        changes: team_changes(transactions),
    }
}

fn invitation() -> InvitationId {
    id(40)
}

fn revoking(is_open: bool) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .invitations
        .expect_revoke_invitation()
        .withf(|asked, id, at| *asked == team() && *id == invitation() && *at == beginning())
        .times(1)
        .returning(move |_, _, _| Ok(is_open));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamInvite, |actor, target| async move {
        let use_case = use_case(Vec::new());
        use_case.run(&actor, target.team_id, invitation()).await
    })
    .await;
}

#[tokio::test]
async fn an_open_invitation_is_taken_back_once() {
    let mut transaction = revoking(true);
    audited(
        &mut transaction,
        "invitation.revoke",
        invitation().to_string(),
    );
    let counter = counter(&transaction);
    let use_case = use_case(vec![transaction, revoking(false)]);
    use_case.run(&owner(), team(), invitation()).await.unwrap();
    assert_eq!(commits(&counter), 1);
    let again = use_case.run(&owner(), team(), invitation()).await;
    assert_eq!(refusal(again), ("not-found", None));
}
