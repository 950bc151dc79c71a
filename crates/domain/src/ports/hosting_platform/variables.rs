//! Variables of containers. Their values may be secrets and are treated as such.

use super::{MutationOutcome, MutationTicket, PlatformReadError};
use crate::environment::PlatformNodeId;
use crate::names::{ShortDomain, VariableName};
use crate::platform_account::PlatformAccountRef;
use crate::secret::SecretText;
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};

/// Variables with their values. A container has names of its own that ours could not be, so what is
/// read is keyed by text.
pub type ObservedVariables = BTreeMap<String, SecretText>;

/// Variables of containers.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformVariables: Send + Sync {
    /// All variables of a node's container, those of its image included.
    async fn read_variables(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<ObservedVariables, PlatformReadError>;
    /// Adds or overwrites these variables and leaves others alone. Idempotent.
    async fn add_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        variables: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()>;
    /// Leaves the container with exactly these variables: even `PATH` is gone unless it is among
    /// them. Idempotent.
    async fn replace_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        variables: &BTreeMap<VariableName, SecretText>,
    ) -> MutationOutcome<()>;
    /// Removes variables by name; missing ones do not matter. Idempotent.
    async fn remove_variables(
        &self,
        account: &PlatformAccountRef,
        ticket: MutationTicket,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        names: &BTreeSet<VariableName>,
    ) -> MutationOutcome<()>;
}
