//! Commands that really run, and the files they leave.

use serde_json::{Value, json};
use virtuozzo_simulator::{Effect, Profile, Simulator, SimulatorOptions};

use crate::client::{Platform, shop, start_with, until_executing, world_with};

async fn execute(platform: &Platform, id: &str, commands: Value) -> Value {
    let commands = commands.to_string();
    let form = [
        ("envName", "shop-fr"),
        ("nodeId", id),
        ("commandList", commands.as_str()),
    ];
    platform.control("execcmdbyid", &form).await
}

#[tokio::test]
async fn commands_run_in_order_through_a_shell_in_the_folder_of_their_node() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let commands = json!([
        {"command": "echo", "params": "'a b' | tr a-z A-Z > words.txt"},
        {"command": "cat words.txt"},
        {"command": "echo", "params": "problem >&2"},
    ]);
    let answer = execute(&platform, &ids[0], commands).await;
    assert_eq!(answer["result"], 0, "{answer}");
    let element = json!({"result": 0, "nodeid": ids[0].parse::<u64>().unwrap(), "exitStatus": 0,
        "out": "A B\n", "errOut": "problem\n"});
    assert_eq!(answer["responses"], json!([element]));

    let folder = simulator.node_folder(ids[0].parse().unwrap()).unwrap();
    assert!(folder.join("words.txt").is_file());
    let elsewhere = execute(&platform, &ids[1], json!([{"command": "ls"}])).await;
    assert_eq!(elsewhere["responses"][0]["out"], "", "a folder of its own");
    let form = [
        ("envName", "shop-fr"),
        ("nodeId", ids[0].as_str()),
        ("path", "/words.txt"),
    ];
    let file = platform.call("environment/file", "read", &form).await;
    assert_eq!(file["body"], "A B\n");
    let list = platform
        .call("environment/file", "getlist", &form[..2])
        .await;
    assert_eq!(list["keywords"]["files"][0]["absolutePath"], "/words.txt");
    for path in ["/absent.txt", "/../bin/wp"] {
        let form = [form[0], form[1], ("path", path)];
        let refused = platform.call("environment/file", "read", &form).await;
        assert_eq!(refused["result"], 2002, "{path}");
    }
    simulator.stop().await;
    drop(platform);
    assert!(!folder.exists(), "nothing is left behind");
}

#[tokio::test]
async fn commands_see_an_environment_of_their_own() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let answer = execute(&platform, &ids[0], json!([{"command": "env; pwd"}])).await;
    let out = answer["responses"][0]["out"].as_str().unwrap();
    let folder = simulator.node_folder(ids[0].parse().unwrap()).unwrap();
    let folder = folder.to_str().unwrap();
    let mut names: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name))
        .filter(|name| !["_", "PWD", "OLDPWD", "SHLVL"].contains(name))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["HOME", "LANG", "NODE_FOLDER", "PATH"], "{out}");
    assert!(out.contains(&format!("HOME={folder}\n")), "{out}");
    assert!(out.ends_with(&format!("{folder}\n")), "{out}");
}

#[tokio::test]
async fn a_failing_command_ends_the_list_with_4109_in_both_places() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let commands = json!([
        {"command": "echo before"},
        {"command": "echo why >&2; exit 3"},
        {"command": "touch", "params": "after"},
    ]);
    let answer = execute(&platform, &ids[0], commands).await;
    assert_eq!(answer["result"], 4109);
    let response = &answer["responses"][0];
    assert_eq!(
        (&response["result"], &response["exitStatus"]),
        (&json!(4109), &json!(3))
    );
    assert_eq!(
        (&response["out"], &response["errOut"]),
        (&json!("before\n"), &json!("why\n"))
    );
    let folder = simulator.node_folder(ids[0].parse().unwrap()).unwrap();
    assert!(!folder.join("after").exists());
    let entry = simulator.ledger().pop().unwrap();
    assert_eq!(
        (entry.effect, entry.detail),
        (Effect::CommandsRun, Some(ids[0].clone()))
    );
    let form = [
        ("envName", "shop-fr"),
        ("nodeId", ids[0].as_str()),
        ("path", "/var/log/commands.log"),
    ];
    let log = platform.control("readlog", &form).await;
    assert_eq!(
        log["body"],
        "1 command ended with 0\n2 command ended with 3\n"
    );
    for list in ["[]", "{}", r#"[{"params":"x"}]"#] {
        let form = [form[0], form[1], ("commandList", list)];
        let refused = platform.control("execcmdbyid", &form).await;
        assert_eq!(
            refused["error"], "invalid parameter [commandList]",
            "{list}"
        );
    }
}

