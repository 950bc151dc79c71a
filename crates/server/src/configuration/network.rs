//! Where the API may listen, and whom it believes.

use super::keys::{HTTP_BEHIND_PROXY, HTTP_LISTEN, HTTP_TRUSTED_PROXIES};
use super::reading::Settings;
use super::{ConfigurationError, HttpSettings};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// Tokens never travel in clear over a network: a non-loopback address needs a proxy that speaks TLS.
pub(super) fn check_binding(http: &HttpSettings) -> Result<(), ConfigurationError> {
    if http.listen.ip().is_loopback() || http.is_behind_proxy {
        return Ok(());
    }
    Err(ConfigurationError(format!(
        "`{}` ({}) must be a loopback address unless `{}` is true: tokens would travel in clear",
        HTTP_LISTEN.path, http.listen, HTTP_BEHIND_PROXY.path
    )))
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
