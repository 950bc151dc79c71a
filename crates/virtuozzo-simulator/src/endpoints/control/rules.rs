//! Which statuses each method of environment/control accepts, and what it shows meanwhile.
//!
//! It must not do anything: the methods look themselves up here.

use crate::operation::Rule;
use crate::state::ActionKind;
use crate::state::EnvironmentStatus::{self, Cloning, Down, GoingToSleep, Launching};
use crate::state::EnvironmentStatus::{Running, Sleep, Stopping, Updating};

const AT_REST: &[EnvironmentStatus] = &EnvironmentStatus::AT_REST;
const UP: &[EnvironmentStatus] = &[Running];

pub(super) const DELETE: Rule = Rule::new(ActionKind::DELETE, AT_REST, Some(Stopping));
pub(super) const DISPLAY_NAME: Rule = Rule::new(ActionKind::SETTINGS, AT_REST, None);
pub(super) const START: Rule = Rule::new(ActionKind::START, &[Down, Sleep], Some(Launching));
pub(super) const STOP: Rule = Rule::new(ActionKind::STOP, UP, Some(Stopping));
pub(super) const SLEEP: Rule = Rule::new(ActionKind::SLEEP, UP, Some(GoingToSleep));
pub(super) const CLONE: Rule = Rule::new(ActionKind::CLONE, UP, Some(Cloning));
pub(super) const RESTART: Rule = Rule::new(ActionKind::RESTART, UP, None);
pub(super) const REDEPLOY: Rule = Rule::new(ActionKind::REDEPLOY, UP, Some(Updating));
pub(super) const TOPOLOGY: Rule = Rule::new(ActionKind::TOPOLOGY, UP, Some(Updating));
pub(super) const CLOUDLETS: Rule = Rule::new(ActionKind::CLOUDLETS, UP, None);
pub(super) const GROUPS: Rule = Rule::new(ActionKind::GROUPS, AT_REST, None);
pub(super) const SET_VARIABLES: Rule = Rule::new(ActionKind::SET_VARIABLES, UP, None);
pub(super) const ADD_VARIABLES: Rule = Rule::new(ActionKind::ADD_VARIABLES, UP, None);
pub(super) const REMOVE_VARIABLES: Rule = Rule::new(ActionKind::REMOVE_VARIABLES, UP, None);
pub(super) const COMMAND: Rule = Rule::new(ActionKind::COMMAND, UP, None);
pub(super) const PASSWORD: Rule = Rule::new(ActionKind::PASSWORD, UP, None);
