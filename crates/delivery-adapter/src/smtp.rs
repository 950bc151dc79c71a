//! Mail to an SMTP server: one connection for each mail. It sends once and says what came of it; whether
//! to try again is for others.

use crate::letter::{Letter, MailFrom};
use crate::smtp_server::{SmtpEncryption, SmtpServer};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Severity;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::Duration;

#[cfg(test)]
pub(crate) mod test_server;
#[cfg(test)]
mod tests;

/// How long the server may take for each answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// How long one attempt may take in all.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// The mail server cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the mail server cannot be set up")]
pub struct SmtpSetUpError(#[source] lettre::transport::smtp::Error);

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SmtpFailure {
    /// The server will never take it. Its words may hold addresses, so only the code is told.
    #[error("the mail server refused it with {0}")]
    Refused(u16),
    /// The server may take it later.
    #[error("the mail server put it off with {0}")]
    PutOff(u16),
    /// Nothing came of it.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// The connection could not be made, or broke.
    #[error("the connection to the mail server failed")]
    Connection(#[source] lettre::transport::smtp::Error),
}

impl SmtpFailure {
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// The way to one mail server.
#[derive(Clone)]
pub struct SmtpTransport {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpTransport {
    /// A way to the server, trusting the machine's certificates, or only the given ones.
    pub fn new(
        server: &SmtpServer,
        from: &MailFrom,
        root_certificates_pem: Option<&[u8]>,
    ) -> Result<Self, SmtpSetUpError> {
        let tls = match server.encryption {
            SmtpEncryption::None => Tls::None,
            SmtpEncryption::StartTls => Tls::Required(trust(server, root_certificates_pem)?),
            SmtpEncryption::Tls => Tls::Wrapper(trust(server, root_certificates_pem)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(ANSWER_TIMEOUT))
            .hello_name(ClientId::Domain(from.domain().to_owned()));
        if let Some((user, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(
                user.expose().to_owned(),
                password.expose().to_owned(),
            ));
        }
        Ok(Self {
            transport: builder.build(),
        })
    }

    /// One attempt. When it fails without an answer the server may have taken the mail all the same: a
    /// mail may come twice.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), SmtpFailure> {
        let bytes = letter.as_bytes();
        let sending = self.transport.send_raw(letter.message.envelope(), &bytes);
        match tokio::time::timeout(ATTEMPT_TIMEOUT, sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure_of(error)),
            Err(_) => Err(SmtpFailure::Timeout),
        }
    }
}

fn trust(
    server: &SmtpServer,
    root_certificates_pem: Option<&[u8]>,
) -> Result<TlsParameters, SmtpSetUpError> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = root_certificates_pem {
        let certificate = Certificate::from_pem(pem).map_err(SmtpSetUpError)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(SmtpSetUpError)
}

fn failure_of(error: lettre::transport::smtp::Error) -> SmtpFailure {
    match error.status() {
        Some(code) if code.severity == Severity::PermanentNegativeCompletion => {
            SmtpFailure::Refused(code.into())
        }
        Some(code) => SmtpFailure::PutOff(code.into()),
        None => SmtpFailure::Connection(error),
    }
}
