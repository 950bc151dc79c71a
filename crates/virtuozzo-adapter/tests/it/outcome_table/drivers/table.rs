//! The table: method, endpoint, good answer, call.

use super::{Driver, Kind, Seen};
use crate::support::{account, attempt, package, password, platform_name, short_domain, spec};
use domain::SecretText;
use domain::environment::PlatformNodeId;
use domain::names::{
    DisplayName, ExternalDomain, FilePath, FolderPath, GroupName, NodeGroup, ParameterName,
    ScriptName, ShortDomain, SnapshotName, StackVersion, VariableName,
};
use domain::platform_account::PlatformCredential;
use domain::ports::{
    AccessTokenSpec, Cloudlets, GuardedCommand, LayerSpec, LogRange, MountPointSpec, NodeTarget,
    PlatformAccounts, PlatformCommands, PlatformDomains, PlatformEnvironments, PlatformGroups,
    PlatformLifeCycle, PlatformLogs, PlatformPasswords, PlatformSignIn, PlatformSoftware,
    PlatformStorage, PlatformTopology, PlatformTracking, PlatformVariables, RedeploySpec,
};
use domain::software::{Addon, MbadminAction, PlatformUniqueName};
use futures::FutureExt;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use virtuozzo_adapter::Endpoint;

/// The ports that the adapter implements, as they are written.
pub(in super::super) const PORTS: &[&str] = &[
    include_str!("../../../../../domain/src/ports/hosting_platform/accounts.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/commands.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/domains.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/environments.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/groups.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/life_cycle.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/logs.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/passwords.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/software.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/storage.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/topology.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/tracking.rs"),
    include_str!("../../../../../domain/src/ports/hosting_platform/variables.rs"),
];

/// The port of sessions and the one of signing in, of which the adapter implements the second.
pub(in super::super) const SESSIONS_AND_SIGN_IN: &str =
    include_str!("../../../../../domain/src/ports/platform_sessions.rs");

macro_rules! driver {
    ($kind:ident $method:literal $endpoint:ident $good:expr, |$it:ident, $ticket:pat_param| $call:expr) => {
        Driver {
            method: $method,
            endpoint: Endpoint::$endpoint,
            kind: Kind::$kind,
            good: $good,
            answers: &[],
            earlier: &[],
            run: |$it, $ticket| async move { Seen::from($call.await) }.boxed(),
        }
    };
}

/// Every method under every endpoint that it calls.
pub(in super::super) fn all() -> Vec<Driver> {
    [
        accounts(),
        commands(),
        credentials(),
        domains(),
        environments(),
        groups(),
        life_cycle(),
        logs(),
        passwords(),
        software(),
        storage(),
        topology(),
        tracking(),
        variables(),
    ]
    .concat()
}

fn display_name() -> DisplayName {
    DisplayName::parse("Shop").unwrap()
}

fn session_key() -> SecretText {
    SecretText::new("first-key".into())
}

fn access_token() -> PlatformCredential {
    PlatformCredential::AccessToken {
        token: session_key(),
    }
}

fn action(name: &str) -> MbadminAction {
    MbadminAction::parse(name).unwrap()
}

fn parameters() -> Vec<(ParameterName, String)> {
    vec![(ParameterName::parse("ttl").unwrap(), "60".into())]
}

fn token_wanted() -> AccessTokenSpec {
    AccessTokenSpec {
        description: "example".into(),
        methods: vec!["environment.control.GetEnvs".into()],
        expires_at: None,
    }
}

fn snapshot() -> SnapshotName {
    SnapshotName::parse("2026-01-02_0304").unwrap()
}

fn installed() -> PlatformUniqueName {
    PlatformUniqueName("an-installation".into())
}

fn group() -> GroupName {
    GroupName::parse("clients/shop").unwrap()
}

fn copy() -> ShortDomain {
    ShortDomain::parse("copy-abc123").unwrap()
}

fn layers() -> Vec<LayerSpec> {
    spec(1).layers
}

/// What the node prints about the guard of [`attempt`] 7.
const FINISHED: &str = r#"{"result":0,"responses":[{"result":0,"nodeid":48211,"out":"windlass-guard att_00000000000000000000000007 0 0: 0: finished\n"}]}"#;

fn script() -> ScriptName {
    ScriptName::parse("warm-up").unwrap()
}

fn commands() -> Vec<Driver> {
    vec![
        driver!(Mutation "run_guarded" ExecCmdById FINISHED,
            |it, ticket| it.platforms.run_guarded(
                &account(), ticket, &short_domain(), NODE, attempt(7), &GuardedCommand::FlushCache)),
        driver!(Mutation "run_stored_script" ScriptingEval r#"{"result":0,"response":{"result":0}}"#,
            |it, ticket| it.platforms.run_stored_script(&account(), ticket, &short_domain(), &script())),
    ]
}

