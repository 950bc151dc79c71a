use super::{
    ChangeWebhook, CreateWebhook, DeleteWebhook, NewWebhook, PingWebhook, ReplaceWebhookSecret,
    ResendWebhookDelivery, SendDueMessages, SentMessage, TellWebhooks, WebhookContent,
};
use crate::UseCaseError;
use crate::sample::{
    CountingIds, HandClock, beginning, commits, counter, custody, demands, id, job_id, owner,
    refusal, team, team_changes, team_key, token_hasher, unit_of_work,
};
use domain::SecretText;
use domain::access::Permission;
use domain::ids::{WebhookDeliveryId, WebhookId};
use domain::limits::{WEBHOOK_SECRET_OVERLAP, WEBHOOKS_MAX};
use domain::names::WebhookUrl;
use domain::page::Page;
use domain::ports::{
    AttemptEnd, MockReadModel, MockTransaction, MockWebhookQueue, MockWebhookSender,
    WebhookSendError, WebhookSender,
};
use domain::team_event::{TeamEvent, TeamEventSubject, TeamEventType};
use domain::webhook::{
    PreviousSecret, Webhook, WebhookDelivery, WebhookDeliveryState, WebhookState,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SECRET: &str = "whsec_bmV3";
const OLD_SECRET: &str = "whsec_b2xk";

fn webhook_id() -> WebhookId {
    id(40)
}

fn delivery_id() -> WebhookDeliveryId {
    id(41)
}

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

fn sample() -> Webhook {
    let sealed = custody().seal_webhook_secret(&team_key(), webhook_id(), team(), &secret(SECRET));
    Webhook {
        id: webhook_id(),
        team_id: team(),
        url: WebhookUrl::parse("https://hooks.example.com/in").unwrap(),
        description: None,
        event_types: BTreeSet::new(),
        state: WebhookState::Active,
        sealed_secret: sealed.unwrap(),
        previous_secret: None,
        told_until: 7,
        created_at: beginning(),
        version: 3,
    }
}

fn delivery(attempts: u32) -> WebhookDelivery {
    WebhookDelivery {
        id: delivery_id(),
        team_id: team(),
        webhook_id: webhook_id(),
        message_id: "evt_1".to_owned(),
        event_type: "job.failed".to_owned(),
        body: "{}".to_owned(),
        state: WebhookDeliveryState::Waiting,
        attempts,
        due_at: beginning(),
        created_at: beginning(),
        last_attempt_at: None,
        last_status: None,
        last_error: None,
        ended_at: None,
    }
}

fn content() -> WebhookContent {
    WebhookContent {
        url: WebhookUrl::parse("https://other.example.com/").unwrap(),
        description: None,
        event_types: [TeamEventType::JobFailed].into_iter().collect(),
        is_active: true,
    }
}

/// Refuses what it is told to.
fn sender(refused: Option<&'static str>) -> Arc<dyn WebhookSender> {
    let mut sender = MockWebhookSender::new();
    sender.expect_refusal().returning(move |_| refused);
    Arc::new(sender)
}

fn event(sequence: i64, event_type: TeamEventType) -> TeamEvent {
    TeamEvent {
        team_id: team(),
        sequence,
        at: beginning(),
        event_type,
        subject: TeamEventSubject::Job {
            job_id: job_id(),
            kind: "environment.restart".to_owned(),
            environment_id: None,
        },
    }
}

fn audited(transaction: &mut MockTransaction, action: &'static str) {
    transaction
        .audit
        .expect_append_audit_event()
        .withf(move |event| event.action == action)
        .times(1)
        .returning(|_| Ok(()));
}

/// The webhook is locked and found.
fn finding(found: Option<Webhook>) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .webhooks
        .expect_lock_webhook()
        .returning(move |_, _| Ok(found.clone()));
    transaction
}

// Making and changing.

fn creating(transactions: Vec<MockTransaction>, refused: Option<&'static str>) -> CreateWebhook {
    CreateWebhook {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
        custody: custody(),
        sender: sender(refused),
    }
}

fn with_room(count: i64) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    let webhooks = &mut transaction.webhooks;
    webhooks
        .expect_count_webhooks()
        .returning(move |_| Ok(count));
    webhooks.expect_find_end_of_feed().returning(|_| Ok(41));
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
}

