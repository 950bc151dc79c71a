//! How mails leave.

use super::reading::Settings;
use super::{ConfigurationError, keys};
use delivery_adapter::{MailFrom, SmtpServer};
use std::path::{Path, PathBuf};

/// Which way mails take.
#[derive(Clone)]
pub enum MailWay {
    /// Into a folder.
    Outbox(PathBuf),
    /// To a mail server; it holds a password.
    Smtp(Box<SmtpServer>),
}

/// The mails.
#[derive(Clone)]
pub struct MailSettings {
    /// Which way they take.
    pub way: MailWay,
    /// Who sends them.
    pub from: MailFrom,
}

/// Reads and checks them.
pub(super) fn read(
    settings: &Settings,
    data_dir: &Path,
) -> Result<MailSettings, ConfigurationError> {
    let from = MailFrom::parse(&settings.text(&keys::MAIL_FROM))
        .map_err(|error| settings.wrong(&keys::MAIL_FROM, error.rule()))?;
    let way = match settings.secret(&keys::MAIL_SMTP_URL)? {
        None => MailWay::Outbox(match settings.optional_text(&keys::MAIL_OUTBOX) {
            Some(folder) => PathBuf::from(folder),
            None => data_dir.join("outbox"),
        }),
        Some(url) => {
            let server = SmtpServer::parse(&url)
                .map_err(|error| settings.wrong(&keys::MAIL_SMTP_URL, error.rule()))?;
            if settings.is_default(&keys::MAIL_FROM) {
                let rule =
                    "must be set when `mail.smtp_url` is: mail servers refuse made-up senders";
                return Err(settings.wrong(&keys::MAIL_FROM, rule));
            }
            if settings.optional_text(&keys::MAIL_OUTBOX).is_some() {
                let rule = "cannot be set together with `mail.smtp_url`; keep one";
                return Err(settings.wrong(&keys::MAIL_OUTBOX, rule));
            }
            MailWay::Smtp(Box::new(server))
        }
    };
    Ok(MailSettings { way, from })
}
