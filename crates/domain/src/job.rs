//! The job: one slow or risky operation with one durable truth.

use crate::access::{PermissionSet, Principal};
use crate::error_code::ErrorCode;
use crate::ids::{EnvironmentId, JobId, TeamId};
use crate::trace_parent::TraceParent;
use jiff::Timestamp;

pub mod journal;
mod pool;
mod state;
#[cfg(test)]
mod tests;

pub use pool::JobPool;
pub use state::{JobEvent, JobState, JobTransitionError};

macro_rules! job_kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, $version:literal;)*) => {
        /// What a job does. The text form is `noun.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum JobKind {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl JobKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }

            /// The version of payload and steps that this build writes and runs.
            pub fn version(self) -> i32 {
                match self { $(Self::$variant => $version,)* }
            }
        }
    };
}

job_kinds! {
    /// Build an environment from a blueprint.
    EnvironmentProvision = "environment.provision", 1;
    /// Copy an environment.
    EnvironmentClone = "environment.clone", 1;
    /// Delete an environment.
    EnvironmentDelete = "environment.delete", 2;
    /// Start an environment.
    EnvironmentStart = "environment.start", 1;
    /// Stop an environment.
    EnvironmentStop = "environment.stop", 1;
    /// Put an environment to sleep until the next request.
    EnvironmentSleep = "environment.sleep", 1;
    /// Restart an environment, a layer or a node.
    EnvironmentRestart = "environment.restart", 1;
    /// Replace containers by new ones of a version.
    EnvironmentRedeploy = "environment.redeploy", 1;
    /// Give an environment other layers.
    TopologyChange = "topology.change", 1;
    /// Give an environment another name for people.
    DisplayNameSet = "display_name.set", 1;
    /// Set the size of a node.
    CloudletsSet = "cloudlets.set", 1;
    /// Put an environment into a group.
    GroupAttach = "group.attach", 1;
    /// Take an environment out of a group.
    GroupDetach = "group.detach", 1;
    /// Leave an environment in one group only.
    GroupSet = "group.set", 1;
    /// Add a shared folder to a node.
    MountAdd = "mount.add", 1;
    /// Remove a shared folder from a node.
    MountRemove = "mount.remove", 1;
    /// Bind a domain to an environment.
    DomainBind = "domain.bind", 1;
    /// Take a domain off an environment.
    DomainUnbind = "domain.unbind", 1;
    /// Add variables to a container or overwrite them.
    VariablesAdd = "variables.add", 1;
    /// Give a container exactly these variables.
    VariablesReplace = "variables.replace", 1;
    /// Remove variables from a container.
    VariablesRemove = "variables.remove", 1;
    /// Install an add-on in an environment.
    AddonInstall = "addon.install", 1;
    /// Uninstall an add-on from an environment.
    AddonUninstall = "addon.uninstall", 1;
    /// Install the package that manages caches.
    MbadminInstall = "mbadmin.install", 1;
    /// Run an action of the package that manages caches.
    MbadminRun = "mbadmin.run", 1;
    /// Make a backup of an environment.
    BackupCreate = "backup.create", 1;
    /// Bring back what a backup of an environment holds.
    BackupRestore = "backup.restore", 1;
    /// Count what a search and replace would change.
    SearchReplaceCount = "search_replace.count", 1;
    /// Search and replace in the database of a site.
    SearchReplaceRun = "search_replace.run", 1;
    /// Give a node a new password.
    PasswordReset = "password.reset", 1;
    /// Run a script that is mapped by configuration.
    ScriptRun = "script.run", 1;
    /// Compare what is known of a team's environments with the platform.
    TeamSync = "team.sync", 1;
}

impl JobKind {
    /// Whether it waits for the turn of the whole team besides that of its environment: what creates,
    /// deletes, installs, regroups or changes sizes and layers does.
    pub fn takes_the_teams_turn(self) -> bool {
        match self {
            Self::EnvironmentProvision
            | Self::EnvironmentClone
            | Self::EnvironmentDelete
            | Self::TopologyChange
            | Self::CloudletsSet
            | Self::GroupAttach
            | Self::GroupDetach
            | Self::GroupSet
            | Self::AddonInstall
            | Self::AddonUninstall
            | Self::MbadminInstall => true,
            Self::EnvironmentStart
            | Self::EnvironmentStop
            | Self::EnvironmentSleep
            | Self::EnvironmentRestart
            | Self::EnvironmentRedeploy
            | Self::DisplayNameSet
            | Self::MountAdd
            | Self::MountRemove
            | Self::DomainBind
            | Self::DomainUnbind
            | Self::VariablesAdd
            | Self::VariablesReplace
            | Self::VariablesRemove
            | Self::MbadminRun
            | Self::BackupCreate
            | Self::BackupRestore
            | Self::SearchReplaceCount
            | Self::SearchReplaceRun
            | Self::PasswordReset
            | Self::ScriptRun
            | Self::TeamSync => false,
        }
    }
}

