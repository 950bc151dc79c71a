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
    /// Whoever comes after a killed process finds no intent where no end is stored.
    IntentForgotten,
    /// A call leaves although the lease may be over before it has left.
    SendWindowIgnored,
    /// A call leaves however old its intent is.
    OldIntentSent,
    /// Writes of a worker do not begin by renewing the lease under its fence.
    FenceIgnored,
    /// An environment of the right name counts as made by the job.
    CreationTagIgnored,
    /// A deletion does not look which incarnation it deletes.
    IncarnationIgnored,
    /// What was installed before counts as installed by the job.
    BaselineIgnored,
    /// A call whose effect cannot be read is sent again on a guess.
    BlindCallRepeated,
    /// What another account does not see counts as not being there.
    OtherAccountBelieved,
    /// One look that finds nothing proves that there is nothing.
    AbsenceBelievedAtOnce,
    /// A job that kills its process is claimed for ever.
    PoisonNotSetAside,
    /// A job that waits gives up its place in the lines.
    TurnFreedWhileWaiting,
    /// A commit whose answer was lost counts as done.
    LostCommitBelieved,
    /// Transactions on the embedded database begin as readers.
    WriteLockTakenLate,
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
        Fault::IntentForgotten => "planted-intent-forgotten",
        Fault::SendWindowIgnored => "planted-send-window-ignored",
        Fault::OldIntentSent => "planted-old-intent-sent",
        Fault::FenceIgnored => "planted-fence-ignored",
        Fault::CreationTagIgnored => "planted-creation-tag-ignored",
        Fault::IncarnationIgnored => "planted-incarnation-ignored",
        Fault::BaselineIgnored => "planted-baseline-ignored",
        Fault::BlindCallRepeated => "planted-blind-call-repeated",
        Fault::OtherAccountBelieved => "planted-other-account-believed",
        Fault::AbsenceBelievedAtOnce => "planted-absence-believed-at-once",
        Fault::PoisonNotSetAside => "planted-poison-not-set-aside",
        Fault::TurnFreedWhileWaiting => "planted-turn-freed-while-waiting",
        Fault::LostCommitBelieved => "planted-lost-commit-believed",
        Fault::WriteLockTakenLate => "planted-write-lock-taken-late",
    };
    std::env::var_os(VARIABLE).is_some_and(|chosen| chosen == name)
}
