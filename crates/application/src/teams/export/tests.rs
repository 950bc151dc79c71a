use super::{ExportTeam, TeamPiece, TeamReader};
use crate::sample::{
    audited, beginning, commits, counter, custom_role, demands, id, owner, running_job,
    stored_team, team, team_changes,
};
use domain::access::{Permission, Role};
use domain::ids::{JobId, RoleId};
use domain::job::Job;
use domain::page::Page;
use domain::ports::{JobDetails, MockReadModel, MockTransaction};
use std::sync::Arc;

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamExport, |actor, target| async move {
        let use_case = ExportTeam {
            changes: team_changes(Vec::new()),
            read_model: Arc::new(MockReadModel::new()),
        };
        use_case.run(&actor, target.team_id).await.map(drop)
    })
    .await;
}

/// The mock of the store refuses every read.
#[tokio::test]
async fn nothing_is_read_before_the_trail_has_its_line() {
    let mut transaction = MockTransaction::default();
    transaction
        .teams
        .expect_find_team()
        .returning(|_| Ok(Some(stored_team())));
    audited(&mut transaction, "team.export", team().to_string());
    let counter = counter(&transaction);
    let use_case = ExportTeam {
        changes: team_changes(vec![transaction]),
        read_model: Arc::new(MockReadModel::new()),
    };
    let mut reader = use_case.run(&owner(), team()).await.unwrap();
    assert_eq!(commits(&counter), 1);
    let first = reader.next().await.unwrap();
    assert!(matches!(first, Some(TeamPiece::Team(found)) if found == stored_team()));
}

const ROLES: [u128; 2] = [11, 12];
/// The newest first.
const JOBS: [u128; 2] = [22, 21];

/// A store in which two lists have two pages each; the next page begins where the one before ended.
fn in_two_pages() -> MockReadModel {
    let mut reads = empty_store();
    let role = |number| Role {
        id: id::<RoleId>(number),
        ..custom_role(&[Permission::TeamView])
    };
    reads
        .expect_list_roles()
        .times(2)
        .returning(move |_, page| {
            let (items, next_after) = match page.after() {
                None => (vec![role(ROLES[0])], Some(id(ROLES[0]))),
                Some(after) => {
                    assert_eq!(after, id(ROLES[0]));
                    (vec![role(ROLES[1])], None)
                }
            };
            Ok(Page { items, next_after })
        });
    reads
        .expect_list_jobs()
        .times(2)
        .returning(move |filter, page| {
            assert_eq!(filter.team_id, Some(team()));
            let is_first = page.after().is_none();
            let job = job(id(JOBS[usize::from(!is_first)]));
            Ok(Page {
                next_after: is_first.then_some(job.id),
                items: vec![job],
            })
        });
    reads.expect_find_job().returning(|_, id| {
        Ok(Some(JobDetails {
            job: job(id),
            turn_holder: None,
            jobs_ahead: 0,
        }))
    });
    reads
        .expect_list_job_log()
        .times(2)
        .returning(|_, _| Ok(nothing()));
    reads
}

fn job(id: JobId) -> Job {
    Job {
        id,
        ..running_job()
    }
}

/// Nothing but the team, roles and jobs apart.
fn empty_store() -> MockReadModel {
    let mut reads = MockReadModel::new();
    reads.expect_find_platform_account().returning(|_| Ok(None));
    reads.expect_list_members().returning(|_, _| Ok(nothing()));
    reads
        .expect_list_invitations()
        .returning(|_, _, _| Ok(nothing()));
    reads
        .expect_list_api_tokens()
        .returning(|_, _| Ok(nothing()));
    reads.expect_list_webhooks().returning(|_, _| Ok(nothing()));
    reads
        .expect_list_environments()
        .returning(|_, _, _| Ok(nothing()));
    reads
        .expect_list_findings()
        .returning(|_, _, _| Ok(nothing()));
    reads
        .expect_list_audit_chain()
        .returning(|_, _| Ok(nothing()));
    reads
}

#[tokio::test]
async fn lists_are_read_to_their_last_page() {
    let mut reader = TeamReader::new(Arc::new(in_two_pages()), stored_team(), beginning());
    let (mut roles, mut jobs) = (Vec::new(), Vec::new());
    while let Some(piece) = reader.next().await.unwrap() {
        match piece {
            TeamPiece::Role(role) => roles.push(role.id),
            TeamPiece::Job(details) => jobs.push(details.job.id),
            _ => {}
        }
    }
    assert_eq!(roles, ROLES.map(id::<RoleId>));
    assert_eq!(jobs, JOBS.map(id::<JobId>));
}

fn nothing<Item, Position>() -> Page<Item, Position> {
    Page {
        items: Vec::new(),
        next_after: None,
    }
}
