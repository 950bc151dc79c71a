//! Groups, variables, passwords, mounts, domains.

use serde_json::{Value, json};
use virtuozzo_simulator::Effect;

use crate::client::{OTHER_ACCOUNT, Platform, shop, start_with, world_with};

const BINDER: &str = "environment/binder";
const FILE: &str = "environment/file";

async fn groups(platform: &Platform, method: &str, group: &str) -> Value {
    let form = [("envName", "shop-fr"), ("envGroup", group)];
    assert_eq!(
        platform.control(method, &form).await["result"],
        0,
        "{method}"
    );
    platform.info("shop-fr").await["envGroups"].clone()
}

#[tokio::test]
async fn groups_are_attached_detached_and_replaced() {
    let (simulator, platform) = start_with(world_with(&shop(2)), 0.0).await;
    assert_eq!(
        groups(&platform, "attachenvgroup", "clients/acme").await,
        json!(["clients/acme"])
    );
    assert_eq!(
        groups(&platform, "attachenvgroup", "clients/acme").await,
        json!(["clients/acme"])
    );
    let two = json!(["clients/acme", "wdl"]);
    assert_eq!(groups(&platform, "attachenvgroup", "wdl").await, two);
    assert_eq!(groups(&platform, "detachenvgroup", "absent").await, two);
    assert_eq!(
        groups(&platform, "detachenvgroup", "clients/acme").await,
        json!(["wdl"])
    );
    assert_eq!(
        groups(&platform, "setenvgroup", "a/b/c").await,
        json!(["a/b/c"])
    );
    let effects: Vec<_> = simulator
        .ledger()
        .into_iter()
        .map(|entry| entry.effect)
        .collect();
    assert_eq!(effects[1..3], [Effect::GroupAttached; 2]);
    assert_eq!(effects[6], Effect::GroupsSet);
    let missing = platform
        .control("attachenvgroup", &[("envName", "shop-fr")])
        .await;
    assert_eq!(missing["error"], "invalid parameter [envGroup]");
}

async fn variables(platform: &Platform, id: &str) -> Value {
    let form = [("envName", "shop-fr"), ("nodeId", id)];
    platform.control("getcontainerenvvars", &form).await["object"].clone()
}

/// Calls a method that changes something of `shop-fr`; gives the result code.
async fn change(platform: &Platform, service: &str, method: &str, more: &[(&str, &str)]) -> Value {
    let form = [&[("envName", "shop-fr")], more].concat();
    platform.call(service, method, &form).await["result"].clone()
}

