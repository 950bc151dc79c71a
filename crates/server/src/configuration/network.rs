//! Where the API may listen, and whom it believes.

use super::keys::{
    HTTP_ALLOWED_ORIGINS, HTTP_BEHIND_PROXY, HTTP_LISTEN, HTTP_TLS_CERTIFICATE, HTTP_TLS_KEY,
    HTTP_TRUSTED_PROXIES,
};
use super::reading::Settings;
use super::{ConfigurationError, HttpSettings, TlsFiles};
use http::HeaderValue;
use ipnet::IpNet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Tokens never travel in clear over a network: a non-loopback address needs TLS, ours or a proxy's.
pub(super) fn check_binding(http: &HttpSettings) -> Result<(), ConfigurationError> {
    if http.listen.ip().is_loopback() || http.is_behind_proxy || http.tls.is_some() {
        return Ok(());
    }
    Err(ConfigurationError(format!(
        "`{}` ({}) must be a loopback address unless `{}` is set or `{}` is true: tokens would travel in \
         clear",
        HTTP_LISTEN.path, http.listen, HTTP_TLS_CERTIFICATE.path, HTTP_BEHIND_PROXY.path
    )))
}

/// Both files, or none.
pub(super) fn read_tls(settings: &Settings) -> Result<Option<TlsFiles>, ConfigurationError> {
    let certificate = settings.optional_text(&HTTP_TLS_CERTIFICATE);
    let key = settings.optional_text(&HTTP_TLS_KEY);
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles {
            certificate: PathBuf::from(certificate),
            key: PathBuf::from(key),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(settings.wrong(&HTTP_TLS_KEY, "must be set with `http.tls_certificate`"))
        }
        (None, Some(_)) => {
            Err(settings.wrong(&HTTP_TLS_CERTIFICATE, "must be set with `http.tls_key`"))
        }
    }
}

/// Origins as browsers write them: a scheme, a host and perhaps a port, and nothing behind.
pub(super) fn read_allowed_origins(
    settings: &Settings,
) -> Result<Arc<[HeaderValue]>, ConfigurationError> {
    let Some(text) = settings.optional_text(&HTTP_ALLOWED_ORIGINS) else {
        return Ok(Arc::default());
    };
    let origins = text.split(',').map(|part| {
        let origin = part.trim();
        let host = ["https://", "http://"]
            .iter()
            .find_map(|scheme| origin.strip_prefix(scheme))
            .unwrap_or_default();
        let is_host =
            |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-.:[]".contains(it);
        let is_origin = !host.is_empty() && host.chars().all(is_host);
        HeaderValue::from_str(origin)
            .ok()
            .filter(|_| is_origin)
            .ok_or_else(|| {
                let rule = format!("must be {}", HTTP_ALLOWED_ORIGINS.form);
                settings.wrong(&HTTP_ALLOWED_ORIGINS, &rule)
            })
    });
    origins.collect()
}

/// Addresses and networks, separated by commas.
pub(super) fn read_trusted_proxies(
    settings: &Settings,
) -> Result<Arc<[IpNet]>, ConfigurationError> {
    let Some(text) = settings.optional_text(&HTTP_TRUSTED_PROXIES) else {
        return Ok(Arc::default());
    };
    let networks = text.split(',').map(|part| {
        let part = part.trim();
        let address = part.parse::<IpAddr>().map(IpNet::from);
        address.or_else(|_| part.parse::<IpNet>()).map_err(|_| {
            let rule = format!("must be {}", HTTP_TRUSTED_PROXIES.form);
            settings.wrong(&HTTP_TRUSTED_PROXIES, &rule)
        })
    });
    networks.collect()
}
