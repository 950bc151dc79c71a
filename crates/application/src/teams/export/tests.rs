use super::{ExportTeam, TeamPiece};
use crate::sample::{audited, commits, counter, demands, owner, stored_team, team, team_changes};
use domain::access::Permission;
use domain::ports::{MockReadModel, MockTransaction};
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
