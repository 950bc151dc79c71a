//! Webhooks and what is on its way to them.

use super::Store;
use super::store::all_pages;
use crate::{builders, wait};
use domain::ids::TeamId;
use domain::names::{DisplayName, WebhookUrl};
use domain::page::PageRequest;
use domain::ports::{AttemptEnd, Perishable, StoreError, TeamEventFilter, new_id};
use domain::sealed::SealedSecret;
use domain::team_event::{TeamEventSubject, TeamEventType};
use domain::webhook::{
    PreviousSecret, Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

fn new_webhook(store: &Store, team_id: TeamId) -> Webhook {
    Webhook {
        id: new_id(&*store.ids),
        team_id,
        url: WebhookUrl::parse("https://hooks.example.com/in").expect("valid"),
        description: None,
        event_types: BTreeSet::new(),
        state: WebhookState::Active,
        sealed_secret: SealedSecret(vec![1, 2, 3]),
        previous_secret: None,
        told_until: 0,
        created_at: builders::moment(),
        version: 1,
    }
}

async fn webhook(store: &Store, team: TeamId) -> Webhook {
    let webhook = new_webhook(store, team);
    let inserted = store.write(async |transaction| {
        let webhooks = transaction.webhooks();
        webhooks.insert_webhook(&webhook).await
    });
    inserted.await.expect("inserted");
    webhook
}

async fn delivery(store: &Store, webhook: &Webhook) -> WebhookDelivery {
    let delivery = WebhookDelivery {
        id: new_id(&*store.ids),
        team_id: webhook.team_id,
        webhook_id: webhook.id,
        message_id: "evt_1".to_owned(),
        event_type: "ping".to_owned(),
        body: "{}".to_owned(),
        state: WebhookDeliveryState::Waiting,
        attempts: 0,
        due_at: builders::moment(),
        created_at: builders::moment(),
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        ended_at: None,
    };
    let inserted = store.write(async |transaction| {
        let webhooks = transaction.webhooks();
        webhooks.insert_webhook_delivery(&delivery).await
    });
    inserted.await.expect("inserted");
    delivery
}

async fn find(store: &Store, webhook: &Webhook) -> Option<Webhook> {
    let (team, id) = (webhook.team_id, webhook.id);
    store.read_model.find_webhook(team, id).await.expect("read")
}

async fn find_delivery(store: &Store, delivery: &WebhookDelivery) -> WebhookDelivery {
    let (team, webhook, id) = (delivery.team_id, delivery.webhook_id, delivery.id);
    let found = store.read_model.find_webhook_delivery(team, webhook, id);
    found.await.expect("read").expect("the delivery")
}

async fn claim(store: &Store, limit: u32, per_webhook: u32) -> Vec<WebhookDelivery> {
    let claimed = store
        .webhooks
        .claim_webhook_deliveries(limit, per_webhook, HOUR);
    claimed.await.expect("the queue answers")
}

async fn end(store: &Store, delivery: &WebhookDelivery, end: AttemptEnd) {
    let ended = store.write(async |transaction| {
        let webhooks = transaction.webhooks();
        webhooks.end_webhook_attempt(delivery, &end).await
    });
    ended.await.expect("stored");
}

/// Every field, present or absent, in every state; a change needs the version that was read.
pub async fn a_webhook_is_read_as_it_was_written(store: &Store) {
    let team = store.team().await.team_id;
    let mut webhook = webhook(store, team).await;
    assert_eq!(find(store, &webhook).await.as_ref(), Some(&webhook));
    webhook.url = WebhookUrl::parse("https://other.example.com/").expect("valid");
    webhook.description = Some(DisplayName::parse("chat").expect("valid"));
    webhook.event_types = [TeamEventType::JobFailed, TeamEventType::FindingOpened]
        .into_iter()
        .collect();
    webhook.sealed_secret = SealedSecret(vec![4]);
    webhook.previous_secret = Some(PreviousSecret {
        sealed: SealedSecret(vec![5]),
        until: builders::moment(),
    });
    webhook.told_until = 7;
    for state in WebhookState::ALL {
        webhook.state = state;
        let update = async || {
            let updated = store.write(async |transaction| {
                let webhooks = transaction.webhooks();
                webhooks.update_webhook(&webhook).await
            });
            updated.await
        };
        update().await.expect("updated");
        let again = update().await;
        assert!(matches!(again, Err(StoreError::VersionChanged)));
        webhook.version += 1;
        assert_eq!(find(store, &webhook).await.as_ref(), Some(&webhook));
    }
    let with_key = store.read_model.find_webhook_with_key(team, webhook.id);
    let (found, key) = with_key.await.expect("read").expect("the webhook");
    assert_eq!((found, key), (webhook, builders::wrapped_key()));
}

/// In the order of their ids, of their own team only; one that is deleted takes along what waits.
pub async fn webhooks_of_a_team_are_listed_and_deleted(store: &Store) {
    let team = store.team().await.team_id;
    let other = store.team().await.team_id;
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.push(webhook(store, team).await);
    }
    let foreign = webhook(store, other).await;
    let listed =
        async || all_pages(async |page| store.read_model.list_webhooks(team, page).await).await;
    assert_eq!(listed().await, expected);
    let message = delivery(store, &expected[1]).await;
    let delete = async |team: TeamId, webhook: &Webhook| {
        let deleted = store.write(async |transaction| {
            let webhooks = transaction.webhooks();
            webhooks.delete_webhook(team, webhook.id).await
        });
        deleted.await.expect("asked")
    };
    assert!(!delete(team, &foreign).await, "it is another team's");
    assert!(delete(team, &expected[1]).await);
    assert!(!delete(team, &expected[1]).await);
    expected.remove(1);
    assert_eq!(listed().await, expected);
    let gone = store
        .read_model
        .find_webhook_delivery(team, message.webhook_id, message.id);
    assert_eq!(gone.await.expect("read"), None);
    let counted = store.write(async |transaction| {
        let webhooks = transaction.webhooks();
        webhooks.count_webhooks(team).await
    });
    assert_eq!(counted.await.expect("counted"), 2);
}

