//! TLS of our own: the certificate of the configuration, read anew when its files change.

use crate::support::{App, Backend, PATIENCE};
use std::path::Path;
use std::sync::Arc;
use testkit::certificates::SelfSigned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const VERSION: &[u8] = b"GET /v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Connects, trusting that certificate and no other.
async fn connect(address: &str, trusted: &Path) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(trusted).expect("a certificate");
    roots.add(certificate).expect("fit to be trusted");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(VERSION).await.expect("it takes it");
    let mut text = String::new();
    while !text.contains("api_versions") {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.expect("an answer");
        assert_ne!(read, 0, "closed after {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

/// The server of the app, started again with this certificate.
async fn serve_encrypted(app: &mut App, identity: &SelfSigned) -> String {
    app.stop();
    app.change_file(
        "[http]",
        &format!(
            "[http]\nheader_timeout = '5m'\ntls_certificate = '{}'\ntls_key = '{}'",
            identity.certificate.display(),
            identity.key.display()
        ),
    );
    app.serve().await;
    let base = app.owner.base().to_owned();
    let address = base
        .strip_prefix("https://")
        .expect("it says that it is encrypted");
    address.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_speaks_tls_and_shows_a_new_certificate_without_a_restart() {
    let mut app = App::start(Backend::Embedded).await;
    let folder = app.folder.path().to_owned();
    let identity = SelfSigned::make(&folder, "api");
    let first = folder.join("first.pem");
    std::fs::copy(&identity.certificate, &first).expect("copied");
    let address = serve_encrypted(&mut app, &identity).await;
    let mut open = connect(&address, &first).await.expect("it is trusted");
    let answer = ask(&mut open).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age=31536000\r\n"),
        "{answer}"
    );
    let mut in_clear = TcpStream::connect(&address).await.expect("it listens");
    in_clear.write_all(VERSION).await.expect("sent");
    let mut refused = Vec::new();
    in_clear.read_to_end(&mut refused).await.ok();
    assert!(!String::from_utf8_lossy(&refused).contains("HTTP/1.1"));

    // A key that does not belong to the certificate leaves everything as it is.
    let another = SelfSigned::make(&folder, "another");
    let right_key = std::fs::read(&identity.key).expect("a key");
    std::fs::copy(&another.key, &identity.key).expect("copied");
    testkit::wait::until("the wrong key was refused", PATIENCE, async || {
        app.logs()
            .contains("the certificate from before stays")
            .then_some(())
    })
    .await;
    let mut still = connect(&address, &first).await.expect("it is trusted");
    ask(&mut still).await;
    std::fs::write(&identity.key, right_key).expect("written");

    SelfSigned::make(&folder, "api");
    testkit::wait::until("the new one is shown", PATIENCE, async || {
        connect(&address, &identity.certificate).await.ok()
    })
    .await;
    let refused = connect(&address, &first).await;
    assert!(refused.is_err(), "the old one is shown no more");
    ask(&mut open).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_not_fit_stop_the_start_and_are_named() {
    let mut app = App::start(Backend::Embedded).await;
    app.stop();
    let folder = app.folder.path().to_owned();
    let one = SelfSigned::make(&folder, "one");
    let another = SelfSigned::make(&folder, "another");
    let nothing = folder.join("nothing.pem");
    std::fs::write(&nothing, "nothing").expect("written");
    let missing = folder.join("missing.pem");
    let cases = [
        (&missing, &one.key, "`http.tls_certificate`: "),
        (&nothing, &one.key, "`http.tls_certificate` cannot be used"),
        (&one.certificate, &missing, "`http.tls_key`: "),
        (&one.certificate, &nothing, "`http.tls_key` cannot be used"),
        (
            &one.certificate,
            &another.key,
            "`http.tls_key` cannot be used",
        ),
    ];
    let mut before = "[http]".to_owned();
    for (number, (certificate, key, expected)) in cases.into_iter().enumerate() {
        let with = format!(
            "[http]\ntls_certificate = '{}'\ntls_key = '{}'",
            certificate.display(),
            key.display()
        );
        app.change_file(&before, &with);
        before = with;
        let mut process = app.spawn(&["serve"], &format!("unfit-{number}"));
        assert!(!process.wait(PATIENCE).success());
        let said = process.errors();
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains("PRIVATE KEY"), "{said}");
    }
}
