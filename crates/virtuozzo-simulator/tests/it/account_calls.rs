//! Who the caller is, what it may use, what was done for it.

use serde_json::json;

use crate::client::{NODES, start_instant};

#[tokio::test]
async fn user_info_has_the_members_of_sign_in_without_the_session() {
    let (_simulator, platform) = start_instant().await;
    let info = platform.call("users/account", "getuserinfo", &[]).await;
    assert_eq!(
        (&info["uid"], &info["email"]),
        (&json!(4127), &json!("owner@example.com"))
    );
    assert!(info.get("session").is_none());
}

#[tokio::test]
async fn quotas_are_asked_for_with_semicolons() {
    let (_simulator, platform) = start_instant().await;
    let names = "environment.maxcount;environment.delete.confirm.type;no.such.quota";
    let some = platform
        .call("billing/account", "getquotas", &[("quotasnames", names)])
        .await;
    let pairs: Vec<_> = some["array"]
        .as_array()
        .unwrap()
        .iter()
        .map(|element| (element["quota"]["name"].clone(), element["value"].clone()))
        .collect();
    assert_eq!(
        pairs,
        [
            (json!("environment.delete.confirm.type"), json!("none")),
            (json!("environment.maxcount"), json!(50)),
        ]
    );
    let one = [("quotasnames", "environment.maxcount")];
    let one = platform.call("billing/account", "getquotas", &one).await;
    assert_eq!(one["array"].as_array().unwrap().len(), 1);
    let all = platform.call("billing/account", "getquotas", &[]).await;
    assert_eq!(all["array"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn finished_actions_are_found_by_their_request_key() {
    let (_simulator, platform) = start_instant().await;
    for (name, ruk) in [("shop-a", "attempt-a"), ("shop-b", "attempt-b")] {
        let env = json!({"shortdomain": name}).to_string();
        let form = [
            ("env", env.as_str()),
            ("nodes", NODES),
            ("ruk", ruk),
            ("actionkey", "k"),
        ];
        platform
            .call("environment/control", "createenvironment", &form)
            .await;
    }
    platform
        .call("environment/control", "stopenv", &[("envName", "shop-a")])
        .await;

    let search = |json: serde_json::Value| {
        let platform = platform.clone();
        async move {
            let text = json.to_string();
            platform
                .call(
                    "environment/tracking",
                    "searchactions",
                    &[("search", &text)],
                )
                .await
        }
    };
    let all = search(json!({"resultCount": 10, "startRow": 0})).await;
    assert_eq!(all["totalCount"], 3);
    let page = search(json!({"resultCount": 1, "startRow": 1, "orderDirection": "ASC"})).await;
    assert_eq!(page["array"].as_array().unwrap().len(), 1);
    assert_eq!(page["array"][0]["env"], "shop-b");
    let mine = search(json!({"value": "attempt-a"})).await;
    let action = &mine["array"][0];
    assert_eq!(mine["totalCount"], 1);
    assert_eq!(action["requestUniqueKey"], "attempt-a");
    assert_eq!(action["action"]["id"], 2);
    assert_eq!(action["resultCode"], 0);
    assert!(action["startDate"].is_string() && action["endDate"].is_string());
    let appid = action["appid"].clone();
    assert_eq!(
        search(json!({"appids": [appid]})).await["totalCount"],
        2,
        "create and stop"
    );
    assert_eq!(search(json!({"onlyErrors": true})).await["totalCount"], 0);
    let later = search(json!({"startDate": "2999-01-01 00:00:00"})).await;
    assert_eq!(later["totalCount"], 0);
    let missing = platform
        .call("environment/tracking", "searchactions", &[])
        .await;
    assert_eq!(missing["error"], "invalid parameter [search]");
}
