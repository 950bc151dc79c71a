//! The committed documents are those that the code makes.

use domain::access::Permission;
use domain::error_code::ErrorCode;
use serde_json::Value;
use std::fs;
use std::path::Path;

#[track_caller]
fn assert_committed(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/{name} is not what the code makes: run `cargo xtask openapi` and commit it"
    );
}

#[test]
fn the_openapi_document_is_up_to_date() {
    assert_committed("openapi.json", &api::documents::openapi_json());
}

#[test]
fn the_error_page_is_up_to_date_and_complete() {
    let page = api::documents::errors_markdown();
    for code in ErrorCode::ALL {
        assert!(page.contains(&format!("\n## {}\n", code.as_str())));
    }
    assert_committed("errors.md", &page);
}

#[test]
fn the_table_of_permissions_is_up_to_date_and_complete() {
    let page = api::documents::permissions_markdown();
    for permission in Permission::ALL {
        assert!(page.contains(&format!("| `{}` |", permission.as_str())));
    }
    assert_committed("permissions.md", &page);
}

#[test]
fn every_operation_and_answer_is_described() {
    let document: Value = serde_json::from_str(&api::documents::openapi_json()).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = format!("{method} {path}");
            for field in ["summary", "operationId"] {
                assert!(operation[field].is_string(), "{name}: {field}");
            }
            let policies = [
                "x-required-permission",
                "x-required-session",
                "x-required-operator",
                "x-any-credential",
                "x-public",
            ];
            let has = |policy: &&&str| !operation[**policy].is_null();
            assert_eq!(policies.iter().filter(has).count(), 1, "{name}");
            let is_open = operation["security"][0] == serde_json::json!({});
            assert_eq!(is_open, has(&&"x-public"), "{name}");
            let takes_tokens = operation["security"][0]["api_token"].is_array();
            let is_for_tokens = has(&&"x-required-permission") || has(&&"x-any-credential");
            assert_eq!(takes_tokens, is_for_tokens, "{name}");
            let responses = operation["responses"].as_object().expect("responses");
            for (status, response) in responses {
                let description = response["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{name}: {status}");
                let is_problem = status.starts_with('4') || status.starts_with('5');
                let problem = &response["content"]["application/problem+json"];
                assert_eq!(problem.is_object(), is_problem, "{name}: {status}");
            }
        }
    }
}

#[test]
fn every_identifier_and_key_in_a_request_has_its_form_described() {
    let document: Value = serde_json::from_str(&api::documents::openapi_json()).expect("JSON");
    let items = document["paths"].as_object().expect("paths").values();
    let operations = items.flat_map(|item| item.as_object().expect("operations").values());
    let parameters = operations.flat_map(|it| it["parameters"].as_array().into_iter().flatten());
    let mut found = 0;
    for parameter in parameters {
        let name = parameter["name"].as_str().expect("a name");
        if name.ends_with("_id") || name == "Idempotency-Key" {
            assert!(parameter["schema"]["pattern"].is_string(), "{name}");
            found += 1;
        }
    }
    assert!(found > 100, "{found}");
    let team = &document["paths"]["/v1/teams/{team_id}"]["get"]["parameters"][0];
    let pattern = "^team_[0-7][0-9a-hjkmnp-tv-z]{25}$";
    assert_eq!(team["schema"]["pattern"], pattern);
}
