//! TLS in front of the simulator, which speaks none itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use testkit::certificates::SelfSigned;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use virtuozzo_simulator::Simulator;

/// Ends TLS and passes everything on. Stops when it is dropped.
pub(crate) struct EncryptedFront {
    port: u16,
    certificate: PathBuf,
    _stop_on_drop: DropGuard,
}

impl EncryptedFront {
    /// Starts with a certificate of its own, which is made in the folder.
    pub(super) async fn start(simulator: &Simulator, folder: &Path) -> Self {
        let identity = SelfSigned::make(folder, "platform");
        let acceptor = TlsAcceptor::from(Arc::new(server_configuration(&identity)));
        let listener = TcpListener::bind("localhost:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound listener").port();
        let address = simulator.base_url().replace("http://", "");
        let stop = CancellationToken::new();
        let stop_on_drop = stop.clone().drop_guard();
        let tasks = TaskTracker::new();
        let connections = tasks.clone();
        tasks.spawn(async move {
            while let Some(Ok((stream, _))) = stop.run_until_cancelled(listener.accept()).await {
                let passing = pass_on(acceptor.clone(), stream, address.clone());
                let stop = stop.clone();
                connections.spawn(async move { stop.run_until_cancelled(passing).await });
            }
        });
        Self {
            port,
            certificate: identity.certificate,
            _stop_on_drop: stop_on_drop,
        }
    }

    /// Where clients find the platform.
    pub(super) fn base_url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The configuration, with trust in this front.
    pub(super) fn trusted_in(&self, configuration: &str) -> String {
        let trust = format!("[[platforms]]\nca_file = '{}'", self.certificate.display());
        configuration.replacen("[[platforms]]", &trust, 1)
    }
}

/// A connection that breaks breaks on both sides; there is nobody to tell.
async fn pass_on(acceptor: TlsAcceptor, stream: TcpStream, address: String) {
    let (Ok(mut client), Ok(mut platform)) = (
        acceptor.accept(stream).await,
        TcpStream::connect(address).await,
    ) else {
        return;
    };
    tokio::io::copy_bidirectional(&mut client, &mut platform)
        .await
        .ok();
}

fn server_configuration(identity: &SelfSigned) -> ServerConfig {
    let certificate = CertificateDer::from_pem_file(&identity.certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&identity.key).expect("a key");
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the key fits the certificate")
}
