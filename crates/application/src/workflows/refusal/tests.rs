use super::{UNAVAILABLE_RETRY, not_done_after, not_done_after_read, sent};
use crate::workflows::payloads::encode_own;
use crate::workflows::settings::WorkflowSettings;
use crate::workflows::step::{NotDone, Sent};
use domain::error_code::ErrorCode;
use domain::job::WaitReason;
use domain::ports::{
    MutationOutcome, NotSentReason, PlatformReadError, Refusal, RefusalClass, UnclearAnswer,
};
use std::time::Duration;

fn settings() -> WorkflowSettings {
    WorkflowSettings::default()
}

fn refusal(class: RefusalClass) -> Refusal {
    Refusal {
        class,
        result: 4_242,
        text: "no more cloudlets".to_owned(),
    }
}

/// What follows, without the words.
#[derive(Debug, PartialEq, Eq)]
enum Follows {
    Failure(ErrorCode),
    Waiting(WaitReason, Duration),
}

fn follows(not_done: NotDone) -> Follows {
    match not_done {
        NotDone::Failed(failure) => Follows::Failure(failure.code),
        NotDone::Later { reason, after, .. } => Follows::Waiting(reason, after),
        NotDone::Attention { detail } => panic!("no refusal needs a person: {detail}"),
    }
}

fn table() -> Vec<(RefusalClass, Follows)> {
    let settings = settings();
    vec![
        (
            RefusalClass::Busy,
            Follows::Waiting(WaitReason::PlatformWork, settings.poll_interval),
        ),
        (
            RefusalClass::Session,
            Follows::Waiting(WaitReason::PlatformUnavailable, UNAVAILABLE_RETRY),
        ),
        (
            RefusalClass::Credentials,
            Follows::Waiting(WaitReason::Reauthentication, settings.reauthentication_poll),
        ),
        (
            RefusalClass::Quota,
            Follows::Failure(ErrorCode::PlatformQuotaExceeded),
        ),
        (
            RefusalClass::NotFound,
            Follows::Failure(ErrorCode::PlatformRefused),
        ),
        (
            RefusalClass::Permission,
            Follows::Failure(ErrorCode::PlatformRefused),
        ),
        (
            RefusalClass::Invalid,
            Follows::Failure(ErrorCode::PlatformRefused),
        ),
        (
            RefusalClass::Other,
            Follows::Failure(ErrorCode::PlatformRefused),
        ),
    ]
}

#[test]
fn every_class_of_refusal_means_the_same_for_mutations_and_reads() {
    for (class, expected) in table() {
        let settings = settings();
        let refusal = refusal(class);
        assert_eq!(
            follows(not_done_after(&refusal, &settings)),
            expected,
            "{class:?}"
        );
        let read = PlatformReadError::Refused(refusal.clone());
        assert_eq!(
            follows(not_done_after_read(&read, &settings)),
            expected,
            "{class:?}"
        );
        let outcome = MutationOutcome::<()>::Refused(refusal);
        let Sent::NotDone(not_done) = sent(outcome, &settings, |()| None) else {
            panic!("a refused call was not made: {class:?}");
        };
        assert_eq!(follows(not_done), expected, "{class:?}");
    }
}

#[test]
fn a_failure_carries_the_platforms_code_and_words() {
    let NotDone::Failed(failure) = not_done_after(&refusal(RefusalClass::Quota), &settings())
    else {
        panic!("a quota is no reason to wait");
    };
    assert_eq!(failure.platform_code, Some(4_242));
    assert_eq!(failure.detail, "no more cloudlets");
    let silent = Refusal {
        text: String::new(),
        ..refusal(RefusalClass::Other)
    };
    let NotDone::Failed(failure) = not_done_after(&silent, &settings()) else {
        panic!("an unknown refusal is final");
    };
    assert!(failure.detail.contains("4242"), "{}", failure.detail);
}

#[test]
fn what_was_not_sent_waits_for_what_was_missing() {
    let settings = settings();
    let table = [
        (
            NotSentReason::Unavailable("breaker open".to_owned()),
            Follows::Waiting(WaitReason::PlatformUnavailable, UNAVAILABLE_RETRY),
        ),
        (
            NotSentReason::WindowClosed,
            Follows::Waiting(WaitReason::PlatformUnavailable, super::TRY_AGAIN_SOON),
        ),
        (
            NotSentReason::NeedsReauthentication,
            Follows::Waiting(WaitReason::Reauthentication, settings.reauthentication_poll),
        ),
        (
            NotSentReason::AccountChanged,
            Follows::Waiting(WaitReason::PlatformUnavailable, super::TRY_AGAIN_SOON),
        ),
        (
            NotSentReason::NotConfigured,
            Follows::Failure(ErrorCode::ActionNotConfigured),
        ),
    ];
    for (reason, expected) in table {
        let outcome = MutationOutcome::<()>::NotSent(reason.clone());
        let Sent::NotDone(not_done) = sent(outcome, &settings, |()| None) else {
            panic!("a call that never left did not happen: {reason:?}");
        };
        assert_eq!(follows(not_done), expected, "{reason:?}");
    }
}

#[test]
fn a_read_that_failed_is_asked_again_and_never_fails_the_job_by_itself() {
    let settings = settings();
    let table = [
        (
            PlatformReadError::Unavailable("timed out".to_owned()),
            WaitReason::PlatformUnavailable,
        ),
        (
            PlatformReadError::NeedsReauthentication,
            WaitReason::Reauthentication,
        ),
        (
            PlatformReadError::AccountChanged,
            WaitReason::PlatformUnavailable,
        ),
    ];
    for (error, expected) in table {
        let Follows::Waiting(reason, _) = follows(not_done_after_read(&error, &settings)) else {
            panic!("a failed read is no failure: {error:?}");
        };
        assert_eq!(reason, expected, "{error:?}");
    }
}

#[test]
fn only_an_answer_makes_an_output_and_only_silence_makes_a_doubt() {
    let settings = settings();
    let done = sent(MutationOutcome::Done(7), &settings, |value: i32| {
        Some(encode_own(&value))
    });
    assert_eq!(done, Sent::Done(Some(encode_own(&7))));
    let maybe = MutationOutcome::<i32>::MaybeApplied {
        reason: "connection reset".to_owned(),
        answer: Some(UnclearAnswer {
            result: 702,
            class: RefusalClass::Session,
        }),
    };
    let doubt = sent(maybe, &settings, |_| unreachable!("there is no value"));
    let expected = Sent::InDoubt {
        reason: "connection reset".to_owned(),
        answer: Some(UnclearAnswer {
            result: 702,
            class: RefusalClass::Session,
        }),
    };
    assert_eq!(doubt, expected);
}
