//! The way that mails take, as configured.

use super::StartError;
use crate::configuration::{Configuration, MailWay};
use delivery_adapter::{MailQueue, MailRoute, MailSender, Outbox, SmtpTransport, mail_queue};
use domain::ports::{Clock, IdSource};
use std::sync::Arc;

/// A queue for use cases, and who empties it: run that on a task of its own.
pub(super) fn mail(
    configuration: &Configuration,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
) -> Result<(MailQueue, MailSender), StartError> {
    let settings = &configuration.mail;
    let route = match &settings.way {
        MailWay::Outbox(folder) => MailRoute::Outbox(Outbox::open(folder)?),
        MailWay::Smtp(server) => {
            MailRoute::Smtp(Box::new(SmtpTransport::new(server, &settings.from, None)?))
        }
    };
    Ok(mail_queue(
        route,
        settings.from.clone(),
        configuration.accounts.links.clone(),
        clock,
        ids,
    ))
}
