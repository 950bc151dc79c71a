use super::*;
use std::time::Duration;

const SETTINGS: BreakerSettings = BreakerSettings {
    failures_in_a_row: 3,
    open_for: Duration::from_secs(10),
};

fn at(seconds: u64) -> Instant {
    Instant(Duration::from_secs(seconds))
}

fn call(breaker: &Breaker, seconds: u64, health: Health) -> bool {
    match breaker.enter(at(seconds)) {
        Ok(pass) => {
            pass.report(health, at(seconds));
            true
        }
        Err(cause) => {
            assert_eq!(cause, NotSentCause::HostLeftAlone);
            false
        }
    }
}

fn opened() -> Breaker {
    let breaker = Breaker::new(SETTINGS);
    for _ in 0..3 {
        assert!(call(&breaker, 0, Health::Bad));
    }
    breaker
}

#[test]
fn failures_in_a_row_open_it_for_a_while() {
    let breaker = opened();
    assert!(!call(&breaker, 9, Health::Good));
    assert!(call(&breaker, 10, Health::Good));
    assert!(call(&breaker, 10, Health::Good));
}

#[test]
fn an_answer_between_failures_starts_the_count_again() {
    let breaker = Breaker::new(SETTINGS);
    for _ in 0..5 {
        assert!(call(&breaker, 0, Health::Bad));
        assert!(call(&breaker, 0, Health::Bad));
        assert!(call(&breaker, 0, Health::Unknown));
        assert!(call(&breaker, 0, Health::Good));
    }
}

#[test]
fn one_call_tries_and_the_others_stay_out() {
    let breaker = opened();
    let trial = breaker.enter(at(10)).unwrap();
    assert!(!call(&breaker, 10, Health::Good));
    trial.report(Health::Bad, at(11));
    assert!(!call(&breaker, 20, Health::Good));
    assert!(call(&breaker, 21, Health::Good));
}

#[test]
fn an_abandoned_trial_lets_the_next_call_try() {
    let breaker = opened();
    drop(breaker.enter(at(10)).unwrap());
    assert!(call(&breaker, 10, Health::Good));
}

#[test]
fn a_gateway_that_gives_up_on_long_work_says_nothing_about_the_host() {
    let answer = |status| {
        Ok(Answer {
            status,
            body: bytes::Bytes::new(),
        })
    };
    let timed_out = || Err(Failure::InDoubt(DoubtCause::AnswerTimedOut));
    assert_eq!(
        Health::of(&answer(StatusCode::GATEWAY_TIMEOUT), AnswerClass::Long),
        Health::Unknown
    );
    assert_eq!(
        Health::of(&answer(StatusCode::GATEWAY_TIMEOUT), AnswerClass::Instant),
        Health::Bad
    );
    assert_eq!(Health::of(&timed_out(), AnswerClass::Long), Health::Unknown);
    assert_eq!(Health::of(&timed_out(), AnswerClass::Instant), Health::Bad);
    assert_eq!(
        Health::of(&answer(StatusCode::NOT_FOUND), AnswerClass::Instant),
        Health::Good
    );
    let refused = Err(Failure::NotSent(NotSentCause::NoConnection));
    assert_eq!(Health::of(&refused, AnswerClass::Long), Health::Bad);
}
