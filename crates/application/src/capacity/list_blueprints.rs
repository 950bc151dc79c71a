//! What can be built.

use crate::UseCaseError;
use crate::authorisation::demand;
use crate::blueprint::{Blueprint, BlueprintCatalog};
use domain::access::{Actor, Permission};
use domain::ids::TeamId;
use std::sync::Arc;

/// Lists blueprints.
pub struct ListBlueprints {
    /// What the operator configured.
    pub blueprints: Arc<BlueprintCatalog>,
}

impl ListBlueprints {
    /// Demands `env.view`. By name; the same for every team.
    pub fn run(&self, actor: &Actor, team: TeamId) -> Result<Vec<&Blueprint>, UseCaseError> {
        demand(actor, team, Permission::EnvironmentView)?;
        Ok(self.blueprints.all().collect())
    }
}
