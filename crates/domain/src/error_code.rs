//! The stable vocabulary of failures that clients see: a code, a class, and who has to act.

/// What kind of failure it is; the HTTP entrypoint maps each class to one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// The request is malformed.
    Malformed,
    /// A field holds a value that is not acceptable.
    Invalid,
    /// No valid credential.
    Unauthenticated,
    /// A valid credential that may not do this.
    Forbidden,
    /// It does not exist, or the caller may not know that it does.
    NotFound,
    /// The present state does not allow it.
    Conflict,
    /// Too much was asked for.
    TooMuch,
    /// Something we depend on does not answer just now; nothing was done.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// Who can do something about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoActs {
    /// The client: change the request.
    Client,
    /// The team's owner, usually at the platform account.
    Owner,
    /// Those who run Windlass.
    Operator,
    /// Nobody: trying again later is enough.
    Retry,
}

impl WhoActs {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Retry => "retry",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Client, Self::Owner, Self::Operator, Self::Retry]
            .into_iter()
            .find(|candidate| candidate.as_str() == text)
    }
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $class:ident, $acts:ident;)*) => {
        /// Every code a client can meet. A code is a contract: it is never renamed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl ErrorCode {
            /// All codes, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The kind of failure.
            pub fn class(self) -> ErrorClass {
                match self { $(Self::$variant => ErrorClass::$class,)* }
            }

            /// Who can do something about it.
            pub fn who_acts(self) -> WhoActs {
                match self { $(Self::$variant => WhoActs::$acts,)* }
            }

            /// What it means, in a sentence or two.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)* }
            }
        }
    };
}

