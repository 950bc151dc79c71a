use super::{Lanes, Request, WORKERS_IN_A_ROW_MAX, WriterLease};
use domain::ports::StoreError;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

type Granted = oneshot::Receiver<Result<WriterLease, StoreError>>;

struct Fixture {
    workers: mpsc::Sender<Request>,
    interactive: mpsc::Sender<Request>,
    lanes: Lanes,
    stop: CancellationToken,
}

fn fixture() -> Fixture {
    let (workers, worker_lane) = mpsc::channel(100);
    let (interactive, interactive_lane) = mpsc::channel(100);
    let stop = CancellationToken::new();
    let lanes = Lanes::new(worker_lane, interactive_lane, stop.clone());
    Fixture {
        workers,
        interactive,
        lanes,
        stop,
    }
}

fn ask(lane: &mpsc::Sender<Request>) -> Granted {
    let (grant, granted) = oneshot::channel();
    lane.try_send(Request { grant }).expect("the lane has room");
    granted
}

/// Answers the request, so that the asker can tell that it was its own.
fn refuse(request: Option<Request>) -> bool {
    request.is_some_and(|request| request.grant.send(Err(StoreError::Busy)).is_ok())
}

fn is_answered(granted: &mut Granted) -> bool {
    granted.try_recv().is_ok()
}

#[test]
fn workers_go_first() {
    let mut fixture = fixture();
    let mut person = ask(&fixture.interactive);
    let mut worker = ask(&fixture.workers);
    assert!(refuse(fixture.lanes.next_waiting()));
    assert!(is_answered(&mut worker) && !is_answered(&mut person));
    assert!(refuse(fixture.lanes.next_waiting()));
    assert!(is_answered(&mut person));
}

#[test]
fn people_are_not_passed_over_for_ever() {
    let mut fixture = fixture();
    let mut person = ask(&fixture.interactive);
    let workers: Vec<_> = (0..40).map(|_| ask(&fixture.workers)).collect();
    for _ in 0..WORKERS_IN_A_ROW_MAX {
        assert!(refuse(fixture.lanes.next_waiting()));
    }
    assert!(!is_answered(&mut person));
    assert!(refuse(fixture.lanes.next_waiting()));
    assert!(is_answered(&mut person));
    drop(workers);
}

#[test]
fn who_gave_up_is_passed_over() {
    let mut fixture = fixture();
    drop(ask(&fixture.workers));
    let mut patient = ask(&fixture.workers);
    assert!(refuse(fixture.lanes.next_waiting()));
    assert!(is_answered(&mut patient));
    assert!(fixture.lanes.next_waiting().is_none());
}

#[tokio::test]
async fn a_store_that_closes_takes_no_more() {
    let mut fixture = fixture();
    let mut waiting = std::pin::pin!(fixture.lanes.next());
    assert!(futures::poll!(&mut waiting).is_pending());
    fixture.stop.cancel();
    assert!(waiting.await.is_none());
}