#[tokio::test]
async fn a_new_webhook_is_told_what_happens_from_now_on_and_its_secret_is_sealed() {
    let mut transaction = with_room(WEBHOOKS_MAX - 1);
    transaction
        .webhooks
        .expect_insert_webhook()
        .withf(|webhook| webhook.told_until == 41 && webhook.state == WebhookState::Active)
        .times(1)
        .returning(|_| Ok(()));
    audited(&mut transaction, "webhook.create");
    let counter = counter(&transaction);
    let use_case = creating(vec![transaction], None);
    let made = use_case.run(&owner(), team(), content()).await;
    let NewWebhook { webhook, secret } = made.unwrap();
    let opened = custody()
        .open_webhook_secret(&team_key(), &webhook)
        .unwrap();
    assert_eq!(opened.expose(), secret.expose());
    assert_eq!(commits(&counter), 1);
}

#[tokio::test]
async fn too_many_webhooks_and_addresses_inside_are_refused() {
    let full = creating(vec![with_room(WEBHOOKS_MAX)], None);
    let refused = full.run(&owner(), team(), content()).await;
    assert_eq!(refusal(refused), ("limit-reached", None));
    let inside = creating(Vec::new(), Some("must lead to the public internet"));
    let refused = inside.run(&owner(), team(), content()).await;
    assert_eq!(refusal(refused), ("validation-failed", Some("/url")));
}

