//! The closed set of calls: path, service, documentation, class of answer. Every entry has a row in
//! `docs/virtuozzo-inventory.toml`, which is written first.

#[cfg(test)]
mod tests;

/// The services that may have a root of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Environment,
    Marketplace,
    Binder,
    Script,
    SignIn,
    Billing,
}

impl Service {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Environment,
        Self::Marketplace,
        Self::Binder,
        Self::Script,
        Self::SignIn,
        Self::Billing,
    ];
}

/// How long an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerClass {
    /// Seconds.
    Instant,
    /// Seconds to a minute.
    Medium,
    /// Minutes: the platform answers when the work is over.
    Long,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident = $label:literal, $path:literal, $service:ident, $answer:ident, $anchor:literal;)*) => {
        /// One documented method of the platform.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Endpoint { $($(#[$doc])* $name,)* }

        impl Endpoint {
            /// Every endpoint.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The short name in metrics and spans.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// The path below `/1.0/`.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }

            /// The page that documents it.
            pub fn anchor(self) -> &'static str {
                match self { $(Self::$name => concat!("https://docs.jelastic.com/api/#!/api/", $anchor),)* }
            }

            pub(crate) fn service(self) -> Service {
                match self { $(Self::$name => Service::$service,)* }
            }

            pub(crate) fn answer_class(self) -> AnswerClass {
                match self { $(Self::$name => AnswerClass::$answer,)* }
            }

            /// The span of one attempt. Carries no parameter of the call: parameters hold secrets.
            pub(crate) fn span(self, attempt: u32) -> tracing::Span {
                match self {
                    $(Self::$name => tracing::info_span!(
                        concat!("virtuozzo.", $label),
                        otel.kind = "client",
                        endpoint = $label,
                        attempt,
                        upstream_trace_id = tracing::field::Empty,
                        status = tracing::field::Empty,
                    ),)*
                }
            }
        }
    };
}

