use super::{Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState};
use crate::ids::EntityId;
use crate::names::WebhookUrl;
use crate::sealed::SealedSecret;
use crate::team_event::TeamEventType;
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

fn id<T: EntityId>() -> T {
    T::from_uuid(Uuid::from_u128(1))
}

fn delivery(attempts: u32, message_id: &str) -> WebhookDelivery {
    WebhookDelivery {
        id: id(),
        team_id: id(),
        webhook_id: id(),
        message_id: message_id.to_owned(),
        event_type: "ping".to_owned(),
        body: "{}".to_owned(),
        state: WebhookDeliveryState::Waiting,
        attempts,
        due_at: Timestamp::UNIX_EPOCH,
        created_at: Timestamp::UNIX_EPOCH,
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        ended_at: None,
    }
}

#[test]
fn a_message_is_sent_ten_times_within_a_day_and_a_tenth() {
    let mut waited = Duration::ZERO;
    let mut attempts = 1;
    while let Some(wait) = delivery(attempts, "evt_1").retry_after() {
        waited += wait;
        attempts += 1;
    }
    assert_eq!(attempts, 10);
    let day = Duration::from_hours(24);
    assert!(waited >= day && waited < day + day / 10, "{waited:?}");
    assert_eq!(
        delivery(0, "evt_1").retry_after(),
        None,
        "it was never sent"
    );
}

#[test]
fn messages_of_one_moment_are_spread() {
    let waits: Vec<_> = (0..20)
        .filter_map(|number| delivery(5, &format!("evt_{number}")).retry_after())
        .collect();
    let mut different = waits.clone();
    different.sort();
    different.dedup();
    assert!(different.len() > 10, "{waits:?}");
}

#[test]
fn a_webhook_wants_what_it_names_or_everything() {
    let mut webhook = Webhook {
        id: id(),
        team_id: id(),
        url: WebhookUrl::parse("https://hooks.example.com/in").expect("valid"),
        description: None,
        event_types: [TeamEventType::JobFailed].into_iter().collect(),
        state: WebhookState::Active,
        sealed_secret: SealedSecret(Vec::new()),
        previous_secret: None,
        told_until: 0,
        created_at: Timestamp::UNIX_EPOCH,
        version: 1,
    };
    assert!(webhook.wants(TeamEventType::JobFailed));
    assert!(!webhook.wants(TeamEventType::JobSucceeded));
    webhook.event_types.clear();
    assert!(webhook.wants(TeamEventType::JobSucceeded));
}

#[test]
fn states_are_read_as_they_are_written() {
    for state in WebhookState::ALL {
        assert_eq!(WebhookState::parse(state.as_str()), Some(state));
    }
    for state in WebhookDeliveryState::ALL {
        assert_eq!(WebhookDeliveryState::parse(state.as_str()), Some(state));
    }
    assert_eq!(WebhookState::parse("asleep"), None);
    assert_eq!(WebhookDeliveryState::parse("asleep"), None);
}
