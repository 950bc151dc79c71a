//! Layers, nodes and their sizes.

use super::VirtuozzoPlatforms;
use async_trait::async_trait;
use domain::environment::PlatformNodeId;
use domain::names::ShortDomain;
use domain::platform_account::PlatformAccountRef;
use domain::ports::{
    Cloudlets, LayerSpec, MutationOutcome, MutationTicket, NotSentReason, ObservedLayer,
    PlatformReadError, PlatformTopology,
};

#[async_trait]
impl PlatformTopology for VirtuozzoPlatforms {
    async fn list_layers(
        &self,
        _: &PlatformAccountRef,
        _: &ShortDomain,
    ) -> Result<Vec<ObservedLayer>, PlatformReadError> {
        Err(PlatformReadError::Unavailable("not there yet".into()))
    }

    async fn set_cloudlets(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: PlatformNodeId,
        _: Cloudlets,
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }

    async fn change_topology(
        &self,
        _: &PlatformAccountRef,
        _: MutationTicket,
        _: &ShortDomain,
        _: &[LayerSpec],
    ) -> MutationOutcome<()> {
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    }
}
