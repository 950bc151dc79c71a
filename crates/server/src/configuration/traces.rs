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
    // A password in the address would be seen wherever the address is, in an error, too.
    if settings.text(&keys::TRACES_ENDPOINT).contains('@') {
        return Err(ConfigurationError(format!(
            "`{}` ({}) must hold no user and no password; `{}` is for what the collector wants to see",
            keys::TRACES_ENDPOINT.path,
            keys::TRACES_ENDPOINT.variable,
            keys::TRACES_AUTHORIZATION.path,
        )));
    }
    let endpoint: Uri = settings.parse(&keys::TRACES_ENDPOINT)?;
    let is_complete = matches!(endpoint.scheme_str(), Some("http" | "https"))
        && endpoint.host().is_some()
        && endpoint.path() != "/";
    if !is_complete {
        let rule = format!("must be {}", keys::TRACES_ENDPOINT.form);
        return Err(settings.wrong(&keys::TRACES_ENDPOINT, &rule));
    }
    Ok(Some(TraceOptions {
        endpoint,
        authorization,
        sample_ratio: ratio,
    }))
}
