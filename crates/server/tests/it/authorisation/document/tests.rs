use super::*;
use serde_json::json;

fn uncovered(operation: &Value) -> Vec<String> {
    let document = json!({"paths": {"/v1/things": {"get": operation}}});
    let (operations, uncovered) = operations(&document);
    assert_eq!(operations.len() + uncovered.len(), 1);
    uncovered
}

#[test]
fn an_operation_without_exactly_one_policy_is_not_covered() {
    let both = json!([{"api_token": []}, {"browser_session": []}]);
    let good = json!({"operationId": "a", "x-required-permission": "team.view", "security": both});
    assert_eq!(uncovered(&good), [""; 0]);
    for (name, value) in [
        ("x-required-permission", json!(null)),
        ("x-required-permission", json!("team.look")),
        ("x-required-operator", json!(true)),
        ("security", json!([])),
        ("security", json!([{"browser_session": []}])),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_eq!(uncovered(&bad).len(), 1, "{bad}");
    }
}

#[test]
fn what_changes_something_and_needs_no_more_than_a_look_is_done_in_person() {
    let read = |method, permission| {
        let described = json!({
            "operationId": "a", "x-required-permission": permission,
            "security": [{"browser_session": []}, {"api_token": []}],
        });
        Operation::read("/v1/teams/{team_id}", method, &described).expect("an operation")
    };
    assert!(read("post", "team.view").is_in_person());
    assert!(!read("get", "team.view").is_in_person());
    assert!(!read("post", "team.update").is_in_person());
}
