use super::{AuditCheckpoint, CheckpointAuditTrails};
use crate::sample::{FoldingSealer, id, team};
use domain::ids::TeamId;
use domain::page::Page;
use domain::ports::{AuditTrailHead, MockReadModel};
use std::sync::Arc;

fn heads() -> [AuditTrailHead; 3] {
    let head = |team_id, last_sequence, mac| AuditTrailHead {
        team_id,
        last_sequence,
        last_mac: vec![mac],
    };
    [
        head(None, 4, 1),
        head(Some(team()), 7, 2),
        head(Some(id(77)), 1, 3),
    ]
}

async fn checkpoint(heads: Vec<AuditTrailHead>) -> AuditCheckpoint {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_list_audit_trails()
        .returning(move |page| {
            // The first one alone on its page.
            let last: Option<TeamId> = (heads.len() > 1).then(|| id(0));
            Ok(match page.after() {
                None => Page {
                    items: heads.iter().take(1).cloned().collect(),
                    next_after: last,
                },
                Some(_) => Page {
                    items: heads[1..].to_vec(),
                    next_after: None,
                },
            })
        });
    let use_case = CheckpointAuditTrails {
        read_model: Arc::new(read_model),
        sealer: Arc::new(FoldingSealer),
    };
    use_case.run().await.unwrap()
}

#[tokio::test]
async fn the_same_ends_give_the_same_sum_and_any_other_end_gives_another() {
    let sum = checkpoint(heads().to_vec()).await;
    assert_eq!((sum.trails, sum.lines), (3, 12));
    assert_eq!(checkpoint(heads().to_vec()).await, sum);
    let mut others: Vec<Vec<AuditTrailHead>> = Vec::new();
    for place in 0..3 {
        let mut changed = heads().to_vec();
        changed[place].last_mac = vec![9];
        others.push(changed);
        let mut longer = heads().to_vec();
        longer[place].last_sequence += 1;
        others.push(longer);
        let mut without = heads().to_vec();
        without.remove(place);
        others.push(without);
    }
    for other in others {
        let other = checkpoint(other).await;
        assert_ne!(other.seal, sum.seal);
    }
}
