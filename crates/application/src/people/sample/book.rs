//! What is stored, and transactions on a copy of it.

use crate::sample::team_key;
use async_trait::async_trait;
use domain::access::{AccessRecord, AccessSubject, CredentialRecord};
use domain::audit::AuditEvent;
use domain::ids::UserId;
use domain::people::{EmailLink, TokenHash, User, UserSession};
use domain::platform_account::{PlatformAccount, StoredSession};
use domain::ports::{
    AccessStore, ApiTokenStore, AuditStore, CommitError, Conflict, EnvironmentStore,
    HeldTransaction, HoldError, IdempotencyStore, InvitationStore, JobHold, JobStore, KeyStore,
    LoginThrottleStore, MembershipStore, MockTransaction, PauseStore, PeopleStore,
    PlatformAccountStore, ReconciliationStore, RoleStore, StoreError, TeamStore, Transaction,
    UnitOfWork, UserSessionStore, WebhookStore, WritePriority,
};
use domain::team::{Membership, Team};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is stored.
#[derive(Default, Clone)]
pub(in crate::people) struct Book {
    pub(in crate::people) users: Vec<User>,
    pub(in crate::people) links: Vec<EmailLink>,
    pub(in crate::people) sessions: Vec<UserSession>,
    pub(in crate::people) recovery_codes: Vec<(UserId, TokenHash)>,
    pub(in crate::people) attempts: BTreeMap<String, i64>,
    pub(in crate::people) invited: Vec<String>,
    pub(in crate::people) teams: Vec<Team>,
    pub(in crate::people) memberships: Vec<Membership>,
    pub(in crate::people) platform_accounts: Vec<PlatformAccount>,
    pub(in crate::people) trail: Vec<AuditEvent>,
    /// The next commit loses its answer.
    pub(in crate::people) loses_answer: bool,
}

impl Book {
    /// The events, each as `action outcome`, with its word when it has one; `team:` before those of a
    /// team's trail.
    pub(in crate::people) fn events(&self) -> Vec<String> {
        let line = |event: &AuditEvent| {
            let place = if event.team_id.is_some() {
                "team: "
            } else {
                ""
            };
            let detail = event.detail.as_ref().map(|it| format!(" {it}"));
            let detail = detail.unwrap_or_default();
            format!("{place}{} {}{detail}", event.action, event.outcome.as_str())
        };
        self.trail.iter().map(line).collect()
    }

    fn user(&mut self, id: UserId) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }
}

/// The store.
#[derive(Clone)]
pub(in crate::people) struct BookOfPeople(Arc<Mutex<Book>>);

impl BookOfPeople {
    pub(super) fn new(users: Vec<User>) -> Self {
        let book = Book {
            users,
            ..Book::default()
        };
        Self(Arc::new(Mutex::new(book)))
    }

    /// What is stored now.
    pub(in crate::people) fn read(&self) -> Book {
        self.0.lock().unwrap().clone()
    }

    /// Changes what is stored, as another process would.
    pub(in crate::people) fn change(&self, change: impl FnOnce(&mut Book)) {
        change(&mut self.0.lock().unwrap());
    }
}

#[async_trait]
impl UnitOfWork for BookOfPeople {
    async fn begin(&self, _: WritePriority) -> Result<Box<dyn Transaction>, StoreError> {
        let draft = Arc::new(Mutex::new(self.read()));
        let mut stores = MockTransaction::default();
        people(&mut stores, &draft);
        sessions(&mut stores, &draft);
        teams(&mut stores, &draft);
        trail(&mut stores, &draft);
        Ok(Box::new(OnDraft {
            stores,
            draft,
            book: self.clone(),
        }))
    }

    async fn begin_held(&self, _: &JobHold) -> Result<Box<dyn HeldTransaction>, HoldError> {
        panic!("people hold no jobs")
    }
}

type Draft = Arc<Mutex<Book>>;

