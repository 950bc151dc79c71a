//! Waiting for a state instead of for a time.

use std::time::{Duration, Instant};

#[cfg(test)]
mod tests;

const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Asks every 10 ms until the answer is there, and gives it back. Panics with the description when
/// the deadline passes first; a question that never returns is cut off then, too.
pub async fn until<T>(
    description: &str,
    deadline: Duration,
    mut question: impl AsyncFnMut() -> Option<T>,
) -> T {
    let asking = async {
        loop {
            if let Some(answer) = question().await {
                return answer;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    let answer = tokio::time::timeout(deadline, asking).await;
    answer.unwrap_or_else(|_| panic!("waited {deadline:?} in vain until {description}"))
}

/// The same outside an async runtime. A question that never returns is not cut off.
pub fn until_blocking<T>(
    description: &str,
    deadline: Duration,
    mut question: impl FnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = question() {
            return answer;
        }
        assert!(
            began.elapsed() < deadline,
            "waited {deadline:?} in vain until {description}"
        );
        std::thread::sleep(POLL_INTERVAL);
    }
}
