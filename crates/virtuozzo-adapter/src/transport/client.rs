//! The HTTP client of one platform: pooled connections, rustls with ring, trust anchors of the
//! machine and those that are configured.

use super::request_body::WatchedBody;
use crate::configuration::{ConfigurationError, PlatformConfiguration, ResolvedUrls};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::sync::Arc;
use std::time::Duration;

pub(super) type HttpClient = Client<HttpsConnector<HttpConnector>, WatchedBody>;

/// Gateways usually drop idle connections after a minute; dropping them earlier on our side avoids
/// sending a mutation into a connection that is just being closed.
const IDLE_CONNECTION_LIFETIME: Duration = Duration::from_secs(20);
/// Long calls are silent for minutes; probes keep the path through routers open.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// What the kernel has taken from us but cannot deliver must not arrive much later: the connection
/// is given up when sent data stays unacknowledged for this long.
const UNACKNOWLEDGED: Duration = Duration::from_secs(4);

pub(super) fn build(
    platform: &PlatformConfiguration,
    urls: &ResolvedUrls,
) -> Result<HttpClient, ConfigurationError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(platform.connect_timeout));
    tcp.set_keepalive(Some(KEEPALIVE));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
    // Plain http is allowed or refused where the URLs are checked, by host.
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls(platform, urls)?)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE_CONNECTION_LIFETIME)
        .pool_max_idle_per_host(platform.concurrency.global)
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .build(connector))
}

fn tls(
    platform: &PlatformConfiguration,
    urls: &ResolvedUrls,
) -> Result<ClientConfig, ConfigurationError> {
    let mut roots = RootCertStore::empty();
    if urls.any_is_encrypted() {
        // Reading the machine's store takes a while; a platform on loopback does without.
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(error = %error, "some trust anchors of this machine cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
    }
    add_configured(platform, &mut roots)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the ring provider supports the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// Whether the configured trust anchors can be read.
pub(crate) fn check_trust_anchors(
    platform: &PlatformConfiguration,
) -> Result<(), ConfigurationError> {
    add_configured(platform, &mut RootCertStore::empty())
}

fn add_configured(
    platform: &PlatformConfiguration,
    roots: &mut RootCertStore,
) -> Result<(), ConfigurationError> {
    let Some(pem) = &platform.trusted_ca_pem else {
        return Ok(());
    };
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| {
            platform.wrong(
                "trusted_ca_pem",
                format!("must hold readable certificates ({error})"),
            )
        })?;
        count += 1;
    }
    if count == 0 {
        return Err(platform.wrong("trusted_ca_pem", "must hold at least one PEM certificate"));
    }
    Ok(())
}
