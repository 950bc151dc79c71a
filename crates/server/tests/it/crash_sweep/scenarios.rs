//! One wish for every kind of job.

use crate::settlement::mutations;
use crate::settlement::site::Site;
use crate::settlement::{Mutation, Request, Wish};
use http::Method;
use serde_json::{Value, json};

/// How a job of a kind comes about.
#[derive(Clone, Copy)]
pub(super) struct Scenario {
    pub(super) kind: &'static str,
    /// What has to be done before, in this order.
    pub(super) before: &'static [Wish],
    pub(super) wish: Wish,
}

fn of(kind: &'static str, mutation: &Mutation) -> Scenario {
    Scenario {
        kind,
        before: mutation.before,
        wish: mutation.wish,
    }
}

fn provision(site: &Site) -> Request {
    let name = format!("new-{}", site.number);
    let body = json!({"name": name, "blueprint": "wordpress", "addons": ["sftp"]});
    Site::post_to_team("/environments", body)
}

fn count_matches(site: &Site) -> Request {
    let body = json!({"search": "a.example.com", "replacement": "b.example.com", "dry_run": true});
    site.post("/actions/search-replace", body)
}

fn delete_after_a_backup(site: &Site) -> Request {
    site.wish(Method::DELETE, "?backup_first=true", Value::Null)
}

fn sync(_: &Site) -> Request {
    Site::post_to_team("/actions/sync", json!({}))
}

/// All of them, in the order of the kinds.
pub(super) fn all() -> Vec<Scenario> {
    let alone = |kind, wish| Scenario {
        kind,
        before: &[],
        wish,
    };
    vec![
        alone("environment.provision", provision),
        of("environment.clone", &mutations::cloning()),
        Scenario {
            kind: "environment.delete",
            before: mutations::making_a_backup().before,
            wish: delete_after_a_backup,
        },
        of("environment.start", &mutations::starting()),
        of("environment.stop", &mutations::stopping()),
        of("environment.sleep", &mutations::putting_to_sleep()),
        of("environment.restart", &mutations::restarting_services()),
        of("environment.redeploy", &mutations::redeploying()),
        of("topology.change", &mutations::changing_layers()),
        of("display_name.set", &mutations::renaming()),
        of("cloudlets.set", &mutations::setting_cloudlets()),
        of("group.attach", &mutations::attaching_to_a_group()),
        of("group.detach", &mutations::detaching_from_a_group()),
        of("group.set", &mutations::setting_the_only_group()),
        of("mount.add", &mutations::adding_a_mount_point()),
        of("mount.remove", &mutations::removing_a_mount_point()),
        of("domain.bind", &mutations::binding_a_domain()),
        of("domain.unbind", &mutations::unbinding_a_domain()),
        of("variables.add", &mutations::adding_variables()),
        of("variables.replace", &mutations::replacing_variables()),
        of("variables.remove", &mutations::removing_variables()),
        of("addon.install", &mutations::installing_an_addon()),
        of("addon.uninstall", &mutations::uninstalling_an_addon()),
        of("mbadmin.install", &mutations::installing_mbadmin()),
        of("mbadmin.run", &mutations::configuring_a_cache()),
        of("backup.create", &mutations::making_a_backup()),
        of("backup.restore", &mutations::bringing_a_backup_back()),
        alone("search_replace.count", count_matches),
        of("search_replace.run", &mutations::searching_and_replacing()),
        of(
            "password.reset",
            &mutations::resetting_the_password_of_a_node(),
        ),
        of("script.run", &mutations::running_a_script()),
        alone("team.sync", sync),
    ]
}
