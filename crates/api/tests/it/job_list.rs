//! The list of jobs: filtered, paged, and a cursor that belongs to its filters.

use crate::support::TestApi;
use domain::job::{JobKind, JobState};
use domain::page::Page;
use domain::ports::JobFilter;
use http::StatusCode;
use serde_json::json;
use testkit::builders;

#[tokio::test]
async fn jobs_are_listed_by_filter_and_page() {
    let mut api = TestApi::new();
    let team = api.team;
    let first = builders::job(&*api.ids, team, JobKind::AddonInstall, None);
    let second = builders::job(&*api.ids, team, JobKind::AddonInstall, None);
    let (next, ids) = (first.id, [first.id.to_string(), second.id.to_string()]);
    let wanted = JobFilter {
        team_id: Some(team),
        state: Some(JobState::Queued),
        kind: Some(JobKind::AddonInstall),
        environment_id: None,
    };
    api.read_model
        .expect_list_jobs()
        .returning(move |filter, page| {
            assert_eq!(*filter, wanted);
            let (item, next_after) = match page.after() {
                None => (first.clone(), Some(next)),
                Some(after) => {
                    assert_eq!(after, next);
                    (second.clone(), None)
                }
            };
            Ok(Page {
                items: vec![item],
                next_after,
            })
        });
    let path = api.path("/jobs?state=queued&kind=addon.install");
    let other = api.path("/jobs?state=failed");
    let client = api.client();
    let page = client.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.body["data"][0]["id"], ids[0].as_str());
    assert_eq!(page.body["data"][0]["state"], "queued");
    let cursor = page.body["page"]["next_cursor"].as_str().expect("more");
    let rest = client.get(&format!("{path}&cursor={cursor}")).await;
    assert_eq!(rest.body["data"][0]["id"], ids[1].as_str());
    assert_eq!(rest.body["page"]["next_cursor"], json!(null));
    // Another filter is another list.
    let refused = client.get(&format!("{other}&cursor={cursor}")).await;
    refused.assert_problem(422, "validation-failed");
    refused.assert_fault("query", "cursor");
}

#[tokio::test]
async fn a_filter_that_means_nothing_names_its_parameter() {
    let api = TestApi::new();
    let path = api.path("/jobs?state=lost&kind=coffee&environment_id=shop");
    let answer = api.client().get(&path).await;
    answer.assert_problem(422, "validation-failed");
    let faults = answer.body["errors"].as_array().expect("faults");
    let names: Vec<_> = faults.iter().map(|fault| &fault["pointer"]).collect();
    assert_eq!(names, ["state", "kind", "environment_id"]);
}
