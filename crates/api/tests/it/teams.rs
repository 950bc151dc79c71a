//! Teams, their people and who may do what: what is asked for, what is shown, and what is shown once.

use crate::support::{OLD_SESSION, OPERATOR_SESSION, Operation, TestApi, operations, request};
use domain::access::{Permission, Role, RoleKind};
use domain::ids::TeamId;
use domain::page::Page;
use domain::ports::MockTransaction;
use domain::team::Member;
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex};
use testkit::builders;

fn operation(api: &TestApi, id: &str) -> Operation {
    let mut all = operations(&api.team.to_string()).into_iter();
    all.find(|operation| operation.id == id)
        .unwrap_or_else(|| panic!("there is no operation `{id}`"))
}

fn role(api: &TestApi, kind: RoleKind) -> Role {
    Role {
        kind,
        ..builders::role(&*api.ids, api.team, &[])
    }
}

fn audited() -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .audit
        .expect_append_audit_event()
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn a_new_team_is_shown_with_the_role_of_who_made_it() {
    let mut api = TestApi::new();
    let mut transaction = audited();
    transaction
        .memberships
        .expect_count_owned_teams()
        .returning(|_| Ok(0));
    transaction
        .teams
        .expect_insert_team()
        .returning(|_, _, _| Ok(()));
    let owner = role(&api, RoleKind::Owner);
    transaction
        .roles
        .expect_find_built_in_role()
        .returning(move |_, _| Ok(Some(owner.clone())));
    transaction
        .memberships
        .expect_insert_membership()
        .returning(|_| Ok(()));
    api.storing(transaction);
    let operation = operation(&api, "create_team");
    let answer = operation.send(&api.client(), &[], operation.body()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let id = answer.body["id"].as_str().expect("an id");
    assert_eq!(answer.header("location"), format!("/v1/teams/{id}"));
    assert_eq!(answer.body["name"], "Example team");
    assert_eq!(answer.body["role"]["kind"], "owner");
    assert_eq!(answer.body["suspended_at"], serde_json::Value::Null);
}

#[tokio::test]
async fn an_api_token_is_shown_once_and_its_hash_never() {
    let mut api = TestApi::new();
    let stored = Arc::new(Mutex::new(None));
    let mut transaction = audited();
    transaction
        .api_tokens
        .expect_count_live_api_tokens()
        .returning(|_, _| Ok(0));
    let keeping = Arc::clone(&stored);
    transaction
        .api_tokens
        .expect_insert_api_token()
        .returning(move |token| {
            *keeping.lock().expect("no panic while held") = Some(token.clone());
            Ok(())
        });
    api.storing(transaction);
    let listed = Arc::clone(&stored);
    api.read_model
        .expect_list_api_tokens()
        .returning(move |_, _| {
            let token = listed.lock().expect("no panic while held").clone();
            Ok(Page {
                items: token.into_iter().collect(),
                next_after: None,
            })
        });
    let (create, list) = (
        operation(&api, "create_api_token"),
        operation(&api, "list_api_tokens"),
    );
    let client = api.client();
    let body = r#"{"label":"ci","scopes":["env.view"],"expires_at":"SOON",
        "allowed_networks":["192.0.2.0/24"]}"#;
    let soon = in_an_hour();
    let answer = create
        .send(&client, &[], &body.replace("SOON", &soon))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.body["token"], "wdl_api_new");
    assert_eq!(answer.body["scopes"], serde_json::json!(["env.view"]));
    assert_eq!(
        answer.body["allowed_networks"],
        serde_json::json!(["192.0.2.0/24"])
    );
    assert!(
        answer
            .header("location")
            .ends_with(answer.body["id"].as_str().expect("an id"))
    );
    let again = list.send(&client, &[], "").await;
    assert_eq!(again.body["data"][0]["label"], "ci");
    assert!(!again.text.contains("wdl_api_new"), "{}", again.text);
    assert!(!again.text.contains("pepper"), "{}", again.text);
}

fn in_an_hour() -> String {
    use domain::ports::Clock as _;
    let now = testkit::clocks::SystemTestClock.now();
    let soon = now.checked_add(std::time::Duration::from_hours(1));
    soon.expect("an hour from now").to_string()
}

