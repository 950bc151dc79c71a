use super::{until, until_blocking};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

fn text_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic.downcast_ref::<String>().map_or("", String::as_str)
}

#[tokio::test]
async fn the_answer_is_given_back_once_it_is_there() {
    let mut asked = 0;
    let answer = until("asked three times", Duration::from_secs(5), async || {
        asked += 1;
        (asked == 3).then_some(asked)
    })
    .await;
    assert_eq!(answer, 3);
}

#[tokio::test]
async fn a_question_that_never_returns_is_cut_off_with_the_description() {
    let waiting = until("the moon is blue", Duration::from_millis(20), async || {
        std::future::pending::<Option<()>>().await
    });
    let panic = AssertUnwindSafe(waiting).catch_unwind().await.unwrap_err();
    assert_eq!(
        text_of(&*panic),
        "waited 20ms in vain until the moon is blue"
    );
}

#[test]
fn waiting_in_vain_without_a_runtime_names_what_was_waited_for() {
    let panic = std::panic::catch_unwind(|| {
        until_blocking("pigs fly", Duration::from_millis(1), || None::<()>);
    })
    .unwrap_err();
    assert_eq!(text_of(&*panic), "waited 1ms in vain until pigs fly");
}
