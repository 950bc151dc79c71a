//! Names that visitors use for an environment.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::wire;
use crate::wire::domains::{DomainFields, DomainList};
use async_trait::async_trait;
use domain::names::{ExternalDomain, ShortDomain};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MutationOutcome, MutationTicket, ObservedDomain, PlatformDomains, PlatformReadError,
    RefusalClass,
};

#[async_trait]
impl PlatformDomains for VirtuozzoPlatforms {
    async fn list_domains(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
    ) -> Result<Vec<ObservedDomain>, PlatformReadError> {
        let call = calls::domains::external_domains(short_domain);
        self.read(account, call, |body| {
            let list: DomainList = wire::read(body)?;
            Ok(list.domains.into_iter().filter_map(observed).collect())
        })
        .await
    }

    async fn is_domain_free(
        &self,
        account: &PlatformAccountRef,
        domain: &ExternalDomain,
    ) -> Result<bool, PlatformReadError> {
        let call = calls::domains::check_external_domain(domain);
        match self.read(account, call, |_| Ok(())).await {
            Ok(()) => Ok(true),
            Err(PlatformReadError::Refused(refusal))
                if refusal.class == RefusalClass::DomainBusy =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn bind_domain(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        domain: &ExternalDomain,
    ) -> MutationOutcome<()> {
        let call = calls::domains::bind_external_domain(short_domain, domain);
        self.perform(account, ticket, call).await
    }

    async fn unbind_domain(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        domain: &ExternalDomain,
    ) -> MutationOutcome<()> {
        let call = calls::domains::remove_external_domain(short_domain, domain);
        self.perform(account, ticket, call).await
    }
}

/// A bound domain; one without a name cannot be spoken of.
fn observed(element: impl Into<DomainFields>) -> Option<ObservedDomain> {
    let fields = element.into();
    Some(ObservedDomain {
        domain: fields.domain?,
        has_certificate: fields.has_certificate,
    })
}
