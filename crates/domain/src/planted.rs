//! Faults that are put in on purpose, to see that tests notice them. They exist in builds with
//! `--cfg planted` only; elsewhere [`is_on`] is `false` before anything is compiled, and neither the names
//! nor the variable are in the program. `cargo xtask prove planted` runs them; docs/testing.md says how.
//!
//! A fault stands where it takes a guard away: in every crate, below every configuration. So this is the one
//! place besides `server::configuration` that reads the environment.

/// A guard that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A query forgets whose row it looks for.
    TeamFilterDropped,
    /// A token may do whatever its maker may.
    ScopeIgnored,
    /// Ciphertexts are not bound to their place.
    AssociatedDataDropped,
    /// A change leaves no line in the audit trail.
    AuditSkipped,
    /// Unsafe requests of browsers need no proof of where they come from.
    CsrfIgnored,
    /// A use case looks things up before it asks for the permission.
    LookupBeforePermission,
    /// A session key is copied into memory that nobody wipes.
    SessionKeyLeaked,
}

/// Whether the fault was chosen. One at a time.
#[cfg(not(planted))]
#[inline]
pub const fn is_on(_: Fault) -> bool {
    false
}

/// The variable that chooses a fault.
#[cfg(planted)]
pub const VARIABLE: &str = "WINDLASS_PLANTED";

/// Whether the fault was chosen. One at a time.
#[cfg(planted)]
pub fn is_on(fault: Fault) -> bool {
    let name = match fault {
        Fault::TeamFilterDropped => "planted-team-filter-dropped",
        Fault::ScopeIgnored => "planted-scope-ignored",
        Fault::AssociatedDataDropped => "planted-associated-data-dropped",
        Fault::AuditSkipped => "planted-audit-skipped",
        Fault::CsrfIgnored => "planted-csrf-ignored",
        Fault::LookupBeforePermission => "planted-lookup-before-permission",
        Fault::SessionKeyLeaked => "planted-session-key-leaked",
    };
    std::env::var_os(VARIABLE).is_some_and(|chosen| chosen == name)
}