const OBSERVED: &str =
    r#"{"result":0,"env":{"envName":"shop-abc123","appid":"a1","status":1},"nodes":[]}"#;
const HOUR: Duration = Duration::from_hours(1);
const NODE: PlatformNodeId = PlatformNodeId(48_211);
const SIZE: Cloudlets = Cloudlets {
    reserved: 1,
    limit: 8,
};

fn layer() -> NodeTarget {
    NodeTarget::Layer(NodeGroup::parse("cp").unwrap())
}

fn site() -> ExternalDomain {
    ExternalDomain::parse("www.example.com").unwrap()
}

fn log_path() -> FilePath {
    FilePath::parse("/var/log/nginx/error.log").unwrap()
}

fn folder() -> FolderPath {
    FolderPath::parse("/var/www/uploads").unwrap()
}

fn mount_point() -> MountPointSpec {
    MountPointSpec {
        path: folder(),
        source_node: NODE,
        source_path: folder(),
        name: None,
        is_read_only: false,
    }
}

fn variables_to_set() -> BTreeMap<VariableName, SecretText> {
    BTreeMap::from([(VariableName::parse("MODE").unwrap(), session_key())])
}

fn variables_to_remove() -> BTreeSet<VariableName> {
    variables_to_set().into_keys().collect()
}

fn new_version() -> RedeploySpec {
    RedeploySpec {
        version: StackVersion::parse("8.3").unwrap(),
        keeps_volumes: true,
    }
}

fn accounts() -> Vec<Driver> {
    vec![
        driver!(Read "read_standing" GetAccount r#"{"result":0,"status":1}"#,
            |it, _| it.platforms.read_standing(&account())),
        driver!(Read "read_quotas" GetQuotas r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.read_quotas(&account(), &["environment.maxcount"])),
        driver!(Read "read_usage" GetSumStat r#"{"result":0,"stats":[]}"#,
            |it, _| it.platforms.read_usage(&account(), &short_domain(), HOUR)),
        driver!(Read "list_regions" GetRegions r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.list_regions(&account())),
        driver!(Read "list_stacks" GetTemplates r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.list_stacks(&account())),
    ]
}

fn domains() -> Vec<Driver> {
    vec![
        driver!(Read "list_domains" GetExtDomains r#"{"result":0,"extDomains":[]}"#,
            |it, _| it.platforms.list_domains(&account(), &short_domain())),
        driver!(Read "is_domain_free" CheckExtDomain r#"{"result":0}"#,
            |it, _| it.platforms.is_domain_free(&account(), &site()))
        .answered_by(&[2330]),
        driver!(Mutation "bind_domain" BindExtDomain r#"{"result":0}"#,
            |it, ticket| it.platforms.bind_domain(&account(), ticket, &short_domain(), &site())),
        driver!(Mutation "unbind_domain" RemoveExtDomain r#"{"result":0}"#,
            |it, ticket| it.platforms.unbind_domain(&account(), ticket, &short_domain(), &site())),
    ]
}

fn environments() -> Vec<Driver> {
    vec![
        // What no source explains means that the name is taken.
        driver!(Read "is_short_domain_free" CheckDomain r#"{"result":0}"#,
            |it, _| it.platforms.is_short_domain_free(&account(), &short_domain(), None))
        .answered_by(&[2314, 2330, 424_242]),
        driver!(Read "observe_environment" GetEnvInfo OBSERVED, |it, _| it.platforms.observe_environment(&account(), &short_domain()))
        .answered_by(&[11, 901]),
        driver!(Read "list_environments" GetEnvs r#"{"result":0,"infos":[]}"#,
            |it, _| it.platforms.list_environments(&account())),
        driver!(Mutation "create_environment" CreateEnvironment
            r#"{"result":0,"response":{"result":0,"env":{"envName":"shop-abc123","appid":"a1"}}}"#,
            |it, ticket| it.platforms.create_environment(&account(), ticket, &spec(1))),
        driver!(Mutation "clone_environment" CloneEnv
            r#"{"result":0,"env":{"envName":"copy-abc123","appid":"a2"}}"#,
            |it, ticket| it.platforms.clone_environment(&account(), ticket, &short_domain(), &copy())),
        driver!(Mutation "set_display_name" SetEnvDisplayName r#"{"result":0}"#,
            |it, ticket| it.platforms.set_display_name(&account(), ticket, &short_domain(), &display_name())),
        driver!(Deletion "delete_environment" DeleteEnv r#"{"result":0}"#,
            |it, ticket| it.platforms.delete_environment(&account(), ticket, &short_domain(), None)),
    ]
}

