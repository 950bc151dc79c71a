#![doc = include_str!("../README.md")]

mod host_resolver;
mod letter;
mod mail_queue;
mod outbox;
mod smtp;
mod smtp_server;
mod texts;
mod webhook_sender;

pub use host_resolver::SystemResolver;
pub use letter::{Links, MailFrom, MailSettingError};
pub use mail_queue::{MailQueue, MailRoute, MailSender, mail_queue};
pub use outbox::{Outbox, OutboxError};
pub use smtp::{SmtpSetUpError, SmtpTransport};
pub use smtp_server::{SmtpEncryption, SmtpServer};
pub use webhook_sender::HttpWebhookSender;
