//! What is most risky asks for more than a permission: that the person proved who they are just now,
//! and with a second factor.

use crate::UseCaseError;
use domain::access::Actor;
use domain::error_code::ErrorCode;
use domain::limits;
use domain::ports::Clock;

/// Passes when the person behind the browser session proved who they are within
/// [`limits::STEP_UP_WINDOW`]. An API token never has. Asked for after the permission, before anything
/// is looked up.
pub(crate) fn demand_step_up(actor: &Actor, clock: &dyn Clock) -> Result<(), UseCaseError> {
    if actor.has_authenticated_within(limits::STEP_UP_WINDOW, clock.now()) {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::StepUpRequired,
        "in a browser session, prove who you are again, then repeat this within five minutes; an API \
         token cannot do this",
    ))
}

/// Passes when the person has confirmed a second factor.
pub(crate) fn demand_second_factor(actor: &Actor) -> Result<(), UseCaseError> {
    if actor.has_second_factor() {
        return Ok(());
    }
    Err(UseCaseError::new(
        ErrorCode::SecondFactorRequired,
        "set up a second factor and confirm it, then repeat this",
    ))
}