#[tokio::test]
async fn nodes_and_environments_that_are_down_run_nothing() {
    let world = world_with(&format!("{}stopped_node_groups = [\"cp\"]\n", shop(1)));
    let (simulator, platform) = start_with(world, 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let list = json!([{"command": "true"}]);
    let down = execute(&platform, &ids[0], list.clone()).await;
    assert_eq!(
        (&down["result"], &down["responses"][0]["result"]),
        (&json!(4110), &json!(4110))
    );
    assert!(down["responses"][0].get("exitStatus").is_none(), "{down}");
    assert_eq!(execute(&platform, &ids[1], list.clone()).await["result"], 0);
    assert_eq!(execute(&platform, "1", list.clone()).await["result"], 5);
    platform.control("stopenv", &[("envName", "shop-fr")]).await;
    assert_eq!(execute(&platform, &ids[1], list).await["result"], 2212);
    let ran = simulator.ledger().into_iter();
    assert_eq!(
        ran.filter(|entry| entry.effect == Effect::CommandsRun)
            .count(),
        1
    );
}

#[tokio::test]
async fn a_group_runs_on_every_node_of_its_layer() {
    let (_simulator, platform) = start_with(world_with(""), 0.0).await;
    let nodes = r#"[{"nodeType":"nginxphp","count":2},{"nodeType":"mysql8"}]"#;
    let form = [("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", nodes)];
    platform.control("createenvironment", &form).await;
    let form = [
        ("envName", "shop-fr"),
        ("nodeGroup", "cp"),
        (
            "commandList",
            r#"[{"command":"read answer && echo got $answer"}]"#,
        ),
    ];
    let silent = platform.control("execcmdbygroup", &form).await;
    assert_eq!(silent["result"], 4109, "nobody answers the question");
    let form = [&form[..], &[("sayYes", "true")]].concat();
    let answer = platform.control("execcmdbygroup", &form).await;
    let outs: Vec<_> = answer["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|response| response["out"].as_str().unwrap())
        .collect();
    assert_eq!(outs, ["got yes\n", "got yes\n"]);
}

#[tokio::test]
async fn a_command_whose_time_is_up_is_killed_with_its_children() {
    for (profile, code) in [(Profile::Convenient, 4109), (Profile::Faithful, 99)] {
        let mut world = world_with(&shop(1));
        world.commands.time_limit_ms = 1_000;
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
        let ids = platform.node_ids("shop-fr").await;
        let line = "echo begun; (sleep 600 & echo $! > child; wait); echo never";
        let answer = execute(&platform, &ids[0], json!([{"command": line}])).await;
        let response = &answer["responses"][0];
        assert_eq!(
            (&answer["result"], &response["result"]),
            (&json!(code), &json!(code))
        );
        assert_eq!(
            (&response["exitStatus"], &response["out"]),
            (&json!(124), &json!("begun\n"))
        );
        let folder = simulator.node_folder(ids[0].parse().unwrap()).unwrap();
        let child = std::fs::read_to_string(folder.join("child")).unwrap();
        crate::client::until(|| !is_alive(child.trim())).await;
    }
}

/// A process that was killed and not yet collected counts as gone.
fn is_alive(pid: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    status.is_ok_and(|status| !status.contains(") Z "))
}

#[tokio::test]
async fn output_is_kept_up_to_its_limit() {
    let mut world = world_with(&shop(1));
    world.commands.output_max_bytes = 10;
    let (_simulator, platform) = start_with(world, 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let list = json!([{"command": "head -c 100000 /dev/zero | tr '\\0' x"}]);
    let answer = execute(&platform, &ids[0], list).await;
    assert_eq!(answer["responses"][0]["out"], "xxxxxxxxxx");
    assert_eq!(answer["result"], 0);
}

#[tokio::test]
async fn a_running_command_makes_its_environment_busy_and_stops_with_the_simulator() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let form: &[(&str, &str)] = &[
        ("envName", "shop-fr"),
        ("nodeGroup", "cp"),
        (
            "commandList",
            r#"[{"command":"echo $$ > leader; sleep 600"}]"#,
        ),
    ];
    let running = platform.in_background("environment/control", "execcmdbygroup", form);
    until_executing(&simulator, "execcmdbygroup").await;
    let busy = platform.control("stopenv", &form[..1]).await;
    assert_eq!(busy["result"], 2212);
    let actions = platform
        .call("environment/tracking", "getcurrentactions", &[])
        .await;
    assert_eq!(actions["array"][0]["action"]["id"], 109);
    let id = platform.node_ids("shop-fr").await[0].parse().unwrap();
    let leader = || {
        let folder = simulator.node_folder(id)?;
        let text = std::fs::read_to_string(folder.join("leader")).ok()?;
        text.strip_suffix('\n').map(str::to_owned)
    };
    crate::client::until(|| leader().is_some()).await;
    let leader = leader().unwrap();
    assert!(is_alive(&leader));
    simulator.stop().await;
    assert!(running.reply().await.is_err());
    crate::client::until(|| !is_alive(&leader)).await;
}

#[tokio::test]
async fn what_a_command_leaves_in_the_background_ends_with_the_simulator() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let line = "sleep 600 >/dev/null 2>&1 & echo $!; setsid sleep 600 >/dev/null 2>&1 & echo $!";
    let answer = execute(&platform, &ids[0], json!([{"command": line}])).await;
    assert_eq!(answer["result"], 0, "{answer}");
    let out = answer["responses"][0]["out"].as_str().unwrap().to_owned();
    let left: Vec<&str> = out.lines().collect();
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|pid| is_alive(pid)), "as on a node");
    simulator.stop().await;
    crate::client::until(|| !left.iter().any(|pid| is_alive(pid))).await;
}

