//! Scripts by name and actions of installations.

use std::time::Duration;

use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, World};

use crate::client::{Platform, shop, start_with, until_executing, world_with};

const SCRIPTS: &str = r#"
[[scripts]]
name = "site-check"
response = { pages = 12 }
[[scripts]]
name = "failing"
response = { result = 13001, error = "WP-CLI failed" }
[[scripts]]
name = "broken"
outer_result = 1704
"#;
const ACTIONS: &str = "[marketplace.actions.rotate]\nmessage = \"Rotated\"\n\
     sets = { KEY_AGE = \"0\" }\n[marketplace.actions.fail]\nresult = 96\nmessage = \"No\"\n";

async fn evaluate(platform: &Platform, script: &str, params: &str) -> Value {
    let form = [("appid", "ext"), ("script", script), ("params", params)];
    platform.call("development/scripting", "eval", &form).await
}

#[tokio::test]
async fn stored_scripts_answer_in_a_nested_envelope() {
    let world = world_with(&format!("{SCRIPTS}{}", shop(1)));
    let (simulator, platform) = start_with(world, 0.0).await;
    let appid = platform.info("shop-fr").await["env"]["appid"].clone();
    let form = [
        ("appid", appid.as_str().unwrap()),
        ("script", "site-check"),
        ("ruk", "attempt-1"),
    ];
    let answer = platform.call("development/scripting", "eval", &form).await;
    assert_eq!(answer["result"], 0);
    assert_eq!(answer["response"], json!({"result": 0, "pages": 12}));
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(
        (
            entry.effect,
            entry.environment.as_deref(),
            entry.detail.as_deref()
        ),
        (Effect::ScriptRun, Some("shop-fr"), Some("site-check"))
    );
    let search = [("search", r#"{"value":"attempt-1"}"#)];
    let tracked = platform
        .call("environment/tracking", "searchactions", &search)
        .await;
    assert_eq!(tracked["array"][0]["env"], "shop-fr");

    let failing = evaluate(&platform, "failing", "{}").await;
    assert_eq!(
        (&failing["result"], &failing["response"]["result"]),
        (&json!(0), &json!(13_001))
    );
    for (script, code) in [("broken", 1704), ("no-such-script", 1702)] {
        let answer = evaluate(&platform, script, "{}").await;
        assert_eq!(answer["result"], code, "{script}");
        assert_eq!(answer.get("response"), Some(&Value::Null), "{script}");
    }
    let absent = evaluate(&platform, "no-such-script", "{}").await;
    assert_eq!(absent["error"], "script = no-such-script not found");
    let without = platform
        .call("development/scripting", "eval", &form[1..])
        .await;
    assert_eq!(without["error"], "invalid parameter [appid]");
}

#[tokio::test]
async fn methods_of_the_platform_are_reached_by_their_names() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let params = r#"{"envName":"shop-fr"}"#;
    let info = evaluate(&platform, "environment.control.GetEnvInfo", params).await;
    assert_eq!(
        (&info["result"], &info["response"]["result"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(info["response"]["env"]["envName"], "shop-fr");
    let unknown = r#"{"envName":"absent"}"#;
    let info = evaluate(&platform, "environment.control.GetEnvInfo", unknown).await;
    assert_eq!(
        (&info["result"], &info["response"]["result"]),
        (&json!(0), &json!(11))
    );
    let stopped = evaluate(&platform, "environment.control.StopEnv", params).await;
    assert_eq!(stopped["response"]["result"], 0);
    assert_eq!(platform.info("shop-fr").await["env"]["status"], 2);
    assert_eq!(
        simulator.ledger().pop().unwrap().effect,
        Effect::EnvironmentStopped
    );
    let itself = evaluate(&platform, "development.scripting.Eval", "{}").await;
    assert_eq!(itself["result"], 1702);

    let form = [
        ("description", "scripts only"),
        ("apiList", "development.scripting.Eval"),
    ];
    let made = platform
        .call("users/authentication", "createtoken", &form)
        .await;
    let limited = platform.with_session(made["token"]["key"].as_str().unwrap());
    let params = json!({"envName": "shop-fr", "session": platform.session}).to_string();
    let refused = evaluate(&limited, "environment.control.StartEnv", &params).await;
    assert_eq!(
        refused["response"]["result"], 8202,
        "a script gives no rights"
    );
}

fn world_with_actions() -> World {
    let sftp = "name = \"Example SFTP access\"\nkind = \"addon\"\nnode_groups = [\"cp\"]\n";
    let text = World::EXAMPLE_TOML.replace(sftp, &format!("{sftp}{ACTIONS}"));
    World::from_toml(&format!("{text}\n{}", shop(1))).unwrap()
}

async fn install(platform: &Platform) -> String {
    let form = [("id", "example-sftp-addon"), ("envName", "shop-fr")];
    let installed = platform
        .call("marketplace/app", "installaddon", &form)
        .await;
    installed["uniqueName"].as_str().unwrap().to_owned()
}

async fn execute(platform: &Platform, unique_name: &str, action: &str, params: &str) -> Value {
    let form = [
        ("appUniqueName", unique_name),
        ("action", action),
        ("params", params),
    ];
    platform
        .call("marketplace/installation", "executeaction", &form)
        .await
}

#[tokio::test]
async fn an_action_changes_what_the_world_says_and_stands_in_the_ledger() {
    let (simulator, platform) = start_with(world_with_actions(), 0.0).await;
    let unique_name = install(&platform).await;
    let params = r#"{"days":30,"newPassword":"not-to-be-shown"}"#;
    let answer = execute(&platform, &unique_name, "rotate", params).await;
    assert_eq!(
        (&answer["result"], &answer["response"]),
        (&json!(0), &json!({"result": 0, "message": "Rotated"}))
    );
    let ids = platform.node_ids("shop-fr").await;
    let form = [("envName", "shop-fr"), ("nodeId", ids[0].as_str())];
    let variables = platform.control("getcontainerenvvars", &form).await;
    assert_eq!(variables["object"]["KEY_AGE"], "0");
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(
        (entry.effect, entry.environment.as_deref()),
        (Effect::ActionExecuted, Some("shop-fr"))
    );
    let detail: Value = serde_json::from_str(&entry.detail.unwrap()).unwrap();
    assert_eq!(
        (&detail["action"], &detail["params"]["days"]),
        (&json!("rotate"), &json!(30))
    );
    let password = detail["params"]["newPassword"].as_str().unwrap();
    assert!(password.starts_with("masked:"), "{password}");

    let info = [("appUniqueName", unique_name.as_str())];
    let info = platform
        .call("marketplace/installation", "getinfo", &info)
        .await;
    assert_eq!(
        (&info["result"], &info["app_id"]),
        (&json!(0), &json!("example-sftp-addon"))
    );
}

#[tokio::test]
async fn actions_that_fail_or_do_not_exist_are_nested_and_change_nothing() {
    let (simulator, platform) = start_with(world_with_actions(), 0.0).await;
    let unique_name = install(&platform).await;
    let before = simulator.ledger().len();
    let cases = [
        (unique_name.as_str(), "fail", 96),
        (unique_name.as_str(), "no-such-action", 5),
        ("no-such-installation", "rotate", 5),
    ];
    for (unique_name, action, code) in cases {
        let answer = execute(&platform, unique_name, action, "{}").await;
        assert_eq!(
            (&answer["result"], &answer["response"]["result"]),
            (&json!(0), &json!(code)),
            "{unique_name} {action}"
        );
    }
    platform.control("stopenv", &[("envName", "shop-fr")]).await;
    let stopped = execute(&platform, &unique_name, "rotate", "{}").await;
    assert_eq!(stopped["response"]["result"], 2212);
    assert_eq!(simulator.ledger().len(), before + 1, "only the stop");
    let form = [("appUniqueName", "no-such-installation")];
    let info = platform
        .call("marketplace/installation", "getinfo", &form)
        .await;
    assert_eq!(info["result"], 5);
}

#[tokio::test]
async fn an_action_is_tracked_while_it_goes_on() {
    let mut world = world_with_actions();
    world.timings.install_ms = 0;
    let (simulator, platform) = start_with(world, 1.0).await;
    let unique_name = install(&platform).await;
    simulator.clock().freeze();
    let executing = {
        let platform = platform.clone();
        async move { execute(&platform, &unique_name, "rotate", "{}").await }
    };
    let watching = async {
        until_executing(&simulator, "executeaction").await;
        let actions = platform
            .call("environment/tracking", "getcurrentactions", &[])
            .await;
        assert_eq!(actions["array"][0]["env"], "shop-fr");
        assert_eq!(
            actions["array"][0]["serviceName"],
            "marketplace.installation"
        );
        let busy = platform.control("stopenv", &[("envName", "shop-fr")]).await;
        assert_eq!(busy["result"], 2212);
        simulator.clock().advance(Duration::from_secs(1));
    };
    let (answer, ()) = futures::join!(executing, watching);
    assert_eq!(answer["response"]["result"], 0);
}

#[tokio::test]
async fn an_action_with_a_line_really_runs_it_and_fails_with_it() {
    let world = format!("{}\n{}", World::EXAMPLE_TOML, shop(1));
    let (simulator, platform) = start_with(World::from_toml(&world).unwrap(), 0.0).await;
    let form = [
        ("id", "example-backup-addon"),
        ("envName", "shop-fr"),
        ("nodeGroup", "cp"),
    ];
    let installed = platform
        .call("marketplace/app", "installaddon", &form)
        .await;
    let addon = installed["uniqueName"].as_str().unwrap();
    let made = execute(&platform, addon, "exampleBackup", "{}").await;
    assert_eq!(made["response"], json!({"result": 0}));
    let folder = simulator.node_folders().pop().unwrap();
    std::fs::write(folder.join("site/new.php"), "new").unwrap();
    let restore = async |snapshot: &str| {
        let params = json!({"exampleSnapshot": snapshot}).to_string();
        execute(&platform, addon, "exampleRestore", &params).await
    };
    let entries = simulator.ledger().len();
    for missing in ["7", "'; touch written; '", "$(touch written)"] {
        let answer = restore(missing).await;
        assert_eq!(answer["response"]["result"], 99, "{answer}");
    }
    assert!(folder.join("site/new.php").is_file());
    assert!(!folder.join("written").exists(), "a parameter is only text");
    assert_eq!(simulator.ledger().len(), entries, "nothing happened");
    assert_eq!(restore("1").await["response"], json!({"result": 0}));
    assert!(!folder.join("site/new.php").exists());
}