fn groups() -> Vec<Driver> {
    vec![
        driver!(Mutation "attach_group" AttachEnvGroup r#"{"result":0}"#,
            |it, ticket| it.platforms.attach_group(&account(), ticket, &short_domain(), &group())),
        driver!(Mutation "detach_group" DetachEnvGroup r#"{"result":0}"#,
            |it, ticket| it.platforms.detach_group(&account(), ticket, &short_domain(), &group())),
        driver!(Mutation "set_only_group" SetEnvGroup r#"{"result":0}"#,
            |it, ticket| it.platforms.set_only_group(&account(), ticket, &short_domain(), &group())),
    ]
}

fn life_cycle() -> Vec<Driver> {
    vec![
        driver!(Mutation "start_environment" StartEnv r#"{"result":0}"#,
            |it, ticket| it.platforms.start_environment(&account(), ticket, &short_domain())),
        driver!(Mutation "stop_environment" StopEnv r#"{"result":0}"#,
            |it, ticket| it.platforms.stop_environment(&account(), ticket, &short_domain())),
        driver!(Mutation "put_environment_to_sleep" SleepEnv r#"{"result":0}"#,
            |it, ticket| it.platforms.put_environment_to_sleep(&account(), ticket, &short_domain())),
        driver!(Mutation "restart_services" RestartServices r#"{"result":0}"#,
            |it, ticket| it.platforms.restart_services(&account(), ticket, &short_domain(), &layer())),
        driver!(Mutation "restart_nodes" RestartNodes r#"{"result":0}"#,
            |it, ticket| it.platforms.restart_nodes(&account(), ticket, &short_domain(), &layer())),
        driver!(Mutation "redeploy" RedeployContainers r#"{"result":0}"#,
            |it, ticket| it.platforms.redeploy(&account(), ticket, &short_domain(), &layer(), &new_version())),
    ]
}

fn logs() -> Vec<Driver> {
    vec![
        driver!(Read "list_log_files" GetLogs r#"{"result":0,"keywords":{}}"#,
            |it, _| it.platforms.list_log_files(&account(), &short_domain(), NODE)),
        driver!(Read "read_log" ReadLog r#"{"result":0,"body":"a line"}"#,
            |it, _| it.platforms.read_log(&account(), &short_domain(), NODE, &log_path(), LogRange { from: 0, count: 10 })),
    ]
}

fn passwords() -> Vec<Driver> {
    vec![
        driver!(Mutation "reset_node_password" ResetNodePasswordById r#"{"result":0}"#,
            |it, ticket| it.platforms.reset_node_password(&account(), ticket, &short_domain(), NODE, &session_key())),
        driver!(Mutation "reset_container_password" ResetContainerPasswordById r#"{"result":0}"#,
            |it, ticket| it.platforms.reset_container_password(&account(), ticket, &short_domain(), NODE, &session_key())),
    ]
}

fn software() -> Vec<Driver> {
    vec![
        driver!(Read "list_installations" InstallationGetList r#"{"result":0,"response":{"apps":[]}}"#,
            |it, _| it.platforms.list_installations(&account(), &short_domain())),
        driver!(Read "is_addon_available" GetAddonList r#"{"result":0,"apps":[]}"#,
            |it, _| it.platforms.is_addon_available(&account(), &short_domain(), Addon::Sftp)),
        driver!(Installation "install_package" JpsInstall r#"{"result":0,"uniqueName":"an-installation"}"#,
            |it, ticket| it.platforms.install_package(&account(), ticket, &short_domain(), &package())),
        driver!(Installation "install_addon" InstallAddon r#"{"result":0,"uniqueName":"an-installation"}"#,
            |it, ticket| it.platforms.install_addon(&account(), ticket, &short_domain(), Addon::Sftp)),
        driver!(Installation "run_mbadmin_action" ExecuteAction r#"{"result":0}"#,
            |it, ticket| it.platforms.run_mbadmin_action(&account(), ticket, &installed(), action("redis.flush"))),
        driver!(Installation "run_mbadmin_action_with_parameters" ExecuteAction r#"{"result":0}"#,
            |it, ticket| it.platforms.run_mbadmin_action_with_parameters(
                &account(), ticket, &installed(), action("redis.configure"), &parameters())),
        driver!(Installation "create_backup" ExecuteAction r#"{"result":0}"#,
            |it, ticket| it.platforms.create_backup(&account(), ticket, &installed())),
        driver!(Installation "restore_backup" ExecuteAction r#"{"result":0}"#,
            |it, ticket| it.platforms.restore_backup(&account(), ticket, &installed(), &snapshot())),
        driver!(Installation "uninstall" InstallationUninstall r#"{"result":0}"#,
            |it, ticket| it.platforms.uninstall(&account(), ticket, &installed())),
    ]
}

