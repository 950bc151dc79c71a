//! Where spans are sent.

use super::reading::Settings;
use super::{ConfigurationError, keys};
use http::{HeaderValue, Uri};
use telemetry::traces::TraceOptions;

pub(super) fn read(settings: &Settings) -> Result<Option<TraceOptions>, ConfigurationError> {
    let ratio: f64 = settings.parse(&keys::TRACES_SAMPLE_RATIO)?;
    if !(0.0..=1.0).contains(&ratio) {
        let rule = format!("must be {}", keys::TRACES_SAMPLE_RATIO.form);
        return Err(settings.wrong(&keys::TRACES_SAMPLE_RATIO, &rule));
    }
    let authorization = settings
        .secret(&keys::TRACES_AUTHORIZATION)?
        .map(|secret| {
            let value = HeaderValue::from_str(secret.expose());
            value.map_err(|_| {
                let rule = format!("must be {}", keys::TRACES_AUTHORIZATION.form);
                settings.wrong(&keys::TRACES_AUTHORIZATION, &rule)
            })
        })
        .transpose()?
        .map(|mut value| {
            value.set_sensitive(true);
            value
        });
    if settings.text(&keys::TRACES_ENDPOINT) == "off" {
        return Ok(None);
    }
    let endpoint: Uri = settings.parse(&keys::TRACES_ENDPOINT)?;
    let is_complete = matches!(endpoint.scheme_str(), Some("http" | "https"))
        && endpoint.host().is_some()
        && endpoint.path() != "/";
    // A password in the address would be seen wherever the address is.
    let has_password = endpoint
        .authority()
        .is_some_and(|it| it.as_str().contains('@'));
    if !is_complete || has_password {
        let rule = format!("must be {}", keys::TRACES_ENDPOINT.form);
        return Err(settings.wrong(&keys::TRACES_ENDPOINT, &rule));
    }
    Ok(Some(TraceOptions {
        endpoint,
        authorization,
        sample_ratio: ratio,
    }))
}
