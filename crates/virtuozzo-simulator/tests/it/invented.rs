//! Every code that is made up is used where the world file says, and 99 in the faithful profile.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};
use virtuozzo_simulator::{
    FaultKind, FaultRule, Invented, Profile, Simulator, SimulatorOptions, World,
};

use crate::client::{NODES, Platform};

const UNKNOWN: i64 = 99;
const CONTROL: &str = "environment/control";
const SHOP: (&str, &str) = ("envName", "shop-fr");
const FIRST_CODE: i64 = 70_000;

/// Every number of `[invented]` replaced by one of its own, and which is whose.
fn marked_codes() -> (World, BTreeMap<String, i64>) {
    let invented = serde_json::to_value(Invented::default()).unwrap();
    let numbers = invented.as_object().unwrap().iter();
    let codes: BTreeMap<String, i64> = numbers
        .filter(|(_, value)| value.is_number())
        .map(|(key, _)| key.clone())
        .zip(FIRST_CODE..)
        .collect();
    let lines: Vec<String> = codes
        .iter()
        .map(|(key, code)| format!("{key} = {code}"))
        .collect();
    let text = format!(
        "{}\n[commands]\ntime_limit_ms = 100\n[invented]\n{}\n",
        World::EXAMPLE_TOML,
        lines.join("\n")
    );
    (World::from_toml(&text).unwrap(), codes)
}

async fn start(world: World, profile: Profile) -> (Simulator, Platform) {
    let options = SimulatorOptions {
        world,
        profile,
        time_scale: 0.0,
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let unsigned = Platform::unsigned(&simulator.base_url());
    let session = unsigned
        .sign_in("owner@example.com", "example-password")
        .await;
    let platform = unsigned.with_session(&session);
    platform.create("shop-fr").await;
    (simulator, platform)
}

async fn create(platform: &Platform, env: Value) -> Value {
    let form = [("env", &*env.to_string()), ("nodes", NODES)];
    platform.call(CONTROL, "createenvironment", &form).await
}

/// The answer of a call that has this made-up code.
async fn provoke(key: &str, simulator: &Simulator, platform: &Platform) -> Value {
    let marketplace = async |service, method, form: &[(&str, &str)]| {
        let service = format!("marketplace/{service}");
        platform.call(&service, method, form).await
    };
    match key {
        "name_taken" => platform.create("shop-fr").await,
        "name_invalid" => platform.create("no.name").await,
        "region_unknown" => create(platform, json!({"shortdomain": "shop-x", "region": "x"})).await,
        "domain_taken" => {
            let form = [("domain", "shop-fr")];
            platform
                .call("environment/binder", "checkdomain", &form)
                .await
        }
        "get_refused" => {
            let path = "/1.0/users/authentication/rest/signin?login=a&password=b";
            let reply = platform.request(&Method::GET, path, String::new()).await;
            reply.unwrap().json()
        }
        "addon_unknown" => marketplace("app", "installaddon", &[("id", "x"), SHOP]).await,
        "installation_unknown" => {
            marketplace("installation", "uninstall", &[("appUniqueName", "x")]).await
        }
        "action_unknown" => {
            let addon = [("id", "example-sftp-addon"), SHOP];
            let installed = marketplace("app", "installaddon", &addon).await;
            let unique_name = installed["uniqueName"].as_str().unwrap();
            let form = [("appUniqueName", unique_name), ("action", "absent")];
            marketplace("installation", "executeaction", &form).await
        }
        "manifest_invalid" => marketplace("jps", "install", &[("jps", "x")]).await,
        "environment_broken" => {
            let fault = FaultRule::once("createenvironment", FaultKind::BrokenEnvironment);
            simulator.add_fault(fault);
            platform.create("shop-broken").await
        }
        "clone_name_taken" => {
            let form = [("srcEnvName", "shop-fr"), ("dstEnvName", "shop-fr")];
            platform.call(CONTROL, "cloneenv", &form).await
        }
        "node_unknown" => {
            let form = [SHOP, ("nodeId", "1")];
            platform.call(CONTROL, "getcontainerenvvars", &form).await
        }
        "mount_unknown" => {
            let form = [SHOP, ("nodeGroup", "cp"), ("path", "/absent")];
            platform
                .call("environment/file", "removemountpointbygroup", &form)
                .await
        }
        "command_timed_out" => {
            let commands = r#"[{"command":"tail -f /dev/null"}]"#;
            let form = [SHOP, ("nodeGroup", "cp"), ("commandList", commands)];
            platform.call(CONTROL, "execcmdbygroup", &form).await
        }
        "file_unknown" => {
            let node = platform.info("shop-fr").await["nodes"][0]["id"].to_string();
            let form = [SHOP, ("nodeId", &*node), ("path", "/absent")];
            platform.call(CONTROL, "readlog", &form).await
        }
        _ => panic!("nothing here provokes the invented code `{key}`"),
    }
}

/// The outer code, or the nested one under an outer 0.
fn code(answer: &Value) -> i64 {
    let nested = answer.pointer("/response/result").and_then(Value::as_i64);
    match answer["result"].as_i64().unwrap() {
        0 => nested.unwrap_or(0),
        outer => outer,
    }
}

#[tokio::test]
async fn every_made_up_code_is_the_worlds_or_99() {
    for profile in [Profile::Convenient, Profile::Faithful] {
        let (world, codes) = marked_codes();
        let (simulator, platform) = start(world, profile).await;
        for (key, marked) in codes {
            let answer = provoke(&key, &simulator, &platform).await;
            let expected = match profile {
                Profile::Convenient => marked,
                Profile::Faithful => UNKNOWN,
            };
            assert_eq!(code(&answer), expected, "{key} as {profile:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_faithful_profile_leaves_made_up_behaviour_out() {
    let (_simulator, platform) = start(World::example(), Profile::Faithful).await;
    let path = "/1.0/environment/control/rest/getenvs/";
    let reply = platform.request(&Method::POST, path, String::new()).await;
    assert_eq!(reply.unwrap().status, 404);
    let form = [("jps", "example-wordpress")];
    let about = platform.call("marketplace/jps", "getappinfo", &form).await;
    assert_eq!(about["result"], UNKNOWN);
}

#[tokio::test]
async fn the_control_port_says_what_is_invented() {
    let (simulator, _platform) = start(World::example(), Profile::Faithful).await;
    let port = Platform::unsigned(&simulator.control_url().unwrap());
    let reply = port.request(&Method::GET, "/invented", String::new()).await;
    let invented = reply.unwrap().json();
    assert_eq!(invented["profile"], "faithful");
    assert_eq!(invented["values"]["name_taken"], 2314);
    let listed = virtuozzo_simulator::INVENTED_BEHAVIOURS;
    assert_eq!(
        invented["behaviours"],
        serde_json::to_value(listed).unwrap()
    );
}