#[tokio::test]
async fn commands_can_be_switched_off() {
    let mut world = world_with(&shop(1));
    world.commands.is_enabled = false;
    let (simulator, platform) = start_with(world, 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let answer = execute(&platform, &ids[0], json!([{"command": "true"}])).await;
    assert_eq!(answer["result"], 8);
    assert!(simulator.node_folder(ids[0].parse().unwrap()).is_none());
}

#[tokio::test]
async fn the_stub_of_wp_notes_its_calls_and_answers() {
    let (simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let out = |params: &'static str| {
        let (platform, id) = (platform.clone(), ids[0].clone());
        async move {
            let list = json!([{"command": "wp", "params": params}]);
            let answer = execute(&platform, &id, list).await;
            assert_eq!(answer["result"], 0, "{answer}");
            answer["responses"][0]["out"].as_str().unwrap().to_owned()
        }
    };
    let dry = out("--path=/srv search-replace 'http://a b' '' --dry-run").await;
    assert!(dry.contains("| wp_posts   | post_content | 3 "), "{dry}");
    assert!(
        dry.ends_with("Success: 5 replacements to be made.\n"),
        "{dry}"
    );
    let done = out("search-replace old new").await;
    assert!(done.ends_with("Success: Made 5 replacements.\n"), "{done}");
    assert_eq!(
        out("cache flush").await,
        "Success: The cache was flushed.\n"
    );
    assert_eq!(
        out("db export /backups/one.sql --add-drop-table").await,
        "Success: Exported to '/backups/one.sql'.\n"
    );
    let form = [
        ("envName", "shop-fr"),
        ("nodeId", ids[0].as_str()),
        ("path", "/backups/one.sql"),
    ];
    let dump = platform.call("environment/file", "read", &form).await;
    assert_eq!(dump["body"], "-- A dump of nothing.\n");
    let id = ids[0].parse().unwrap();
    let calls = simulator.wp_calls(id);
    assert_eq!(calls.len(), 4);
    assert_eq!(
        calls[0],
        [
            "--path=/srv",
            "search-replace",
            "http://a b",
            "",
            "--dry-run"
        ]
    );
    assert_eq!(calls[2], ["cache", "flush"]);
    let file = simulator.node_folder(id).unwrap().join("wp-calls");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("cache\0flush\0\n"), "{text:?}");
}