#[tokio::test]
async fn lists_go_on_where_they_stopped_and_a_cursor_is_good_for_its_own_list() {
    let mut api = TestApi::new();
    let next: TeamId = api.team;
    api.read_model
        .expect_list_teams_of_user()
        .returning(move |_, page| {
            Ok(Page {
                items: Vec::new(),
                next_after: page.after().is_none().then_some(next),
            })
        });
    let teams = operation(&api, "list_teams");
    let members = operation(&api, "list_members");
    let client = api.client();
    let first = teams.send(&client, &[], "").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let cursor = first.body["page"]["next_cursor"]
        .as_str()
        .expect("a cursor");
    let at = |operation: &Operation| Operation {
        path: format!("{}?cursor={cursor}", operation.path),
        query: "",
        ..operation.clone()
    };
    let second = at(&teams).send(&client, &[], "").await;
    assert_eq!(second.body["page"]["next_cursor"], serde_json::Value::Null);
    let foreign = at(&members).send(&client, &[], "").await;
    foreign.assert_problem(422, "validation-failed");
    foreign.assert_fault("query", "cursor");
}

#[tokio::test]
async fn who_has_a_second_factor_is_told_to_who_manages_members_only() {
    let mut api = TestApi::new();
    let user = builders::user(&*api.ids);
    let member = Member {
        user_id: user.id,
        name: user.name,
        email: user.email,
        role: role(&api, RoleKind::Viewer),
        joined_at: builders::moment(),
        has_second_factor: true,
    };
    api.read_model
        .expect_find_member()
        .returning(move |_, _| Ok(Some(member.clone())));
    *api.poor_scopes.lock().expect("no panic while held") =
        [Permission::TeamView].into_iter().collect();
    let get = operation(&api, "get_member");
    let client = api.client();
    let managing = get.send(&client, &[], "").await;
    assert_eq!(managing.body["has_second_factor"], true);
    let poor = format!("Bearer {}", crate::support::POOR_TOKEN);
    let looking = get.send(&client, &[("authorization", &poor)], "").await;
    assert_eq!(looking.status, StatusCode::OK, "{}", looking.text);
    assert_eq!(looking.body["role"]["kind"], "viewer");
    assert!(looking.body.get("has_second_factor").is_none());
}

#[tokio::test]
async fn what_is_most_risky_asks_for_a_new_proof() {
    // Tokens never prove anything.
    for id in ["request_team_deletion", "put_ownership_offer"] {
        let api = TestApi::new();
        let operation = operation(&api, id);
        let client = api.client();
        let by_token = operation.send(&client, &[], operation.body()).await;
        by_token.assert_problem(403, "step-up-required");
        let cookie = format!("__Host-windlass={OLD_SESSION}");
        let csrf = format!("csrf of {OLD_SESSION}");
        let headers = [
            ("authorization", ""),
            ("cookie", cookie.as_str()),
            ("x-csrf-token", csrf.as_str()),
        ];
        let in_browser = operation.send(&client, &headers, operation.body()).await;
        in_browser.assert_problem(403, "step-up-required");
    }
}

#[tokio::test]
async fn members_leave_accept_and_decline_in_a_browser() {
    for id in ["leave_team", "accept_ownership", "decline_ownership"] {
        let api = TestApi::new();
        let operation = operation(&api, id);
        let answer = operation.send(&api.client(), &[], "").await;
        answer.assert_problem(403, "browser-session-required");
    }
}

#[tokio::test]
async fn an_operator_needs_the_csrf_token_too() {
    let api = TestApi::new();
    let operation = operation(&api, "suspend_team");
    let cookie = format!("__Host-windlass={OPERATOR_SESSION}");
    let headers = [("authorization", ""), ("cookie", cookie.as_str())];
    let client = api.client();
    let answer = operation.send(&client, &headers, operation.body()).await;
    answer.assert_problem(403, "csrf-token-invalid");
}

#[tokio::test]
async fn the_table_of_permissions_is_there_for_everybody() {
    let client = TestApi::new().client();
    let headers = [("authorization", "")];
    let asking = request(Method::GET, "/v1/permissions", &headers, "");
    let answer = client.send(asking).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let rows = answer.body["data"].as_array().expect("rows");
    assert_eq!(rows.len(), Permission::ALL.len());
    let deleting = rows.iter().find(|row| row["slug"] == "team.delete");
    let deleting = deleting.expect("a row");
    assert_eq!(deleting["owner_only"], true);
    assert_eq!(deleting["built_in_roles"], serde_json::json!(["owner"]));
}
