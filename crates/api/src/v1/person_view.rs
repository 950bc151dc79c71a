//! A person as they see themselves.

use domain::people::User;
use serde::Serialize;
use utoipa::ToSchema;

/// The person. Nothing secret is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(super) struct PersonView {
    /// The person.
    #[schema(example = "user_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// Their address.
    #[schema(example = "anna@example.com")]
    email: String,
    /// Their name.
    #[schema(example = "Anna")]
    name: String,
    /// Whether they run the service.
    is_operator: bool,
    /// `off`, `unconfirmed` while it is being set up, or `on`.
    second_factor: &'static str,
    /// When they registered.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<&User> for PersonView {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            name: user.name.to_string(),
            is_operator: user.is_operator,
            second_factor: match &user.second_factor {
                None => "off",
                Some(_) if user.has_second_factor() => "on",
                Some(_) => "unconfirmed",
            },
            created_at: user.created_at.to_string(),
        }
    }
}
