use super::{RunSearchReplace, SearchReplaceCommand};
use crate::EnvironmentTarget;
use crate::sample::{acceptance, accepting, commits, demands, owner, target};
use domain::access::Permission;
use domain::job::JobKind;
use domain::ports::{MockReadModel, MockTransaction};
use domain::wordpress::{ArgumentText, SearchReplace};
use std::sync::Arc;

fn use_case(transactions: Vec<MockTransaction>, wakes: usize) -> RunSearchReplace {
    RunSearchReplace {
        acceptance: acceptance(transactions, MockReadModel::new(), wakes),
    }
}

fn command(target: EnvironmentTarget, is_count_only: bool) -> SearchReplaceCommand {
    let text = |text| ArgumentText::parse(text).unwrap();
    SearchReplaceCommand {
        target,
        texts: SearchReplace::new(text("http://"), text("https://")).unwrap(),
        is_count_only,
    }
}

#[tokio::test]
async fn the_permission_is_demanded_before_any_store_is_touched_also_for_counting() {
    for is_count_only in [true, false] {
        demands(Permission::SearchReplaceRun, |actor, target| async move {
            let command = command(target, is_count_only);
            use_case(Vec::new(), 0).run(&actor, command).await
        })
        .await;
    }
}

#[tokio::test]
async fn counting_and_replacing_are_jobs_of_their_own() {
    for (is_count_only, kind) in [
        (true, JobKind::SearchReplaceCount),
        (false, JobKind::SearchReplaceRun),
    ] {
        let transaction = accepting(kind);
        let counter = Arc::clone(&transaction.commits);
        use_case(vec![transaction], 1)
            .run(&owner(), command(target(), is_count_only))
            .await
            .unwrap();
        assert_eq!(commits(&counter), 1);
    }
}
