//! Making one connection to PostgreSQL: TLS, timeouts and session settings.

use crate::options::{OpenError, PostgresOptions};
use crate::postgres::PostgresConnection;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::SimpleAsyncConnection;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A transaction of ours never waits for anything but the database. One that idles this long belongs
/// to a frozen process, and would keep others from taking over its jobs.
const IDLE_TRANSACTION_MAX: Duration = Duration::from_secs(5);
/// After this long without an answer of the peer's network stack a connection counts as dead.
const NETWORK_SILENCE_MAX: Duration = Duration::from_secs(10);

/// Everything needed to connect.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: Option<Arc<ClientConfig>>,
    settings: String,
    timeout: Duration,
}

impl Connector {
    pub(crate) fn new(options: &PostgresOptions) -> Result<Self, OpenError> {
        // Certificates are always verified in full, so these modes are the strict one here.
        let url = ["sslmode=verify-full", "sslmode=verify-ca"]
            .iter()
            .fold(options.url.expose().to_owned(), |url, mode| {
                url.replace(mode, "sslmode=require")
            });
        let mut config: Config = url.parse().map_err(|_| OpenError::InvalidUrl)?;
        config
            .application_name("windlass")
            .keepalives_idle(NETWORK_SILENCE_MAX)
            .tcp_user_timeout(NETWORK_SILENCE_MAX);
        let tls = if config.get_ssl_mode() == SslMode::Require {
            Some(Arc::new(tls_config(
                options.root_certificates_pem.as_deref(),
            )?))
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        let settings = format!(
            "SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
             SET enable_bitmapscan = off",
            options.statement_timeout.as_millis(),
            IDLE_TRANSACTION_MAX.as_millis()
        );
        Ok(Self {
            config,
            tls,
            settings,
            timeout: options.connect_timeout,
        })
    }

    pub(crate) async fn connect(&self) -> ConnectionResult<PostgresConnection> {
        tokio::time::timeout(self.timeout, self.connect_patiently())
            .await
            .unwrap_or_else(|_| {
                let message = "connecting took too long".to_owned();
                Err(ConnectionError::BadConnection(message))
            })
    }

    async fn connect_patiently(&self) -> ConnectionResult<PostgresConnection> {
        let mut connection = if let Some(tls) = &self.tls {
            let tls = MakeRustlsConnect::new(ClientConfig::clone(tls));
            let connecting = self.config.connect(tls).await;
            let (client, driver) = connecting.map_err(|error| bad_connection(&error))?;
            PostgresConnection::try_from_client_and_connection(client, driver).await?
        } else {
            let connecting = self.config.connect(NoTls).await;
            let (client, driver) = connecting.map_err(|error| bad_connection(&error))?;
            PostgresConnection::try_from_client_and_connection(client, driver).await?
        };
        connection
            .batch_execute(&self.settings)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }
}

/// The driver's error keeps the reason (authentication, TLS, name resolution) in its source.
fn bad_connection(error: &tokio_postgres::Error) -> ConnectionError {
    let reason = std::error::Error::source(error).map(ToString::to_string);
    ConnectionError::BadConnection(match reason {
        Some(reason) => format!("{error}: {reason}"),
        None => error.to_string(),
    })
}

fn tls_config(root_certificates_pem: Option<&[u8]>) -> Result<ClientConfig, OpenError> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = root_certificates_pem {
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| OpenError::InvalidCertificates)?;
            roots
                .add(certificate)
                .map_err(|_| OpenError::InvalidCertificates)?;
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(OpenError::InvalidCertificates);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Unavailable(Box::new(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}
