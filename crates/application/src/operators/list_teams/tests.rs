use super::ListAllTeams;
use crate::sample::{
    commits, counter, finding_rights, operator, person, record_in_browser, refusal, role,
    stored_team, team_changes, user_id,
};
use domain::access::{Principal, RoleKind};
use domain::page::{Page, PageRequest};
use domain::ports::{MockReadModel, MockTransaction};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>) -> ListAllTeams {
    let mut read_model = MockReadModel::new();
    read_model.expect_list_teams().returning(|_| {
        Ok(Page {
            items: vec![stored_team()],
            next_after: None,
        })
    });
    ListAllTeams {
        changes: team_changes(transactions),
        read_model: Arc::new(read_model),
    }
}

#[tokio::test]
async fn for_all_others_there_is_nothing() {
    let page = PageRequest::new(0, None);
    let outcome = use_case(Vec::new()).run(&person(), page).await;
    assert_eq!(refusal(outcome), ("not-found", None));
    // Somebody who was an operator when the request came.
    let rights = finding_rights(record_in_browser(role(RoleKind::Owner)));
    let outcome = use_case(vec![rights]).run(&operator().0, page).await;
    assert_eq!(refusal(outcome), ("not-found", None));
}

#[tokio::test]
async fn every_page_is_in_the_systems_trail() {
    let (operator, record) = operator();
    let mut transaction = finding_rights(record);
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.team_id.is_none() && event.principal == Principal::Operator(user_id()))
        .times(1)
        .returning(|_| Ok(()));
    let counter = counter(&transaction);
    let page = PageRequest::new(0, None);
    let found = use_case(vec![transaction]).run(&operator, page).await;
    assert_eq!(found.unwrap().items, [stored_team()]);
    assert_eq!(commits(&counter), 1);
}
