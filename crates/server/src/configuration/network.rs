//! Where the API may listen.

use super::keys::{HTTP_BEHIND_PROXY, HTTP_LISTEN};
use super::{ConfigurationError, HttpSettings};

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