error_codes! {
    /// The request cannot be read: broken JSON, a broken header or a broken path.
    MalformedRequest = "malformed-request", Malformed, Client;
    /// A field, query parameter or header holds a value that is not acceptable; `errors` points to it.
    ValidationFailed = "validation-failed", Invalid, Client;
    /// The body is larger than the limit.
    BodyTooLarge = "body-too-large", Malformed, Client;
    /// The body is not `application/json`.
    UnsupportedMediaType = "unsupported-media-type", Malformed, Client;
    /// The path exists, the method does not; `Allow` lists those that do.
    MethodNotAllowed = "method-not-allowed", Malformed, Client;
    /// There is no such resource, or the caller may not know that there is.
    NotFound = "not-found", NotFound, Client;
    /// No credential, or one that is malformed, unknown, expired or revoked.
    Unauthenticated = "unauthenticated", Unauthenticated, Client;
    /// The credential is valid but lacks the permission named in `detail`.
    PermissionDenied = "permission-denied", Forbidden, Owner;
    /// E-mail address and password do not belong together, or the second factor is missing or wrong.
    SignInRefused = "sign-in-refused", Unauthenticated, Client;
    /// The password is right; send a code of the second factor along.
    SecondFactorNeeded = "second-factor-needed", Unauthenticated, Client;
    /// The password is right, but the e-mail address was never proved; open the link in the mail first.
    EmailNotVerified = "email-not-verified", Forbidden, Client;
    /// Only a person who signed in with a browser can do this; an API token cannot.
    BrowserSessionRequired = "browser-session-required", Forbidden, Client;
    /// A request with a session cookie that changes something needs the session's `X-CSRF-Token`.
    CsrfTokenInvalid = "csrf-token-invalid", Forbidden, Client;
    /// This is risky: prove who you are again, then repeat it within five minutes.
    StepUpRequired = "step-up-required", Forbidden, Client;
    /// This needs a confirmed second factor; set one up first.
    SecondFactorRequired = "second-factor-required", Forbidden, Client;
    /// Too many attempts; `Retry-After` says when to try again.
    TooManyAttempts = "too-many-attempts", TooMuch, Retry;
    /// More requests than may be made in the time; `violated_policies` says of whom, `Retry-After` when one more is there.
    RateLimited = "rate-limited", TooMuch, Retry;
    /// The team has had the platform asked as often as it may in the time; `Retry-After` says when one more is there.
    PlatformBudgetSpent = "platform-budget-spent", TooMuch, Retry;
    /// New people register by invitation only here.
    RegistrationClosed = "registration-closed", Forbidden, Operator;
    /// The link or token is unknown, was used, or is too old; ask for a new one.
    LinkInvalid = "link-invalid", Invalid, Client;
    /// Those who run the service have suspended the team: it can be looked at and nothing else.
    TeamSuspended = "team-suspended", Forbidden, Operator;
    /// Jobs of the team are not at rest; wait for them or cancel them.
    TeamBusy = "team-busy", Conflict, Retry;
    /// Every team has exactly one owner: the owner cannot leave, be removed or get another role. Transfer the ownership instead.
    OwnerIsFixed = "owner-is-fixed", Conflict, Client;
    /// The person is a member of the team already.
    AlreadyMember = "already-member", Conflict, Client;
    /// The team has a role of that name.
    RoleNameTaken = "role-name-taken", Conflict, Client;
    /// Members or invitations have the role; give them another one first.
    RoleInUse = "role-in-use", Conflict, Client;
    /// Built-in roles are the same in every team; make a custom role instead.
    RoleNotEditable = "role-not-editable", Conflict, Client;
    /// Nobody can give a right that they do not have, or one that only the owner may have.
    RightsExceeded = "rights-exceeded", Forbidden, Client;
    /// As many as there may be; remove one first.
    LimitReached = "limit-reached", Conflict, Client;
    /// There is no offer of ownership for this person, or it has ended.
    NoOwnershipOffer = "no-ownership-offer", Conflict, Client;
    /// What the job's principal was allowed to do was taken away while it ran; what it did is undone.
    RightsRevoked = "rights-revoked", Forbidden, Owner;
    /// A platform session key was sent to us. It is never accepted from a client.
    SessionKeyNotAccepted = "session-key-not-accepted", Invalid, Client;
    /// This operation needs an `Idempotency-Key` header.
    IdempotencyKeyRequired = "idempotency-key-required", Malformed, Client;
    /// The `Idempotency-Key` was used before with another request.
    IdempotencyKeyReused = "idempotency-key-reused", Invalid, Client;
    /// A request with the same `Idempotency-Key` is being worked on; ask again.
    IdempotencyInFlight = "idempotency-in-flight", Conflict, Retry;
    /// The environment name is taken, in this team or on the platform.
    EnvironmentNameTaken = "environment-name-taken", Conflict, Client;
    /// The environment is not in a state that allows this, or is held for a person to look at.
    EnvironmentStateConflict = "environment-state-conflict", Conflict, Client;
    /// The environment does not run, and this happens inside of it; start it first.
    EnvironmentNotRunning = "environment-not-running", Conflict, Client;
    /// The environment has no such node; the ids of nodes change when their layer is made anew.
    NodeNotFound = "node-not-found", Conflict, Client;
    /// The connected platform account does not have the environment: it was deleted elsewhere, or another account was connected since.
    EnvironmentNotVisible = "environment-not-visible", Conflict, Owner;
    /// Somebody on the platform has bound the domain; it has to be unbound there first.
    DomainTaken = "domain-taken", Conflict, Client;
    /// Something else is mounted at that path of the node.
    MountPathTaken = "mount-path-taken", Conflict, Client;
    /// The add-on or package is not installed in the environment.
    AddonNotInstalled = "addon-not-installed", Conflict, Client;
    /// A command on a node ended with an error; the logs of the node say more.
    CommandFailed = "command-failed", Conflict, Client;
    /// The team has no connected platform account.
    PlatformAccountMissing = "platform-account-missing", Conflict, Owner;
    /// The platform refused the stored credential; the owner has to connect the account again.
    PlatformAccountNeedsReauthentication = "platform-account-needs-reauthentication", Conflict, Owner;
    /// The platform refused the credential that was just given.
    PlatformCredentialRefused = "platform-credential-refused", Invalid, Client;
    /// The account cannot delete what it would create: its token lacks the method, or the platform wants a confirmation password that is not in custody.
    DeleteConfirmationUnavailable = "delete-confirmation-unavailable", Conflict, Owner;
    /// The add-on or action is not mapped to anything on this platform; the operator configures it.
    ActionNotConfigured = "action-not-configured", Conflict, Operator;
    /// The add-on is already installed in the environment.
    AddonAlreadyInstalled = "addon-already-installed", Conflict, Client;
    /// The job is past the point where it can be cancelled, or has ended.
    CancelTooLate = "cancel-too-late", Conflict, Client;
    /// The team has as many unfinished jobs as it may have; wait until some have ended.
    TeamBacklogFull = "team-backlog-full", TooMuch, Retry;
    /// Windlass has as many unfinished jobs as it may have; wait until some have ended.
    BacklogFull = "backlog-full", TooMuch, Retry;
    /// The job is not in a state that allows this.
    JobStateConflict = "job-state-conflict", Conflict, Client;
    /// Changes of the team or platform are paused already, or are not paused; the list of pauses tells.
    PauseStateConflict = "pause-state-conflict", Conflict, Client;
    /// Whether the request was stored is not known yet; the job id in the problem tells when asked again.
    OutcomeUnknown = "outcome-unknown", Unavailable, Retry;
    /// Windlass is overloaded or a store does not answer; nothing was done.
    TemporarilyUnavailable = "temporarily-unavailable", Unavailable, Retry;
    /// The platform does not answer; nothing was done.
    PlatformUnavailable = "platform-unavailable", Unavailable, Retry;
    /// The platform refused the operation; `detail` has its reason.
    PlatformRefused = "platform-refused", Conflict, Client;
    /// A quota of the platform account is used up.
    PlatformQuotaExceeded = "platform-quota-exceeded", Conflict, Owner;
    /// The platform stayed busy with the environment for too long.
    PlatformBusy = "platform-busy", Conflict, Retry;
    /// The environment did not become what was asked for, although the platform accepted the call.
    EnvironmentBroken = "environment-broken", Conflict, Owner;
    /// The platform's answers leave open whether a step happened; a person has to look.
    NeedsAttention = "needs-attention", Conflict, Operator;
    /// It was changed since it had the tag that `If-Match` names; read it again.
    PreconditionFailed = "precondition-failed", Conflict, Client;
    /// The webhook is off, so nothing would be sent; turn it on first.
    WebhookInactive = "webhook-inactive", Conflict, Client;
    /// The job was cancelled.
    JobCancelled = "job-cancelled", Conflict, Client;
    /// The job cannot be read by this version, or brought its process down again and again.
    JobUnrunnable = "job-unrunnable", Internal, Operator;
    /// A fault of Windlass; the request id finds it in the logs.
    InternalError = "internal-error", Internal, Operator;
}

#[cfg(test)]
mod tests;
