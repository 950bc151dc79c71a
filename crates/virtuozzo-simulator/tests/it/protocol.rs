//! Paths, verbs, parameters, sessions.

use http::Method;
use serde_json::json;
use virtuozzo_simulator::{Simulator, SimulatorOptions, World};

use crate::client::{NODES, Platform, start_instant, start_with};

const LIMITED_TOKEN: &str = "00000000000000000000000000000000000000bb";

fn world_with_a_limited_token() -> World {
    let addition = format!(
        "\n[[accounts]]\nuid = 9001\nlogin = \"other@example.com\"\npassword = \"pw\"\n\
         [[accounts.tokens]]\nvalue = \"{LIMITED_TOKEN}\"\n\
         methods = [\"environment.control.GetEnvs\"]\n"
    );
    World::from_toml(&format!("{}{addition}", World::EXAMPLE_TOML)).unwrap()
}

#[tokio::test]
async fn get_and_post_and_mixed_case_mean_the_same() {
    let (_simulator, platform) = start_instant().await;
    platform.create("shop-fr").await;
    let session = &platform.session;
    let spellings = [
        (
            Method::POST,
            "/1.0/environment/control/rest/getenvinfo".to_owned(),
            format!("session={session}&envName=shop-fr"),
        ),
        (
            Method::GET,
            format!("/1.0/environment/control/rest/getenvinfo?session={session}&envName=shop-fr"),
            String::new(),
        ),
        (
            Method::POST,
            format!("/1.0/environment/control/REST/GetEnvInfo?SESSION={session}&envname=SHOP-FR"),
            String::new(),
        ),
        (
            Method::POST,
            "/1.0/Environment/Control/rest/getEnvInfo?session=wrong&envName=&nodeId=".to_owned(),
            format!("session={session}&envName=shop-fr&lazy="),
        ),
    ];
    for (method, path, form) in spellings {
        let reply = platform.request(&method, &path, form).await.unwrap();
        let answer = reply.json();
        assert_eq!(answer["result"], 0, "{method} {path}: {answer}");
        assert_eq!(answer["env"]["envName"], "shop-fr", "{method} {path}");
    }
}

