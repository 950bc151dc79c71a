//! Names that visitors use for an environment, besides the platform's own.

use super::{MutationOutcome, MutationTicket, PlatformReadError};
use crate::names::{ExternalDomain, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// A bound domain, as the platform reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedDomain {
    /// The domain, in the platform's spelling.
    pub domain: String,
    /// Whether a certificate is in use for it, when the platform says.
    pub has_certificate: Option<bool>,
}

/// Names that visitors use.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformDomains: Send + Sync {
    /// The domains that are bound to an environment.
    async fn list_domains(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<ObservedDomain>, PlatformReadError>;
    /// Whether nobody on the platform has bound the domain.
    async fn is_domain_free(
        &self,
        account: &PlatformAccountRef,
        domain: &ExternalDomain,
    ) -> Result<bool, PlatformReadError>;
    /// Binds a domain. Refused or doubtful with *domain busy* when anybody on the platform has it.
    async fn bind_domain(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        domain: &ExternalDomain,
    ) -> MutationOutcome<()>;
    /// Takes a domain off. A second call finds nothing.
    async fn unbind_domain(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        domain: &ExternalDomain,
    ) -> MutationOutcome<()>;
}
