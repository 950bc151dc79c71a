//! Use cases about handing a team over to another member, who has to consent.

mod accept;
mod decline;
mod get_offer;
mod offer;
mod withdraw;

pub use accept::AcceptOwnership;
pub use decline::DeclineOwnership;
pub use get_offer::GetOwnershipOffer;
pub use offer::OfferOwnership;
pub use withdraw::WithdrawOwnershipOffer;

use crate::UseCaseError;
use domain::error_code::ErrorCode;
use domain::ids::{TeamId, UserId};
use domain::ports::Transaction;
use domain::team::OwnershipOffer;
use jiff::Timestamp;

/// The living offer to this person, locked. Who is offered nothing does not learn whether somebody
/// else is.
async fn offer_to(
    transaction: &mut dyn Transaction,
    team: TeamId,
    user: UserId,
    now: Timestamp,
) -> Result<OwnershipOffer, UseCaseError> {
    let found = transaction.teams().find_ownership_offer(team).await?;
    found
        .filter(|offer| offer.to == user && now < offer.expires_at)
        .ok_or_else(no_offer)
}

fn no_offer() -> UseCaseError {
    UseCaseError::new(
        ErrorCode::NoOwnershipOffer,
        "nobody offers you the ownership of this team, or the offer has ended; ask its owner",
    )
}
