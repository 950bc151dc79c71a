use super::HttpWebhookSender;
use super::connection::TrustAnchors;
use async_trait::async_trait;
use domain::SecretText;
use domain::names::WebhookUrl;
use domain::ports::{HostResolver, WebhookMessage, WebhookSendError, WebhookSender};
use jiff::Timestamp;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use testkit::certificates::SelfSigned;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

const LOOPBACK: &str = "127.0.0.1";
const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// Answers what it is told to, and counts how often it was asked.
struct Scripted {
    answers: Mutex<Vec<Vec<IpAddr>>>,
}

impl Scripted {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let answers = answers.iter().rev().map(|addresses| {
            let addresses = addresses.iter().map(|text| text.parse().unwrap());
            addresses.collect()
        });
        Arc::new(Self {
            answers: Mutex::new(answers.collect()),
        })
    }
}

#[async_trait]
impl HostResolver for Scripted {
    async fn resolve(&self, _: &str) -> Vec<IpAddr> {
        self.answers.lock().unwrap().pop().unwrap_or_default()
    }
}

fn sender(allows_private: bool, resolver: Arc<Scripted>) -> HttpWebhookSender {
    HttpWebhookSender {
        allows_private,
        resolver,
        trust: TrustAnchors::only(RootCertStore::empty()),
    }
}

fn message(url: &str) -> WebhookMessage {
    WebhookMessage {
        url: WebhookUrl::parse(url).unwrap(),
        id: "evt_1".to_owned(),
        sent_at: Timestamp::from_second(1_614_265_330).unwrap(),
        body: "{\"type\":\"ping\"}".to_owned(),
        secrets: vec![SecretText::new("whsec_c2VjcmV0".to_owned())],
    }
}

/// Takes one connection, reads until the body is there, answers, and gives what it read.
async fn receive(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
    let mut read = Vec::new();
    let mut part = [0; 1024];
    while !read.ends_with(b"\"ping\"}") {
        let count = stream.read(&mut part).await.unwrap_or(0);
        if count == 0 {
            break;
        }
        read.extend_from_slice(&part[..count]);
    }
    // The sender may have left without waiting for all of it.
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
    String::from_utf8(read).unwrap()
}

async fn receiver(answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = TaskTracker::new().spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        receive(stream, answer).await
    });
    (port, task)
}

async fn encrypted_receiver(folder: &Path) -> (u16, SelfSigned, JoinHandle<String>) {
    let made = SelfSigned::make(folder, "receiver");
    let certificate = CertificateDer::from_pem_file(&made.certificate).unwrap();
    let key = PrivateKeyDer::from_pem_file(&made.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = TaskTracker::new().spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        match TlsAcceptor::from(Arc::new(config)).accept(stream).await {
            Ok(stream) => receive(stream, NO_CONTENT).await,
            Err(error) => error.to_string(),
        }
    });
    (port, made, task)
}

#[tokio::test]
async fn a_message_is_posted_with_its_signature() {
    let (port, received) = receiver(NO_CONTENT).await;
    let sender = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let url = format!("http://hooks.example.com:{port}/in?team=1");
    assert_eq!(sender.send(message(&url)).await, Ok(204));
    let received = received.await.unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /in?team=1 HTTP/1.1\r\n"), "{head}");
    let head = head.to_lowercase();
    for line in [
        &*format!("host: hooks.example.com:{port}"),
        "content-type: application/json",
        "webhook-id: evt_1",
        "webhook-timestamp: 1614265330",
        "content-length: 15",
    ] {
        assert!(head.lines().any(|it| it == line), "{line} in {head}");
    }
    assert!(head.contains("webhook-signature: v1,"), "{head}");
    assert!(!received.contains("c2VjcmV0"), "the secret stays here");
    assert_eq!(body, "{\"type\":\"ping\"}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let inside = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let redirect = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n";
    let (port, received) = receiver(redirect).await;
    let sender = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let url = format!("http://hooks.example.com:{port}/");
    assert_eq!(sender.send(message(&url)).await, Ok(302));
    received.await.unwrap();
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(50), inside.accept()).await;
    assert!(nobody.is_err(), "the redirect was not followed");
}

