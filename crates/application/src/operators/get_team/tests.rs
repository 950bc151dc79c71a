use super::GetAnyTeam;
use crate::UseCaseError;
use crate::sample::{
    audited, finding_rights, operator, person, refusal, stored_team, team, team_changes,
};
use domain::ports::{MockTransaction, StoreError};
use domain::team::Team;

fn use_case(transactions: Vec<MockTransaction>) -> GetAnyTeam {
    GetAnyTeam {
        changes: team_changes(transactions),
    }
}

fn finding(found: Option<Team>) -> MockTransaction {
    let mut transaction = finding_rights(operator().1);
    transaction
        .teams
        .expect_find_team()
        .returning(move |_| Ok(found.clone()));
    transaction
}

async fn get(transaction: MockTransaction) -> Result<Team, UseCaseError> {
    let (operator, _) = operator();
    use_case(vec![transaction]).run(&operator, team()).await
}

#[tokio::test]
async fn a_team_is_shown_to_operators_and_the_team_sees_it() {
    let outcome = use_case(Vec::new()).run(&person(), team()).await;
    assert_eq!(refusal(outcome), ("not-found", None));
    assert_eq!(refusal(get(finding(None)).await), ("not-found", None));
    let mut transaction = finding(Some(stored_team()));
    audited(&mut transaction, "operator.access", team().to_string());
    assert_eq!(get(transaction).await.unwrap(), stored_team());
}

#[tokio::test]
async fn what_the_team_cannot_see_is_not_shown() {
    let mut transaction = finding(Some(stored_team()));
    transaction
        .audit
        .expect_append_audit_event()
        .returning(|_| Err(StoreError::Busy));
    let outcome = get(transaction).await;
    assert_eq!(refusal(outcome), ("temporarily-unavailable", None));
}
