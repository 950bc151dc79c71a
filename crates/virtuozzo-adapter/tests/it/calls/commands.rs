//! Commands on nodes and stored scripts: what is sent, and what answers are taken for.

use super::{done, node_of};
use crate::node::{SITE_FOLDER, search_replace};
use crate::scripted::{Reply, ScriptedServer};
use crate::support::{Simulated, account, attempt, configuration, platforms, short_domain, ticket};
use domain::environment::PlatformNodeId;
use domain::names::ScriptName;
use domain::ports::{
    CommandOutput, GuardedCommand, GuardedRun, MutationOutcome, NotSentReason, PlatformCommands,
    RefusalClass,
};
use domain::wordpress::{ArgumentText, ReplacementCounts, SearchReplace};
use serde_json::{Value, json};
use virtuozzo_adapter::VirtuozzoPlatforms;
use virtuozzo_adapter::guarded_command::ShellLine;
use virtuozzo_simulator::{Effect, FaultKind, FaultRule, StoredScript, World};

const NODE: PlatformNodeId = PlatformNodeId(48211);

fn on(server: &ScriptedServer) -> VirtuozzoPlatforms {
    let mut configuration = configuration(&server.base_url);
    configuration.wordpress_folder = SITE_FOLDER.into();
    platforms(configuration)
}

async fn flush(server: &ScriptedServer) -> MutationOutcome<GuardedRun> {
    let command = GuardedCommand::FlushCache;
    on(server)
        .run_guarded(
            &account(),
            ticket(2),
            &short_domain(),
            NODE,
            attempt(1),
            &command,
        )
        .await
}

/// An answer whose node printed this about the guard of attempt 1.
fn printed(report: &str) -> String {
    let out = format!("\nwindlass-guard {} {report}\n", attempt(1));
    json!({"result": 0, "responses": [{"result": 0, "nodeid": NODE.0, "out": out}]}).to_string()
}

#[tokio::test]
async fn a_command_is_one_shell_line_on_one_node() {
    let server = ScriptedServer::start(vec![Reply::json(&printed("unfinished"))]);
    let command = search_replace("it's \"$HOME\"", "日本\\");
    let outcome = on(&server)
        .run_guarded(
            &account(),
            ticket(2),
            &short_domain(),
            NODE,
            attempt(1),
            &command,
        )
        .await;
    assert_eq!(outcome, MutationOutcome::Done(GuardedRun::Unfinished));
    let [request] = &server.received()[..] else {
        panic!("one request is sent");
    };
    assert_eq!(request.path, "/1.0/environment/control/rest/execcmdbyid");
    assert_eq!(request.parameter("envName"), Some(short_domain().as_str()));
    assert_eq!(request.parameter("nodeId"), Some("48211"));
    let attempt_sent = attempt(2).to_string();
    assert_eq!(request.parameter("ruk"), Some(attempt_sent.as_str()));
    let list: Value = serde_json::from_str(request.parameter("commandList").unwrap()).unwrap();
    let line = ShellLine::guarded(attempt(1), &command, SITE_FOLDER).text();
    let params = line.strip_prefix("sh ").unwrap();
    assert_eq!(list, json!([{"command": "sh", "params": params}]));
}

#[tokio::test]
async fn what_the_node_reports_decides() {
    let failed = CommandOutput {
        exit_status: 1,
        output: String::new(),
        error_output: "Error".into(),
    };
    let cases = [
        ("1 0: 5:4572726f72 finished", GuardedRun::Finished(failed)),
        ("unfinished", GuardedRun::Unfinished),
        ("0 : : forgotten", GuardedRun::Forgotten),
    ];
    for (report, run) in cases {
        let server = ScriptedServer::start(vec![Reply::json(&printed(report))]);
        assert_eq!(flush(&server).await, MutationOutcome::Done(run), "{report}");
    }
    let server = ScriptedServer::start(vec![Reply::json(&printed("not-begun"))]);
    let MutationOutcome::Refused(refusal) = flush(&server).await else {
        panic!("the command did not begin");
    };
    assert_eq!(refusal.class, RefusalClass::CommandFailed);
}