#[tokio::test]
async fn a_host_with_one_address_inside_is_refused_as_a_whole() {
    let inside = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = inside.local_addr().unwrap().port();
    let answers: &[&[&str]] = &[
        &[LOOPBACK],
        &["1.1.1.1", LOOPBACK],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
    ];
    for answer in answers {
        let sender = sender(false, Scripted::new(&[answer]));
        let url = format!("https://hooks.example.com:{port}/");
        let sent = sender.send(message(&url)).await;
        assert_eq!(sent, Err(WebhookSendError::Forbidden), "{answer:?}");
    }
    let nobody = tokio::time::timeout(std::time::Duration::from_millis(50), inside.accept()).await;
    assert!(nobody.is_err(), "nothing came inside");
}

/// A name that is public when it is looked at and inside when it is connected to: it is asked for once.
#[tokio::test]
async fn what_was_looked_at_is_what_is_connected_to() {
    let (port, received) = receiver(NO_CONTENT).await;
    let sender = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let url = format!("http://hooks.example.com:{port}/");
    assert_eq!(sender.send(message(&url)).await, Ok(204));
    received.await.unwrap();
    // A second look-up would have had no answer in the first message either.
    let again = sender.send(message(&url)).await;
    assert_eq!(again, Err(WebhookSendError::Unresolved));
}

#[tokio::test]
async fn the_certificate_must_be_that_of_the_host_and_of_somebody_who_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let (port, made, received) = encrypted_receiver(folder.path()).await;
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(&made.certificate).unwrap();
    roots.add(certificate).unwrap();
    let believing = |roots| HttpWebhookSender {
        allows_private: true,
        resolver: Scripted::new(&[&[LOOPBACK]]),
        trust: TrustAnchors::only(roots),
    };
    let url = format!("https://localhost:{port}/in");
    assert_eq!(believing(roots).send(message(&url)).await, Ok(204));
    let received = received.await.unwrap();
    assert!(received.starts_with("POST /in HTTP/1.1"), "{received}");
    let (port, _, received) = encrypted_receiver(folder.path()).await;
    let stranger = format!("https://localhost:{port}/in");
    let sent = believing(RootCertStore::empty())
        .send(message(&stranger))
        .await;
    assert_eq!(sent, Err(WebhookSendError::Encryption));
    received.await.unwrap();
    let (port, made, received) = encrypted_receiver(folder.path()).await;
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(&made.certificate).unwrap();
    roots.add(certificate).unwrap();
    let other_host = format!("https://hooks.example.com:{port}/in");
    let sent = believing(roots).send(message(&other_host)).await;
    assert_eq!(sent, Err(WebhookSendError::Encryption));
    received.await.unwrap();
}

#[tokio::test]
async fn who_does_not_answer_is_told_apart() {
    let unbound = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = unbound.local_addr().unwrap().port();
    drop(unbound);
    let url = format!("http://hooks.example.com:{port}/");
    let away = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let sent = away.send(message(&url)).await;
    assert_eq!(sent, Err(WebhookSendError::Unreachable));
    let (port, received) = receiver("").await;
    let url = format!("http://hooks.example.com:{port}/");
    let silent = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let sent = silent.send(message(&url)).await;
    assert_eq!(sent, Err(WebhookSendError::NoAnswer));
    received.await.unwrap();
    let nowhere = sender(true, Scripted::new(&[&[]]));
    let sent = nowhere.send(message("http://hooks.example.com/")).await;
    assert_eq!(sent, Err(WebhookSendError::Unresolved));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_not_waited_for_for_ever() {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("http://hooks.example.com:{port}/");
    let silent = sender(true, Scripted::new(&[&[LOOPBACK]]));
    let sent = silent.send(message(&url)).await;
    assert_eq!(sent, Err(WebhookSendError::TimedOut));
    drop(listener);
}

#[test]
fn addresses_that_nothing_can_be_sent_to_are_refused_before_they_are_stored() {
    let refusal = |allows_private, url: &str| {
        let sender = sender(allows_private, Scripted::new(&[]));
        sender.refusal(&WebhookUrl::parse(url).unwrap())
    };
    for url in [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "https://localhost./",
        "https://printer/",
        "https://a.localhost/",
    ] {
        assert!(refusal(false, url).is_some(), "{url}");
        assert_eq!(refusal(true, url), None, "{url}");
    }
    for url in ["https://hooks.example.com/", "https://1.1.1.1:8443/in"] {
        assert_eq!(refusal(false, url), None, "{url}");
    }
    assert!(
        refusal(true, "https://[::1/").is_some(),
        "it cannot be read"
    );
}
