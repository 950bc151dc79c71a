use super::{TrailBreak, TrailFault, TrailReport, VerifyAuditTrails};
use crate::sample::{FoldingSealer, beginning, id, team};
use domain::access::Principal;
use domain::audit::{AuditEvent, AuditOutcome, AuditRecord};
use domain::ids::TeamId;
use domain::page::Page;
use domain::ports::{AuditSealer as _, AuditTrailHead, MockReadModel};
use std::sync::Arc;

/// More than two pages.
const LINES: i64 = 450;

/// A trail as it is stored.
#[derive(Clone)]
struct Trail {
    head: AuditTrailHead,
    lines: Vec<AuditRecord>,
}

impl Trail {
    /// Of so many lines; the first `unsealed` are older than the chain.
    fn of(team_id: Option<TeamId>, count: i64, unsealed: i64) -> Self {
        let mut previous = Vec::new();
        let mut lines = Vec::new();
        for sequence in 1..=count {
            let number = u128::try_from(sequence).unwrap();
            let target = format!("target {sequence}");
            let done = AuditOutcome::Succeeded;
            let mut line = AuditRecord {
                sequence,
                at: beginning(),
                event: AuditEvent::by_system(id(number), team(), "a.b", target, done),
                seal: None,
            };
            line.event.team_id = team_id;
            if sequence > unsealed {
                let seal = FoldingSealer.seal(&previous, &line.sealed_bytes());
                previous.clone_from(&seal.mac);
                line.seal = Some(seal);
            }
            lines.push(line);
        }
        let head = AuditTrailHead {
            team_id,
            last_sequence: count,
            last_mac: previous,
        };
        Self { head, lines }
    }

    /// Seals all lines from this place on anew, as somebody could who has the keys.
    fn reseal(&mut self) {
        let mut previous = Vec::new();
        for line in &mut self.lines {
            let seal = FoldingSealer.seal(&previous, &line.sealed_bytes());
            previous.clone_from(&seal.mac);
            line.seal = Some(seal);
        }
    }
}

fn reading(trails: Vec<Trail>) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    let heads: Vec<_> = trails.iter().map(|trail| trail.head.clone()).collect();
    read_model
        .expect_list_audit_trails()
        .returning(move |page| {
            // One on a page: all pages must be read.
            let place = match page.after() {
                None => 0,
                Some(after) => 1 + heads.iter().position(|head| of(head) == after).unwrap(),
            };
            Ok(Page {
                items: heads.get(place).cloned().into_iter().collect(),
                next_after: (place + 1 < heads.len()).then(|| of(&heads[place])),
            })
        });
    read_model
        .expect_list_audit_chain()
        .returning(move |team, page| {
            let trail = trails.iter().find(|trail| trail.head.team_id == team);
            let lines = trail.unwrap().lines.iter();
            let after = page.after().unwrap_or_default();
            let items: Vec<_> = lines
                .filter(|line| line.sequence > after)
                .take(usize::try_from(page.limit()).unwrap())
                .cloned()
                .collect();
            let next_after = items.last().map(|line| line.sequence);
            Ok(Page { items, next_after })
        });
    read_model
}

fn of(head: &AuditTrailHead) -> TeamId {
    head.team_id.unwrap_or_else(|| id(0))
}

async fn verify(trails: Vec<Trail>, only: Option<TeamId>) -> Vec<TrailReport> {
    let use_case = VerifyAuditTrails {
        read_model: Arc::new(reading(trails)),
        sealer: Arc::new(FoldingSealer),
    };
    let mut reports = Vec::new();
    let told = use_case.run(only, &mut |report| reports.push(report)).await;
    assert_eq!(told.unwrap(), u64::try_from(reports.len()).unwrap());
    reports
}

/// Where a trail breaks that this was done to.
async fn broken_at(change: impl FnOnce(&mut Trail)) -> TrailBreak {
    let mut trail = Trail::of(Some(team()), LINES, 0);
    change(&mut trail);
    let broken_at = verify(vec![trail], None).await[0].broken_at;
    broken_at.expect("the trail is broken")
}

