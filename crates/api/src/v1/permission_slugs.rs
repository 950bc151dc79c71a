//! Permissions in a body.

use crate::request::{FieldFaults, pointer_to};
use domain::access::{Permission, PermissionSet};

/// The permissions that are named. A word that is none, or is there twice, is pointed at.
pub(super) fn permissions(
    faults: &mut FieldFaults,
    parent: &str,
    slugs: &[String],
) -> PermissionSet {
    let mut found = Vec::with_capacity(slugs.len());
    for (place, slug) in slugs.iter().enumerate() {
        let pointer = pointer_to(parent, &place.to_string());
        match Permission::parse(slug) {
            None => faults.add(
                &pointer,
                "must be a permission; `GET /v1/permissions` lists them",
            ),
            Some(permission) if found.contains(&permission) => {
                faults.add(&pointer, "is given twice");
            }
            Some(permission) => found.push(permission),
        }
    }
    found.into_iter().collect()
}
