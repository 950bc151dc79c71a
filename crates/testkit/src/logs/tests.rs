use super::LogGuard;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn complaint_about(guard: LogGuard, log: impl FnOnce()) -> String {
    log();
    match catch_unwind(AssertUnwindSafe(|| drop(guard))) {
        Ok(()) => String::new(),
        Err(panic) => panic.downcast_ref::<String>().unwrap().clone(),
    }
}

#[test]
fn a_warning_from_another_thread_that_was_not_announced_fails_the_test() {
    let complaint = complaint_about(LogGuard::install(), || {
        let thread = std::thread::spawn(|| tracing::warn!(attempt = 3, "lease was lost"));
        thread.join().unwrap();
    });
    assert!(
        complaint.contains("not announced: WARN testkit::logs::tests: lease was lost attempt=3"),
        "{complaint}"
    );
}

#[test]
fn an_announced_error_passes_and_an_information_is_nothing() {
    let complaint = complaint_about(LogGuard::install().expect("broken pipe"), || {
        tracing::info!("ready");
        tracing::error!(reason = %"broken pipe", "the client left");
    });
    assert_eq!(complaint, "");
}

#[test]
fn an_announced_warning_that_does_not_come_fails_the_test() {
    let guard = LogGuard::install()
        .expect("breaker opened")
        .tolerate("retry");
    let complaint = complaint_about(guard, || tracing::warn!("retry 1"));
    assert!(
        complaint.contains("did not come: breaker opened"),
        "{complaint}"
    );
    assert!(!complaint.contains("retry 1"), "{complaint}");
}

#[test]
fn a_failing_test_keeps_its_own_message_and_leaves_the_next_one_clean() {
    let failure = catch_unwind(|| {
        let _guard = LogGuard::install();
        tracing::error!("noise");
        panic!("the real reason");
    })
    .unwrap_err();
    assert_eq!(failure.downcast_ref::<&str>(), Some(&"the real reason"));
    assert_eq!(complaint_about(LogGuard::install(), || {}), "");
}
