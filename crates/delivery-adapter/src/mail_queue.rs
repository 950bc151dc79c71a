//! Between who sends a mail and the way it takes: a bounded queue in memory, and patience with the mail
//! server. Whoever waits for a mail can ask for another one, so nothing is kept over a restart.

use crate::letter::{Letter, Links, MailFrom, Writing};
use crate::outbox::Outbox;
use crate::smtp::{SmtpFailure, SmtpTransport};
use crate::texts;
use domain::ports::{Clock, IdSource, Mail, Mailer};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// Mails that wait or are being sent: a minute's worth of a busy server. More are dropped.
const QUEUE_LENGTH: usize = 256;
/// Connections to the mail server at a time: few servers like more from one client.
const CONNECTIONS: usize = 4;
/// How long a mail is tried. Links in mails live little longer than that is a nuisance.
const PATIENCE: Duration = Duration::from_mins(5);
/// The first pause between two attempts; each further one is twice as long.
const BACKOFF_FIRST: Duration = Duration::from_secs(2);
const BACKOFF_MAX: Duration = Duration::from_mins(1);
/// How long mails that are being sent may take when the process stops.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Which way mails take.
#[derive(Clone)]
pub enum MailRoute {
    /// Into a folder.
    Outbox(Outbox),
    /// To a mail server.
    Smtp(Box<SmtpTransport>),
}

/// A mail and its place in the queue.
struct Waiting {
    mail: Mail,
    _place: OwnedSemaphorePermit,
}

/// Takes mails.
#[derive(Clone)]
pub struct MailQueue {
    sender: mpsc::UnboundedSender<Waiting>,
    places: Arc<Semaphore>,
}

/// Sends what the queue has taken; run it on a task of its own.
pub struct MailSender {
    receiver: mpsc::UnboundedReceiver<Waiting>,
    post: PostOffice,
}

/// Writes mails down and hands them over.
struct PostOffice {
    route: MailRoute,
    from: MailFrom,
    links: Links,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    connections: Semaphore,
}

/// A queue and who empties it.
pub fn mail_queue(
    route: MailRoute,
    from: MailFrom,
    links: Links,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
) -> (MailQueue, MailSender) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let queue = MailQueue {
        sender,
        places: Arc::new(Semaphore::new(QUEUE_LENGTH)),
    };
    let post = PostOffice {
        route,
        from,
        links,
        clock,
        ids,
        connections: Semaphore::new(CONNECTIONS),
    };
    let sender = MailSender { receiver, post };
    (queue, sender)
}

impl Mailer for MailQueue {
    fn enqueue(&self, mail: Mail) {
        let name = texts::name_of(&mail.message);
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            tracing::error!(mail = name, "the mail was dropped: too many are waiting");
            return;
        };
        let waiting = Waiting {
            mail,
            _place: place,
        };
        if self.sender.send(waiting).is_err() {
            tracing::error!(mail = name, "the mail was dropped: the process is stopping");
        }
    }
}

impl MailSender {
    /// Sends until the process stops, or until nobody can send any more; what is waiting at a stop gets
    /// one more attempt.
    pub async fn run(self, shutdown: CancellationToken) {
        let Self { mut receiver, post } = self;
        if let MailRoute::Outbox(outbox) = &post.route {
            tracing::info!(path = %outbox.folder().display(), "mails go into a folder");
        }
        let mut sending = FuturesUnordered::new();
        let mut is_open = true;
        while is_open || !sending.is_empty() {
            tokio::select! {
                () = shutdown.cancelled() => break,
                waiting = receiver.recv(), if is_open => match waiting {
                    Some(waiting) => sending.push(post.send(waiting, &shutdown)),
                    None => is_open = false,
                },
                Some(()) = sending.next(), if !sending.is_empty() => {}
            }
        }
        receiver.close();
        while let Ok(waiting) = receiver.try_recv() {
            sending.push(post.send(waiting, &shutdown));
        }
        let all_sent = async { while sending.next().await.is_some() {} };
        if tokio::time::timeout(STOP_PATIENCE, all_sent).await.is_err() {
            tracing::error!(count = sending.len(), "mails were not sent before the stop");
        }
    }
}

impl PostOffice {
    async fn send(&self, waiting: Waiting, shutdown: &CancellationToken) {
        let name = texts::name_of(&waiting.mail.message);
        let writing = match self.route {
            MailRoute::Outbox(_) => Writing::Plain,
            MailRoute::Smtp(_) => Writing::Safe,
        };
        let (id, now) = (self.ids.uuid(), self.clock.now());
        let letter = Letter::write(&waiting.mail, &self.from, &self.links, writing, id, now);
        match (letter, &self.route) {
            (Ok(letter), MailRoute::Outbox(outbox)) => put(outbox.clone(), letter).await,
            (Ok(letter), MailRoute::Smtp(smtp)) => self.insist(smtp, &letter, shutdown).await,
            (Err(error), _) => {
                tracing::error!(mail = name, error = %error, "a mail was given up");
            }
        }
    }

    /// Tries until the server takes it or refuses it for good, or until patience ends.
    async fn insist(&self, smtp: &SmtpTransport, letter: &Letter, shutdown: &CancellationToken) {
        let give_up_at = self.clock.instant().plus(PATIENCE);
        let mut backoff = BACKOFF_FIRST;
        let mut attempt = 1_u32;
        loop {
            let Err(failure) = self.attempt(smtp, letter).await else {
                tracing::info!(mail = letter.name, mail_id = %letter.id, attempt, "a mail was sent");
                return;
            };
            let is_late = self.clock.instant().plus(backoff) >= give_up_at;
            if failure.is_final() || is_late || shutdown.is_cancelled() {
                tracing::error!(
                    mail = letter.name,
                    mail_id = %letter.id,
                    attempt,
                    error = %ErrorChain(&failure),
                    "a mail was given up"
                );
                return;
            }
            tracing::warn!(
                mail = letter.name,
                mail_id = %letter.id,
                attempt,
                error = %ErrorChain(&failure),
                "a mail is tried again later"
            );
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = self.clock.sleep(backoff) => {}
            }
            backoff = (backoff * 2).min(BACKOFF_MAX);
            attempt += 1;
        }
    }

    async fn attempt(&self, smtp: &SmtpTransport, letter: &Letter) -> Result<(), SmtpFailure> {
        let _connection = self.connections.acquire().await;
        smtp.send(letter).await
    }
}

/// The path is logged so that whoever runs the service finds the mail; nothing of its content is.
async fn put(outbox: Outbox, letter: Letter) {
    let (name, id) = (letter.name, letter.id);
    let written = tokio::task::spawn_blocking(move || outbox.put(&letter)).await;
    match written.unwrap_or_else(|panic| Err(io::Error::other(panic))) {
        Ok(path) => {
            tracing::info!(mail = name, mail_id = %id, path = %path.display(), "a mail is in the outbox");
        }
        Err(error) => {
            tracing::error!(mail = name, mail_id = %id, error = %error, "a mail was given up");
        }
    }
}
