//! What is sent: the event as the feed shows it, without its number, or a ping.

use crate::TeamChanges;
use domain::ids::WebhookDeliveryId;
use domain::team_event::{TeamEvent, TeamEventSubject};
use domain::webhook::{Webhook, WebhookDelivery, WebhookDeliveryState};
use jiff::Timestamp;
use serde::Serialize;

/// The type of a message that only shows that messages arrive.
pub(super) const PING: &str = "ping";

/// As Standard Webhooks asks for.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    event_type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Default, Serialize)]
struct Data<'a> {
    team_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_id: Option<String>,
}

fn data(event: &TeamEvent) -> Data<'_> {
    let subject = &event.subject;
    let about = Data {
        team_id: event.team_id.to_string(),
        environment_id: subject.environment_id().map(|id| id.to_string()),
        ..Data::default()
    };
    match subject {
        TeamEventSubject::Job { job_id, kind, .. } => Data {
            job_id: Some(job_id.to_string()),
            kind: Some(kind),
            ..about
        },
        TeamEventSubject::Environment { state, .. } => Data {
            state: Some(state),
            ..about
        },
        TeamEventSubject::Finding {
            finding_id, kind, ..
        } => Data {
            finding_id: Some(finding_id.to_string()),
            kind: Some(kind),
            ..about
        },
        TeamEventSubject::PlatformAccount {
            platform_account_id,
        } => Data {
            platform_account_id: Some(platform_account_id.to_string()),
            ..about
        },
        TeamEventSubject::Webhook { webhook_id } => Data {
            webhook_id: Some(webhook_id.to_string()),
            ..about
        },
    }
}

fn body(event_type: &str, at: Timestamp, data: Data<'_>) -> String {
    let body = Body {
        event_type,
        timestamp: at.to_string(),
        data,
    };
    serde_json::to_string(&body).expect("a body is made of texts")
}

/// A message of its own that waits to be sent.
fn waiting(
    webhook: &Webhook,
    id: WebhookDeliveryId,
    now: Timestamp,
    (message_id, event_type, body): (String, &str, String),
) -> WebhookDelivery {
    WebhookDelivery {
        id,
        team_id: webhook.team_id,
        webhook_id: webhook.id,
        message_id,
        event_type: event_type.to_owned(),
        body,
        state: WebhookDeliveryState::Waiting,
        attempts: 0,
        due_at: now,
        created_at: now,
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        ended_at: None,
    }
}

/// The event, for the webhook.
pub(super) fn about(
    webhook: &Webhook,
    id: WebhookDeliveryId,
    now: Timestamp,
    event: &TeamEvent,
) -> WebhookDelivery {
    let event_type = event.event_type.as_str();
    let body = body(event_type, event.at, data(event));
    waiting(webhook, id, now, (event.id().to_string(), event_type, body))
}

/// A ping, for the webhook.
pub(super) fn ping(webhook: &Webhook, changes: &TeamChanges) -> WebhookDelivery {
    let (id, now) = (changes.new_id::<WebhookDeliveryId>(), changes.now());
    let data = Data {
        team_id: webhook.team_id.to_string(),
        webhook_id: Some(webhook.id.to_string()),
        ..Data::default()
    };
    let message = (id.to_string(), PING, body(PING, now, data));
    waiting(webhook, id, now, message)
}

/// The same message once more.
pub(super) fn again(
    webhook: &Webhook,
    changes: &TeamChanges,
    sent: WebhookDelivery,
) -> WebhookDelivery {
    let (id, now) = (changes.new_id(), changes.now());
    let message = (sent.message_id, sent.event_type.as_str(), sent.body);
    waiting(webhook, id, now, message)
}
