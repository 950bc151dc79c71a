//! Which mail server, and how it is reached safely. It opens no connection.

use crate::letter::MailSettingError;
use domain::SecretText;
use url::{Host, Url};

#[cfg(test)]
mod tests;

const PORT_SUBMISSION: u16 = 587;
const PORT_SUBMISSIONS: u16 = 465;

/// How the connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpEncryption {
    /// From the first byte.
    Tls,
    /// After `STARTTLS`, without which nothing is sent.
    StartTls,
    /// Not at all: only to this machine.
    None,
}

/// A mail server.
#[derive(Clone)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: SmtpEncryption,
    /// User and password, when it asks for them.
    pub credentials: Option<(SecretText, SecretText)>,
}

impl SmtpServer {
    /// Reads `smtp://user:password@mail.example.com:587` (encrypted by `STARTTLS`; not at all to a
    /// loopback address) or `smtps://…` (encrypted from the start). What stands for user and password
    /// is percent-encoded.
    pub fn parse(url: &SecretText) -> Result<Self, MailSettingError> {
        let form = MailSettingError::new(
            "must be a URL such as smtp://user:password@mail.example.com:587 or smtps://…",
        );
        let url = Url::parse(url.expose()).map_err(|_| form)?;
        let host = url.host().ok_or(form)?;
        let (encryption, port) = match url.scheme() {
            "smtps" => (SmtpEncryption::Tls, PORT_SUBMISSIONS),
            "smtp" if is_loopback(&host) => (SmtpEncryption::None, PORT_SUBMISSION),
            "smtp" => (SmtpEncryption::StartTls, PORT_SUBMISSION),
            _ => return Err(form),
        };
        let is_plain =
            matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !is_plain {
            return Err(form);
        }
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => {
                return Err(MailSettingError::new(
                    "must have both a user and a password, or neither",
                ));
            }
            (user, Some(password)) => Some((
                percent_decoded(user).ok_or(form)?,
                percent_decoded(password).ok_or(form)?,
            )),
        };
        Ok(Self {
            host: host_text(&host),
            port: url.port().unwrap_or(port),
            encryption,
            credentials,
        })
    }
}

fn host_text(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => (*name).to_owned(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}

/// `smtp` is no scheme whose hosts the parser knows, so an address may come as a name.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            *name == "localhost"
                || (name.parse::<std::net::IpAddr>()).is_ok_and(|address| address.is_loopback())
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn percent_decoded(text: &str) -> Option<SecretText> {
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = std::str::from_utf8(&bytes).ok()?;
    Some(SecretText::new(text.to_owned()))
}
