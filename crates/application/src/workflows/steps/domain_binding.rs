//! Whether a domain is bound to the environment.

use super::DesiredState;
use crate::workflows::context::JobContext;
use crate::workflows::refusal::{failure_without_answer, not_done_after_read};
use crate::workflows::step::NotDone;
use async_trait::async_trait;
use domain::error_code::ErrorCode;
use domain::names::ExternalDomain;
use domain::ports::{MutationOutcome, MutationTicket};

#[cfg(test)]
mod tests;

/// A domain that shall lead to the environment of the job, or shall not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainBinding {
    pub(crate) domain: ExternalDomain,
    pub(crate) is_bound: bool,
}

#[async_trait]
impl DesiredState for DomainBinding {
    fn does(&self) -> &'static str {
        if self.is_bound {
            "binds a domain; fails with `domain-taken` when somebody else on the platform has it"
        } else {
            "takes a domain off"
        }
    }

    /// Whether it is bound to this environment.
    type Seen = bool;

    async fn look(&self, context: &JobContext<'_>) -> Result<bool, NotDone> {
        let bound = context
            .platform
            .domains()
            .list_domains(&context.reference, &context.environment().short_domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        Ok(bound
            .iter()
            .any(|bound| bound.domain.eq_ignore_ascii_case(self.domain.as_str())))
    }

    fn is_reached(&self, seen: &bool) -> bool {
        *seen == self.is_bound
    }

    async fn check(&self, context: &JobContext<'_>, _seen: &bool) -> Result<(), NotDone> {
        if !self.is_bound {
            return Ok(());
        }
        let is_free = context
            .platform
            .domains()
            .is_domain_free(&context.reference, &self.domain)
            .await
            .map_err(|error| not_done_after_read(&error, context.settings))?;
        if is_free {
            return Ok(());
        }
        Err(NotDone::Failed(failure_without_answer(
            ErrorCode::DomainTaken,
            format!(
                "somebody on the platform has bound `{}`; it has to be unbound there first",
                self.domain
            ),
        )))
    }

    async fn ask(
        &self,
        context: &JobContext<'_>,
        ticket: MutationTicket,
    ) -> Result<MutationOutcome<()>, NotDone> {
        let domains = context.platform.domains();
        let (account, short_domain) = (&context.reference, &context.environment().short_domain);
        Ok(if self.is_bound {
            domains
                .bind_domain(account, ticket, short_domain, &self.domain)
                .await
        } else {
            domains
                .unbind_domain(account, ticket, short_domain, &self.domain)
                .await
        })
    }

    fn inverse(&self, before: bool) -> Option<Self> {
        Some(Self {
            domain: self.domain.clone(),
            is_bound: before,
        })
    }
}
