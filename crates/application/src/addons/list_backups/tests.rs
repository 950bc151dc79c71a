use super::ListBackups;
use crate::sample::{demands, environment, environment_id, id, owner, refusal, running_job, team};
use domain::access::Permission;
use domain::job::JobKind;
use domain::page::{Page, PageRequest};
use domain::ports::{EnvironmentDetails, MockReadModel};
use std::sync::Arc;

fn use_case() -> ListBackups {
    let mut read_model = MockReadModel::new();
    read_model.expect_find_environment().returning(|_, id| {
        Ok((id == environment_id()).then(|| EnvironmentDetails {
            environment: environment(),
            nodes: Vec::new(),
            installations: Vec::new(),
        }))
    });
    read_model
        .expect_list_jobs()
        .withf(|filter, _| {
            filter.team_id == Some(team())
                && filter.environment_id == Some(environment_id())
                && filter.kind == Some(JobKind::BackupCreate)
                && filter.state.is_none()
        })
        .returning(|_, page| {
            assert!(page.after().is_none());
            Ok(Page {
                items: vec![running_job()],
                next_after: None,
            })
        });
    ListBackups {
        read_model: Arc::new(read_model),
    }
}

#[tokio::test]
async fn only_jobs_that_make_backups_of_the_environment_are_listed() {
    let (list, owner) = (use_case(), owner());
    let page = PageRequest::new(10, None);
    let listed = list.run(&owner, team(), environment_id(), page).await;
    assert_eq!(listed.unwrap().items, [running_job()]);
}

#[tokio::test]
async fn its_permission_is_demanded_and_what_is_not_there_has_none() {
    demands(Permission::EnvironmentView, |actor, target| async move {
        let (list, page) = (use_case(), PageRequest::new(10, None));
        list.run(&actor, target.team_id, target.environment_id, page)
            .await
    })
    .await;
    let (list, owner) = (use_case(), owner());
    let page = PageRequest::new(10, None);
    let absent = list.run(&owner, team(), id(404), page).await;
    assert_eq!(refusal(absent), ("not-found", None));
}
