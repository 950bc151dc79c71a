//! The table: every mutation with its class, what it leaves behind and how a client brings it about.

use super::site::{Site, domain, group};
use super::{Class, Counted, Mutation, Request, Wish};
use http::Method;
use serde_json::{Value, json};
use virtuozzo_simulator::Effect;

/// Mutating calls that no job makes, and why nobody loses their answers here.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[
    (
        "users/authentication/rest/signin",
        "sent once; tests of `platform_sessions` and of the adapter lose its answer",
    ),
    (
        "users/authentication/rest/signout",
        "no use case signs out yet",
    ),
    (
        "users/authentication/rest/createtoken",
        "no use case makes tokens yet",
    ),
];

/// A mutation of one call, with nothing to do before.
fn of(endpoint: &'static str, class: Class, effect: Effect, wish: Wish) -> Mutation {
    Mutation {
        endpoint,
        class,
        effect: Counted::InLedger(effect),
        before: &[],
        wish,
        skip: 0,
        is_listed: false,
    }
}

fn create(site: &Site) -> Request {
    let name = format!("new-{}", site.number);
    Site::post_to_team("/environments", json!({"name": name, "blueprint": "empty"}))
}

pub(crate) fn creating() -> Mutation {
    let endpoint = "environment/control/rest/createenvironment";
    Mutation {
        is_listed: true,
        ..of(endpoint, Class::Named, Effect::EnvironmentCreated, create)
    }
}

pub(crate) fn naming() -> Mutation {
    let endpoint = "environment/control/rest/setenvdisplayname";
    of(
        endpoint,
        Class::DesiredState,
        Effect::DisplayNameSet,
        create,
    )
}

pub(crate) fn cloning() -> Mutation {
    let endpoint = "environment/control/rest/cloneenv";
    let wish: Wish = |site| {
        let name = format!("copy-{}", site.number);
        site.post("/actions/clone", json!({"name": name}))
    };
    Mutation {
        is_listed: true,
        ..of(endpoint, Class::Named, Effect::EnvironmentCloned, wish)
    }
}

pub(crate) fn deleting() -> Mutation {
    let endpoint = "environment/control/rest/deleteenv";
    let wish: Wish = |site| site.wish(Method::DELETE, "", Value::Null);
    of(endpoint, Class::Named, Effect::EnvironmentDeleted, wish)
}

fn stop(site: &Site) -> Request {
    site.post("/actions/stop", Value::Null)
}

pub(crate) fn starting() -> Mutation {
    let endpoint = "environment/control/rest/startenv";
    let wish: Wish = |site| site.post("/actions/start", Value::Null);
    Mutation {
        before: &[stop],
        ..of(
            endpoint,
            Class::DesiredState,
            Effect::EnvironmentStarted,
            wish,
        )
    }
}

pub(crate) fn stopping() -> Mutation {
    let endpoint = "environment/control/rest/stopenv";
    of(
        endpoint,
        Class::DesiredState,
        Effect::EnvironmentStopped,
        stop,
    )
}

pub(crate) fn putting_to_sleep() -> Mutation {
    let endpoint = "environment/control/rest/sleepenv";
    let wish: Wish = |site| site.post("/actions/sleep", Value::Null);
    of(
        endpoint,
        Class::DesiredState,
        Effect::EnvironmentSlept,
        wish,
    )
}

pub(crate) fn restarting_services() -> Mutation {
    let endpoint = "environment/control/rest/restartservices";
    let wish: Wish = |site| {
        let body = json!({"what": "services", "target": {"node_group": "cp"}});
        site.post("/actions/restart", body)
    };
    of(endpoint, Class::Blind, Effect::ServicesRestarted, wish)
}

pub(crate) fn restarting_nodes() -> Mutation {
    let endpoint = "environment/control/rest/restartnodes";
    let wish: Wish = |site| {
        let body = json!({"what": "nodes", "target": {"node_id": site.node("cp")}});
        site.post("/actions/restart", body)
    };
    of(endpoint, Class::Blind, Effect::NodesRestarted, wish)
}

pub(crate) fn redeploying() -> Mutation {
    let endpoint = "environment/control/rest/redeploycontainers";
    let wish: Wish = |site| {
        let target = json!({"node_group": "cp"});
        let body = json!({"version": "8.3", "keeps_volumes": true, "target": target});
        site.post("/actions/redeploy", body)
    };
    of(endpoint, Class::Blind, Effect::ContainersRedeployed, wish)
}

pub(crate) fn renaming() -> Mutation {
    let endpoint = "environment/control/rest/setenvdisplayname";
    let wish: Wish = |site| {
        let body = json!({"display_name": "Another name"});
        site.wish(Method::PUT, "/display-name", body)
    };
    of(endpoint, Class::DesiredState, Effect::DisplayNameSet, wish)
}

