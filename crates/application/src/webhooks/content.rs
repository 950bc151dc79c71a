//! What people say about a webhook.

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::names::{DisplayName, WebhookUrl};
use domain::ports::WebhookSender;
use domain::team_event::TeamEventType;
use std::collections::BTreeSet;

/// What a webhook is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookContent {
    /// Where messages go.
    pub url: WebhookUrl,
    /// What people call it.
    pub description: Option<DisplayName>,
    /// What it is told; everything when empty.
    pub event_types: BTreeSet<TeamEventType>,
    /// Whether anything is sent.
    pub is_active: bool,
}

impl WebhookContent {
    /// `validation-failed` for an address that nothing can ever be sent to.
    pub(super) fn check(&self, sender: &dyn WebhookSender) -> Result<(), UseCaseError> {
        match sender.refusal(&self.url) {
            None => Ok(()),
            Some(rule) => Err(UseCaseError::new(ErrorCode::ValidationFailed, rule).at("/url")),
        }
    }
}