/// Bytes that only `application` can read: a payload, a step's output or its baseline. JSON, never
/// holding a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedData(pub String);

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobProgress {
    /// 0 to 100; never falls.
    pub percent: u8,
    /// The step being worked on.
    pub step: Option<String>,
    /// Steps that are done.
    pub steps_done: u16,
    /// Steps in all.
    pub steps_total: u16,
}

/// Why a job is not being worked on just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitReason {
    /// Another job of the team holds a turn that this one needs.
    Turn,
    /// The platform is still working on the environment.
    PlatformWork,
    /// An answer was lost; the platform is being asked whether the call happened.
    Settlement,
    /// The platform does not answer.
    PlatformUnavailable,
    /// The coordination service does not answer; nothing is changed meanwhile.
    CoordinationUnavailable,
    /// The platform refused the credential; the owner has to connect the account again.
    Reauthentication,
    /// Its worker was stopped; another one takes it over.
    Handover,
    /// Those who run the service have paused changes of the team, or on its platform.
    Paused,
    /// Workers are busy, or as many jobs of the team or its platform run at once as may. Nothing that is stored:
    /// it is what a job waits for that could be taken and is not.
    Capacity,
}

impl WaitReason {
    const ALL: [Self; 9] = [
        Self::Turn,
        Self::PlatformWork,
        Self::Settlement,
        Self::PlatformUnavailable,
        Self::CoordinationUnavailable,
        Self::Reauthentication,
        Self::Handover,
        Self::Paused,
        Self::Capacity,
    ];

    /// The stable text form.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::PlatformWork => "platform_work",
            Self::Settlement => "settlement",
            Self::PlatformUnavailable => "platform_unavailable",
            Self::CoordinationUnavailable => "coordination_unavailable",
            Self::Reauthentication => "reauthentication",
            Self::Handover => "handover",
            Self::Paused => "paused",
            Self::Capacity => "capacity",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Why a job failed, in a form a client can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// The stable code; it knows its class and who has to act.
    pub code: ErrorCode,
    /// The step that failed.
    pub step: Option<String>,
    /// The platform's result code, when it gave one.
    pub platform_code: Option<i64>,
    /// Whether the same request may succeed when it is made again.
    pub is_retryable: bool,
    /// A sentence for the client. Never holds a secret or a platform identifier.
    pub detail: String,
    /// Steps that were done and stay done, in order: there is no way back from them.
    pub remaining: Vec<String>,
}

/// What a person has to find out or to decide about a job. Why the job is being undone, if it is, stands
/// beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobAttention {
    /// The stable code.
    pub code: ErrorCode,
    /// The step that is in doubt or could not be taken back.
    pub step: Option<String>,
    /// A sentence for people. Never holds a secret or a platform identifier.
    pub detail: String,
}

/// A job, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// The team it belongs to.
    pub team_id: TeamId,
    /// What it does.
    pub kind: JobKind,
    /// The version of its payload and steps.
    pub kind_version: i32,
    /// Where it stands.
    pub state: JobState,
    /// The environment it is about.
    pub environment_id: Option<EnvironmentId>,
    /// Who asked for it.
    pub principal: Principal,
    /// What the request demanded. It is demanded again before every step: a right that was taken away
    /// meanwhile lets no further step begin.
    pub required_permissions: PermissionSet,
    /// What it needs to know.
    pub payload: EncodedData,
    /// How far it is.
    pub progress: JobProgress,
    /// Why nobody works on it just now.
    pub waiting_for: Option<WaitReason>,
    /// Why it failed, or is being undone.
    pub failure: Option<JobFailure>,
    /// What a person has to look at; only while it waits for one.
    pub attention: Option<JobAttention>,
    /// Whether somebody asked to cancel it.
    pub is_cancel_requested: bool,
    /// The job that this one repeats.
    pub retry_of: Option<JobId>,
    /// Where the request that it was accepted for stands in its trace.
    pub trace_parent: Option<TraceParent>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The number of the newest line of its log; 0 when the log is empty.
    pub log_sequence: i64,
    /// Counts changes of the row.
    pub version: i64,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobLogLevel {
    /// The normal course.
    Info,
    /// Something was repaired or repeated.
    Warning,
    /// Something failed.
    Error,
}

impl JobLogLevel {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Info, Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// One line of a job's log. Sequences start at 1 and have no gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLogLine {
    /// Its number in the job.
    pub sequence: i64,
    /// When it was written.
    pub at: Timestamp,
    /// How much it matters.
    pub level: JobLogLevel,
    /// The step it is about.
    pub step: Option<String>,
    /// What happened, for people.
    pub message: String,
    /// The fence of the hold under which it was written; none when nobody held the job. Along the log it
    /// never falls: whoever was replaced writes nothing any more.
    pub fence: Option<i64>,
}
