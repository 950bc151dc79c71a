//! The roots of the platform's services, checked, and paths joined to them without string tricks.

use super::{ConfigurationError, PlatformConfiguration};
use crate::endpoint::{Endpoint, Service};
use url::{Host, Url};

/// Roots of single services; the base URL stands in for the absent ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceUrls {
    /// `environment/control`, `environment/tracking` and other environment services.
    pub environment: Option<String>,
    /// `marketplace/…`.
    pub marketplace: Option<String>,
    /// `environment/binder`.
    pub binder: Option<String>,
    /// `development/scripting`.
    pub script: Option<String>,
    /// `users/…`.
    pub signin: Option<String>,
    /// `billing/…`.
    pub billing: Option<String>,
}

/// Checked roots, one for each service.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedUrls {
    roots: [Url; Service::ALL.len()],
}

impl ResolvedUrls {
    pub(crate) fn of(platform: &PlatformConfiguration) -> Result<Self, ConfigurationError> {
        let base = root(platform, "base_url", &platform.base_url)?;
        let mut roots = [const { None }; Service::ALL.len()];
        for service in Service::ALL {
            let (key, configured) = configured(&platform.service_urls, *service);
            roots[*service as usize] = configured
                .map(|text| root(platform, key, text))
                .transpose()?;
        }
        Ok(Self {
            roots: roots.map(|root| root.unwrap_or_else(|| base.clone())),
        })
    }

    /// The address of an endpoint. It never carries a query.
    pub(crate) fn of_endpoint(&self, endpoint: Endpoint) -> Url {
        let mut url = self.roots[endpoint.service() as usize].clone();
        url.path_segments_mut()
            .expect("only http and https roots are accepted, and both can be a base")
            .extend(endpoint.path().split('/'));
        url
    }

    /// Whether any root needs TLS.
    pub(crate) fn any_is_encrypted(&self) -> bool {
        self.roots.iter().any(|root| root.scheme() == "https")
    }
}

fn configured(urls: &ServiceUrls, service: Service) -> (&'static str, Option<&String>) {
    match service {
        Service::Environment => ("service_urls.environment", urls.environment.as_ref()),
        Service::Marketplace => ("service_urls.marketplace", urls.marketplace.as_ref()),
        Service::Binder => ("service_urls.binder", urls.binder.as_ref()),
        Service::Script => ("service_urls.script", urls.script.as_ref()),
        Service::SignIn => ("service_urls.signin", urls.signin.as_ref()),
        Service::Billing => ("service_urls.billing", urls.billing.as_ref()),
    }
}

/// Parses a root and makes sure that it ends in `/1.0`, without a trailing slash.
fn root(
    platform: &PlatformConfiguration,
    key: &'static str,
    text: &str,
) -> Result<Url, ConfigurationError> {
    // The parser drops or mends these in silence, and what it makes of them is not what was meant.
    if text.contains(|character: char| {
        character.is_control() || character.is_whitespace() || character == '\\'
    }) {
        return Err(platform.wrong(
            key,
            "must not hold blanks, control characters or backslashes",
        ));
    }
    let mut url = Url::parse(text)
        .map_err(|error| platform.wrong(key, format!("must be an absolute URL ({error})")))?;
    match url.scheme() {
        "https" => {}
        "http" if platform.allow_plain_http || is_loopback(&url) => {}
        "http" => {
            return Err(platform.wrong(
                key,
                "must be https: session keys travel in requests (or set `allow_plain_http`)",
            ));
        }
        _ => return Err(platform.wrong(key, "must be an http or https URL")),
    }
    if names_a_user(text) || !url.username().is_empty() {
        return Err(platform.wrong(key, "must not hold a user or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(platform.wrong(key, "must not have a query or a fragment"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    if !path.ends_with("/1.0") {
        url.path_segments_mut()
            .expect("http and https URLs can be a base")
            .pop_if_empty()
            .push("1.0");
    }
    Ok(url)
}

/// Whether there is a user in front of the host, even an empty one, which a parsed URL forgets.
fn names_a_user(text: &str) -> bool {
    let after_scheme = text.split_once("//").map_or(text, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next();
    authority.is_some_and(|authority| authority.contains('@'))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