/// One that is active and was not told of the last event; of two who tell it, one is first.
pub async fn a_webhook_is_behind_until_it_was_told(store: &Store) {
    let account = store.team().await;
    let team = account.team_id;
    let hook = webhook(store, team).await;
    let off = Webhook {
        state: WebhookState::Disabled,
        ..new_webhook(store, team)
    };
    let inserted = store.write(async |transaction| {
        let webhooks = transaction.webhooks();
        webhooks.insert_webhook(&off).await?;
        webhooks.find_end_of_feed(team).await
    });
    let end = inserted.await.expect("inserted");
    assert_eq!(end, 1, "the account was connected");
    let behind = async || store.webhooks.list_webhooks_behind(10).await.expect("read");
    assert_eq!(behind().await, std::slice::from_ref(&hook));
    let advance = async |webhook: &Webhook, from, to| {
        let advanced = store.write(async |transaction| {
            let webhooks = transaction.webhooks();
            webhooks.advance_webhook(team, webhook.id, from, to).await
        });
        advanced.await.expect("asked")
    };
    assert!(advance(&hook, 0, end).await);
    assert!(!advance(&hook, 0, end).await, "somebody was first");
    assert!(!advance(&off, 0, end).await, "it is off");
    assert_eq!(behind().await, []);
    store.environment(&account, "site").await;
    let told = Webhook {
        told_until: end,
        ..hook
    };
    assert_eq!(behind().await, [told]);
}

