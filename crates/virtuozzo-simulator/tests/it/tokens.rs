//! Personal access tokens and the billed account.

use std::time::Duration;

use serde_json::json;
use virtuozzo_simulator::{Effect, World};

use crate::client::{OTHER_ACCOUNT, start_instant, start_with, world_with};

const USERS: &str = "users/authentication";
const READ_ONLY: &[(&str, &str)] = &[
    ("description", "for the shop"),
    ("password", "example-password"),
    (
        "apiList",
        "environment.control.GetEnvs, environment.control.GetEnvInfo",
    ),
];

#[tokio::test]
async fn a_new_token_works_at_once_for_its_methods_only() {
    let (simulator, platform) = start_instant().await;
    let made = platform.call(USERS, "createtoken", READ_ONLY).await;
    let token = &made["token"];
    let key = token["key"].as_str().unwrap();
    assert_eq!(key.len(), 40);
    assert_eq!(token["description"], "for the shop");
    let items = json!([
        "environment.control.GetEnvs",
        "environment.control.GetEnvInfo"
    ]);
    assert_eq!(token["apiListItems"], items);

    let by_token = platform.with_session(key);
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 0);
    assert_eq!(by_token.create("shop-fr").await["result"], 8202);

    let listed = platform.call(USERS, "gettokens", &[]).await;
    let tokens = listed["apiTokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 2, "with the one of the world file");
    assert!(!listed.to_string().contains(key), "told only once");
    let id = token["id"].to_string();
    let one = platform.call(USERS, "gettokens", &[("ids", &id)]).await;
    assert_eq!(one["apiTokens"][0]["id"], token["id"]);

    let gone = platform
        .call(USERS, "deletetokens", &[("ids", &format!("{id},1"))])
        .await;
    assert_eq!(gone["result"], 0);
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 702);
    let entries: Vec<_> = simulator
        .ledger()
        .into_iter()
        .skip(1)
        .map(|entry| (entry.effect, entry.detail.unwrap()))
        .collect();
    assert_eq!(
        entries,
        [
            (Effect::TokenCreated, id.clone()),
            (Effect::TokenDeleted, id)
        ]
    );
    assert!(
        !format!("{:?}", simulator.journal()).contains(key),
        "masked as a session"
    );
}

#[tokio::test]
async fn a_token_of_the_world_file_can_be_deleted_by_its_owner_alone() {
    let (_simulator, owner) = start_with(world_with(OTHER_ACCOUNT), 0.0).await;
    let other = owner.with_session(&owner.sign_in("other@example.com", "pw").await);
    let by_token = owner.with_session("00000000000000000000000000000000000000aa");
    let listed = owner.call(USERS, "gettokens", &[]).await;
    let id = listed["apiTokens"][0]["id"].to_string();
    let none = other.call(USERS, "gettokens", &[]).await;
    assert_eq!(none["apiTokens"], json!([]));
    other.call(USERS, "deletetokens", &[("ids", &id)]).await;
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 0);
    owner.call(USERS, "deletetokens", &[("ids", &id)]).await;
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 702);
}

#[tokio::test]
async fn a_token_dies_on_its_day() {
    let (simulator, platform) = start_instant().await;
    simulator.clock().freeze();
    let form = [("description", "short"), ("expiresAt", "01-01-2900")];
    let made = platform.call(USERS, "createtoken", &form).await;
    assert_eq!(made["token"]["expiresAt"], "01-01-2900");
    let by_token = platform.with_session(made["token"]["key"].as_str().unwrap());
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 0);
    let years = Duration::from_hours(24 * 366 * 900);
    simulator.clock().advance(years);
    assert_eq!(by_token.control("getenvs", &[]).await["result"], 702);
}

#[tokio::test]
async fn wrong_passwords_and_parameters_make_no_token() {
    let (simulator, platform) = start_instant().await;
    let description = ("description", "x");
    let cases = [
        (vec![], 3),
        (vec![description, ("password", "wrong")], 801),
        (vec![description, ("expiresAt", "2027-01-01")], 3),
    ];
    for (form, code) in cases {
        let answer = platform.call(USERS, "createtoken", &form).await;
        assert_eq!(answer["result"], code, "{form:?}");
    }
    for (form, code) in [
        (vec![], 3),
        (vec![("ids", "first")], 3),
        (vec![("ids", "301"), ("password", "wrong")], 801),
    ] {
        let answer = platform.call(USERS, "deletetokens", &form).await;
        assert_eq!(answer["result"], code, "{form:?}");
    }
    assert_eq!(simulator.ledger().len(), 1, "only the sign-in");
}

#[tokio::test]
async fn the_account_tells_what_the_world_says() {
    let billing = "[accounts.billing]\nbalance = 12.5\ngroup_type = \"trial\"\n\n[[regions]]";
    let text = World::EXAMPLE_TOML.replacen("[[regions]]", billing, 1);
    let (_simulator, platform) = start_with(World::from_toml(&text).unwrap(), 0.0).await;
    let account = platform.call("billing/account", "getaccount", &[]).await;
    assert_eq!(account["uid"], 4127);
    assert_eq!(account["email"], "owner@example.com");
    assert_eq!(
        (
            &account["balance"],
            &account["groupType"],
            &account["isCommerial"]
        ),
        (&json!(12.5), &json!("trial"), &json!(false))
    );
    assert_eq!(account["defaultHardNodeGroup"], "example_north_group");
}