#[tokio::test]
async fn an_answer_without_a_whole_report_leaves_it_open() {
    let other_node = printed("unfinished").replace("48211", "48212");
    let two_nodes = json!({"result": 0, "responses": [{"nodeid": 48211}, {"nodeid": 48212}]});
    let odd = [
        printed("0 0: 0: finish"),
        printed("unfinished").replace("windlass-guard", "sh: windlass-guard"),
        json!({"result": 0, "responses": [{"nodeid": 48211, "exitStatus": 0}]}).to_string(),
        json!({"result": 0, "responses": []}).to_string(),
        json!({"result": 0}).to_string(),
        two_nodes.to_string(),
        other_node,
    ];
    for answer in odd {
        let server = ScriptedServer::start(vec![Reply::json(&answer)]);
        let outcome = flush(&server).await;
        let MutationOutcome::MaybeApplied {
            answer: Some(unclear),
            ..
        } = outcome
        else {
            panic!("{answer}: {outcome:?}");
        };
        assert!(!unclear.is_final(), "{answer}");
        assert_eq!(server.received().len(), 1, "{answer}");
    }
    for (result, class) in [
        (4109, RefusalClass::CommandFailed),
        (4110, RefusalClass::NodeDown),
    ] {
        let node = json!({"result": result, "nodeid": 48211, "exitStatus": 2});
        let answer = json!({"result": result, "responses": [node]}).to_string();
        let server = ScriptedServer::start(vec![Reply::json(&answer)]);
        let outcome = flush(&server).await;
        let MutationOutcome::MaybeApplied {
            answer: Some(unclear),
            ..
        } = outcome
        else {
            panic!("{result}: {outcome:?}");
        };
        assert_eq!((unclear.result, unclear.class), (result, class));
    }
}

async fn run_script(server: &ScriptedServer, script: &str) -> MutationOutcome<()> {
    let script = ScriptName::parse(script).unwrap();
    on(server)
        .run_stored_script(&account(), ticket(2), &short_domain(), &script)
        .await
}

#[tokio::test]
async fn only_mapped_scripts_are_run() {
    let answer = json!({"result": 0, "response": {"result": 0}}).to_string();
    let server = ScriptedServer::start(vec![Reply::json(&answer)]);
    assert_eq!(
        run_script(&server, "example").await,
        MutationOutcome::NotSent(NotSentReason::NotConfigured)
    );
    assert!(server.received().is_empty());
    assert_eq!(
        run_script(&server, "warm-up").await,
        MutationOutcome::Done(())
    );
    let [request] = &server.received()[..] else {
        panic!("one request is sent");
    };
    assert_eq!(request.path, "/1.0/development/scripting/rest/eval");
    assert_eq!(request.parameter("appid"), Some("ext"));
    assert_eq!(request.parameter("script"), Some("warmup"));
    let parameters: Value = serde_json::from_str(request.parameter("params").unwrap()).unwrap();
    assert_eq!(parameters, json!({"envName": short_domain().as_str()}));
}

#[tokio::test]
async fn a_mapped_script_runs_on_the_platform() {
    let mut world = World::example();
    world.scripts.push(StoredScript {
        name: "warmup".into(),
        response: Value::Null,
        outer_result: 0,
    });
    let simulated = Simulated::start(world).await;
    let script = ScriptName::parse("warm-up").unwrap();
    let platforms = &simulated.platforms;
    let outcome = platforms
        .run_stored_script(&account(), ticket(2), &short_domain(), &script)
        .await;
    done(outcome);
    let ledger = simulated.simulator.ledger();
    let runs = ledger
        .iter()
        .filter(|entry| entry.effect == Effect::ScriptRun);
    assert_eq!(runs.count(), 1);
}

#[tokio::test]
async fn a_script_that_is_missing_or_fails_is_never_called_done() {
    let missing = json!({"result": 1702, "response": null, "error": "script not found"});
    let asleep = json!({"result": 0, "response": {"result": 2212, "responses": []}});
    let cases = [
        (missing, 1702, RefusalClass::Script),
        (asleep, 2212, RefusalClass::Busy),
    ];
    for (answer, result, class) in cases {
        let server = ScriptedServer::start(vec![Reply::json(&answer.to_string())]);
        let outcome = run_script(&server, "warm-up").await;
        let MutationOutcome::MaybeApplied {
            answer: Some(unclear),
            ..
        } = outcome
        else {
            panic!("{answer}: {outcome:?}");
        };
        assert_eq!((unclear.result, unclear.class), (result, class));
        assert_eq!(server.received().len(), 1, "it is not sent again");
    }
}

