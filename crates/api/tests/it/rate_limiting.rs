//! How many requests may be made: every answer says where its caller stands, and too many are refused.

use crate::support::{ENVIRONMENT, JobStory, Standing, TestApi, in_browser, request};
use domain::rate_limit::RateScope;
use http::Method;
use serde_json::json;
use std::time::Duration;

const WAIT: Duration = Duration::from_millis(4_200);

#[tokio::test]
async fn every_answer_says_where_its_caller_stands() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    let team = api.team;
    let limiter = api.limiter.clone();
    let path = api.path(&format!("/jobs/{}", story.id));
    let answer = api.client().get(&path).await;
    assert_eq!(
        answer.header("ratelimit-policy"),
        "\"credential\";q=600;w=60, \"team\";q=1200;w=60"
    );
    assert_eq!(
        answer.header("ratelimit"),
        "\"credential\";r=599;t=1, \"team\";r=1199;t=1"
    );
    let asked = limiter.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].0, RateScope::Credential);
    assert_eq!(asked[1], (RateScope::Team, team.to_string()));
}

#[tokio::test]
async fn too_many_requests_are_refused_before_anything_is_looked_up() {
    for scope in [RateScope::Credential, RateScope::Team] {
        let api = TestApi::new();
        api.limiter.refuse(scope, WAIT);
        let path = api.path("/jobs");
        let answer = api.client().get(&path).await;
        answer.assert_problem(429, "rate-limited");
        assert_eq!(answer.body["violated_policies"], json!([scope.as_str()]));
        assert_eq!(answer.body["who_acts"], "retry");
        assert_eq!(answer.header("retry-after"), "5");
        let standing = format!("\"{}\";r=0;t=60", scope.as_str());
        assert!(answer.header("ratelimit").contains(&standing));
    }
}

#[tokio::test]
async fn a_person_is_counted_and_so_is_whoever_brings_any_credential() {
    for (path, headers) in [
        ("/v1/browser-sessions", true),
        ("/v1/me", true),
        ("/v1/me", false),
    ] {
        let api = TestApi::new();
        let limiter = api.limiter.clone();
        limiter.refuse(RateScope::Credential, WAIT);
        let session = in_browser();
        let headers = if headers { &session[..] } else { &[] };
        let answer = api
            .client()
            .send(request(Method::GET, path, headers, ""))
            .await;
        answer.assert_problem(429, "rate-limited");
    }
}

#[tokio::test]
async fn what_becomes_a_job_is_counted_besides() {
    let mut api = TestApi::new();
    Standing::begin(&mut api, &[]);
    let (team, limiter) = (api.team, api.limiter.clone());
    limiter.refuse(RateScope::Jobs, WAIT);
    let path = api.path(&format!("/environments/{ENVIRONMENT}/actions/stop"));
    let headers = [("idempotency-key", "one")];
    let answer = api
        .client()
        .send(request(Method::POST, &path, &headers, ""))
        .await;
    answer.assert_problem(429, "rate-limited");
    assert_eq!(answer.body["violated_policies"], json!(["jobs"]));
    assert!(
        limiter
            .asked()
            .contains(&(RateScope::Jobs, team.to_string()))
    );
}