fn at(sequence: i64, fault: TrailFault) -> TrailBreak {
    TrailBreak { sequence, fault }
}

#[tokio::test]
async fn whole_trails_are_right_to_their_last_line() {
    let trails = vec![
        Trail::of(None, 3, 0),
        Trail::of(Some(team()), LINES, 0),
        Trail::of(Some(id(77)), 5, 2),
        Trail::of(Some(id(78)), 0, 0),
    ];
    let reports = verify(trails.clone(), None).await;
    let expected = [(3, 0), (LINES, 0), (5, 2), (0, 0)];
    for ((report, trail), (right, unsealed)) in reports.iter().zip(&trails).zip(expected) {
        assert_eq!(report.team_id, trail.head.team_id);
        assert_eq!(report.broken_at, None);
        assert_eq!(
            (report.right_lines, report.unsealed_lines),
            (right, unsealed)
        );
    }
    assert_eq!(reports.len(), 4);
    let one = verify(trails.clone(), Some(id(77))).await;
    assert_eq!(one, [reports[2].clone()]);
    assert_eq!(verify(trails, Some(id(79))).await, []);
}

#[tokio::test]
async fn a_line_that_was_changed_left_out_put_in_or_moved_is_found() {
    let changed = broken_at(|it| it.lines[299].event.principal = Principal::Anonymous).await;
    assert_eq!(changed, at(300, TrailFault::WrongSeal));
    let left_out = broken_at(|it| drop(it.lines.remove(299))).await;
    assert_eq!(left_out, at(300, TrailFault::Missing));
    let closed_up = broken_at(|it| {
        it.lines.remove(299);
        it.lines[299..].iter_mut().for_each(|it| it.sequence -= 1);
    });
    assert_eq!(closed_up.await, at(300, TrailFault::WrongSeal));
    let put_in = broken_at(|it| {
        let copy = it.lines[299].clone();
        it.lines.insert(300, copy);
        it.lines[300..].iter_mut().for_each(|it| it.sequence += 1);
    });
    assert_eq!(put_in.await, at(301, TrailFault::WrongSeal));
    let swapped = broken_at(|it| {
        it.lines.swap(299, 300);
        it.lines[299].sequence = 300;
        it.lines[300].sequence = 301;
    });
    assert_eq!(swapped.await, at(300, TrailFault::WrongSeal));
    let unsealed = broken_at(|it| it.lines[299].seal = None).await;
    assert_eq!(unsealed, at(300, TrailFault::NoSeal));
    let first = broken_at(|it| drop(it.lines.remove(0))).await;
    assert_eq!(first, at(1, TrailFault::Missing));
}

#[tokio::test]
async fn an_end_that_was_cut_off_or_replaced_is_found() {
    let cut = broken_at(|it| it.lines.truncate(440)).await;
    assert_eq!(cut, at(441, TrailFault::EndMissing));
    let emptied = broken_at(|it| it.lines.clear()).await;
    assert_eq!(emptied, at(1, TrailFault::EndMissing));
    let rewritten = broken_at(|it| {
        it.lines[449].event.action = "c.d".to_owned();
        it.reseal();
    });
    assert_eq!(rewritten.await, at(LINES, TrailFault::OtherEnd));
}

#[tokio::test]
async fn lines_of_another_trail_are_not_taken_however_well_they_are_sealed() {
    let moved = broken_at(|it| {
        let foreign = Trail::of(Some(id(77)), LINES, 0);
        it.lines = foreign.lines;
        it.head.last_mac = foreign.head.last_mac;
    });
    assert_eq!(moved.await, at(1, TrailFault::WrongSeal));
}

#[tokio::test]
async fn what_is_written_meanwhile_is_left_to_the_next_time() {
    // Counted when there were ten lines; read when there are many.
    let trail = Trail {
        head: Trail::of(Some(team()), 10, 0).head,
        lines: Trail::of(Some(team()), LINES, 0).lines,
    };
    let report = verify(vec![trail], None).await.remove(0);
    assert_eq!((report.broken_at, report.right_lines), (None, 10));
}
