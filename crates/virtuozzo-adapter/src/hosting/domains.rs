//! Names that visitors use for an environment.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::names::{ExternalDomain, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, ObservedDomain, PlatformDomains,
    PlatformReadError,
};

#[async_trait]
impl PlatformDomains for VirtuozzoPlatforms {
    async fn list_domains(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
    ) -> Result<Vec<ObservedDomain>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn is_domain_free(
        &self,
        _: &PlatformAccountRef,
        _: &ExternalDomain,
    ) -> Result<bool, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn bind_domain(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &ExternalDomain,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn unbind_domain(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &ExternalDomain,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
