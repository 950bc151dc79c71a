//! The calls, one family a file: typed arguments in, a request out; an answer in, wire types out. No
//! I/O, no sessions, no retries.

use crate::endpoint::Endpoint;
use crate::form::Form;
use crate::transport::Outgoing;
use domain::SecretText;
use domain::ids::{PlatformAccountId, StepAttemptId};

pub(crate) mod accounts;
pub(crate) mod backups;
pub(crate) mod commands;
pub(crate) mod domains;
pub(crate) mod environments;
pub(crate) mod groups;
pub(crate) mod installations;
pub(crate) mod life_cycle;
pub(crate) mod logs;
pub(crate) mod marketplace;
pub(crate) mod mbadmin;
pub(crate) mod passwords;
pub(crate) mod sign_in;
pub(crate) mod storage;
#[cfg(test)]
mod tests;
pub(crate) mod topology;
pub(crate) mod tracking;
pub(crate) mod variables;

/// A call: where to, and with what. The session comes later.
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    form: Form,
}

impl Call {
    fn new(endpoint: Endpoint, form: Form) -> Self {
        Self { endpoint, form }
    }

    /// Marks a mutation with its attempt, so that the platform's tracking can be searched for it.
    pub(crate) fn of_attempt(mut self, attempt: StepAttemptId) -> Self {
        self.form = self.form.with("ruk", attempt.to_string());
        self
    }

    /// The request.
    pub(crate) fn outgoing(
        &self,
        session: Option<&SecretText>,
        account: Option<PlatformAccountId>,
    ) -> Outgoing {
        Outgoing {
            endpoint: self.endpoint,
            body: self.form.encode(session),
            account,
        }
    }
}