pub(crate) fn setting_cloudlets() -> Mutation {
    let endpoint = "environment/control/rest/setcloudletscountbyid";
    let wish: Wish = |site| {
        let path = format!("/nodes/{}/cloudlets", site.node("cp"));
        site.wish(Method::PUT, &path, json!({"reserved": 2, "limit": 6}))
    };
    of(endpoint, Class::DesiredState, Effect::CloudletsSet, wish)
}

pub(crate) fn changing_layers() -> Mutation {
    let endpoint = "environment/control/rest/changetopology";
    let wish: Wish = |site| {
        let layer = |group: &str, stack: &str, count: u16| {
            json!({
                "node_group": group, "stack": stack, "count": count,
                "cloudlets_reserved": 1, "cloudlets_limit": 8,
            })
        };
        let layers = [
            layer("cp", "nginxphp", 2),
            layer("sqldb", "mariadb-dockerized", 1),
        ];
        site.wish(Method::PUT, "/topology", json!({"layers": layers}))
    };
    of(endpoint, Class::DesiredState, Effect::TopologyChanged, wish)
}

fn attach(site: &Site) -> Request {
    site.post("/groups/actions/attach", group(site))
}

pub(crate) fn attaching_to_a_group() -> Mutation {
    let endpoint = "environment/control/rest/attachenvgroup";
    of(endpoint, Class::DesiredState, Effect::GroupAttached, attach)
}

pub(crate) fn detaching_from_a_group() -> Mutation {
    let endpoint = "environment/control/rest/detachenvgroup";
    let wish: Wish = |site| site.post("/groups/actions/detach", group(site));
    Mutation {
        before: &[attach],
        ..of(endpoint, Class::DesiredState, Effect::GroupDetached, wish)
    }
}

pub(crate) fn setting_the_only_group() -> Mutation {
    let endpoint = "environment/control/rest/setenvgroup";
    let wish: Wish = |site| site.post("/groups/actions/set", group(site));
    of(endpoint, Class::DesiredState, Effect::GroupsSet, wish)
}

pub(crate) fn installing_a_package() -> Mutation {
    let endpoint = "marketplace/jps/rest/install";
    let wish: Wish = |site| {
        let name = format!("wp-{}", site.number);
        let body = json!({"name": name, "blueprint": "wordpress"});
        Site::post_to_team("/environments", body)
    };
    Mutation {
        is_listed: true,
        ..of(endpoint, Class::Observable, Effect::PackageInstalled, wish)
    }
}

fn install_mbadmin(site: &Site) -> Request {
    site.post("/mbadmin", Value::Null)
}

pub(crate) fn installing_mbadmin() -> Mutation {
    let endpoint = "marketplace/jps/rest/install";
    Mutation {
        is_listed: true,
        ..of(
            endpoint,
            Class::Observable,
            Effect::PackageInstalled,
            install_mbadmin,
        )
    }
}

fn install_addon(site: &Site) -> Request {
    site.post("/addons", json!({"addon": "sftp"}))
}

pub(crate) fn installing_an_addon() -> Mutation {
    let endpoint = "marketplace/app/rest/installaddon";
    Mutation {
        is_listed: true,
        ..of(
            endpoint,
            Class::Observable,
            Effect::AddonInstalled,
            install_addon,
        )
    }
}

pub(crate) fn uninstalling_an_addon() -> Mutation {
    let endpoint = "marketplace/installation/rest/uninstall";
    let wish: Wish = |site| site.wish(Method::DELETE, "/addons/sftp", Value::Null);
    Mutation {
        before: &[install_addon],
        ..of(endpoint, Class::Observable, Effect::AddonUninstalled, wish)
    }
}

pub(crate) fn configuring_a_cache() -> Mutation {
    let endpoint = "marketplace/installation/rest/executeaction";
    let wish: Wish = |site| {
        let body = json!({"parameters": {"ttl": "60"}});
        site.post("/cache/redis/actions/configure", body)
    };
    Mutation {
        before: &[install_mbadmin],
        ..of(endpoint, Class::Blind, Effect::ActionExecuted, wish)
    }
}

fn install_backup_addon(site: &Site) -> Request {
    site.post("/addons", json!({"addon": "backup"}))
}

fn make_backup(site: &Site) -> Request {
    site.post("/backups", Value::Null)
}

pub(crate) fn making_a_backup() -> Mutation {
    let endpoint = "marketplace/installation/rest/executeaction";
    Mutation {
        before: &[install_backup_addon],
        ..of(endpoint, Class::Blind, Effect::ActionExecuted, make_backup)
    }
}

pub(crate) fn bringing_a_backup_back() -> Mutation {
    let endpoint = "marketplace/installation/rest/executeaction";
    let wish: Wish = |site| site.post("/actions/restore-backup", json!({"snapshot": "1"}));
    Mutation {
        before: &[install_backup_addon, make_backup],
        ..of(endpoint, Class::Blind, Effect::ActionExecuted, wish)
    }
}

