//! `docs/permissions.md`: every permission, what it allows, and which built-in roles have it.

use domain::access::{Permission, RoleKind};
use std::fmt::Write as _;

const INTRODUCTION: &str = "\
# Permissions

Made from the code by `cargo xtask openapi`; do not edit.

A permission is `area.verb`. Roles are sets of them; the same words are the scopes of API tokens, which
act with what their maker's role and their scopes have in common. The built-in roles are the same in
every team and cannot be edited. A custom role is made of any of these, but for what is the owner's
alone, and always has `team.view`. Nobody gives away a permission that they do not have. The same table
is served as JSON at `/v1/permissions`.

A suspended team keeps what only shows.

| permission | allows to | only shows | owner | manager | developer | viewer | custom roles |
|---|---|---|---|---|---|---|---|
";

/// The page, in the order of [`Permission::ALL`].
pub fn permissions_markdown() -> String {
    let mut page = INTRODUCTION.to_owned();
    for permission in Permission::ALL.iter().copied() {
        let name = permission.as_str();
        let meaning = permission.meaning().trim_end_matches('.');
        let roles = RoleKind::BUILT_IN.map(|kind| mark(kind.permissions().contains(permission)));
        let shows = mark(permission.is_view());
        let custom = mark(!permission.is_owner_only());
        let roles = roles.join(" | ");
        writeln!(
            page,
            "| `{name}` | {meaning} | {shows} | {roles} | {custom} |"
        )
        .expect("writing to a string cannot fail");
    }
    page
}

fn mark(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "-" }
}
