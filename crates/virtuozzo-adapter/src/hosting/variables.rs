//! Variables of containers.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::{ShortDomain, VariableName};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, ObservedVariables, PlatformReadError,
    PlatformVariables,
};
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl PlatformVariables for VirtuozzoPlatforms {
    async fn read_variables(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
        _: PlatformNodeId,
    ) -> Result<ObservedVariables, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn add_variables(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn replace_variables(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn remove_variables(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: &BTreeSet<VariableName>,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
