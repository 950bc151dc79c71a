use super::{ANSWER_WITHIN, LiveReads, PLACES, SharedAnswers};
use crate::UseCaseError;
use crate::sample::{HandClock, refusal};
use domain::ports::{MockHostingPlatform, MockReadModel, PlatformReadError, Refusal, RefusalClass};
use futures::FutureExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn reads() -> LiveReads {
    LiveReads::new(
        Arc::new(MockHostingPlatform::default()),
        Arc::new(MockReadModel::new()),
        Arc::new(HandClock::default()),
    )
}

#[tokio::test]
async fn a_platform_that_is_silent_is_not_waited_for_for_ever() {
    let clock = Arc::new(HandClock::default());
    let reads = LiveReads {
        clock: clock.clone(),
        ..reads()
    };
    let began = domain::ports::Clock::instant(&*clock);
    let silent = reads.ask(std::future::pending::<Result<(), PlatformReadError>>());
    assert_eq!(refusal(silent.await), ("platform-unavailable", None));
    let ended = domain::ports::Clock::instant(&*clock);
    assert_eq!(began.until(ended), ANSWER_WITHIN);
}

/// A clock on which time does not pass while somebody waits.
struct Still;

#[async_trait::async_trait]
impl domain::ports::Clock for Still {
    fn now(&self) -> jiff::Timestamp {
        crate::sample::beginning()
    }
    fn instant(&self) -> domain::ports::Instant {
        domain::ports::Instant(Duration::ZERO)
    }
    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

#[tokio::test]
async fn who_comes_when_all_places_are_taken_is_sent_away_and_places_are_given_back() {
    let reads = LiveReads {
        clock: Arc::new(Still),
        ..reads()
    };
    let mut waiting = Vec::new();
    for _ in 0..PLACES {
        let pending = std::future::pending::<Result<(), PlatformReadError>>();
        let mut asked = Box::pin(reads.ask(pending));
        assert!(asked.as_mut().now_or_never().is_none());
        waiting.push(asked);
    }
    let one_more = reads.ask(async { Ok(()) }).await;
    assert_eq!(refusal(one_more), ("temporarily-unavailable", None));
    waiting.pop();
    let one_more = reads.ask(async { Ok(()) }).await;
    assert_eq!(refusal(one_more), ("", None));
}

#[tokio::test]
async fn what_the_platform_refuses_is_told_in_our_words() {
    let cases = [
        (RefusalClass::NotFound, "environment-not-visible"),
        (RefusalClass::Session, "platform-unavailable"),
        (
            RefusalClass::Credentials,
            "platform-account-needs-reauthentication",
        ),
        (RefusalClass::Busy, "environment-not-running"),
        (RefusalClass::NodeDown, "environment-not-running"),
        (RefusalClass::Other, "platform-refused"),
    ];
    for (class, code) in cases {
        let refused = PlatformReadError::Refused(Refusal {
            class,
            result: 7,
            text: "a secret text".to_owned(),
        });
        let answer = reads().ask(async { Err::<(), _>(refused) }).await;
        let error = answer.unwrap_err();
        assert_eq!(error.code().as_str(), code);
        assert!(!error.detail().contains("secret"), "{}", error.detail());
    }
}

#[tokio::test]
async fn one_question_is_asked_for_all_who_come_within_a_moment() {
    let clock = HandClock::default();
    let shared = SharedAnswers::new(Duration::from_secs(2));
    let asked = AtomicUsize::new(0);
    let ask = async |question: &'static str| {
        let count = async || Ok(asked.fetch_add(1, Ordering::SeqCst));
        shared.ask(&clock, &question, count).await
    };
    let together = futures::future::join_all((0..5).map(|_| ask("one"))).await;
    assert!(together.into_iter().all(|answer| answer.unwrap() == 0));
    assert_eq!(ask("other").await.unwrap(), 1);
    clock.advance(Duration::from_secs(2));
    assert_eq!(ask("one").await.unwrap(), 2);
    assert_eq!(shared.len(), 1, "old ones are given up");
}

#[tokio::test]
async fn a_failure_is_not_shared() {
    let clock = HandClock::default();
    let shared = SharedAnswers::new(Duration::from_secs(2));
    let failed = shared
        .ask(&clock, &(), async || Err(UseCaseError::not_found()))
        .await;
    assert_eq!(refusal(failed), ("not-found", None));
    let answer = shared.ask(&clock, &(), async || Ok(7)).await;
    assert_eq!(answer.unwrap(), 7);
}