#[tokio::test]
async fn aliases_of_the_dashboard_and_stray_slashes_mean_the_same() {
    let (_simulator, platform) = start_instant().await;
    for path in [
        "/JElastic/env/control/rest/getenvs",
        "/1.0/environment/control/REST/getEnvs",
        "//1.0/environment/control/rest/getenvs",
        "/1.0/environment/control/rest/getenvs/",
    ] {
        let query = format!("{path}?session={}", platform.session);
        let reply = platform
            .request(&Method::POST, &query, String::new())
            .await
            .unwrap();
        assert_eq!(reply.json()["infos"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn a_url_of_more_than_2048_characters_is_refused_and_a_form_is_not() {
    let (simulator, platform) = start_instant().await;
    let path = "/1.0/environment/control/rest/getenvs";
    let used = platform.base_url.len() + path.len() + "?session=&ruk=".len();
    let left = 2_048 - used - platform.session.len();
    for (length, status) in [(left, 200), (left + 1, 414)] {
        let query = format!(
            "{path}?session={}&ruk={}",
            platform.session,
            "x".repeat(length)
        );
        for method in [Method::GET, Method::POST] {
            let reply = platform
                .request(&method, &query, String::new())
                .await
                .unwrap();
            assert_eq!(reply.status, status, "{method} {length}");
        }
    }
    assert_eq!(simulator.journal().pop().unwrap().status, Some(414));
    let form = format!("session={}&ruk={}", platform.session, "x".repeat(100_000));
    let reply = platform.request(&Method::POST, path, form).await.unwrap();
    assert_eq!(reply.json()["result"], 0);
}

#[tokio::test]
async fn python_text_and_repeated_parameters_are_understood() {
    let (_simulator, platform) = start_instant().await;
    let nodes = "[{'nodeType': 'nginxphp-dockerized', 'count': 2}]";
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("appid", "cluster"),
        ("env", "{'shortdomain': 'shop-py'}"),
        ("nodes", nodes),
        ("envGroups", "['clients/a', 'clients/b']"),
        ("ownerUid", ""),
        ("session", &platform.session),
    ]);
    let path = format!(
        "/1.0/environment/control/rest/createenvironment?{}",
        query.finish()
    );
    let created = platform.request(&Method::GET, &path, String::new()).await;
    let created = created.unwrap().json();
    assert_eq!(created["response"]["result"], 0, "{created}");
    assert_eq!(created["response"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(
        created["response"]["envGroups"],
        json!(["clients/a", "clients/b"])
    );

    for (lazy, has_nodes) in [("True", false), ("False", true), ("", true)] {
        let form = [("envName", "shop-py"), ("lazy", lazy), ("nodeId", "")];
        let info = platform
            .call("environment/control", "getenvinfo", &form)
            .await;
        assert_eq!(info.get("nodes").is_some(), has_nodes, "{lazy}");
    }

    let repeated = [
        ("env", r#"{"shortdomain":"shop-re"}"#),
        ("nodes", NODES),
        ("envGroups", "a"),
        ("envGroups", "b"),
    ];
    let created = platform
        .call("environment/control", "createenvironment", &repeated)
        .await;
    assert_eq!(created["response"]["envGroups"], json!(["a", "b"]));
}

#[tokio::test]
async fn unknown_paths_are_404_html_and_other_verbs_405() {
    let (_simulator, platform) = start_instant().await;
    for path in [
        "/1.0/environment/control/rest/nosuchmethod",
        "/1.0/environment/environment/rest/getenvinfo",
        "/",
    ] {
        let reply = platform
            .request(&Method::POST, path, String::new())
            .await
            .unwrap();
        assert_eq!(
            (reply.status, reply.content_type.as_str()),
            (404, "text/html"),
            "{path}"
        );
        assert!(reply.text.contains("<h1>404 Not Found</h1>"), "{path}");
    }
    let path = "/1.0/environment/control/rest/getenvs";
    let reply = platform
        .request(&Method::PUT, path, String::new())
        .await
        .unwrap();
    assert_eq!(
        (reply.status, reply.content_type.as_str()),
        (405, "text/html")
    );
}

#[tokio::test]
async fn sign_in_refuses_get_wrong_passwords_and_blocked_users() {
    let (_simulator, platform) = start_instant().await;
    let query =
        "/1.0/users/authentication/rest/signin?login=owner@example.com&password=example-password";
    let by_get = platform
        .request(&Method::GET, query, String::new())
        .await
        .unwrap()
        .json();
    assert_eq!(by_get["result"], 8);
    assert!(
        by_get["error"].as_str().unwrap().contains("invented"),
        "{by_get}"
    );

    let wrong = [("login", "owner@example.com"), ("password", "wrong")];
    let refused = platform
        .call("users/authentication", "signin", &wrong)
        .await;
    assert_eq!(refused["result"], 701);
    let missing = platform
        .call("users/authentication", "signin", &[("login", "x")])
        .await;
    assert_eq!(missing["result"], 3);
    assert_eq!(missing["error"], "invalid parameter [password]");

    let blocked = World::EXAMPLE_TOML.replace("name = \"Example Owner\"", "is_blocked = true");
    let options = SimulatorOptions {
        world: World::from_toml(&blocked).unwrap(),
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let right = [
        ("login", "owner@example.com"),
        ("password", "example-password"),
    ];
    let platform = Platform::unsigned(&simulator.base_url());
    assert_eq!(
        platform
            .call("users/authentication", "signin", &right)
            .await["result"],
        704
    );
}

#[tokio::test]
async fn a_second_factor_gives_no_session() {
    let text =
        World::EXAMPLE_TOML.replace("name = \"Example Owner\"", "needs_second_factor = true");
    let options = SimulatorOptions {
        world: World::from_toml(&text).unwrap(),
        ..SimulatorOptions::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let form = [
        ("login", "owner@example.com"),
        ("password", "example-password"),
    ];
    let answer = Platform::unsigned(&simulator.base_url())
        .call("users/authentication", "signin", &form)
        .await;
    assert_eq!(answer["authType"], "TFA");
    assert!(answer.get("session").is_none(), "{answer}");
}

#[tokio::test]
async fn sessions_have_the_documented_form_and_end() {
    let (simulator, platform) = start_instant().await;
    let (uid, random) = platform.session.split_once('x').unwrap();
    assert_eq!((uid, random.len()), ("101f", 32), "uid 4127 in hexadecimal");

    let without = platform
        .with_session("")
        .call("environment/control", "getenvs", &[])
        .await;
    assert_eq!(without["result"], 3);
    assert_eq!(without["error"], "invalid parameter [session]");

    assert_eq!(
        platform.call("users/authentication", "signout", &[]).await["result"],
        0
    );
    assert_eq!(
        platform.call("environment/control", "getenvs", &[]).await["result"],
        702
    );
    assert_eq!(
        platform.call("users/authentication", "signout", &[]).await["result"],
        702
    );

    let session = platform
        .sign_in("owner@example.com", "example-password")
        .await;
    let again = platform.with_session(&session);
    assert_eq!(
        again.call("users/account", "getuserinfo", &[]).await["result"],
        0
    );
    assert_eq!(simulator.expire_sessions(), 1);
    let dead = again.call("users/account", "getuserinfo", &[]).await;
    assert_eq!(dead["result"], 702);
    assert!(
        !dead["error"].as_str().unwrap().contains(&session),
        "the session is not echoed"
    );
}

#[tokio::test]
async fn a_token_works_for_its_methods_only() {
    let (_simulator, platform) = start_with(world_with_a_limited_token(), 0.0).await;
    let token = platform.with_session(LIMITED_TOKEN);
    assert_eq!(
        token.call("environment/control", "getenvs", &[]).await["result"],
        0
    );
    let refused = token.create("shop-fr").await;
    assert_eq!(refused["result"], 8202);
    assert!(
        refused["error"]
            .as_str()
            .unwrap()
            .contains("environment.control.CreateEnvironment")
    );
    let full = platform.with_session("00000000000000000000000000000000000000aa");
    assert_eq!(full.create("shop-fr").await["response"]["result"], 0);
}

#[tokio::test]
async fn environments_of_another_account_are_unknown_but_keep_their_name() {
    let (_simulator, owner) = start_with(world_with_a_limited_token(), 0.0).await;
    owner.create("shop-fr").await;
    let other = owner.with_session(&owner.sign_in("other@example.com", "pw").await);
    let info = other.info("shop-fr").await;
    assert_eq!(
        (&info["result"], &info["error"]),
        (&json!(11), &json!("application [shop-fr] not exist"))
    );
    assert_eq!(
        other.call("environment/control", "getenvs", &[]).await["infos"],
        json!([])
    );
    for method in ["deleteenv", "stopenv", "startenv", "setenvdisplayname"] {
        let answer = other
            .call("environment/control", method, &[("envName", "shop-fr")])
            .await;
        assert_eq!(answer["result"], 11, "{method}");
    }
    assert_eq!(other.create("shop-fr").await["response"]["result"], 2314);
    let taken = other
        .call(
            "environment/binder",
            "checkdomain",
            &[("domain", "Shop-FR")],
        )
        .await;
    assert_eq!(taken["result"], 2314);
    let free = other
        .call(
            "environment/binder",
            "checkdomain",
            &[("domain", "shop-de")],
        )
        .await;
    assert_eq!(free["result"], 0);
}

#[tokio::test]
async fn equal_seeds_and_calls_give_equal_identifiers() {
    let mut seen = Vec::new();
    for seed in [7, 7, 8] {
        let options = SimulatorOptions {
            seed,
            time_scale: 0.0,
            ..SimulatorOptions::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let unsigned = Platform::unsigned(&simulator.base_url());
        let session = unsigned
            .sign_in("owner@example.com", "example-password")
            .await;
        let created = unsigned.with_session(&session).create("shop-fr").await;
        let response = &created["response"];
        let nodes: Vec<_> = response["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| {
                (
                    node["id"].clone(),
                    node["ctid"].clone(),
                    node["password"].clone(),
                )
            })
            .collect();
        assert!(nodes.iter().all(|(id, ..)| id.as_u64().unwrap() > 10_000));
        assert_eq!(response["env"]["appid"].as_str().unwrap().len(), 32);
        seen.push((session, response["env"]["appid"].clone(), nodes));
        simulator.stop().await;
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn the_journal_masks_secrets_and_shows_equality() {
    let (simulator, platform) = start_instant().await;
    platform.info("absent-env").await;
    platform.info("absent-env").await;
    let journal = simulator.journal();
    let text = serde_json::to_string(&journal).unwrap();
    assert!(
        !text.contains(&platform.session) && !text.contains("example-password"),
        "{text}"
    );
    assert_eq!(journal[0].method, "signin");
    assert_eq!(journal[0].result, Some(0));
    assert_eq!(journal[1].parameters["envName"], "absent-env");
    assert_eq!(
        journal[1].parameters["session"],
        journal[2].parameters["session"]
    );
    assert_eq!(
        (journal[1].status, journal[1].result),
        (Some(200), Some(11))
    );
}
