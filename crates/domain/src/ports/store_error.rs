//! How stores fail.

/// The underlying error, kept for the log.
pub type BoxedSource = Box<dyn std::error::Error + Send + Sync>;

/// A rule of the data that a write would break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The team has a living environment of that name.
    EnvironmentName,
    /// Some environment has that short domain.
    ShortDomain,
    /// The idempotency key is already stored.
    IdempotencyKey,
    /// Another transaction is storing the same idempotency key right now.
    IdempotencyInFlight,
    /// The team has a platform account already.
    PlatformAccount,
    /// A person has that e-mail address.
    EmailAddress,
    /// The person is a member of the team.
    Membership,
    /// The team has a role of that name.
    RoleName,
    /// Somebody has the role.
    RoleInUse,
    /// The job is being repeated already.
    LiveRetry,
    /// A sync of the team is on its way.
    LiveSync,
    /// Any other uniqueness.
    Other,
}

/// Why a store did not do what it was asked for. After any error the transaction is lost: drop it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule of the data forbids the write.
    #[error("the write conflicts with stored data ({0:?})")]
    Conflict(Conflict),
    /// The row was changed by somebody else since it was read.
    #[error("the row was changed since it was read")]
    VersionChanged,
    /// Too many are waiting for the store; nothing was done.
    #[error("the store is overloaded")]
    Busy,
    /// The store does not answer; nothing of the transaction is stored.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxedSource),
    /// What is stored does not make sense.
    #[error("stored data is inconsistent: {table}.{column}: {detail}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong with it; no secret.
        detail: String,
    },
}

/// Why a commit did not end well.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Nothing of the transaction is stored.
    #[error("the transaction was rolled back")]
    RolledBack(#[source] StoreError),
    /// The answer was lost: the transaction may or may not be stored. Look up a row of it by the id
    /// that was made before.
    #[error("whether the transaction was committed is unknown")]
    OutcomeUnknown(#[source] BoxedSource),
}

/// Why a held transaction did not begin.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Somebody else holds the job now. Stop at once and write nothing more.
    #[error("the job is held by somebody else")]
    Lost,
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}
