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
    pub(crate) const SLEEP: Self = Self::new(5, "Hibernating environment", "environment.control");
    pub(crate) const CLONE: Self = Self::new(20, "Cloning environment", "environment.control");
    pub(crate) const RESTART: Self = Self::new(7, "Restarting nodes", "environment.control");
    pub(crate) const REDEPLOY: Self =
        Self::new(94, "Redeploying containers", "environment.control");
    pub(crate) const CLOUDLETS: Self = Self::new(8, "Changing cloudlets", "environment.control");
    pub(crate) const TOPOLOGY: Self = Self::new(26, "Changing topology", "environment.control");
    pub(crate) const GROUPS: Self =
        Self::new(26, "Changing environment groups", "environment.control");
    pub(crate) const SET_VARIABLES: Self =
        Self::new(98, "Setting variables", "environment.control");
    pub(crate) const ADD_VARIABLES: Self =
        Self::new(123, "Adding variables", "environment.control");
    pub(crate) const REMOVE_VARIABLES: Self =
        Self::new(124, "Removing variables", "environment.control");
    pub(crate) const PASSWORD: Self = Self::new(19, "Resetting password", "environment.control");
    pub(crate) const MOUNT: Self = Self::new(84, "Adding mount point", "environment.file");
    pub(crate) const UNMOUNT: Self = Self::new(86, "Removing mount point", "environment.file");
    pub(crate) const BIND_DOMAIN: Self = Self::new(61, "Binding domain", "environment.binder");
    pub(crate) const REMOVE_DOMAIN: Self = Self::new(64, "Removing domain", "environment.binder");
    pub(crate) const COMMAND: Self = Self::new(109, "Executing command", "environment.control");
    pub(crate) const SCRIPT: Self = Self::new(26, "Running script", "development.scripting");
    pub(crate) const EXECUTE_ACTION: Self =
        Self::new(26, "Executing action", "marketplace.installation");

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
