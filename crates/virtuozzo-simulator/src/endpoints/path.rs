//! From the path of a request to a service and a method.
//!
//! It must not know which services there are.

use crate::platform::Profile;

/// `namespace/service` and the method in lower case.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Named {
    pub(super) service: String,
    pub(super) method: String,
}

/// Reads `/1.0/<namespace>/<service>/rest/<method>` in any case, and the aliases by which the
/// dashboard calls the same methods. Doubled and trailing slashes are forgiven where something
/// may be made up.
pub(super) fn read(path: &str, profile: Profile) -> Option<Named> {
    let lower = path.to_ascii_lowercase();
    let tidy = match profile {
        Profile::Faithful => lower,
        Profile::Convenient => {
            let segments: Vec<&str> = lower.split('/').filter(|part| !part.is_empty()).collect();
            format!("/{}", segments.join("/"))
        }
    };
    let (prefix, rest) = tidy.strip_prefix('/')?.split_once('/')?;
    let (service, method) = rest.split_once("/rest/")?;
    let service = match (prefix, service.strip_prefix("env/")) {
        ("jelastic", Some(environment_service)) => format!("environment/{environment_service}"),
        ("1.0" | "jelastic", _) => service.to_owned(),
        ("jbilling", _) if service.starts_with("billing/") => service.to_owned(),
        _ => return None,
    };
    let method = method.to_owned();
    Some(Named { service, method })
}

#[cfg(test)]
mod tests;
