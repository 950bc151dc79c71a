//! Reads for people and programs.

use super::Store;
use crate::builders;
use domain::environment::EnvironmentState;
use domain::job::{JobEvent, JobLogLevel};
use domain::names::{BlueprintName, DisplayName, EnvironmentName, RegionName, SearchText};
use domain::page::PageRequest;
use domain::ports::{EnvironmentFilter, JobDetails, new_id};
use domain::turn::TurnScope;

/// Pages join up, and end.
pub async fn environments_are_paged_by_age_without_the_final_ones(store: &Store) {
    let account = store.team().await;
    let stranger = store.team().await;
    let mut expected = Vec::new();
    for number in 0..5 {
        let mut environment = store.environment(&account, &format!("site-{number}")).await;
        store
            .environment(&stranger, &format!("site-{number}"))
            .await;
        if number != 2 {
            expected.push(environment);
            continue;
        }
        environment.state = EnvironmentState::Failed;
        let mut transaction = store.begin().await;
        let environments = transaction.environments();
        environments
            .update_environment(&environment)
            .await
            .expect("updated");
        transaction.commit().await.expect("committed");
    }
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = PageRequest::new(2, after);
        let page = store
            .read_model
            .list_environments(account.team_id, &EnvironmentFilter::default(), page)
            .await;
        let page = page.expect("read");
        pages.push(page.items);
        after = page.next_after;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(pages.concat(), expected);
}

