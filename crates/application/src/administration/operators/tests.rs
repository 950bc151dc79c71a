use super::{AppointOperator, OperatorChange};
use crate::administration::people::tests::{administrator, changing, email, finding, teams};
use crate::sample::{CountingIds, commits, unit_of_work, user};
use domain::error_code::ErrorCode;
use domain::people::User;
use domain::ports::MockTransaction;
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>) -> AppointOperator {
    AppointOperator {
        unit_of_work: unit_of_work(transactions),
        read_model: Arc::new(teams()),
        ids: Arc::new(CountingIds::default()),
    }
}

#[tokio::test]
async fn granting_and_revoking_change_the_person_and_are_in_the_trails_of_their_teams() {
    let operator = User {
        is_operator: true,
        ..user()
    };
    for (before, change, action) in [
        (user(), OperatorChange::Grant, "operator.grant"),
        (operator.clone(), OperatorChange::Revoke, "operator.revoke"),
    ] {
        let wanted = !before.is_operator;
        let transaction = changing(before, action, move |stored| stored.is_operator == wanted);
        let counter = Arc::clone(&transaction.commits);
        let done = use_case(vec![finding(Some(user())), transaction])
            .run(&administrator(), &email(), change)
            .await;
        done.unwrap();
        assert_eq!(commits(&counter), 1);
    }
}

#[tokio::test]
async fn an_unknown_address_is_said_to_be_unknown() {
    let error = use_case(vec![finding(None)])
        .run(&administrator(), &email(), OperatorChange::Grant)
        .await
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}
