//! A mail as it goes out: headers and text in one. What people have named is text in it and never a
//! header of its own.

use crate::texts;
use domain::SecretText;
use domain::ports::Mail;
use jiff::Timestamp;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::message::{Body, Mailbox};
use lettre::{Address, Message};
use std::fmt;
use std::time::{Duration, SystemTime};
use url::{Host, Url};
use uuid::Uuid;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// Longest line that mail servers carry unchanged: 998 bytes (RFC 5322, section 2.1.1), with room.
const LINE_LENGTH_MAX_BYTES: usize = 900;

/// A setting of the mail that is not right; a rule without the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct MailSettingError {
    rule: &'static str,
}

impl MailSettingError {
    pub(crate) fn new(rule: &'static str) -> Self {
        Self { rule }
    }

    /// The rule that was broken.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFrom(Mailbox);

impl MailFrom {
    /// Reads `Windlass <windlass@example.com>` or the address alone.
    pub fn parse(text: &str) -> Result<Self, MailSettingError> {
        let rule = "must be an address such as Windlass <windlass@example.com>";
        let is_one_line = !text.chars().any(char::is_control);
        match text.parse() {
            Ok(mailbox) if is_one_line => Ok(Self(mailbox)),
            _ => Err(MailSettingError::new(rule)),
        }
    }

    /// What we call ourselves towards other mail servers.
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl fmt::Display for MailFrom {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Where links lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links(Url);

impl Links {
    /// Links below the public address of this service.
    pub fn below(public_url: &str) -> Result<Self, MailSettingError> {
        let rule = "must be a URL such as https://windlass.example.com, without query and fragment";
        let mut url = Url::parse(public_url).map_err(|_| MailSettingError::new(rule))?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !is_plain {
            return Err(MailSettingError::new(rule));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }

    /// Whether nobody on the way to the service can read along: `https`, or this machine.
    pub fn is_safe(&self) -> bool {
        self.0.scheme() == "https"
            || match self.0.host() {
                Some(Host::Domain(name)) => name == "localhost",
                Some(Host::Ipv4(address)) => address.is_loopback(),
                Some(Host::Ipv6(address)) => address.is_loopback(),
                None => false,
            }
    }

    /// The service itself.
    pub(crate) fn root(&self) -> &str {
        self.0.as_str()
    }

    /// A page that takes a token. The token stands behind `#`: browsers send it to no server, so it is
    /// in no log.
    pub(crate) fn to(&self, page: &str, token: &SecretText) -> String {
        format!("{}{page}#token={}", self.0, token.expose())
    }
}

/// A mail, ready to be handed over.
pub(crate) struct Letter {
    pub(crate) id: Uuid,
    pub(crate) written_at: Timestamp,
    /// What it is about, for the log.
    pub(crate) name: &'static str,
    pub(crate) message: Message,
}

/// How the text is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writing {
    /// As it is: for eyes and programs that read the file.
    Plain,
    /// So that it passes any mail server.
    Safe,
}

/// Why a letter cannot be written; nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the mail cannot be written down")]
pub(crate) struct Unwritable;

impl Letter {
    pub(crate) fn write(
        mail: &Mail,
        from: &MailFrom,
        links: &Links,
        writing: Writing,
        id: Uuid,
        now: Timestamp,
    ) -> Result<Self, Unwritable> {
        let to: Address = mail.to.as_str().parse().map_err(|_| Unwritable)?;
        let text = texts::body_of(&mail.message, links);
        let message = Message::builder()
            .from(from.0.clone())
            .to(Mailbox::new(None, to))
            .subject(texts::subject_of(&mail.message))
            .date(system_time(now))
            .message_id(Some(format!("<{id}@{}>", from.domain())))
            // Nobody's absence note answers it.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(body(&text, writing))
            .map_err(|_| Unwritable)?;
        Ok(Self {
            id,
            written_at: now,
            name: texts::name_of(&mail.message),
            message,
        })
    }

    /// The whole mail as bytes.
    pub(crate) fn as_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.message.formatted())
    }
}

fn system_time(time: Timestamp) -> SystemTime {
    let seconds = u64::try_from(time.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// As it is wherever that is possible: a link that is broken over two lines is one that people copy
/// wrongly.
fn body(text: &str, writing: Writing) -> Body {
    let is_short = text.lines().all(|line| line.len() <= LINE_LENGTH_MAX_BYTES);
    let encoding = match writing {
        _ if text.is_ascii() && is_short => ContentTransferEncoding::SevenBit,
        Writing::Plain => ContentTransferEncoding::EightBit,
        Writing::Safe => return Body::new(text.to_owned()),
    };
    Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), encoding)
}