/// Each filter narrows, all together; a text is looked for as it stands, in names and address.
pub async fn environments_are_found_by_what_they_are_and_are_called(store: &Store) {
    let account = store.team().await;
    let stranger = store.team().await;
    store.environment(&stranger, "shop").await;
    let mut shop = store.environment(&account, "shop").await;
    let mut blog = store.environment(&account, "blog").await;
    let plain = store.environment(&account, "plain").await;
    shop.display_name = DisplayName::parse("The SHOP, 50% off").expect("valid");
    shop.site_url = Some("https://Shop-1.example.com/".to_owned());
    blog.display_name = DisplayName::parse("a_b! ÄÖ").expect("valid");
    blog.state = EnvironmentState::Stopped;
    let mut transaction = store.begin().await;
    for changed in [&mut shop, &mut blog] {
        let environments = transaction.environments();
        environments
            .update_environment(changed)
            .await
            .expect("updated");
    }
    transaction.commit().await.expect("committed");
    let found = async |filter: EnvironmentFilter| {
        let page = PageRequest::new(10, None);
        let listed = store
            .read_model
            .list_environments(account.team_id, &filter, page);
        let items = listed.await.expect("read").items;
        items.iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let with = |text: &str| EnvironmentFilter {
        text: Some(SearchText::parse(text).expect("valid")),
        ..EnvironmentFilter::default()
    };
    for (text, expected) in [
        ("shop", vec![shop.id]),
        ("the shop", vec![shop.id]),
        ("50% OFF", vec![shop.id]),
        ("shop-1.EXAMPLE", vec![shop.id]),
        ("A_B! ÄÖ", vec![blog.id]),
        ("b!", vec![blog.id]),
        // Nothing in a text stands for something else.
        ("s_op", vec![]),
        ("s%p", vec![]),
        ("!", vec![blog.id]),
        ("la", vec![plain.id]),
    ] {
        assert_eq!(found(with(text)).await, expected, "{text}");
    }
    let stopped = EnvironmentFilter {
        state: Some(EnvironmentState::Stopped),
        ..EnvironmentFilter::default()
    };
    assert_eq!(found(stopped.clone()).await, [blog.id]);
    let both = EnvironmentFilter {
        text: with("shop").text,
        ..stopped
    };
    assert!(found(both).await.is_empty());
    let from = |blueprint: &str| EnvironmentFilter {
        blueprint: Some(BlueprintName::parse(blueprint).expect("valid")),
        ..EnvironmentFilter::default()
    };
    assert_eq!(found(from(shop.blueprint.as_str())).await.len(), 3);
    assert!(found(from("another")).await.is_empty());
    let elsewhere = EnvironmentFilter {
        region: Some(RegionName::parse("nowhere").expect("valid")),
        ..EnvironmentFilter::default()
    };
    assert!(found(elsewhere).await.is_empty());
}

/// A reader goes on where it stopped.
pub async fn the_log_is_paged(store: &Store) {
    let hold = store.running_job().await;
    let mut transaction = store.begin_held(&hold).await;
    for number in 1..=3 {
        let message = format!("line {number}");
        let logged = transaction
            .journal()
            .append_log(JobLogLevel::Info, None, &message)
            .await;
        logged.expect("logged");
    }
    transaction.commit().await.expect("committed");
    let read = async |after| {
        let page = PageRequest::new(2, after);
        let page = store
            .read_model
            .list_job_log(hold.job_id, page)
            .await
            .expect("read");
        let messages: Vec<_> = page.items.into_iter().map(|line| line.message).collect();
        (messages, page.next_after)
    };
    assert_eq!(
        read(None).await,
        (vec!["line 1".to_owned(), "line 2".to_owned()], Some(2))
    );
    assert_eq!(read(Some(2)).await, (vec!["line 3".to_owned()], None));
    assert_eq!(read(Some(3)).await, (vec![], None));
}

/// Who waits learns for whom, since when, and how long the line is.
pub async fn a_waiting_job_knows_its_place_and_the_holder(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let turn = TurnScope::Team(team);
    let other_turn = TurnScope::Environment(new_id(&*store.ids));
    let first = store.enqueue(team, &[turn]).await;
    store.enqueue(team, &[turn]).await;
    let last = store.enqueue(team, &[turn, other_turn]).await;
    let details = async |job| {
        let found = store.read_model.find_job(team, job).await;
        let JobDetails {
            turn_holder,
            jobs_ahead,
            ..
        } = found.expect("read").expect("the job");
        (turn_holder, jobs_ahead)
    };
    assert_eq!(details(first.id).await, (None, 0));
    assert_eq!(details(last.id).await, (None, 2));
    let claimed = store.claim_one(store.process()).await;
    let started_at = claimed.job.started_at.expect("started");
    assert_eq!(details(first.id).await, (None, 0));
    let (holder, ahead) = details(last.id).await;
    let holder = holder.expect("somebody holds the turn");
    assert_eq!(
        (holder.job_id, holder.since, ahead),
        (first.id, started_at, 2)
    );
    store.finish(&claimed.hold, JobEvent::Succeeded).await;
    assert_eq!(details(last.id).await, (None, 1));
    assert_eq!(details(first.id).await, (None, 0));
}

/// By id and by name, as long as the job is not at rest and the environment is not gone.
pub async fn live_jobs_are_found_by_environment(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let mut environment = store.environment(&account, "busy").await;
    let turn = [TurnScope::Environment(environment.id)];
    let find = async || {
        let name = EnvironmentName::parse("busy").expect("valid");
        let by_name = store
            .read_model
            .find_live_job_by_environment_name(team, &name)
            .await;
        let mut transaction = store.begin().await;
        let by_id = transaction.jobs().find_live_job(team, environment.id).await;
        (by_name.expect("read"), by_id.expect("read"))
    };
    let live_in_team = async || {
        let mut transaction = store.begin().await;
        let found = transaction.jobs().find_live_job_of_team(team).await;
        found.expect("read")
    };
    assert_eq!(find().await, (None, None));
    assert_eq!(live_in_team().await, None);
    let job = store.enqueue(team, &turn).await;
    store.enqueue(team, &turn).await;
    assert_eq!(find().await, (Some(job.id), Some(job.id)));
    assert_eq!(live_in_team().await, Some(job.id));
    let claimed = store.claim_one(store.process()).await;
    store.finish(&claimed.hold, JobEvent::Succeeded).await;
    let second = store.claim_one(store.process()).await.hold;
    assert_eq!(find().await, (Some(second.job_id), Some(second.job_id)));
    environment.state = EnvironmentState::Deleted;
    let mut transaction = store.begin().await;
    let updated = transaction
        .environments()
        .update_environment(&environment)
        .await;
    updated.expect("updated");
    transaction.commit().await.expect("committed");
    let name = EnvironmentName::parse("busy").expect("valid");
    let by_name = store
        .read_model
        .find_live_job_by_environment_name(team, &name)
        .await;
    assert_eq!(by_name.expect("read"), None);
}

/// What is needed to open a session comes in one read.
pub async fn the_session_comes_with_the_team_key(store: &Store) {
    let account = store.team().await;
    let stranger = store.team().await;
    let find = async |team| {
        let found = store.read_model.find_session(team, account.id).await;
        found.expect("read")
    };
    let (session, key) = find(account.team_id).await.expect("a session row");
    assert_eq!((session.account_id, session.generation), (account.id, 0));
    assert_eq!(session.sealed_key, None);
    assert_eq!(key, builders::wrapped_key());
    assert_eq!(find(stranger.team_id).await, None);
}

/// A health check has something to ask.
pub async fn the_store_answers(store: &Store) {
    store.read_model.ping().await.expect("an answer");
}