pub(crate) fn flushing_a_cache() -> Mutation {
    let endpoint = "marketplace/installation/rest/executeaction";
    let wish: Wish = |site| site.post("/cache/redis/actions/flush", json!({}));
    Mutation {
        before: &[install_mbadmin],
        ..of(
            endpoint,
            Class::HarmlessToRepeat,
            Effect::ActionExecuted,
            wish,
        )
    }
}

pub(crate) fn searching_and_replacing() -> Mutation {
    let endpoint = "environment/control/rest/execcmdbyid";
    let wish: Wish = |site| {
        let body =
            json!({"search": "http://a.example.com", "replacement": "https://b.example.com"});
        site.post("/actions/search-replace", body)
    };
    Mutation {
        effect: Counted::Replacements,
        // The count and the export.
        skip: 2,
        ..of(endpoint, Class::Guarded, Effect::CommandsRun, wish)
    }
}

pub(crate) fn running_a_script() -> Mutation {
    let endpoint = "development/scripting/rest/eval";
    let wish: Wish = |site| site.post("/actions/run-script", json!({"script": "warm-up"}));
    of(endpoint, Class::Blind, Effect::ScriptRun, wish)
}

fn bind(site: &Site) -> Request {
    site.post("/domains", json!({"domain": domain(site)}))
}

pub(crate) fn binding_a_domain() -> Mutation {
    let endpoint = "environment/binder/rest/bindextdomain";
    of(endpoint, Class::DesiredState, Effect::DomainBound, bind)
}

pub(crate) fn unbinding_a_domain() -> Mutation {
    let endpoint = "environment/binder/rest/removeextdomain";
    let wish: Wish = |site| {
        let path = format!("/domains/{}", domain(site));
        site.wish(Method::DELETE, &path, Value::Null)
    };
    Mutation {
        before: &[bind],
        ..of(endpoint, Class::DesiredState, Effect::DomainRemoved, wish)
    }
}

fn mount(site: &Site) -> Request {
    let body = json!({
        "node_id": site.node("cp"), "path": "/shared",
        "source_node_id": site.node("sqldb"), "source_path": "/data",
    });
    site.post("/mount-points", body)
}

pub(crate) fn adding_a_mount_point() -> Mutation {
    let endpoint = "environment/file/rest/addmountpointbyid";
    of(endpoint, Class::DesiredState, Effect::MountAdded, mount)
}

pub(crate) fn removing_a_mount_point() -> Mutation {
    let endpoint = "environment/file/rest/removemountpointbyid";
    let wish: Wish = |site| {
        let body = json!({"node_id": site.node("cp"), "path": "/shared"});
        site.post("/mount-points/actions/remove", body)
    };
    Mutation {
        before: &[mount],
        ..of(endpoint, Class::DesiredState, Effect::MountRemoved, wish)
    }
}

fn variables(site: &Site) -> Value {
    json!({"node_id": site.node("cp"), "variables": {"APP_MODE": "example"}})
}

fn add_variables(site: &Site) -> Request {
    site.post("/variables/actions/add", variables(site))
}

pub(crate) fn adding_variables() -> Mutation {
    let endpoint = "environment/control/rest/addcontainerenvvars";
    of(
        endpoint,
        Class::DesiredState,
        Effect::VariablesAdded,
        add_variables,
    )
}

pub(crate) fn replacing_variables() -> Mutation {
    let endpoint = "environment/control/rest/setcontainerenvvars";
    let wish: Wish = |site| site.post("/variables/actions/replace", variables(site));
    of(endpoint, Class::DesiredState, Effect::VariablesSet, wish)
}

pub(crate) fn removing_variables() -> Mutation {
    let endpoint = "environment/control/rest/removecontainerenvvars";
    let wish: Wish = |site| {
        let body = json!({"node_id": site.node("cp"), "names": ["APP_MODE"]});
        site.post("/variables/actions/remove", body)
    };
    Mutation {
        before: &[add_variables],
        ..of(
            endpoint,
            Class::DesiredState,
            Effect::VariablesRemoved,
            wish,
        )
    }
}

fn reset(site: &Site, of: &str) -> Request {
    let path = format!("/nodes/{}/actions/reset-password", site.node("cp"));
    site.post(&path, json!({"of": of, "password": "example-password-2"}))
}

pub(crate) fn resetting_the_password_of_a_node() -> Mutation {
    let endpoint = "environment/control/rest/resetnodepasswordbyid";
    let wish: Wish = |site| reset(site, "main_user");
    of(endpoint, Class::SameValueAgain, Effect::PasswordReset, wish)
}

pub(crate) fn resetting_the_password_of_root() -> Mutation {
    let endpoint = "environment/control/rest/resetcontainerpasswordbyid";
    let wish: Wish = |site| reset(site, "root");
    of(endpoint, Class::SameValueAgain, Effect::PasswordReset, wish)
}
