//! Every number that bounds something, with its reason.

use std::time::Duration;

/// How long a lease on a job lasts. Short, so that another worker takes over within ten seconds of
/// a crash although platform calls last minutes.
pub const JOB_LEASE: Duration = Duration::from_secs(6);
/// How often a process renews its leases: a third of the lease, so two renewals may be lost.
pub const JOB_HEARTBEAT: Duration = Duration::from_secs(2);
/// The last byte of a mutating request must have left within this time of being allowed to go.
pub const SEND_WINDOW: Duration = Duration::from_secs(3);
/// A mutating request leaves within this time of the moment at which its intent was begun to be stored, or
/// never. The intent says until when the call may still happen, and everybody counts on that. Longer than the
/// send window by what a commit and the look-up of a lost one may take.
pub const CALL_LEAVES_WITHIN: Duration = Duration::from_secs(5);
/// How far apart the places of two jobs of one team are, among the jobs of all teams: about what a job takes.
pub const FAIR_SHARE: Duration = Duration::from_secs(1);
/// What must be left of the lease after the send window closes: clocks and schedulers are not exact.
pub const SEND_MARGIN: Duration = Duration::from_secs(1);

/// Shortest short domain that the platform accepts.
pub const SHORT_DOMAIN_LENGTH_MIN: usize = 5;
/// Longest short domain we create: the public statements on the platform's maximum disagree, and 32
/// is inside all of them.
pub const SHORT_DOMAIN_LENGTH_MAX: usize = 32;
/// Characters of our id in a short domain: 32^6 make a clash with a stranger's name improbable.
pub const SHORT_DOMAIN_SUFFIX_LENGTH: usize = 6;
/// Longest environment name: leaves room for the dash and the suffix in a short domain.
pub const ENVIRONMENT_NAME_LENGTH_MAX: usize = 25;
/// Shortest environment name.
pub const ENVIRONMENT_NAME_LENGTH_MIN: usize = 2;
/// Longest display name of an environment, in characters.
pub const DISPLAY_NAME_LENGTH_MAX: usize = 80;
/// Longest name of a team, in characters.
pub const TEAM_NAME_LENGTH_MAX: usize = 80;
/// Longest login of a platform account, in bytes: the longest legal e-mail address.
pub const PLATFORM_LOGIN_LENGTH_MAX: usize = 254;
/// Longest platform password or token we take into custody, in bytes.
pub const PLATFORM_SECRET_LENGTH_MAX: usize = 1024;
/// Longest name of a configured thing (platform, region, blueprint, node group), in bytes.
pub const CONFIGURED_NAME_LENGTH_MAX: usize = 64;
/// Longest name of a backup.
pub const SNAPSHOT_NAME_LENGTH_MAX: usize = 128;
/// Longest version of a stack's image: what image registries allow for a tag.
pub const STACK_VERSION_LENGTH_MAX: usize = 128;
/// Longest domain, in bytes, as DNS has it.
pub const DOMAIN_LENGTH_MAX: usize = 253;
/// Longest label of a domain, in bytes, as DNS has it.
pub const DOMAIN_LABEL_LENGTH_MAX: usize = 63;
/// Longest name of a container's variable, in bytes.
pub const VARIABLE_NAME_LENGTH_MAX: usize = 128;
/// Longest value of a container's variable, in bytes: the platform keeps them in a file that its own
/// tools read line by line.
pub const VARIABLE_VALUE_BYTES_MAX: usize = 4096;
/// Longest path on a node, in bytes.
pub const PATH_LENGTH_MAX: usize = 512;
/// Longest text to search for or to put in its place, in bytes.
pub const SEARCH_REPLACE_TEXT_BYTES_MAX: usize = 1024;
/// Most of a command's output that is kept, in bytes of each stream.
pub const COMMAND_OUTPUT_BYTES_MAX: usize = 64 * 1024;