/// Runs on the draft.
macro_rules! on {
    ($draft:expr, |$book:ident $(, $argument:ident)*| $body:expr) => {{
        let draft = Arc::clone($draft);
        move |$($argument),*| {
            let mut guard = draft.lock().unwrap();
            let $book: &mut Book = &mut guard;
            $body
        }
    }};
}

fn people(stores: &mut MockTransaction, draft: &Draft) {
    let people = &mut stores.people;
    people
        .expect_insert_user()
        .returning(on!(draft, |book, user, _key| {
            if book.users.iter().any(|known| known.email == user.email) {
                return Err(StoreError::Conflict(Conflict::EmailAddress));
            }
            book.users.push(user.clone());
            Ok(())
        }));
    people
        .expect_find_user()
        .returning(on!(draft, |book, id| Ok(book.user(id).cloned())));
    people
        .expect_find_user_by_email()
        .returning(on!(draft, |book, email| Ok(book
            .users
            .iter()
            .find(|user| user.email == *email)
            .cloned())));
    people
        .expect_update_user()
        .returning(on!(draft, |book, user| {
            let stored = book.user(user.id).filter(|it| it.version == user.version);
            let stored = stored.ok_or(StoreError::VersionChanged)?;
            *stored = user.clone();
            stored.version += 1;
            Ok(())
        }));
    people
        .expect_find_user_key()
        .returning(|_| Ok(Some(team_key())));
    people
        .expect_replace_recovery_codes()
        .returning(on!(draft, |book, user, hashes| {
            book.recovery_codes.retain(|(owner, _)| *owner != user);
            let codes = hashes.iter().map(|hash| (user, hash.clone()));
            book.recovery_codes.extend(codes);
            Ok(())
        }));
    people
        .expect_use_recovery_code()
        .returning(on!(draft, |book, user, hashes| {
            let before = book.recovery_codes.len();
            let is_it =
                |(owner, hash): &(UserId, TokenHash)| *owner == user && hashes.contains(hash);
            book.recovery_codes.retain(|code| !is_it(code));
            Ok(book.recovery_codes.len() < before)
        }));
    people
        .expect_insert_email_link()
        .returning(on!(draft, |book, link| {
            book.links.push(link.clone());
            Ok(())
        }));
    people
        .expect_use_email_link()
        .returning(on!(draft, |book, purpose, hashes, now| {
            let is_it = |link: &&EmailLink| {
                link.purpose == purpose && link.expires_at > now && hashes.contains(&link.hash)
            };
            let found = book.links.iter().find(is_it).cloned();
            if let Some(used) = &found {
                let (user, purpose) = (used.user_id, used.purpose);
                let is_other = |link: &EmailLink| link.user_id != user || link.purpose != purpose;
                book.links.retain(is_other);
            }
            Ok(found)
        }));
}

fn sessions(stores: &mut MockTransaction, draft: &Draft) {
    let sessions = &mut stores.user_sessions;
    sessions
        .expect_insert_user_session()
        .returning(on!(draft, |book, session| {
            book.sessions.push(session.clone());
            Ok(())
        }));
    sessions
        .expect_rotate_user_session()
        .returning(on!(draft, |book, id, hash, at| {
            let mut all = book.sessions.iter_mut();
            let found = all.find(|it| it.id == id && it.ended_at.is_none());
            Ok(found
                .map(|session| {
                    session.hash = hash.clone();
                    session.authenticated_at = at;
                })
                .is_some())
        }));
    sessions
        .expect_end_user_session()
        .returning(on!(draft, |book, user, id, at| {
            let mut all = book.sessions.iter_mut();
            let found = all.find(|it| it.id == id && it.user_id == user && it.ended_at.is_none());
            Ok(found.map(|session| session.ended_at = Some(at)).is_some())
        }));
    sessions
        .expect_end_user_sessions()
        .returning(on!(draft, |book, user, but, at| {
            let all = book.sessions.iter_mut();
            let all = all.filter(|it| it.user_id == user && Some(it.id) != but);
            Ok(all.map(|session| session.ended_at = Some(at)).count() as u64)
        }));
    let counters = &mut stores.login_throttle;
    counters
        .expect_count_attempt()
        .returning(on!(draft, |book, subject, limit, window| {
            let count = book.attempts.entry(subject.to_owned()).or_default();
            *count += 1;
            let wait: Duration = window;
            Ok((*count > limit).then_some(wait))
        }));
    counters
        .expect_forget_attempts()
        .returning(on!(draft, |book, subject| {
            book.attempts.remove(subject);
            Ok(())
        }));
    stores
        .access
        .expect_lock_access()
        .returning(on!(draft, |book, subject, _team| {
            let AccessSubject::Session(id) = subject else {
                panic!("people come with sessions, not with {subject:?}");
            };
            let Some(session) = book.sessions.iter().find(|it| it.id == id).cloned() else {
                return Ok(None);
            };
            let user = book.user(session.user_id).cloned();
            Ok(user.map(|user| AccessRecord {
                credential: CredentialRecord::Session(session),
                user,
                team: None,
            }))
        }));
}