async fn run_on_site(
    simulated: &Simulated,
    node: PlatformNodeId,
    (ticket_number, guard): (u128, u128),
    command: &GuardedCommand,
) -> MutationOutcome<GuardedRun> {
    let (ticket, guard) = (ticket(ticket_number), attempt(guard));
    simulated
        .platforms
        .run_guarded(&account(), ticket, &short_domain(), node, guard, command)
        .await
}

fn output(outcome: MutationOutcome<GuardedRun>) -> String {
    match done(outcome) {
        GuardedRun::Finished(ran) if ran.exit_status == 0 => ran.output,
        other => panic!("{other:?}"),
    }
}

fn wp_calls(simulated: &Simulated, node: PlatformNodeId) -> Vec<Vec<String>> {
    let node = node.0.try_into().unwrap();
    simulated.simulator.wp_calls(node)
}

#[tokio::test]
async fn a_search_and_replace_is_counted_exported_run_and_flushed() {
    let simulated = Simulated::with_environment().await;
    let node = node_of(&simulated, "cp").await;
    let text = |text| ArgumentText::parse(text).unwrap();
    let texts = SearchReplace::new(text("it's old; $(touch pwned)"), text("new\\")).unwrap();
    let commands = [
        GuardedCommand::CountSearchReplace(texts.clone()),
        GuardedCommand::ExportDatabase,
        GuardedCommand::SearchReplace(texts),
        GuardedCommand::FlushCache,
    ];
    let mut printed = Vec::new();
    for (number, command) in (2..).zip(&commands) {
        let outcome = run_on_site(&simulated, node, (number, number), command).await;
        printed.push(output(outcome));
    }
    for report in [&printed[0], &printed[2]] {
        let counts = ReplacementCounts::parse(report).unwrap();
        let tables: Vec<(&str, u64)> = counts
            .tables()
            .iter()
            .map(|replaced| (replaced.table.as_str(), replaced.count))
            .collect();
        assert_eq!(tables, [("wp_options", 2), ("wp_posts", 3)]);
    }
    let calls = wp_calls(&simulated, node);
    assert_eq!(calls.len(), 4);
    assert_eq!(
        calls[0][..3],
        ["search-replace", "it's old; $(touch pwned)", "new\\"]
    );
    let is_dry = |call: &Vec<String>| call.contains(&"--dry-run".to_owned());
    assert_eq!(
        calls.iter().map(is_dry).collect::<Vec<_>>(),
        [true, false, false, false]
    );
    let folder = simulated.simulator.node_folder(node.0.try_into().unwrap());
    let guard = folder
        .unwrap()
        .join(".windlass/guards")
        .join(attempt(3).to_string());
    assert!(guard.join("database.sql").exists());
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_same_guard() {
    let simulated = Simulated::with_environment().await;
    let node = node_of(&simulated, "cp").await;
    let faults = [
        FaultKind::EffectThenDrop,
        FaultKind::DropBeforeEffect,
        FaultKind::TruncatedJson { bytes: 60 },
        FaultKind::HtmlOk,
        FaultKind::SessionExpiredNested { after_effect: true },
        FaultKind::SessionExpiredNested {
            after_effect: false,
        },
    ];
    let command = search_replace("old.example.com", "new.example.com");
    for (round, fault) in (0_u128..).zip(faults) {
        let (first, second, third) = (10 * round + 11, 10 * round + 12, 10 * round + 13);
        let rule = FaultRule::once("execcmdbyid", fault.clone());
        simulated.simulator.add_fault(rule);
        let lost = run_on_site(&simulated, node, (first, first), &command).await;
        assert!(
            matches!(lost, MutationOutcome::MaybeApplied { .. }),
            "{fault:?}: {lost:?}"
        );
        let found = run_on_site(&simulated, node, (second, first), &command).await;
        let again = run_on_site(&simulated, node, (third, first), &command).await;
        assert_eq!(found, again, "{fault:?}");
        assert!(output(found).contains("Made 5 replacements"), "{fault:?}");
        let calls = wp_calls(&simulated, node);
        assert_eq!(calls.len() as u128, round + 1, "{fault:?}: it ran once");
    }
}