/// Longest `Idempotency-Key`, in bytes.
pub const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 255;
/// Items on a page when the client does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// Most items on a page; a larger wish is lowered to this.
pub const PAGE_SIZE_MAX: u32 = 200;
/// Longest message in a job's log, in characters; the rest is cut, marked with an ellipsis.
pub const JOB_LOG_MESSAGE_LENGTH_MAX: usize = 2_000;
/// Largest encoded payload, step output or baseline, in bytes.
pub const JOB_PAYLOAD_BYTES_MAX: usize = 256 * 1024;
/// A job that was executing when its process died this many times is set aside for a person.
pub const JOB_DEATHS_MAX: u32 = 3;
/// How often a call that surely did not run is sent again before the step fails.
pub const STEP_RESENDS_MAX: u32 = 5;
/// Longest time a client may wait inside one request for a job to end.
pub const PREFER_WAIT_MAX: Duration = Duration::from_mins(1);

/// Longest e-mail address, in bytes: the longest that mail servers carry.
pub const EMAIL_ADDRESS_LENGTH_MAX: usize = 254;
/// Longest part before the `@`, in bytes, as mail servers have it.
pub const EMAIL_LOCAL_PART_LENGTH_MAX: usize = 64;
/// Shortest password of a person, in characters.
pub const PASSWORD_LENGTH_MIN: usize = 12;
/// Longest password of a person, in characters: room for any passphrase, and a bound for hashing.
pub const PASSWORD_LENGTH_MAX: usize = 128;
/// Longest life of an API token.
pub const API_TOKEN_LIFETIME_MAX: Duration = Duration::from_hours(366 * 24);
/// Most ranges of addresses that an API token is bound to.
pub const API_TOKEN_NETWORKS_MAX: usize = 32;
/// How long a browser session lives at most, however much it is used.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);
/// How long a proof of who somebody is lasts for what is most risky.
pub const STEP_UP_WINDOW: Duration = Duration::from_mins(5);
/// How often at most a credential in custody is tried because somebody asks: the platform counts
/// sign-ins, and shuts out who has too many.
pub const CREDENTIAL_CHECK_INTERVAL: Duration = Duration::from_mins(1);
/// How long a platform that is told of the end of a session is waited for; the session is forgotten
/// here before.
pub const SIGN_OUT_PATIENCE: Duration = Duration::from_secs(5);
/// How long a link that proves an address lives.
pub const VERIFICATION_LIFETIME: Duration = Duration::from_hours(24);
/// How long a link that resets a password lives.
pub const PASSWORD_RESET_LIFETIME: Duration = Duration::from_mins(30);
/// How long an invitation lives.
pub const INVITATION_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long an offer of ownership lives.
pub const OWNERSHIP_OFFER_LIFETIME: Duration = Duration::from_hours(7 * 24);
/// How long the token of a deletion's first step lives.
pub const TEAM_DELETION_LIFETIME: Duration = Duration::from_mins(10);
/// Recovery codes that a person gets at a time.
pub const RECOVERY_CODES: usize = 10;
/// Attempts to sign in to one account within [`LOGIN_WINDOW`]; more are refused unseen.
pub const LOGIN_ATTEMPTS_PER_ACCOUNT: i64 = 10;
/// Attempts to sign in from one address within [`LOGIN_WINDOW`].
pub const LOGIN_ATTEMPTS_PER_ADDRESS: i64 = 100;
/// The time over which attempts to sign in are counted.
pub const LOGIN_WINDOW: Duration = Duration::from_mins(15);
/// Mails that anybody may cause to one address within [`LOGIN_WINDOW`].
pub const MAILS_PER_ADDRESS: i64 = 5;
/// How exactly it is stored when a credential was last used: each request would be a write otherwise.
pub const LAST_USED_PRECISION: Duration = Duration::from_mins(1);
/// Roles that a team may make.
pub const CUSTOM_ROLES_MAX: i64 = 50;
/// Invitations of a team that wait at a time.
pub const INVITATIONS_MAX: i64 = 200;
/// Live API tokens of a team.
pub const API_TOKENS_MAX: i64 = 200;
/// Webhooks of a team.
pub const WEBHOOKS_MAX: i64 = 20;
/// Longest address of a webhook, in bytes.
pub const WEBHOOK_URL_LENGTH_MAX: usize = 1024;
/// How long the secret of a webhook is still good after it was replaced.
pub const WEBHOOK_SECRET_OVERLAP: Duration = Duration::from_hours(24);
/// Teams that one person may own.
pub const TEAMS_OWNED_MAX: i64 = 20;