endpoints! {
    /// A login and a password for a session.
    SignIn = "signin", "users/authentication/rest/signin", SignIn, Instant, "users.Authentication-method-Signin";
    /// The account behind a session or token.
    GetUserInfo = "getuserinfo", "users/account/rest/getuserinfo", SignIn, Instant, "users.Account-method-GetUserInfo";
    /// The end of a session.
    SignOut = "signout", "users/authentication/rest/signout", SignIn, Instant, "users.Authentication-method-Signout";
    /// A personal access token.
    CreateToken = "createtoken", "users/authentication/rest/createtoken", SignIn, Instant, "users.Authentication-method-CreateToken";
    /// Whether a short domain is free.
    CheckDomain = "checkdomain", "environment/binder/rest/checkdomain", Binder, Instant, "environment.Binder-method-CheckDomain";
    /// A new environment.
    CreateEnvironment = "createenvironment", "environment/control/rest/createenvironment", Environment, Long, "environment.Control-method-CreateEnvironment";
    /// A copy of an environment.
    CloneEnv = "cloneenv", "environment/control/rest/cloneenv", Environment, Long, "environment.Control-method-CloneEnv";
    /// An environment's display name.
    SetEnvDisplayName = "setenvdisplayname", "environment/control/rest/setenvdisplayname", Environment, Instant, "environment.Control-method-SetEnvDisplayName";
    /// One environment.
    GetEnvInfo = "getenvinfo", "environment/control/rest/getenvinfo", Environment, Instant, "environment.Control-method-GetEnvInfo";
    /// All environments.
    GetEnvs = "getenvs", "environment/control/rest/getenvs", Environment, Instant, "environment.Control-method-GetEnvs";
    /// The start of an environment.
    StartEnv = "startenv", "environment/control/rest/startenv", Environment, Long, "environment.Control-method-StartEnv";
    /// The stop of an environment.
    StopEnv = "stopenv", "environment/control/rest/stopenv", Environment, Medium, "environment.Control-method-StopEnv";
    /// An environment put to sleep.
    SleepEnv = "sleepenv", "environment/control/rest/sleepenv", Environment, Medium, "environment.Control-method-SleepEnv";
    /// A restart of services.
    RestartServices = "restartservices", "environment/control/rest/restartservices", Environment, Long, "environment.Control-method-RestartServices";
    /// A restart of containers.
    RestartNodes = "restartnodes", "environment/control/rest/restartnodes", Environment, Long, "environment.Control-method-RestartNodes";
    /// New containers of a version.
    RedeployContainers = "redeploycontainers", "environment/control/rest/redeploycontainers", Environment, Long, "environment.Control-method-RedeployContainers";
    /// The layers of an environment.
    GetNodeGroups = "getnodegroups", "environment/control/rest/getnodegroups", Environment, Instant, "environment.Control-method-GetNodeGroups";
    /// The size of a node.
    SetCloudletsCountById = "setcloudletscountbyid", "environment/control/rest/setcloudletscountbyid", Environment, Medium, "environment.Control-method-SetCloudletsCountById";
    /// Other layers for an environment.
    ChangeTopology = "changetopology", "environment/control/rest/changetopology", Environment, Long, "environment.Control-method-ChangeTopology";
    /// One more group for an environment.
    AttachEnvGroup = "attachenvgroup", "environment/control/rest/attachenvgroup", Environment, Instant, "environment.Control-method-AttachEnvGroup";
    /// One group less for an environment.
    DetachEnvGroup = "detachenvgroup", "environment/control/rest/detachenvgroup", Environment, Instant, "environment.Control-method-DetachEnvGroup";
    /// One group only for an environment.
    SetEnvGroup = "setenvgroup", "environment/control/rest/setenvgroup", Environment, Instant, "environment.Control-method-SetEnvGroup";
    /// The variables of a container.
    GetContainerEnvVars = "getcontainerenvvars", "environment/control/rest/getcontainerenvvars", Environment, Instant, "environment.Control-method-GetContainerEnvVars";
    /// More variables for a container.
    AddContainerEnvVars = "addcontainerenvvars", "environment/control/rest/addcontainerenvvars", Environment, Instant, "environment.Control-method-AddContainerEnvVars";
    /// Other variables for a container.
    SetContainerEnvVars = "setcontainerenvvars", "environment/control/rest/setcontainerenvvars", Environment, Instant, "environment.Control-method-SetContainerEnvVars";
    /// Fewer variables for a container.
    RemoveContainerEnvVars = "removecontainerenvvars", "environment/control/rest/removecontainerenvvars", Environment, Instant, "environment.Control-method-RemoveContainerEnvVars";
    /// The log files of a node.
    GetLogs = "getlogs", "environment/control/rest/getlogs", Environment, Instant, "environment.Control-method-GetLogs";
    /// A piece of a log file.
    ReadLog = "readlog", "environment/control/rest/readlog", Environment, Instant, "environment.Control-method-ReadLog";
    /// A password for a node.
    ResetNodePasswordById = "resetnodepasswordbyid", "environment/control/rest/resetnodepasswordbyid", Environment, Medium, "environment.Control-method-ResetNodePasswordById";
    /// A password for a container.
    ResetContainerPasswordById = "resetcontainerpasswordbyid", "environment/control/rest/resetcontainerpasswordbyid", Environment, Medium, "environment.Control-method-ResetContainerPasswordById";
    /// The shared folders of a node.
    GetMountPoints = "getmountpoints", "environment/file/rest/getmountpoints", Environment, Instant, "environment.File-method-GetMountPoints";
    /// One more shared folder.
    AddMountPointById = "addmountpointbyid", "environment/file/rest/addmountpointbyid", Environment, Medium, "environment.File-method-AddMountPointById";
    /// One shared folder less.
    RemoveMountPointById = "removemountpointbyid", "environment/file/rest/removemountpointbyid", Environment, Medium, "environment.File-method-RemoveMountPointById";
    /// The domains of visitors.
    GetExtDomains = "getextdomains", "environment/binder/rest/getextdomains", Binder, Instant, "environment.Binder-method-GetExtDomains";
    /// Whether a domain is free.
    CheckExtDomain = "checkextdomain", "environment/binder/rest/checkextdomain", Binder, Instant, "environment.Binder-method-CheckExtDomain";
    /// One more domain.
    BindExtDomain = "bindextdomain", "environment/binder/rest/bindextdomain", Binder, Medium, "environment.Binder-method-BindExtDomain";
    /// One domain less.
    RemoveExtDomain = "removeextdomain", "environment/binder/rest/removeextdomain", Binder, Medium, "environment.Binder-method-RemoveExtDomain";
    /// A package, from its manifest.
    JpsInstall = "jps_install", "marketplace/jps/rest/install", Marketplace, Long, "marketplace.Jps-method-Install";
    /// The add-ons on offer.
    GetAddonList = "getaddonlist", "marketplace/app/rest/getaddonlist", Marketplace, Instant, "marketplace.App-method-GetAddonList";
    /// An add-on, by its marketplace id.
    InstallAddon = "installaddon", "marketplace/app/rest/installaddon", Marketplace, Long, "marketplace.App-method-InstallAddon";
    /// What is installed.
    InstallationGetList = "installation_getlist", "marketplace/installation/rest/getlist", Marketplace, Instant, "marketplace.Installation-method-GetList";
    /// An action of what is installed.
    ExecuteAction = "executeaction", "marketplace/installation/rest/executeaction", Marketplace, Long, "marketplace.Installation-method-ExecuteAction";
    /// Removal of what is installed.
    InstallationUninstall = "installation_uninstall", "marketplace/installation/rest/uninstall", Marketplace, Long, "marketplace.Installation-method-Uninstall";
    /// The end of an environment.
    DeleteEnv = "deleteenv", "environment/control/rest/deleteenv", Environment, Long, "environment.Control-method-DeleteEnv";
    /// Actions that run now.
    GetCurrentActions = "getcurrentactions", "environment/tracking/rest/getcurrentactions", Environment, Instant, "environment.Tracking-method-GetCurrentActions";
    /// Actions of the past and the present.
    SearchActions = "searchactions", "environment/tracking/rest/searchactions", Environment, Instant, "environment.Tracking-method-SearchActions";
    /// The account as it is billed.
    GetAccount = "getaccount", "billing/account/rest/getaccount", Billing, Instant, "billing.Account-method-GetAccount";
    /// What an environment used.
    GetSumStat = "getsumstat", "environment/control/rest/getsumstat", Environment, Instant, "environment.Control-method-GetSumStat";
    /// The regions.
    GetRegions = "getregions", "environment/control/rest/getregions", Environment, Instant, "environment.Control-method-GetRegions";
    /// The stacks.
    GetTemplates = "gettemplates", "environment/control/rest/gettemplates", Environment, Instant, "environment.Control-method-GetTemplates";
    /// Quotas of the account.
    GetQuotas = "getquotas", "billing/account/rest/getquotas", Billing, Instant, "billing.Account-method-GetQuotas";
    /// A command on one node.
    ExecCmdById = "execcmdbyid", "environment/control/rest/execcmdbyid", Environment, Long, "environment.Control-method-ExecCmdById";
    /// A script that is stored on the platform.
    ScriptingEval = "scripting_eval", "development/scripting/rest/eval", Script, Long, "development.Scripting-method-Eval";
}
