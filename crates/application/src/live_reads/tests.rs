use super::{ANSWER_WITHIN, LiveReads, PLACES, ReadBudget, SharedAnswers};
use crate::UseCaseError;
use crate::sample::{HandClock, account, read_budget, refusal, team};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MockHostingPlatform, MockObserver, MockRateLimiter, MockReadModel, PlatformReadError, Refusal,
    RefusalClass,
};
use domain::rate_limit::RateScope;
use futures::FutureExt as _;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn reads() -> LiveReads {
    LiveReads::new(
        Arc::new(MockHostingPlatform::default()),
        Arc::new(MockReadModel::new()),
        Arc::new(HandClock::default()),
        read_budget(),
    )
}

fn reference() -> PlatformAccountRef {
    account().reference()
}

#[tokio::test]
async fn a_team_that_asked_too_often_has_to_wait_and_nothing_is_asked_for_it() {
    let mut limiter = MockRateLimiter::new();
    limiter
        .expect_take()
        .withf(|demands| {
            let policy = demands[0].policy;
            let of = (policy.scope, policy.quota.get(), policy.window);
            demands[0].subject == team().to_string()
                && of == (RateScope::PlatformReads, 7, Duration::from_mins(1))
        })
        .returning(|demands| vec![demands[0].policy.not_counted(Duration::from_mins(1))]);
    let observer = Arc::new(MockObserver::default());
    let reads = LiveReads {
        budget: ReadBudget {
            per_minute: NonZeroU32::new(7).unwrap(),
            limiter: Arc::new(limiter),
            observer: Arc::clone(&observer) as _,
        },
        ..reads()
    };
    let asked = async { panic!("nothing is asked") };
    let refused = reads.ask::<()>(&reference(), asked).await.unwrap_err();
    assert_eq!(refused.code().as_str(), "platform-budget-spent");
    assert_eq!(observer.told(), ["PlatformBudgetSpent"]);
    assert!(refused.wait().is_some_and(|wait| wait > Duration::ZERO));
    assert_eq!(reads.taken.load(Ordering::SeqCst), 0, "its place is free");
}

#[tokio::test]
async fn a_platform_that_is_silent_is_not_waited_for_for_ever() {
    let clock = Arc::new(HandClock::default());
    let reads = LiveReads {
        clock: clock.clone(),
        ..reads()
    };
    let began = domain::ports::Clock::instant(&*clock);
    let account = reference();
    let silent = reads.ask(
        &account,
        std::future::pending::<Result<(), PlatformReadError>>(),
    );
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
    let account = reference();
    let mut waiting = Vec::new();
    for _ in 0..PLACES {
        let pending = std::future::pending::<Result<(), PlatformReadError>>();
        let mut asked = Box::pin(reads.ask(&account, pending));
        assert!(asked.as_mut().now_or_never().is_none());
        waiting.push(asked);
    }
    let one_more = reads.ask(&account, async { Ok(()) }).await;
    assert_eq!(refusal(one_more), ("temporarily-unavailable", None));
    waiting.pop();
    let one_more = reads.ask(&account, async { Ok(()) }).await;
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
        let answer = reads()
            .ask(&reference(), async { Err::<(), _>(refused) })
            .await;
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
