//! Tags of answers: who knows an answer is told no more than that, and who insists on a version changes no other.

use crate::support::{Client, TestApi, request};
use domain::names::TeamName;
use domain::ports::MockTransaction;
use domain::team::Team;
use http::{Method, StatusCode, header};
use testkit::builders;

fn with_team(api: &mut TestApi) -> Team {
    let team = Team {
        id: api.team,
        version: 4,
        ..builders::team(&*api.ids)
    };
    let found = team.clone();
    api.read_model
        .expect_find_team()
        .returning(move |_| Ok(Some(found.clone())));
    team
}

async fn tag(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let tag = answer.headers.get(header::ETAG).expect("a tag");
    tag.to_str().expect("ASCII").to_owned()
}

#[tokio::test]
async fn who_knows_an_answer_is_told_that_it_still_holds() {
    let mut api = TestApi::new();
    with_team(&mut api);
    let path = api.path("");
    let client = api.client();
    let tag = tag(&client, &path).await;
    assert!(tag.starts_with("\"4-"), "the row's version: {tag}");
    for known in [&*tag, "*", &format!("\"other\", W/{tag}")] {
        let headers = [("if-none-match", known)];
        let answer = client.send(request(Method::GET, &path, &headers, "")).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(answer.text, "");
        assert_eq!(answer.headers.get(header::ETAG).expect("a tag"), &tag);
        assert!(!answer.headers.contains_key(header::CONTENT_TYPE));
        assert!(answer.headers.contains_key("request-id"));
    }
    let headers = [("if-none-match", "\"other\"")];
    let answer = client.send(request(Method::GET, &path, &headers, "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.text.is_empty());
}

#[tokio::test]
async fn another_answer_has_another_tag_and_a_refusal_has_none() {
    let mut api = TestApi::new();
    with_team(&mut api);
    let path = api.path("");
    let client = api.client();
    let of_team = tag(&client, &path).await;
    let of_version = tag(&client, "/v1/version").await;
    assert_ne!(of_team, of_version);
    let headers = [("authorization", ""), ("if-none-match", "*")];
    let refused = client.send(request(Method::GET, &path, &headers, "")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.headers.contains_key(header::ETAG));
}

#[tokio::test]
async fn a_change_is_made_to_the_version_that_the_client_insists_on_or_not_at_all() {
    let body = r#"{"name":"Another name"}"#;
    for (tag, status) in [
        ("\"4-0123\"", StatusCode::OK),
        ("*", StatusCode::OK),
        ("\"3-0123\"", StatusCode::PRECONDITION_FAILED),
        ("\"0123\"", StatusCode::PRECONDITION_FAILED),
        ("W/\"4-0123\"", StatusCode::PRECONDITION_FAILED),
        ("\"4-0123\", \"3-0123\"", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let mut api = TestApi::new();
        let team = with_team(&mut api);
        let mut transaction = MockTransaction::default();
        transaction
            .teams
            .expect_find_team()
            .returning(move |_| Ok(Some(team.clone())));
        transaction
            .teams
            .expect_update_team()
            .times(usize::from(status == StatusCode::OK))
            .withf(|team| team.name == TeamName::parse("Another name").expect("valid"))
            .returning(|_| Ok(()));
        transaction
            .audit
            .expect_append_audit_event()
            .returning(|_| Ok(()));
        if status == StatusCode::UNPROCESSABLE_ENTITY {
            transaction = MockTransaction::default();
        }
        api.storing(transaction);
        let path = api.path("");
        let client = api.client();
        let headers = [("if-match", tag)];
        let answer = client
            .send(request(Method::PATCH, &path, &headers, body))
            .await;
        assert_eq!(answer.status, status, "{tag}: {}", answer.text);
        if status == StatusCode::OK {
            let tag = answer.headers.get(header::ETAG).expect("a tag");
            assert!(tag.to_str().expect("ASCII").starts_with("\"5-"), "{tag:?}");
        }
    }
}
