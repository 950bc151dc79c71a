//! How people come to have accounts and stay signed in.

use super::reading::Settings;
use super::{ConfigurationError, HttpSettings, keys};
use application::Registration;
use delivery_adapter::Links;
use domain::limits;
use std::time::Duration;

/// Accounts of people.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// Where people and programs reach this service: `https`, or `http` on this machine.
    pub public_url: String,
    /// The same, for links in mails.
    pub links: Links,
    /// Who may make an account.
    pub registration: Registration,
    /// Whether owners need a second factor before they connect a platform account.
    pub second_factor_for_owners: bool,
    /// After how long an unused session ends.
    pub session_idle: Duration,
}

/// Reads and checks them.
pub(super) fn read(
    settings: &Settings,
    http: &HttpSettings,
) -> Result<AccountSettings, ConfigurationError> {
    let (public_url, links) = read_public_url(settings, http)?;
    let registration = match settings.text(&keys::ACCOUNTS_REGISTRATION).as_str() {
        "open" => Registration::Open,
        "invited" => Registration::Invited,
        _ => {
            return Err(settings.wrong(&keys::ACCOUNTS_REGISTRATION, "must be open or invited"));
        }
    };
    let session_idle = settings.duration(&keys::ACCOUNTS_SESSION_IDLE)?;
    if session_idle < limits::LAST_USED_PRECISION * 2 || session_idle > limits::SESSION_LIFETIME {
        let rule =
            "must be between 2m and 12h: uses are noted once a minute, and no session lives longer";
        return Err(settings.wrong(&keys::ACCOUNTS_SESSION_IDLE, rule));
    }
    Ok(AccountSettings {
        public_url,
        links,
        registration,
        second_factor_for_owners: settings.parse(&keys::ACCOUNTS_SECOND_FACTOR_FOR_OWNERS)?,
        session_idle,
    })
}

/// Tokens and cookies never travel in clear over a network.
fn read_public_url(
    settings: &Settings,
    http: &HttpSettings,
) -> Result<(String, Links), ConfigurationError> {
    let key = &keys::HTTP_PUBLIC_URL;
    let Some(public_url) = settings.optional_text(key) else {
        if !http.listen.ip().is_loopback() {
            let rule = "must be set when `http.listen` is no loopback address: mails link to it";
            return Err(settings.wrong(key, rule));
        }
        let scheme = http.scheme();
        let public_url = format!("{scheme}://{}", http.listen);
        let links = Links::below(&public_url);
        let links = links.map_err(|error| settings.wrong(key, error.rule()))?;
        return Ok((public_url, links));
    };
    let links = Links::below(&public_url).map_err(|error| settings.wrong(key, error.rule()))?;
    if !links.is_safe() {
        let rule = "must begin with https:// unless it is a loopback address: tokens would travel in clear";
        return Err(settings.wrong(key, rule));
    }
    Ok((public_url.trim_end_matches('/').to_owned(), links))
}
