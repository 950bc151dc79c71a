use super::*;
use domain::ids::{EntityId as _, TeamId};
use futures::FutureExt as _;
use uuid::Uuid;

const LONG: Duration = Duration::from_mins(1);

fn job(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

fn about(number: u128) -> JobChanged {
    JobChanged {
        team_id: TeamId::from_uuid(Uuid::from_u128(1)),
        job_id: job(number),
    }
}

fn is_woken(listener: &mut Box<dyn EventSubscription>) -> bool {
    listener.changed(job(1), LONG).now_or_never().is_some()
}

#[tokio::test]
async fn a_burst_of_notices_wakes_once() {
    let board = NoticeBoard::new();
    let mut listener = board.subscribe();
    assert!(!is_woken(&mut listener));
    for _ in 0..10 {
        board.post(about(1));
    }
    assert!(is_woken(&mut listener));
    assert!(!is_woken(&mut listener));
}

#[tokio::test]
async fn a_listener_that_fell_behind_is_woken() {
    let board = NoticeBoard::new();
    let mut listener = board.subscribe();
    for _ in 0..=NOTICES_KEPT_MAX {
        board.post(about(2));
    }
    assert!(is_woken(&mut listener));
    assert!(!is_woken(&mut listener));
}

#[tokio::test]
async fn lost_notices_wake_everybody_once() {
    let board = NoticeBoard::new();
    let mut listeners = [board.subscribe(), board.subscribe()];
    board.post_some_were_lost();
    for listener in &mut listeners {
        assert!(is_woken(listener));
        assert!(!is_woken(listener));
    }
}

#[tokio::test]
async fn without_a_board_the_time_limit_still_holds() {
    let board = NoticeBoard::new();
    let mut listener = board.subscribe();
    drop(board);
    assert!(!is_woken(&mut listener));
    listener.changed(job(1), Duration::from_millis(1)).await;
}