#[tokio::test]
async fn every_change_demands_its_permission_before_anything() {
    let manage = Permission::WebhookManage;
    demands(manage, |actor, target| async move {
        let use_case = creating(Vec::new(), None);
        let made = use_case.run(&actor, target.team_id, content()).await;
        made.map(|_| ())
    })
    .await;
    demands(manage, |actor, target| async move {
        let use_case = ChangeWebhook {
            changes: team_changes(Vec::new()),
            sender: sender(None),
        };
        let team = target.team_id;
        let changed = use_case
            .run(&actor, team, webhook_id(), content(), None)
            .await;
        changed.map(|_| ())
    })
    .await;
    demands(manage, |actor, target| async move {
        let changes = team_changes(Vec::new());
        let use_case = DeleteWebhook { changes };
        use_case.run(&actor, target.team_id, webhook_id()).await
    })
    .await;
    demands(manage, |actor, target| async move {
        let changes = team_changes(Vec::new());
        let use_case = PingWebhook { changes };
        let sent = use_case.run(&actor, target.team_id, webhook_id()).await;
        sent.map(|_| ())
    })
    .await;
    demands(manage, |actor, target| async move {
        let changes = team_changes(Vec::new());
        let use_case = ResendWebhookDelivery { changes };
        let webhook = (target.team_id, webhook_id());
        let sent = use_case.run(&actor, webhook, delivery_id()).await;
        sent.map(|_| ())
    })
    .await;
    demands(manage, |actor, target| async move {
        let use_case = ReplaceWebhookSecret {
            changes: team_changes(Vec::new()),
            token_hasher: token_hasher(),
            custody: custody(),
        };
        let replaced = use_case.run(&actor, target.team_id, webhook_id()).await;
        replaced.map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn who_is_turned_off_gets_nothing_more_and_who_is_turned_on_is_told_from_now_on() {
    let change = |transaction, is_active| {
        let use_case = ChangeWebhook {
            changes: team_changes(vec![transaction]),
            sender: sender(None),
        };
        let content = WebhookContent {
            is_active,
            ..content()
        };
        async move {
            let (caller, webhook) = (owner(), webhook_id());
            let changed = use_case.run(&caller, team(), webhook, content, None).await;
            changed.unwrap()
        }
    };
    let mut off = finding(Some(sample()));
    off.webhooks
        .expect_give_up_webhook_deliveries()
        .times(1)
        .returning(|_, _| Ok(()));
    off.webhooks.expect_update_webhook().returning(|_| Ok(()));
    audited(&mut off, "webhook.update");
    let changed = change(off, false).await;
    assert_eq!(changed.state, WebhookState::Disabled);
    assert_eq!(changed.url, content().url);
    for state in [
        WebhookState::Disabled,
        WebhookState::Failing,
        WebhookState::Gone,
    ] {
        let mut on = finding(Some(Webhook { state, ..sample() }));
        on.webhooks.expect_find_end_of_feed().returning(|_| Ok(99));
        on.webhooks.expect_update_webhook().returning(|_| Ok(()));
        audited(&mut on, "webhook.update");
        let changed = change(on, true).await;
        assert_eq!(
            (changed.state, changed.told_until),
            (WebhookState::Active, 99)
        );
    }
    let mut same = finding(Some(sample()));
    same.webhooks.expect_update_webhook().returning(|_| Ok(()));
    audited(&mut same, "webhook.update");
    assert_eq!(change(same, true).await.told_until, sample().told_until);
}

#[tokio::test]
async fn a_replaced_secret_is_good_for_another_day() {
    let mut transaction = finding(Some(sample()));
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    transaction
        .webhooks
        .expect_update_webhook()
        .times(1)
        .returning(|_| Ok(()));
    audited(&mut transaction, "webhook.replace_secret");
    let use_case = ReplaceWebhookSecret {
        changes: team_changes(vec![transaction]),
        token_hasher: token_hasher(),
        custody: custody(),
    };
    let replaced = use_case.run(&owner(), team(), webhook_id()).await.unwrap();
    let webhook = &replaced.webhook;
    let previous = webhook.previous_secret.as_ref().unwrap();
    let until = beginning().checked_add(WEBHOOK_SECRET_OVERLAP).unwrap();
    assert_eq!(previous.until, until);
    let custody = custody();
    let old = custody.open_previous_webhook_secret(&team_key(), webhook, &previous.sealed);
    assert_eq!(old.unwrap().expose(), SECRET);
    let new = custody.open_webhook_secret(&team_key(), webhook).unwrap();
    assert_eq!(new.expose(), replaced.secret.expose());
    assert_ne!(new.expose(), SECRET);
}

#[tokio::test]
async fn nothing_is_sent_by_hand_to_who_is_off() {
    let off = || {
        finding(Some(Webhook {
            state: WebhookState::Gone,
            ..sample()
        }))
    };
    let changes = team_changes(vec![off()]);
    let ping = PingWebhook { changes };
    let refused = ping.run(&owner(), team(), webhook_id()).await;
    assert_eq!(refusal(refused), ("webhook-inactive", None));
    let mut transaction = off();
    transaction
        .webhooks
        .expect_find_webhook_delivery()
        .returning(|_, _, _| Ok(Some(delivery(1))));
    let changes = team_changes(vec![transaction]);
    let resend = ResendWebhookDelivery { changes };
    let (caller, webhook) = (owner(), (team(), webhook_id()));
    let refused = resend.run(&caller, webhook, delivery_id()).await;
    assert_eq!(refusal(refused), ("webhook-inactive", None));
}

#[tokio::test]
async fn a_message_is_sent_again_under_its_own_id() {
    let mut transaction = finding(Some(sample()));
    let webhooks = &mut transaction.webhooks;
    webhooks
        .expect_find_webhook_delivery()
        .returning(|_, _, _| Ok(Some(delivery(10))));
    webhooks
        .expect_insert_webhook_delivery()
        .times(1)
        .returning(|_| Ok(()));
    audited(&mut transaction, "webhook.resend");
    let changes = team_changes(vec![transaction]);
    let use_case = ResendWebhookDelivery { changes };
    let (caller, webhook) = (owner(), (team(), webhook_id()));
    let again = use_case.run(&caller, webhook, delivery_id()).await;
    let again = again.unwrap();
    assert_eq!(again.message_id, delivery(10).message_id);
    assert_eq!(
        (again.attempts, again.state),
        (0, WebhookDeliveryState::Waiting)
    );
    assert_ne!(again.id, delivery_id());
}

// Telling.

fn telling(
    webhook: &Webhook,
    events: Vec<TeamEvent>,
    transaction: MockTransaction,
) -> TellWebhooks {
    let mut queue = MockWebhookQueue::new();
    let behind = webhook.clone();
    queue
        .expect_list_webhooks_behind()
        .returning(move |_| Ok(vec![behind.clone()]));
    let mut read_model = MockReadModel::new();
    read_model
        .expect_list_team_events()
        .withf(|_, _, page| page.after() == Some(7))
        .returning(move |_, _, _| {
            Ok(Page {
                items: events.clone(),
                next_after: None,
            })
        });
    TellWebhooks {
        queue: Arc::new(queue),
        read_model: Arc::new(read_model),
        unit_of_work: unit_of_work(vec![transaction]),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    }
}

fn advancing(to: i64, is_first: bool) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .webhooks
        .expect_advance_webhook()
        .withf(move |_, _, from, until| (*from, *until) == (7, to))
        .times(1)
        .returning(move |_, _, _, _| Ok(is_first));
    transaction
}

#[tokio::test]
async fn what_it_wants_becomes_a_message_and_the_rest_is_passed_over() {
    let webhook = Webhook {
        event_types: [TeamEventType::JobFailed].into_iter().collect(),
        ..sample()
    };
    let events = vec![
        event(8, TeamEventType::JobQueued),
        event(9, TeamEventType::JobFailed),
        event(10, TeamEventType::JobQueued),
    ];
    let mut transaction = advancing(10, true);
    transaction
        .webhooks
        .expect_insert_webhook_delivery()
        .withf(|delivery| {
            let expected = format!(
                "{{\"type\":\"job.failed\",\"timestamp\":\"{}\",\"data\":{{\"team_id\":\"{}\",\
                 \"job_id\":\"{}\",\"kind\":\"environment.restart\"}}}}",
                beginning(),
                team(),
                job_id()
            );
            delivery.message_id.ends_with("_9") && delivery.body == expected
        })
        .times(1)
        .returning(|_| Ok(()));
    let counter = counter(&transaction);
    let made = telling(&webhook, events, transaction).run().await.unwrap();
    assert_eq!((made, commits(&counter)), (1, 1));
}

#[tokio::test]
async fn of_two_who_tell_the_same_the_second_stores_nothing() {
    let events = vec![event(8, TeamEventType::JobFailed)];
    let transaction = advancing(8, false);
    let counter = counter(&transaction);
    let made = telling(&sample(), events, transaction).run().await.unwrap();
    assert_eq!((made, commits(&counter)), (0, 0));
}

#[tokio::test]
async fn what_is_not_kept_any_more_is_passed_over() {
    let mut transaction = advancing(12, true);
    transaction
        .webhooks
        .expect_find_end_of_feed()
        .returning(|_| Ok(12));
    let counter = counter(&transaction);
    let made = telling(&sample(), Vec::new(), transaction).run().await;
    assert_eq!((made.unwrap(), commits(&counter)), (0, 1));
}

// Sending.

/// What was sent, and with what; secrets in clear, as only a test may.
type Sent = Arc<Mutex<Vec<(String, Vec<String>)>>>;

fn sending(
    webhook: Option<Webhook>,
    answer: Result<u16, WebhookSendError>,
    transactions: Vec<MockTransaction>,
) -> (SendDueMessages, Sent) {
    let sent = Sent::default();
    let kept = Arc::clone(&sent);
    let mut sender = MockWebhookSender::new();
    sender.expect_send().returning(move |message| {
        let secrets = message.secrets.iter().map(|it| it.expose().to_owned());
        kept.lock().unwrap().push((message.id, secrets.collect()));
        answer
    });
    let mut read_model = MockReadModel::new();
    read_model
        .expect_find_webhook_with_key()
        .returning(move |_, _| Ok(webhook.clone().map(|it| (it, team_key()))));
    let use_case = SendDueMessages {
        queue: Arc::new(MockWebhookQueue::new()),
        read_model: Arc::new(read_model),
        unit_of_work: unit_of_work(transactions),
        custody: custody(),
        sender: Arc::new(sender),
        ids: Arc::new(CountingIds::default()),
        clock: Arc::new(HandClock::default()),
    };
    (use_case, sent)
}

fn ending(is_expected: impl Fn(&AttemptEnd) -> bool + Send + 'static) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .webhooks
        .expect_end_webhook_attempt()
        .withf(move |_, end| is_expected(end))
        .times(1)
        .returning(|_, _| Ok(()));
    transaction
}

/// What is stored of it when that is answered to that attempt.
async fn send(
    attempts: u32,
    answer: Result<u16, WebhookSendError>,
    transaction: MockTransaction,
) -> Result<SentMessage, UseCaseError> {
    let counter = counter(&transaction);
    let (use_case, sent) = sending(Some(sample()), answer, vec![transaction]);
    let became = use_case.send(delivery(attempts)).await;
    let expected = [("evt_1".to_owned(), vec![SECRET.to_owned()])];
    assert_eq!(*sent.lock().unwrap(), expected);
    assert_eq!(commits(&counter), 1);
    became
}

#[tokio::test]
async fn what_is_answered_with_2xx_is_taken() {
    for status in [200, 204, 299] {
        let ended = ending(|end| *end == AttemptEnd::Taken);
        let became = send(1, Ok(status), ended).await.unwrap();
        assert_eq!(became, SentMessage::Taken, "{status}");
    }
}

#[tokio::test]
async fn anything_else_is_tried_again_after_the_time_of_its_attempt() {
    let answers = [
        Ok(199),
        Ok(302),
        Ok(404),
        Ok(500),
        Err(WebhookSendError::TimedOut),
        Err(WebhookSendError::Forbidden),
    ];
    for answer in answers {
        let wait = delivery(3).retry_after().unwrap();
        let ended = ending(move |end| *end == AttemptEnd::Again(wait));
        let became = send(3, answer, ended).await.unwrap();
        assert_eq!(became, SentMessage::Again, "{answer:?}");
    }
}

#[tokio::test]
async fn who_has_taken_nothing_for_a_day_is_turned_off_and_who_has_is_not() {
    let asking = |has_taken| {
        let mut ended = ending(|end| *end == AttemptEnd::GivenUp);
        ended
            .webhooks
            .expect_has_taken_within()
            .withf(|_, _, age| *age == Duration::from_hours(24))
            .returning(move |_, _, _| Ok(has_taken));
        ended
    };
    let became = send(10, Ok(500), asking(true)).await.unwrap();
    assert_eq!(became, SentMessage::GivenUp);
    let mut off = asking(false);
    off.webhooks
        .expect_turn_off_webhook()
        .withf(|webhook| webhook.state == WebhookState::Failing)
        .times(1)
        .returning(|_| Ok(true));
    audited(&mut off, "webhook.turn_off");
    let became = send(10, Ok(500), off).await.unwrap();
    assert_eq!(became, SentMessage::GivenUp);
}

#[tokio::test]
async fn who_is_gone_is_turned_off_at_once() {
    let mut off = ending(|end| *end == AttemptEnd::GivenUp);
    off.webhooks
        .expect_turn_off_webhook()
        .withf(|webhook| webhook.state == WebhookState::Gone)
        .times(1)
        .returning(|_| Ok(true));
    audited(&mut off, "webhook.turn_off");
    let became = send(1, Ok(410), off).await.unwrap();
    assert_eq!(became, SentMessage::GivenUp);
}

#[tokio::test]
async fn nothing_is_sent_to_who_is_off_or_gone_meanwhile() {
    let off = Webhook {
        state: WebhookState::Disabled,
        ..sample()
    };
    for webhook in [Some(off), None] {
        let (use_case, sent) = sending(webhook, Ok(200), Vec::new());
        let became = use_case.send(delivery(1)).await.unwrap();
        assert_eq!(became, SentMessage::NotSent);
        assert!(sent.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_message_carries_the_old_secret_as_long_as_it_is_good() {
    let with_previous = |until| {
        let sealed = custody().seal_previous_webhook_secret(
            &team_key(),
            webhook_id(),
            team(),
            &secret(OLD_SECRET),
        );
        Webhook {
            previous_secret: Some(PreviousSecret {
                sealed: sealed.unwrap(),
                until,
            }),
            ..sample()
        }
    };
    let later = beginning().checked_add(Duration::from_secs(1)).unwrap();
    for (until, expected) in [
        (later, vec![SECRET, OLD_SECRET]),
        (beginning(), vec![SECRET]),
    ] {
        let ended = ending(|end| *end == AttemptEnd::Taken);
        let (use_case, sent) = sending(Some(with_previous(until)), Ok(200), vec![ended]);
        use_case.send(delivery(1)).await.unwrap();
        assert_eq!(sent.lock().unwrap()[0].1, expected);
    }
}
