use super::*;
use crate::smtp::test_server::{Manner, TestServer};
use crate::{SmtpEncryption, SmtpServer};
use async_trait::async_trait;
use domain::SecretText;
use domain::names::EmailAddress;
use domain::ports::{Instant, MailMessage};
use jiff::Timestamp;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// A clock on which sleeping takes no time; it keeps every pause.
#[derive(Default)]
struct TestClock {
    pauses: Mutex<Vec<Duration>>,
}

impl TestClock {
    fn elapsed(&self) -> Duration {
        self.pauses.lock().unwrap().iter().sum()
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn instant(&self) -> Instant {
        Instant(self.elapsed())
    }

    async fn sleep(&self, duration: Duration) {
        self.pauses.lock().unwrap().push(duration);
        tokio::task::yield_now().await;
    }
}

#[derive(Default)]
struct TestIds(AtomicU64);

impl IdSource for TestIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

struct Post {
    queue: MailQueue,
    sender: MailSender,
    clock: Arc<TestClock>,
}

fn post(route: MailRoute) -> Post {
    let clock = Arc::new(TestClock::default());
    let (queue, sender) = mail_queue(
        route,
        from(),
        Links::below("https://windlass.example.com").unwrap(),
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(TestIds::default()),
    );
    Post {
        queue,
        sender,
        clock,
    }
}

fn from() -> MailFrom {
    MailFrom::parse("Windlass <windlass@example.com>").unwrap()
}

fn to_server(port: u16) -> MailRoute {
    let server = SmtpServer {
        host: "127.0.0.1".to_owned(),
        port,
        encryption: SmtpEncryption::None,
        credentials: None,
    };
    MailRoute::Smtp(Box::new(
        SmtpTransport::new(&server, &from(), None).unwrap(),
    ))
}

fn to_folder(folder: &Path) -> MailRoute {
    MailRoute::Outbox(Outbox::open(folder).unwrap())
}

fn mail(number: usize) -> Mail {
    Mail {
        to: EmailAddress::parse(&format!("anna{number}@example.com")).unwrap(),
        message: MailMessage::ResetPassword {
            token: SecretText::new(format!("wdl_reset_{number}")),
        },
    }
}

/// Sends what is queued and returns when nothing is left.
async fn run_to_the_end(post: Post) -> Arc<TestClock> {
    drop(post.queue);
    post.sender.run(CancellationToken::new()).await;
    post.clock
}

#[tokio::test]
async fn a_mail_in_the_outbox_is_whole_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = folder.path().join("a/outbox");
    let post = post(to_folder(&outbox));
    for number in 0..3 {
        post.queue.enqueue(mail(number));
    }
    run_to_the_end(post).await;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&outbox), 0o700);
    let mut paths: Vec<_> = std::fs::read_dir(&outbox)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert_eq!(paths.len(), 3);
    for (number, path) in paths.iter().enumerate() {
        assert_eq!(mode(path), 0o600);
        assert_eq!(path.extension().unwrap(), "eml");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with("20270115T080000000000Z-"), "{name}");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(
            text.contains(&format!("To: anna{number}@example.com")),
            "{text}"
        );
        assert!(
            text.contains(&format!("\r\nwdl_reset_{number}\r\n")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_server_that_puts_off_is_asked_again_with_growing_pauses() {
    let server = TestServer::start(Manner::PutsOff(3)).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    let clock = run_to_the_end(post).await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(server.connections(), 4);
    let pauses = clock.pauses.lock().unwrap().clone();
    assert_eq!(pauses, [2, 4, 8].map(Duration::from_secs));
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again() {
    let server = TestServer::start(Manner::HangsUp(2)).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    run_to_the_end(post).await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn patience_ends_after_about_five_minutes() {
    let server = TestServer::start(Manner::PutsOff(usize::MAX)).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    let clock = run_to_the_end(post).await;
    assert!(server.taken().is_empty());
    let waited = clock.elapsed();
    let bounds = Duration::from_mins(3)..Duration::from_mins(5);
    assert!(bounds.contains(&waited), "{waited:?}");
    let longest = *clock.pauses.lock().unwrap().iter().max().unwrap();
    assert_eq!(longest, BACKOFF_MAX);
}

#[tokio::test]
async fn what_is_refused_is_not_tried_again() {
    let server = TestServer::start(Manner::Refuses).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    let clock = run_to_the_end(post).await;
    assert_eq!(server.connections(), 1);
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn more_than_the_queue_holds_is_dropped_and_nothing_waits() {
    let server = TestServer::start(Manner::Takes).await;
    let post = post(to_server(server.port));
    for number in 0..QUEUE_LENGTH + 44 {
        post.queue.enqueue(mail(number));
    }
    assert_eq!(post.queue.places.available_permits(), 0);
    run_to_the_end(post).await;
    let taken = server.taken();
    assert_eq!(taken.len(), QUEUE_LENGTH);
    let all_tokens: std::collections::BTreeSet<_> = taken.iter().map(|it| it.to.clone()).collect();
    assert_eq!(all_tokens.len(), QUEUE_LENGTH, "none came twice");
}

#[tokio::test]
async fn places_become_free_again() {
    let folder = tempfile::tempdir().unwrap();
    let post = post(to_folder(folder.path()));
    let places = Arc::clone(&post.queue.places);
    for number in 0..QUEUE_LENGTH {
        post.queue.enqueue(mail(number));
    }
    run_to_the_end(post).await;
    assert_eq!(places.available_permits(), QUEUE_LENGTH);
}

#[tokio::test]
async fn a_stop_sends_what_waits_once_and_does_not_hang() {
    let server = TestServer::start(Manner::Takes).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    let stopped = CancellationToken::new();
    stopped.cancel();
    post.sender.run(stopped).await;
    assert_eq!(server.taken().len(), 1);
    post.queue.enqueue(mail(1));
    assert_eq!(server.taken().len(), 1, "nobody sends any more");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_server_that_is_silent() {
    let server = TestServer::start(Manner::FallsSilent).await;
    let post = post(to_server(server.port));
    post.queue.enqueue(mail(0));
    let shutdown = CancellationToken::new();
    shutdown.cancel();
    let begun = tokio::time::Instant::now();
    post.sender.run(shutdown).await;
    let took = begun.elapsed();
    assert!(took < STOP_PATIENCE * 2, "{took:?}");
}