fn teams(stores: &mut MockTransaction, draft: &Draft) {
    stores
        .invitations
        .expect_is_invited()
        .returning(on!(draft, |book, email, _now| Ok(book
            .invited
            .contains(&email.to_string()))));
    stores
        .teams
        .expect_insert_team()
        .returning(on!(draft, |book, team, _key, _roles| {
            book.teams.push(team.clone());
            Ok(())
        }));
    stores
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    stores
        .memberships
        .expect_insert_membership()
        .returning(on!(draft, |book, membership| {
            book.memberships.push(*membership);
            Ok(())
        }));
    let accounts = &mut stores.platform_accounts;
    accounts
        .expect_find_platform_account()
        .returning(on!(draft, |book, team| {
            let mut all = book.platform_accounts.iter();
            Ok(all.find(|account| account.team_id == team).cloned())
        }));
    accounts
        .expect_insert_platform_account()
        .returning(on!(draft, |book, account| {
            book.platform_accounts.push(account.clone());
            Ok(())
        }));
    accounts.expect_find_session().returning(|account_id| {
        Ok(Some(StoredSession {
            account_id,
            credential_version: 1,
            generation: 0,
            sealed_key: None,
        }))
    });
    accounts
        .expect_store_session()
        .returning(|_, _, _, _| Ok(true));
}

fn trail(stores: &mut MockTransaction, draft: &Draft) {
    stores
        .audit
        .expect_append_audit_event()
        .returning(on!(draft, |book, event| {
            book.trail.push(event.clone());
            Ok(())
        }));
}

/// A transaction that writes its draft back when it is committed.
struct OnDraft {
    stores: MockTransaction,
    draft: Draft,
    book: BookOfPeople,
}

macro_rules! stores {
    ($($name:ident: $store:ident;)*) => {
        #[async_trait]
        impl Transaction for OnDraft {
            $(fn $name(&mut self) -> &mut dyn $store {
                &mut self.stores.$name
            })*
            async fn commit(self: Box<Self>) -> Result<(), CommitError> {
                let mut draft = self.draft.lock().unwrap().clone();
                let loses_answer = std::mem::take(&mut draft.loses_answer);
                *self.book.0.lock().unwrap() = draft;
                if loses_answer {
                    return Err(CommitError::OutcomeUnknown("connection reset".into()));
                }
                Ok(())
            }
        }
    };
}

stores! {
    access: AccessStore;
    people: PeopleStore;
    user_sessions: UserSessionStore;
    login_throttle: LoginThrottleStore;
    teams: TeamStore;
    memberships: MembershipStore;
    roles: RoleStore;
    invitations: InvitationStore;
    keys: KeyStore;
    api_tokens: ApiTokenStore;
    platform_accounts: PlatformAccountStore;
    environments: EnvironmentStore;
    reconciliation: ReconciliationStore;
    jobs: JobStore;
    pauses: PauseStore;
    idempotency: IdempotencyStore;
    webhooks: WebhookStore;
    audit: AuditStore;
}