#[tokio::test]
async fn variables_are_merged_replaced_and_removed() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let (node, layer) = (("nodeId", ids[0].as_str()), ("nodeGroup", "cp"));
    let control = |method: &'static str, target, vars| {
        let platform = platform.clone();
        async move { change(&platform, "environment/control", method, &[target, vars]).await }
    };

    let added = ("vars", r#"{"SHOP":"fr","WORKERS":4}"#);
    assert_eq!(control("addcontainerenvvars", layer, added).await, 0);
    let seen = variables(&platform, &ids[0]).await;
    assert_eq!(
        (&seen["SHOP"], &seen["WORKERS"]),
        (&json!("fr"), &json!("4"))
    );
    assert!(seen["PATH"].is_string(), "merged, not replaced");
    let elsewhere = variables(&platform, &ids[1]).await;
    assert!(elsewhere.get("SHOP").is_none(), "another layer");

    let removed = ("vars", r#"["WORKERS","NO_SUCH"]"#);
    assert_eq!(control("removecontainerenvvars", node, removed).await, 0);
    assert!(variables(&platform, &ids[0]).await.get("WORKERS").is_none());

    let only = ("vars", r#"{"ONLY":"1"}"#);
    assert_eq!(control("setcontainerenvvars", node, only).await, 0);
    assert_eq!(
        variables(&platform, &ids[0]).await,
        json!({"ONLY": "1"}),
        "PATH is gone"
    );
    let data = ("data", r#"{"LAYER":"2"}"#);
    assert_eq!(control("setcontainerenvvarsbygroup", layer, data).await, 0);
    let form = [("envName", "shop-fr"), layer];
    let by_group = platform.control("getcontainerenvvarsbygroup", &form).await;
    assert_eq!(by_group["object"], json!({"LAYER": "2"}));
    let effects: Vec<_> = simulator
        .ledger()
        .into_iter()
        .map(|entry| entry.effect)
        .collect();
    let expected = [
        Effect::SignedIn,
        Effect::VariablesAdded,
        Effect::VariablesRemoved,
        Effect::VariablesSet,
        Effect::VariablesSet,
    ];
    assert_eq!(effects, expected);
}

#[tokio::test]
async fn variables_of_the_wrong_shape_are_refused() {
    let (_simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let (node, layer) = (("nodeId", ids[0].as_str()), ("nodeGroup", "cp"));
    let cases = [
        (
            "setcontainerenvvarsbygroup",
            vec![layer, ("vars", "{}")],
            "data",
        ),
        ("addcontainerenvvars", vec![("vars", "{}")], "nodeGroup"),
        ("addcontainerenvvars", vec![node, ("vars", "[]")], "vars"),
        (
            "addcontainerenvvars",
            vec![node, ("vars", r#"{"A":[]}"#)],
            "vars",
        ),
        ("removecontainerenvvars", vec![node, ("vars", "{}")], "vars"),
    ];
    for (method, more, named) in cases {
        let form = [&[("envName", "shop-fr")], more.as_slice()].concat();
        let answer = platform.control(method, &form).await;
        assert_eq!(
            answer["error"],
            format!("invalid parameter [{named}]"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn variables_of_an_image_are_there_from_the_start() {
    let (_simulator, platform) = start_with(world_with(""), 0.0).await;
    let form = [
        ("env", r#"{"shortdomain":"shop-fr"}"#),
        (
            "nodes",
            r#"[{"docker":{"image":"example/app:1","env":{"MODE":"live"}}}]"#,
        ),
    ];
    platform.control("createenvironment", &form).await;
    let ids = platform.node_ids("shop-fr").await;
    assert_eq!(variables(&platform, &ids[0]).await["MODE"], "live");
}

#[tokio::test]
async fn passwords_are_reset_and_never_shown() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let id: u64 = ids[0].parse().unwrap();
    let mut seen = vec![simulator.node_password(id).unwrap()];
    let form = [("envName", "shop-fr"), ("nodeId", ids[0].as_str())];
    for method in [
        "resetnodepassword",
        "resetnodepasswordbyid",
        "resetcontainerpasswordbyid",
    ] {
        let answer = platform.control(method, &form).await;
        assert_eq!(answer["result"], 0, "{method}");
        let password = simulator.node_password(id).unwrap();
        assert!(!seen.contains(&password), "{method}");
        assert!(!answer.to_string().contains(&password), "{method}");
        seen.push(password);
    }
    let chosen = [form[0], form[1], ("password", "chosen-by-us")];
    platform.control("resetnodepasswordbyid", &chosen).await;
    assert_eq!(simulator.node_password(id).unwrap(), "chosen-by-us");
    let ledger = simulator.ledger();
    let resets = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::PasswordReset);
    assert_eq!(resets.count(), 4);
    assert!(!format!("{ledger:?}").contains("chosen-by-us"));
}

#[tokio::test]
async fn a_path_is_mounted_once_and_never_crosswise() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let mount = |method: &'static str, more: Vec<(&'static str, String)>| {
        let platform = platform.clone();
        async move {
            let more: Vec<_> = more
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            change(&platform, FILE, method, &more).await
        }
    };
    let from = |source: &str| {
        vec![
            ("path", "/data".to_owned()),
            ("sourcePath", "/srv/data".to_owned()),
            ("sourceNodeId", source.to_owned()),
        ]
    };
    let with = |mut form: Vec<(&'static str, String)>, name, value: &str| {
        form.push((name, value.to_owned()));
        form
    };
    let on_first = with(from(&ids[1]), "nodeId", &ids[0]);
    assert_eq!(mount("addmountpointbyid", on_first.clone()).await, 0);
    assert_eq!(mount("addmountpointbyid", on_first).await, 2030);
    let by_layer = with(from(&ids[1]), "nodeGroup", "cp");
    assert_eq!(mount("addmountpointbygroup", by_layer).await, 2030);
    let crosswise = with(from(&ids[0]), "nodeId", &ids[1]);
    assert_eq!(mount("addmountpointbyid", crosswise).await, 2032);
    assert_eq!(
        mount("addmountpointbyid", with(from("1"), "nodeId", &ids[1])).await,
        5
    );
    let without_source = with(from("")[..2].to_vec(), "nodeId", &ids[1]);
    assert_eq!(mount("addmountpointbyid", without_source.clone()).await, 3);
    let outside = with(without_source, "sourceHost", "192.0.2.7");
    assert_eq!(mount("addmountpointbyid", outside).await, 0);

    let listed = platform
        .call(FILE, "getmountpoints", &[("envName", "shop-fr")])
        .await;
    let points = listed["array"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[0]["sourceNodeId"].to_string(), ids[1]);
    assert_eq!(points[0]["name"], "data");
    assert_eq!(
        (
            &points[0]["type"],
            &points[0]["protocol"],
            &points[0]["readOnly"]
        ),
        (&json!("INTERNAL"), &json!("nfs4"), &json!(false))
    );
    assert_eq!(
        (&points[1]["type"], &points[1]["sourceHost"]),
        (&json!("EXTERNAL"), &json!("192.0.2.7"))
    );

    let path = ("path", "/data".to_owned());
    let layer = vec![("nodeGroup", "cp".to_owned()), path.clone()];
    assert_eq!(mount("removemountpointbygroup", layer.clone()).await, 0);
    assert_eq!(mount("removemountpointbygroup", layer).await, 2031);
    let node = vec![("nodeId", ids[1].clone()), path];
    assert_eq!(mount("removemountpointbyid", node).await, 0);
    let effects: Vec<_> = simulator
        .ledger()
        .into_iter()
        .map(|entry| entry.effect)
        .collect();
    assert_eq!(effects[1..3], [Effect::MountAdded; 2]);
    assert_eq!(effects[3..], [Effect::MountRemoved; 2]);
}

#[tokio::test]
async fn a_domain_belongs_to_one_environment_of_the_whole_platform() {
    let foreign = "[[environments]]\nname = \"other-shop\"\nuid = 9001\n";
    let world = world_with(&format!("{OTHER_ACCOUNT}{foreign}{}", shop(1)));
    let (simulator, owner) = start_with(world, 0.0).await;
    let other = owner.with_session(&owner.sign_in("other@example.com", "pw").await);
    let bind = [("envName", "shop-fr"), ("extdomain", "WWW.Example.com")];
    let bound = owner.call(BINDER, "bindextdomain", &bind).await;
    assert_eq!(bound["extDomain"]["domain"], "www.example.com");
    assert_eq!(bound["extDomain"]["sslEnabled"], false);
    assert!(bound["extDomain"]["id"].is_u64());
    assert_eq!(
        owner.info("shop-fr").await["env"]["extdomains"],
        json!(["www.example.com"])
    );

    assert_eq!(
        owner.call(BINDER, "bindextdomain", &bind).await["result"],
        2330
    );
    let theirs = [("envName", "other-shop"), bind[1]];
    assert_eq!(
        other.call(BINDER, "bindextdomain", &theirs).await["result"],
        2330
    );
    assert_eq!(
        other.call(BINDER, "removeextdomain", &theirs).await["result"],
        2322
    );
    assert_eq!(
        other.call(BINDER, "bindextdomain", &bind).await["result"],
        11
    );
    assert_eq!(
        other.call(BINDER, "checkextdomain", &bind[1..]).await["result"],
        2330
    );
    let listed = owner.call(BINDER, "getextdomains", &bind[..1]).await;
    assert_eq!(listed["extDomains"], json!([bound["extDomain"]]));
    let unnamed = owner.call(BINDER, "getextdomains", &[]).await;
    assert_eq!(unnamed["error"], "invalid parameter [envName]");

    assert_eq!(
        owner.call(BINDER, "removeextdomain", &bind).await["result"],
        0
    );
    assert_eq!(
        owner.call(BINDER, "removeextdomain", &bind).await["result"],
        2322
    );
    assert_eq!(
        other.call(BINDER, "checkextdomain", &bind[1..]).await["result"],
        0
    );
    assert_eq!(
        other.call(BINDER, "bindextdomain", &theirs).await["result"],
        0
    );
    let details: Vec<_> = simulator
        .ledger()
        .into_iter()
        .filter(|entry| entry.effect == Effect::DomainBound)
        .map(|entry| (entry.environment.unwrap(), entry.detail.unwrap()))
        .collect();
    let domain = "www.example.com".to_owned();
    assert_eq!(
        details,
        [
            ("shop-fr".to_owned(), domain.clone()),
            ("other-shop".to_owned(), domain)
        ]
    );
}
