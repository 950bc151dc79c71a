use super::ListAuditEvents;
use crate::sample::{actor, foreign_team, owner, team};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::page::{Page, PageRequest};
use domain::ports::{AuditFilter, MockReadModel};
use std::sync::Arc;

fn use_case(read_model: MockReadModel) -> ListAuditEvents {
    ListAuditEvents {
        read_model: Arc::new(read_model),
    }
}

#[tokio::test]
async fn it_demands_the_permission_before_anything_is_read() {
    let (filter, page) = (AuditFilter::default(), PageRequest::new(0, None));
    let others: Vec<_> = Permission::ALL
        .iter()
        .copied()
        .filter(|it| *it != Permission::AuditView)
        .collect();
    let nothing = || use_case(MockReadModel::new());
    let refused = nothing().run(&actor(&others), team(), &filter, page).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
    let foreign = nothing().run(&owner(), foreign_team(), &filter, page).await;
    assert_eq!(foreign.unwrap_err().code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn it_reads_the_trail_of_the_team_and_never_the_one_of_the_system() {
    let filter = AuditFilter {
        action: Some("job.cancel".to_owned()),
        ..AuditFilter::default()
    };
    let mut read_model = MockReadModel::new();
    let wanted = filter.clone();
    read_model
        .expect_list_audit_events()
        .withf(move |asked, filter, page| {
            *asked == Some(team()) && *filter == wanted && page.after() == Some(9)
        })
        .times(1)
        .returning(|_, _, _| {
            Ok(Page {
                items: Vec::new(),
                next_after: None,
            })
        });
    let page = PageRequest::new(5, Some(9));
    let found = use_case(read_model)
        .run(&owner(), team(), &filter, page)
        .await;
    assert_eq!(found.unwrap().items, []);
}
