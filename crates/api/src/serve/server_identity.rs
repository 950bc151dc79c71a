//! What the API shows to those who connect by TLS. The certificate can be replaced while the service runs: who
//! connects later is shown the new one, and open connections go on.

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, ServerConfig};
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::TlsAcceptor;

/// Why a certificate and a key are not fit for use. Repeats nothing of either.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No certificate in the PEM.
    #[error("there is no certificate in PEM form")]
    NoCertificate,
    /// No key in the PEM.
    #[error("there is no private key in PEM form")]
    NoKey,
    /// The key cannot be used, or is that of another certificate.
    #[error(
        "the private key does not belong to the certificate, or is of a kind that cannot be used"
    )]
    Unfit,
    /// The protocol cannot be set up.
    #[error("TLS cannot be set up")]
    SetUp(#[source] rustls::Error),
}

/// A certificate with its key, and the protocol around them: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
#[derive(Clone)]
pub struct ServerIdentity {
    current: Arc<CurrentCertificate>,
    acceptor: TlsAcceptor,
}

#[derive(Debug)]
struct CurrentCertificate(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for CurrentCertificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&current))
    }
}

impl ServerIdentity {
    /// From a chain of certificates, the service's own first, and its key, both in PEM form.
    pub fn new(chain: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let certified = certified(chain, key)?;
        let current = Arc::new(CurrentCertificate(RwLock::new(Arc::new(certified))));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(IdentityError::SetUp)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<CurrentCertificate>::clone(&current));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            current,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Shows another certificate from now on. The one before stays when this one is not fit for use.
    pub fn replace(&self, chain: &[u8], key: &[u8]) -> Result<(), IdentityError> {
        let certified = Arc::new(certified(chain, key)?);
        let mut current = self
            .current
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = certified;
        Ok(())
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

fn certified(chain: &[u8], key: &[u8]) -> Result<CertifiedKey, IdentityError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(|_| IdentityError::NoCertificate)?;
    if chain.is_empty() {
        return Err(IdentityError::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| IdentityError::NoKey)?;
    let key = ring::sign::any_supported_type(&key).map_err(|_| IdentityError::Unfit)?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        // A kind of key that cannot tell is taken as it is.
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        Err(_) => Err(IdentityError::Unfit),
    }
}
