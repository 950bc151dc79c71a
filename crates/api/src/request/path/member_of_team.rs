//! Identifiers of what belongs to a team as a whole.

use super::{id, texts};
use crate::problem::Problem;
use crate::state::ApiState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::ids::{ApiTokenId, InvitationId, RoleId, TeamId, UserId, WebhookDeliveryId, WebhookId};

macro_rules! paths_within_a_team {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $id:ty),+ })*) => {
        $(
            $(#[$doc])*
            pub(crate) struct $name {
                pub(crate) team_id: TeamId,
                $(pub(crate) $field: $id,)+
            }

            impl FromRequestParts<ApiState> for $name {
                type Rejection = Problem;

                async fn from_request_parts(
                    parts: &mut Parts,
                    state: &ApiState,
                ) -> Result<Self, Problem> {
                    let texts = texts(parts, state).await?;
                    Ok(Self {
                        team_id: id(&texts, "team_id")?,
                        $($field: id(&texts, stringify!($field))?,)+
                    })
                }
            }
        )*
    };
}

paths_within_a_team! {
    /// `/teams/{team_id}/members/{user_id}`.
    MemberPath { user_id: UserId }
    /// `/teams/{team_id}/roles/{role_id}`.
    RolePath { role_id: RoleId }
    /// `/teams/{team_id}/invitations/{invitation_id}`.
    InvitationPath { invitation_id: InvitationId }
    /// `/teams/{team_id}/api-tokens/{token_id}`.
    ApiTokenPath { token_id: ApiTokenId }
    /// `/teams/{team_id}/webhooks/{webhook_id}`.
    WebhookPath { webhook_id: WebhookId }
    /// `/teams/{team_id}/webhooks/{webhook_id}/deliveries/{delivery_id}`.
    WebhookDeliveryPath { webhook_id: WebhookId, delivery_id: WebhookDeliveryId }
}