/// Each once while its lease lasts, no more than so many of one webhook, those that wait longest first.
pub async fn due_messages_are_taken_once_and_not_all_of_one_webhook(store: &Store) {
    let team = store.team().await.team_id;
    let (busy, quiet) = (webhook(store, team).await, webhook(store, team).await);
    let mut of_busy = Vec::new();
    for _ in 0..5 {
        of_busy.push(delivery(store, &busy).await.id);
    }
    let of_quiet = delivery(store, &quiet).await;
    let first = claim(store, 16, 2).await;
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for taken in &first {
        assert_eq!(taken.attempts, 1);
        *counts.entry(taken.webhook_id).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from([(busy.id, 2), (quiet.id, 1)]));
    let second = claim(store, 16, 16).await;
    assert_eq!(second.len(), 3);
    assert_eq!(claim(store, 16, 16).await, []);
    let taken: BTreeSet<_> = first.iter().chain(&second).map(|it| it.id).collect();
    let expected: BTreeSet<_> = of_busy.into_iter().chain([of_quiet.id]).collect();
    assert_eq!(taken, expected);
}

/// Many who take at once share what there is.
pub async fn takers_at_once_share_the_messages(store: &Store) {
    let team = store.team().await.team_id;
    let hook = webhook(store, team).await;
    for _ in 0..24 {
        delivery(store, &hook).await;
    }
    let mut takers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let store = store.clone();
        takers.spawn(async move {
            let mut taken = Vec::new();
            loop {
                let some = claim(&store, 3, 3).await;
                if some.is_empty() {
                    return taken;
                }
                taken.extend(some.into_iter().map(|it| it.id));
            }
        });
    }
    let mut all = Vec::new();
    while let Some(taken) = takers.join_next().await {
        all.extend(taken.expect("taken"));
    }
    let different: BTreeSet<_> = all.iter().copied().collect();
    assert_eq!((all.len(), different.len()), (24, 24));
}

/// Taken, sent again or given up; an attempt that was overtaken writes nothing.
pub async fn the_end_of_an_attempt_is_stored(store: &Store) {
    let team = store.team().await.team_id;
    let hook = webhook(store, team).await;
    let sent = delivery(store, &hook).await;
    let mut taken = claim(store, 1, 1).await.pop().expect("due");
    taken.last_status = Some(503);
    taken.last_error = Some("the answer was 503".to_owned());
    end(store, &taken, AttemptEnd::Again(Duration::ZERO)).await;
    let waiting = find_delivery(store, &sent).await;
    assert_eq!(waiting.state, WebhookDeliveryState::Waiting);
    assert_eq!((waiting.attempts, waiting.last_status), (1, Some(503)));
    assert_eq!(waiting.last_error, taken.last_error);
    assert!(waiting.last_attempt_at.is_some());
    let mut again = wait::until("it is due", Duration::from_secs(10), async || {
        claim(store, 1, 1).await.pop()
    })
    .await;
    assert_eq!(again.attempts, 2);
    // The first attempt's word comes late.
    end(store, &taken, AttemptEnd::GivenUp).await;
    assert_eq!(
        find_delivery(store, &sent).await.state,
        WebhookDeliveryState::Waiting
    );
    let has_taken = async || {
        let asked = store.write(async |transaction| {
            let webhooks = transaction.webhooks();
            webhooks.has_taken_within(team, hook.id, HOUR).await
        });
        asked.await.expect("asked")
    };
    assert!(!has_taken().await);
    again.last_status = Some(204);
    again.last_error = None;
    end(store, &again, AttemptEnd::Taken).await;
    let ended = find_delivery(store, &sent).await;
    assert_eq!(ended.state, WebhookDeliveryState::Delivered);
    assert!(ended.ended_at.is_some() && ended.last_error.is_none());
    assert!(has_taken().await);
    let given_up = delivery(store, &hook).await;
    let taken = claim(store, 1, 1).await.pop().expect("due");
    end(store, &taken, AttemptEnd::GivenUp).await;
    let given_up = find_delivery(store, &given_up).await;
    assert_eq!(given_up.state, WebhookDeliveryState::Failed);
}

