//! One connection for one message.

use bytes::Bytes;
use domain::ports::WebhookSendError;
use futures::future::{Either, select};
use http::Request;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Of all the addresses that a host has.
const ADDRESSES_TRIED: usize = 3;

/// Whose certificates are believed; read when they are first needed.
pub(super) struct TrustAnchors {
    config: OnceLock<Arc<ClientConfig>>,
}

impl TrustAnchors {
    pub(super) fn of_this_machine() -> Self {
        Self {
            config: OnceLock::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn only(roots: RootCertStore) -> Self {
        Self {
            config: OnceLock::from(client_config(roots)),
        }
    }

    fn config(&self) -> Arc<ClientConfig> {
        let config = self.config.get_or_init(|| {
            let found = rustls_native_certs::load_native_certs();
            for error in &found.errors {
                tracing::warn!(error = %error, "some trust anchors of this machine cannot be read");
            }
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(found.certs);
            client_config(roots)
        });
        Arc::clone(config)
    }
}

fn client_config(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// The first of the addresses that answers.
pub(super) async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, WebhookSendError> {
    for address in addresses.iter().take(ADDRESSES_TRIED) {
        let connecting = TcpStream::connect(address);
        if let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_WITHIN, connecting).await {
            return Ok(stream);
        }
    }
    Err(WebhookSendError::Unreachable)
}

/// The certificate must be that of the host in the URL, whatever address was connected to.
pub(super) async fn encrypt(
    stream: TcpStream,
    url: &Url,
    trust: &TrustAnchors,
) -> Result<TlsStream<TcpStream>, WebhookSendError> {
    let name = match url.host().ok_or(WebhookSendError::Encryption)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()),
        Host::Ipv4(address) => Ok(ServerName::IpAddress(address.into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress(address.into())),
    };
    let name = name.map_err(|_| WebhookSendError::Encryption)?;
    let connector = TlsConnector::from(trust.config());
    let encrypted = connector.connect(name, stream).await;
    encrypted.map_err(|_| WebhookSendError::Encryption)
}

/// Sends the request and reads the head of the answer; its body is nobody's business.
pub(super) async fn exchange<Stream>(
    stream: Stream,
    request: Request<Full<Bytes>>,
) -> Result<u16, WebhookSendError>
where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let lost = |_| WebhookSendError::NoAnswer;
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(lost)?;
    let exchange = pin!(sender.send_request(request));
    // The connection moves the bytes. It may end with the answer, or without one, which the exchange then knows.
    let answer = match select(exchange, pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((_, exchange)) => exchange.await,
    };
    Ok(answer.map_err(lost)?.status().as_u16())
}
