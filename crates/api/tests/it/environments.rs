//! Environments: asking for one, listing, showing.

use crate::support::{POOR_TOKEN, TestApi, request};
use domain::access::{Permission, PermissionSet};
use domain::environment::{EnvironmentState, PlatformAppId};
use domain::ids::{EnvironmentId, TeamId};
use domain::page::Page;
use domain::ports::{Conflict, EnvironmentDetails, IdempotencyRecord, MockTransaction, StoreError};
use domain::software::Software;
use http::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use testkit::builders;

/// A transaction in which everything that provisioning needs is there.
pub(crate) fn accepting(api: &TestApi) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    let account = api.account();
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(Some(account.clone())));
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(|_| Ok(None));
    transaction
        .idempotency
        .expect_insert_idempotency_record()
        .returning(|_, _| Ok(()));
    transaction
        .jobs
        .expect_enqueue_job()
        .returning(|_, _| Ok(()));
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.request_id.is_some() && event.user_agent.as_deref() == Some("test/1"))
        .returning(|_| Ok(()));
    transaction
}

const BODY: &str = r#"{"name":"shop","display_name":"The shop","blueprint":"wordpress",
    "region":"north","addons":["sftp","lets_encrypt"]}"#;

#[tokio::test]
async fn asking_for_an_environment_gives_the_job_that_builds_it() {
    let mut api = TestApi::new();
    let mut transaction = accepting(&api);
    transaction
        .environments
        .expect_insert_environment()
        .withf(|environment| {
            environment.name.as_str() == "shop"
                && environment.display_name.as_str() == "The shop"
                && environment
                    .region
                    .as_ref()
                    .is_some_and(|it| it.as_str() == "north")
        })
        .returning(|_| Ok(()));
    let commits = Arc::clone(&transaction.commits);
    api.storing(transaction);
    let path = api.path("/environments");
    let headers = [("idempotency-key", "key-1"), ("user-agent", "test/1")];
    let request = request(Method::POST, &path, &headers, BODY);
    let answer = api.client().send(request).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    let id = answer.body["id"].as_str().expect("an id");
    assert!(id.starts_with("job_"));
    let location = path.replace("/environments", &format!("/jobs/{id}"));
    assert_eq!(answer.header("location"), location);
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.header("idempotency-replayed"), "");
    assert_eq!(answer.body["kind"], "environment.provision");
    assert_eq!(answer.body["state"], "queued");
    assert_eq!(answer.body["waiting_for"], json!(null), "nobody has looked");
    assert_eq!(answer.body["problem"], json!(null));
    assert_eq!(answer.body["links"]["self"], location);
    assert_eq!(answer.body["links"]["log"], format!("{location}/log"));
    assert_eq!(
        answer.body["links"]["cancel"],
        format!("{location}/actions/cancel")
    );
    assert_eq!(commits.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_repeated_request_gives_the_same_job_and_says_so() {
    let mut api = TestApi::new();
    let job = builders::job(
        &*api.ids,
        api.team,
        domain::job::JobKind::EnvironmentProvision,
        None,
    );
    let mut transaction = MockTransaction::default();
    let id = job.id;
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .withf(|scope| scope.operation == "environments.create" && scope.key.as_str() == "key-1")
        .returning(move |_| {
            let input = "any";
            Ok(Some(IdempotencyRecord {
                fingerprint: input.as_bytes().to_vec(),
                job_id: id,
            }))
        });
    api.storing(transaction);
    let path = api.path("/environments");
    let other = api
        .client()
        .post(&path, r#"{"name":"shop","blueprint":"wordpress"}"#)
        .await;
    other.assert_problem(422, "idempotency-key-reused");

    let mut api = TestApi::new();
    let fingerprint = {
        use domain::ports::TokenHasher as _;
        let input = format!("{}\nshop\n\nwordpress\n", api.team);
        crate::support::FakeHasher.fingerprint(input.as_bytes())
    };
    let mut transaction = MockTransaction::default();
    transaction
        .idempotency
        .expect_find_idempotency_record()
        .returning(move |_| {
            Ok(Some(IdempotencyRecord {
                fingerprint: fingerprint.clone(),
                job_id: id,
            }))
        });
    let stored = job.clone();
    transaction
        .jobs
        .expect_find_job()
        .returning(move |_, _| Ok(Some(stored.clone())));
    api.storing(transaction);
    let path = api.path("/environments");
    let answer = api
        .client()
        .post(&path, r#"{"name":"shop","blueprint":"wordpress"}"#)
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
    assert_eq!(answer.header("idempotency-replayed"), "true");
    assert_eq!(answer.body["id"], id.to_string());
}

#[tokio::test]
async fn the_idempotency_key_is_required_and_checked() {
    let api = TestApi::new();
    let path = api.path("/environments");
    let client = api.client();
    let body = r#"{"name":"shop","blueprint":"wordpress"}"#;
    let none = client.send(request(Method::POST, &path, &[], body)).await;
    none.assert_problem(400, "idempotency-key-required");
    let long = "k".repeat(256);
    for key in ["two words", "ключ", long.as_str()] {
        let headers = [("idempotency-key", key)];
        let answer = client
            .send(request(Method::POST, &path, &headers, body))
            .await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("header", "Idempotency-Key");
    }
    let headers = [("idempotency-key", "one"), ("idempotency-key", "two")];
    let twice = client
        .send(request(Method::POST, &path, &headers, body))
        .await;
    twice.assert_problem(400, "malformed-request");
}

#[tokio::test]
async fn wrong_fields_are_all_pointed_at_without_repeating_values() {
    let api = TestApi::new();
    let path = api.path("/environments");
    let client = api.client();
    let answer = client
        .post(
            &path,
            r#"{"name":"Shop!","display_name":"","blueprint":"a b","region":"x/y"}"#,
        )
        .await;
    answer.assert_problem(422, "validation-failed");
    let pointers: Vec<_> = answer.body["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|fault| fault["pointer"].as_str().expect("a pointer"))
        .collect();
    assert_eq!(
        pointers,
        ["/name", "/display_name", "/blueprint", "/region"]
    );
    let cases = [
        (
            r#"{"name":7,"blueprint":"wordpress"}"#,
            "/name",
            "must be a string",
        ),
        (r#"{"blueprint":"wordpress"}"#, "/name", "is required"),
        (
            r#"{"name":"a","name":"b","blueprint":"w"}"#,
            "/name",
            "is given twice",
        ),
        (
            r#"{"name":"shop","blueprint":"wordpress","addons":["sftp","magic"]}"#,
            "/addons/1",
            "must be one of `root_access`, `sftp`, `lets_encrypt`, `backup`",
        ),
        (
            r#"{"name":"shop","blueprint":"wordpress","addons":"hunter2, expected hunter3"}"#,
            "/addons",
            "must be a sequence",
        ),
        (r#"{"name":"shop","blueprint":"castle"}"#, "/blueprint", ""),
    ];
    for (body, pointer, detail) in cases {
        let answer = client.post(&path, body).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("body", pointer);
        let given = answer.body["errors"][0]["detail"].as_str().expect("a text");
        assert!(given.contains(detail), "{given}");
        for value in ["magic", "hunter2", "hunter3", "castle"] {
            assert!(!answer.text.contains(value), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_taken_name_is_a_conflict_that_names_the_job() {
    let mut api = TestApi::new();
    let mut transaction = accepting(&api);
    transaction
        .environments
        .expect_insert_environment()
        .returning(|_| Err(StoreError::Conflict(Conflict::EnvironmentName)));
    api.storing(transaction);
    let job: domain::ids::JobId = domain::ports::new_id(&*api.ids);
    api.read_model
        .expect_find_live_job_by_environment_name()
        .returning(move |_, _| Ok(Some(job)));
    let path = api.path("/environments");
    let answer = api
        .client()
        .post(&path, r#"{"name":"shop","blueprint":"wordpress"}"#)
        .await;
    answer.assert_problem(409, "environment-name-taken");
    answer.assert_fault("body", "/name");
    assert_eq!(answer.body["job_id"], job.to_string());
}

#[tokio::test]
async fn addons_need_their_own_permission() {
    let api = TestApi::new();
    *api.poor_scopes.lock().expect("no panic while held") =
        PermissionSet::from_iter([Permission::EnvironmentCreate]);
    let path = api.path("/environments");
    let token = format!("Bearer {POOR_TOKEN}");
    let headers = [("idempotency-key", "k"), ("authorization", token.as_str())];
    let answer = api
        .client()
        .send(request(Method::POST, &path, &headers, BODY))
        .await;
    answer.assert_problem(403, "permission-denied");
    assert!(answer.text.contains("addon.install"), "{}", answer.text);
}

#[tokio::test]
async fn lists_are_paged_by_cursors_that_only_we_can_make() {
    let mut api = TestApi::new();
    let (team, first, second) = (api.team, api.environment("one"), api.environment("two"));
    let next: EnvironmentId = first.id;
    api.read_model
        .expect_list_environments()
        .returning(move |asked, _, page| {
            assert_eq!(asked, team);
            Ok(match page.after() {
                None => Page {
                    items: vec![first.clone()],
                    next_after: Some(next),
                },
                Some(after) => {
                    assert_eq!((after, page.limit()), (next, 200));
                    Page {
                        items: vec![second.clone()],
                        next_after: None,
                    }
                }
            })
        });
    let path = api.path("/environments");
    let client = api.client();
    let page = client.get(&format!("{path}?limit=1")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(page.body["data"][0]["name"], "one");
    assert_eq!(page.body["data"].as_array().map(Vec::len), Some(1));
    let cursor = page.body["page"]["next_cursor"]
        .as_str()
        .expect("more follows");
    let last = client
        .get(&format!("{path}?limit=99999999999&cursor={cursor}"))
        .await;
    assert_eq!(last.body["data"][0]["name"], "two", "{}", last.text);
    assert_eq!(last.body["page"]["next_cursor"], json!(null));

    let mut forged = cursor.to_owned();
    let end = if forged.pop() == Some('A') { 'E' } else { 'A' };
    forged.push(end);
    for wrong in [
        forged.as_str(),
        "",
        "%F0%9F%98%80",
        "AAAA",
        &"A".repeat(5000),
    ] {
        let answer = client.get(&format!("{path}?cursor={wrong}")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("query", "cursor");
    }
    for limit in ["0", "-1", "ten", "1.5", "", "%2B1"] {
        let answer = client.get(&format!("{path}?limit={limit}")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("query", "limit");
    }
}

#[tokio::test]
async fn filters_narrow_the_list_and_belong_to_its_cursors() {
    let mut api = TestApi::new();
    let found = api.environment("one");
    api.read_model
        .expect_list_environments()
        .returning(move |_, filter, page| {
            let texts = (
                filter.state,
                filter.blueprint.as_ref().map(ToString::to_string),
                filter.region.as_ref().map(ToString::to_string),
                filter.text.as_ref().map(ToString::to_string),
            );
            let expected = (
                Some(EnvironmentState::Running),
                Some("wordpress".to_owned()),
                Some("north".to_owned()),
                Some("50% off_!".to_owned()),
            );
            assert_eq!(texts, expected);
            Ok(Page {
                items: vec![found.clone()],
                next_after: page.after().is_none().then_some(found.id),
            })
        });
    let path = api.path("/environments");
    let client = api.client();
    let filters = "state=running&blueprint=wordpress&region=north&q=50%25%20off_!";
    let page = client.get(&format!("{path}?{filters}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let cursor = page.body["page"]["next_cursor"].as_str().expect("more");
    let next = format!("{path}?{filters}&cursor={cursor}");
    assert_eq!(client.get(&next).await.status, StatusCode::OK);
    let elsewhere = format!("{path}?state=stopped&cursor={cursor}");
    let refused = client.get(&elsewhere).await;
    refused.assert_fault("query", "cursor");
    for (name, wrong) in [
        ("state", "asleep"),
        ("state", "deleted"),
        ("blueprint", ""),
        ("region", "a%20b"),
        ("q", ""),
        ("q", "%00"),
    ] {
        let answer = client.get(&format!("{path}?{name}={wrong}")).await;
        answer.assert_problem(422, "validation-failed");
        answer.assert_fault("query", name);
    }
}

#[tokio::test]
async fn an_environment_is_shown_without_what_the_platform_calls_it() {
    let mut api = TestApi::new();
    let mut environment = api.environment("shop");
    environment.state = EnvironmentState::Running;
    environment.platform_appid = Some(PlatformAppId("platform-appid-1".to_owned()));
    environment.site_url = Some("https://shop.example.com/".to_owned());
    environment.synced_at = Some(builders::moment());
    let mut installation = builders::installation(
        &*api.ids,
        &environment,
        Software::Addon(domain::software::Addon::Sftp),
    );
    installation.node_group = Some(domain::names::NodeGroup::parse("cp").expect("valid"));
    let unique_name = installation.platform_unique_name.clone().expect("one").0;
    let short_domain = environment.short_domain.to_string();
    let details = EnvironmentDetails {
        nodes: vec![builders::node(&*api.ids, 987_654_321, "cp")],
        installations: vec![installation],
        environment,
    };
    let shown = details.clone();
    api.read_model
        .expect_find_environment()
        .returning(move |_, id| Ok((id == shown.environment.id).then(|| shown.clone())));
    let path = api.path(&format!("/environments/{}", details.environment.id));
    let client = api.client();
    let answer = client.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["name"], "shop");
    assert_eq!(answer.body["state"], "running");
    assert_eq!(answer.body["synced_at"], "2026-01-02T03:04:05.678901Z");
    assert_eq!(answer.body["nodes"][0]["node_group"], "cp");
    assert_eq!(answer.body["nodes"][0]["is_master"], true);
    assert_eq!(answer.body["installations"][0]["software"], "sftp");
    assert_eq!(answer.body["links"]["self"], path);
    for hidden in [
        "platform-appid-1",
        "987654321",
        "1001",
        &unique_name,
        &short_domain,
    ] {
        assert!(!answer.text.contains(hidden), "{hidden} in {}", answer.text);
    }
    let absent = path.replace(
        &details.environment.id.to_string(),
        "env_0000000000000000000000000z",
    );
    client.get(&absent).await.assert_problem(404, "not-found");
}

#[tokio::test]
async fn a_store_that_is_down_is_a_retryable_problem() {
    let mut api = TestApi::new();
    api.read_model
        .expect_list_environments()
        .returning(|_: TeamId, _, _| Err(StoreError::Unavailable("10.0.0.9 refused".into())));
    let path = api.path("/environments");
    let answer = api.client().get(&path).await;
    answer.assert_problem(503, "temporarily-unavailable");
    assert_eq!(answer.body["retryable"], true);
    assert_eq!(answer.header("retry-after"), "2");
    assert!(!answer.text.contains("10.0.0.9"), "{}", answer.text);
}
