//! Everything that can be allowed.

use crate::documents::PublicProblems;
use crate::request::{NoQuery, QueryOf};
use crate::state::ApiState;
use axum::Json;
use domain::access::{Permission, RoleKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(list_permissions))
}

/// One permission.
#[derive(Serialize, ToSchema)]
#[schema(as = Permission)]
struct PermissionView {
    /// The stable word, in roles and as scope of API tokens.
    #[schema(example = "env.create")]
    slug: &'static str,
    /// What it allows.
    meaning: &'static str,
    /// Whether only the owner may have it; it cannot go into a custom role.
    owner_only: bool,
    /// The built-in roles that have it.
    #[schema(example = json!(["owner", "manager", "developer"]))]
    built_in_roles: Vec<&'static str>,
}

/// All permissions.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionTable)]
struct PermissionTableView {
    /// The permissions.
    data: Vec<PermissionView>,
}

/// List all permissions
///
/// Needs no credential.
#[utoipa::path(
    get, path = "/v1/permissions", operation_id = "list_permissions", tag = "meta",
    responses(
        (status = 200, description = "Every permission.", body = PermissionTableView),
        PublicProblems,
    ),
    security(()),
    extensions(("x-public" = json!(true))),
)]
async fn list_permissions(_: QueryOf<NoQuery>) -> Json<PermissionTableView> {
    let data = Permission::ALL.iter().copied().map(|permission| {
        let roles = RoleKind::BUILT_IN.into_iter();
        let having = roles.filter(|kind| kind.permissions().contains(permission));
        PermissionView {
            slug: permission.as_str(),
            meaning: permission.meaning(),
            owner_only: permission.is_owner_only(),
            built_in_roles: having.map(RoleKind::as_str).collect(),
        }
    });
    Json(PermissionTableView {
        data: data.collect(),
    })
}
