//! What is shown of a webhook.

use domain::team_event::TeamEventType;
use domain::webhook::Webhook;
use serde::Serialize;
use utoipa::ToSchema;

/// A webhook.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(crate) struct WebhookView {
    /// The webhook.
    #[schema(example = "hook_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Where messages go.
    #[schema(example = "https://hooks.example.com/windlass")]
    url: String,
    /// What people call it.
    description: Option<String>,
    /// What it is told; everything when empty.
    event_types: Vec<&'static str>,
    /// `active`; `disabled` by a person; `failing`: it took nothing for a day; `gone`: it answered 410.
    #[schema(example = "active")]
    state: &'static str,
    /// Until when messages carry a signature of the secret before the present one, too.
    #[schema(format = DateTime)]
    previous_secret_until: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        let types = webhook.event_types.into_iter();
        Self {
            id: webhook.id.to_string(),
            url: webhook.url.as_str().to_owned(),
            description: webhook.description.map(|text| text.as_str().to_owned()),
            event_types: types.map(TeamEventType::as_str).collect(),
            state: webhook.state.as_str(),
            previous_secret_until: webhook.previous_secret.map(|it| it.until.to_string()),
            created_at: webhook.created_at.to_string(),
        }
    }
}
