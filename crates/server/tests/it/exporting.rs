//! A team's data, to take along: by its owner, and by whoever runs the service.

use crate::on_both_backends;
use crate::support::{App, Backend, Credential, PATIENCE, new_token, register};
use domain::access::{Permission, PermissionSet};
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

on_both_backends!(an_owner_takes_everything_along_and_nobody_else_does);

/// Checks the first and the last line, and gives what is between them by type.
fn pieces(text: &str) -> BTreeMap<String, Vec<Value>> {
    let mut lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    let end = lines.pop().expect("a last line");
    assert_eq!(end["type"], "end", "{end}");
    let beginning = lines.remove(0);
    assert_eq!(beginning["type"], "export");
    assert_eq!(beginning["format"], 1);
    let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in lines {
        let name = line["type"].as_str().expect("a type").to_owned();
        by_type.entry(name).or_default().push(line);
    }
    let counts: BTreeMap<&str, usize> = by_type
        .iter()
        .map(|(name, lines)| (name.as_str(), lines.len()))
        .collect();
    assert_eq!(end["counts"], serde_json::json!(counts));
    by_type
}

fn ids(values: &[Value]) -> Vec<&str> {
    let mut ids: Vec<_> = values.iter().filter_map(|it| it["id"].as_str()).collect();
    ids.sort_unstable();
    ids
}

async fn an_owner_takes_everything_along_and_nobody_else_does(backend: Backend) {
    let mut app = App::start(backend).await;
    let owner = app.owner.clone();
    for name in ["shop", "blog"] {
        let job = owner.provision(name, "empty", &[]).await;
        let rested = owner.job_at_rest(job["id"].as_str().expect("an id")).await;
        assert_eq!(rested["state"], "succeeded", "{rested}");
    }
    let scopes = PermissionSet::from_iter([Permission::TeamView, Permission::JobView]);
    let weak = new_token(&owner.in_person(), scopes).await;
    let weak_token = weak["token"].as_str().expect("a token").to_owned();
    let path = owner.path("/export");

    let hook = json!({"url": "https://hooks.example.com/in", "is_active": false});
    let hook = owner.ask(&owner.path("/webhooks"), &hook).await.body;
    let signing = hook["secret"].as_str().expect("shown once").to_owned();
    let exported = owner.get(&path).await;
    assert_eq!(exported.status, StatusCode::OK, "{}", exported.text);
    assert_eq!(exported.header("content-type"), "application/x-ndjson");
    assert_eq!(exported.header("cache-control"), "no-store");
    let by_type = pieces(&exported.text);
    assert_eq!(ids(&by_type["team"]), [owner.team.as_str()]);
    for (name, list) in [
        ("environment", "/environments"),
        ("job", "/jobs"),
        ("role", "/roles"),
        ("api_token", "/api-tokens"),
        ("webhook", "/webhooks"),
    ] {
        let listed = owner.get(&owner.path(&format!("{list}?limit=200"))).await;
        let listed = listed.body["data"].as_array().expect("a list").clone();
        assert_eq!(ids(&by_type[name]), ids(&listed), "{name}");
        assert!(!listed.is_empty(), "{name}");
    }
    let environment = by_type["environment"][0]["id"].as_str().expect("an id");
    let shown = owner
        .get(&owner.path(&format!("/environments/{environment}")))
        .await;
    assert_eq!(by_type["environment"][0]["nodes"], shown.body["nodes"]);
    assert_eq!(by_type["member"].len(), 1);
    assert_eq!(by_type["platform_account"].len(), 1);
    for job in &by_type["job"] {
        let lines = owner.log(job["id"].as_str().expect("an id")).await;
        let exported = by_type["job_log_line"].iter();
        let exported = exported.filter(|line| line["job_id"] == job["id"]);
        assert_eq!(exported.count(), lines.len());
    }
    let actions: Vec<_> = by_type["audit_event"]
        .iter()
        .map(|it| &it["action"])
        .collect();
    assert_eq!(actions.last().expect("a line"), &"team.export");
    // What stands in no export: the credentials that were used to get here.
    let Credential::Token(own_token) = &owner.credential else {
        panic!("the owner of the tests has a token");
    };
    for secret in ["example-password", &weak_token, own_token, &signing] {
        assert!(!exported.text.contains(secret));
    }

    let weak = owner.with(Credential::Token(weak_token));
    assert_eq!(weak.get(&path).await.status, StatusCode::FORBIDDEN);
    let stranger = register(&app, owner.base(), "stranger@example.com").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);

    app.stop();
    by_whoever_runs_the_service(&app, by_type["environment"].len());
}

fn by_whoever_runs_the_service(app: &App, environments: usize) {
    let file = app.data_folder().join("team.ndjson");
    let name = file.to_str().expect("UTF-8");
    let export = |team: &str, process: &str| {
        let mut process = app.spawn(&["admin", "teams", "export", team, "--out", name], process);
        let is_good = process.wait(PATIENCE).success();
        (is_good, process.output() + &process.errors())
    };
    let (is_good, said) = export("team_00000000000000000000000001", "export-unknown");
    assert!(
        !is_good && said.contains("windlass admin teams list"),
        "{said}"
    );
    assert!(!file.exists(), "nothing of a refused export is left");
    let (is_good, said) = export(&app.owner.team, "export");
    assert!(is_good, "{said}");
    let by_type = pieces(&std::fs::read_to_string(&file).expect("the file"));
    assert_eq!(by_type["environment"].len(), environments);
    let last = by_type["audit_event"].last().expect("a line");
    assert_eq!(last["action"], "team.export");
    assert_eq!(last["principal"], "command_line");
    let (is_good, said) = export(&app.owner.team, "export-again");
    assert!(!is_good && said.contains("choose another one"), "{said}");
    let left = std::fs::read_dir(app.data_folder()).expect("the folder");
    let left = left
        .flatten()
        .map(|it| it.file_name().into_string().expect("a name"));
    assert!(!left.into_iter().any(|name| name.contains(".partial")));
}
