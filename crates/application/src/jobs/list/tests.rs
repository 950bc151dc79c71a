use super::ListJobs;
use crate::sample::{actor, foreign_team, owner, running_job, team};
use domain::access::Permission;
use domain::error_code::ErrorCode;
use domain::job::JobState;
use domain::page::{Page, PageRequest};
use domain::ports::{JobFilter, MockReadModel};
use std::sync::Arc;

#[tokio::test]
async fn a_filter_never_reaches_into_another_team() {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_list_jobs()
        .withf(|filter, _| {
            filter.team_id == Some(team()) && filter.state == Some(JobState::Running)
        })
        .times(1)
        .returning(|_, _| {
            Ok(Page {
                items: vec![running_job()],
                next_after: None,
            })
        });
    let use_case = ListJobs {
        read_model: Arc::new(read_model),
    };
    let filter = JobFilter {
        team_id: Some(foreign_team()),
        state: Some(JobState::Running),
        ..JobFilter::default()
    };
    let page = PageRequest::new(10, None);
    let found = use_case.run(&owner(), team(), filter, page).await.unwrap();
    assert_eq!(found.items, [running_job()]);
}

#[tokio::test]
async fn who_may_not_see_jobs_sees_none() {
    // No expectation: reading would panic.
    let use_case = ListJobs {
        read_model: Arc::new(MockReadModel::new()),
    };
    let page = PageRequest::new(10, None);
    let stranger = actor(&[Permission::EnvironmentView]);
    let refused = use_case
        .run(&stranger, team(), JobFilter::default(), page)
        .await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::PermissionDenied);
}