/// Newest first, in one state if one is asked for.
pub async fn messages_of_a_webhook_are_listed(store: &Store) {
    let team = store.team().await.team_id;
    let (hook, other) = (webhook(store, team).await, webhook(store, team).await);
    let mut expected = Vec::new();
    for _ in 0..3 {
        expected.insert(0, delivery(store, &hook).await.id);
    }
    delivery(store, &other).await;
    let listed = async |state| {
        let deliveries = all_pages(async |page: PageRequest<_>| {
            let read_model = &store.read_model;
            let page = read_model.list_webhook_deliveries(team, hook.id, state, page);
            page.await
        });
        deliveries
            .await
            .into_iter()
            .map(|it| it.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(None).await, expected);
    assert_eq!(listed(Some(WebhookDeliveryState::Waiting)).await, expected);
    assert_eq!(listed(Some(WebhookDeliveryState::Failed)).await, []);
}

/// It is told of in the feed, and nothing waits for it any more; twice is once.
pub async fn a_webhook_is_turned_off_once(store: &Store) {
    let team = store.team().await.team_id;
    let hook = webhook(store, team).await;
    let waiting = delivery(store, &hook).await;
    let off = Webhook {
        state: WebhookState::Gone,
        ..hook.clone()
    };
    let turn_off = async || {
        let asked = store.write(async |transaction| {
            let webhooks = transaction.webhooks();
            webhooks.turn_off_webhook(&off).await
        });
        asked.await.expect("asked")
    };
    assert!(turn_off().await);
    assert!(!turn_off().await);
    let found = find(store, &hook).await.expect("it is there");
    assert_eq!(found.state, WebhookState::Gone);
    let given_up = find_delivery(store, &waiting).await;
    assert_eq!(given_up.state, WebhookDeliveryState::Failed);
    assert_eq!(claim(store, 1, 1).await, []);
    let disabled = TeamEventFilter {
        event_type: Some(TeamEventType::WebhookDisabled),
        environment_id: None,
    };
    let page = PageRequest::new(10, None);
    let told = store
        .read_model
        .list_team_events(team, disabled, page)
        .await;
    let subjects: Vec<_> = told
        .expect("read")
        .items
        .into_iter()
        .map(|it| it.subject)
        .collect();
    let subject = TeamEventSubject::Webhook {
        webhook_id: hook.id,
    };
    assert_eq!(subjects, [subject]);
}

/// What waits stays, however old it is.
pub async fn old_messages_go_when_they_have_ended(store: &Store) {
    let team = store.team().await.team_id;
    let hook = webhook(store, team).await;
    let waiting = delivery(store, &hook).await;
    let what = Perishable::WebhookDeliveries;
    let taken = claim(store, 1, 1).await.pop().expect("due");
    assert_eq!(taken.id, waiting.id);
    let count = async || {
        store
            .retention
            .count_older(what, Duration::ZERO)
            .await
            .expect("counted")
    };
    assert_eq!(count().await, 0);
    end(store, &taken, AttemptEnd::Taken).await;
    wait::until("it is past", Duration::from_secs(10), async || {
        (count().await == 1).then_some(())
    })
    .await;
    let purged = store.retention.purge_older(what, Duration::ZERO, 10).await;
    assert_eq!(purged.expect("purged"), 1);
}

/// What was taken or given up waits no more, and what is to come later is not late.
pub async fn messages_that_wait_are_counted(store: &Store) {
    let figures = async || {
        let figures = store.statistics.read_figures().await.expect("read");
        (figures.waiting_messages, figures.oldest_due_message)
    };
    assert_eq!(figures().await, (0, None));
    let team = store.team().await.team_id;
    let webhook = webhook(store, team).await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(delivery(store, &webhook).await);
    }
    end(store, &waiting[0], AttemptEnd::Taken).await;
    let (count, age) = figures().await;
    assert_eq!(count, 2);
    assert!(age.is_some_and(|age| age < HOUR), "{age:?}");
    for later in &waiting[1..] {
        end(store, later, AttemptEnd::Again(HOUR)).await;
    }
    assert_eq!(figures().await, (2, None));
}
