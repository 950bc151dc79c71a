use super::*;
use domain::ids::{EntityId as _, JobId, TeamId};
use domain::ports::JobChanged;
use futures::FutureExt as _;
use redis::Value;
use uuid::Uuid;

const LONG: Duration = Duration::from_mins(1);

fn listener() -> NoticeListener {
    NoticeListener {
        client: Client::open("redis://127.0.0.1:1/").unwrap(),
        options: RedisOptions::default(),
        origin: Origin::new().unwrap(),
        signal: Arc::new(WakeSignal::new()),
        board: Arc::new(NoticeBoard::new()),
    }
}

fn message(channel: &str, text: &str) -> Msg {
    let words = ["message", channel, text].map(|word| Value::BulkString(word.as_bytes().to_vec()));
    Msg::from_owned_value(Value::Array(words.to_vec())).unwrap()
}

fn notice() -> JobChanged {
    JobChanged {
        team_id: TeamId::from_uuid(Uuid::from_u128(1)),
        job_id: JobId::from_uuid(Uuid::from_u128(2)),
    }
}

#[tokio::test]
async fn a_process_hears_the_wake_ups_of_others_only() {
    let listener = listener();
    listener.receive(&message(WAKE_CHANNEL, listener.origin.as_str()));
    assert!(
        listener.signal.wait(LONG).now_or_never().is_none(),
        "its own came back"
    );
    listener.receive(&message(WAKE_CHANNEL, Origin::new().unwrap().as_str()));
    assert!(listener.signal.wait(LONG).now_or_never().is_some());
}

#[tokio::test]
async fn a_process_hears_the_notices_of_others_only() {
    let listener = listener();
    let mut subscription = listener.board.subscribe();
    let mut is_woken = |text: &str| {
        listener.receive(&message(JOBS_CHANNEL, text));
        subscription
            .changed(notice().job_id, LONG)
            .now_or_never()
            .is_some()
    };
    assert!(
        !is_woken(&listener.origin.message_about(notice())),
        "its own came back"
    );
    assert!(is_woken(&Origin::new().unwrap().message_about(notice())));
    assert!(
        is_woken("of a newer version"),
        "what cannot be read is as good as lost"
    );
}