fn storage() -> Vec<Driver> {
    vec![
        driver!(Read "list_mount_points" GetMountPoints r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.list_mount_points(&account(), &short_domain(), NODE)),
        driver!(Mutation "add_mount_point" AddMountPointById r#"{"result":0}"#,
            |it, ticket| it.platforms.add_mount_point(&account(), ticket, &short_domain(), NODE, &mount_point())),
        driver!(Mutation "remove_mount_point" RemoveMountPointById r#"{"result":0}"#,
            |it, ticket| it.platforms.remove_mount_point(&account(), ticket, &short_domain(), NODE, &folder())),
    ]
}

fn topology() -> Vec<Driver> {
    vec![
        driver!(Read "list_layers" GetNodeGroups r#"{"result":0,"object":[]}"#,
            |it, _| it.platforms.list_layers(&account(), &short_domain())),
        driver!(Mutation "set_cloudlets" SetCloudletsCountById r#"{"result":0}"#,
            |it, ticket| it.platforms.set_cloudlets(&account(), ticket, &short_domain(), NODE, SIZE)),
        driver!(Mutation "change_topology" ChangeTopology r#"{"result":0,"response":{"result":0}}"#,
            |it, ticket| it.platforms.change_topology(&account(), ticket, &short_domain(), &layers()))
        .after(&[(Endpoint::GetEnvInfo, OBSERVED)]),
    ]
}

fn tracking() -> Vec<Driver> {
    vec![
        driver!(Read "list_running_actions" GetCurrentActions r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.list_running_actions(&account())),
        driver!(Read "find_actions_of" SearchActions r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.find_actions_of(&account(), attempt(1), Timestamp::UNIX_EPOCH)),
    ]
}

fn credentials() -> Vec<Driver> {
    vec![
        driver!(Credential "sign_in" SignIn r#"{"result":0,"uid":4127,"session":"first-key"}"#,
            |it, _| it.sign_in.sign_in(&platform_name(), &password())),
        driver!(Credential "sign_in" GetUserInfo r#"{"result":0,"uid":4127}"#,
            |it, _| it.sign_in.sign_in(&platform_name(), &access_token())),
        // There is no such session, which is what was wanted.
        driver!(Credential "sign_out" SignOut r#"{"result":0}"#,
            |it, _| it.sign_in.sign_out(&platform_name(), &session_key()))
        .answered_by(&[702]),
        driver!(Credential "create_access_token" CreateToken r#"{"result":0,"token":{"key":"a-token"}}"#,
            |it, _| it.sign_in.create_access_token(&platform_name(), &session_key(), &token_wanted())),
        // Not there, or wrong about it: the method is allowed. Permission: it is not, which is known then.
        driver!(Credential "deletion_confirmation" DeleteEnv r#"{"result":11}"#,
            |it, _| it.sign_in.deletion_confirmation(&platform_name(), &session_key(), true))
        .answered_by(&[3, 5, 8, 11, 801, 901, 5000, 8202]),
        driver!(Credential "deletion_confirmation" GetQuotas r#"{"result":0,"array":[]}"#,
            |it, _| it.sign_in.deletion_confirmation(&platform_name(), &session_key(), true))
        .after(&[(Endpoint::DeleteEnv, r#"{"result":11}"#)])
        .answered_by(&[8, 8202]),
    ]
}

fn variables() -> Vec<Driver> {
    vec![
        driver!(Read "read_variables" GetContainerEnvVars r#"{"result":0,"object":{}}"#,
            |it, _| it.platforms.read_variables(&account(), &short_domain(), NODE)),
        driver!(Mutation "add_variables" AddContainerEnvVars r#"{"result":0}"#,
            |it, ticket| it.platforms.add_variables(&account(), ticket, &short_domain(), NODE, &variables_to_set())),
        driver!(Mutation "replace_variables" SetContainerEnvVars r#"{"result":0}"#,
            |it, ticket| it.platforms.replace_variables(&account(), ticket, &short_domain(), NODE, &variables_to_set())),
        driver!(Mutation "remove_variables" RemoveContainerEnvVars r#"{"result":0}"#,
            |it, ticket| it.platforms.remove_variables(&account(), ticket, &short_domain(), NODE, &variables_to_remove())),
    ]
}
