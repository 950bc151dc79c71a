//! An entry of the platform's tracking: what is being done, or was done, for an account.
//!
//! It must not know how it is written on the wire.

use super::State;

const FIRST_ACTION_ID: u64 = 700_001;

/// Number and text of a kind of action, as the dashboard's task list names it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActionKind {
    pub(crate) id: u16,
    pub(crate) text: &'static str,
    pub(crate) service: &'static str,
}

impl ActionKind {
    pub(crate) const CREATE: Self = Self::new(2, "Creating environment", "environment.control");
    pub(crate) const DELETE: Self = Self::new(3, "Deleting environment", "environment.control");
    pub(crate) const START: Self = Self::new(4, "Starting environment", "environment.control");
    pub(crate) const STOP: Self = Self::new(5, "Stopping environment", "environment.control");
    pub(crate) const INSTALL: Self = Self::new(21, "Installing package", "marketplace.jps");
    pub(crate) const UNINSTALL: Self =
        Self::new(22, "Removing package", "marketplace.installation");
    pub(crate) const SETTINGS: Self =
        Self::new(26, "Changing environment settings", "environment.control");

    const fn new(id: u16, text: &'static str, service: &'static str) -> Self {
        Self { id, text, service }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) id: u64,
    pub(crate) kind: ActionKind,
    pub(crate) environment: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) uid: u64,
    pub(crate) ruk: Option<String>,
    pub(crate) action_key: Option<String>,
    pub(crate) started_at_ms: u64,
    pub(crate) end: Option<ActionEnd>,
}

#[derive(Clone, Debug)]
pub(crate) struct ActionEnd {
    pub(crate) at_ms: u64,
    pub(crate) result: i64,
}

impl State {
    /// Enters a running action; `id` is assigned here and returned.
    pub(crate) fn begin_action(&mut self, action: Action) -> u64 {
        let id = FIRST_ACTION_ID + self.actions.len() as u64;
        self.actions.push(Action { id, ..action });
        id
    }

    pub(crate) fn end_action(&mut self, id: u64, at_ms: u64, result: i64) {
        let position = usize::try_from(id.saturating_sub(FIRST_ACTION_ID)).unwrap_or(usize::MAX);
        if let Some(action) = self.actions.get_mut(position) {
            action.end = Some(ActionEnd { at_ms, result });
        }
    }
}
