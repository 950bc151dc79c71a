//! Variables of containers.

use super::VirtuozzoPlatforms;
use crate::calls;
use crate::wire;
use crate::wire::variables::VariableList;
use async_trait::async_trait;
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::{ShortDomain, VariableName};
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    MutationOutcome, MutationTicket, ObservedVariables, PlatformReadError, PlatformVariables,
};
use std::collections::{BTreeMap, BTreeSet};

#[async_trait]
impl PlatformVariables for VirtuozzoPlatforms {
    async fn read_variables(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<ObservedVariables, PlatformReadError> {
        let call = calls::variables::variables(short_domain, node);
        self.read(account, call, |body| {
            Ok(wire::read::<VariableList>(body)?.object.0)
        })
        .await
    }

    async fn add_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        variables: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()> {
        let call = calls::variables::add_variables(short_domain, node, variables);
        self.perform(account, ticket, call).await
    }

    async fn replace_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        variables: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()> {
        let call = calls::variables::replace_variables(short_domain, node, variables);
        self.perform(account, ticket, call).await
    }

    async fn remove_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        names: &BTreeSet<VariableName>,
    ) -> MutationOutcome<()> {
        let call = calls::variables::remove_variables(short_domain, node, names);
        self.perform(account, ticket, call).await
    }
}
