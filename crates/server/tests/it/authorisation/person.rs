//! A person whose session is kept good: what ends or renews it is followed.

use crate::support::{
    Answer, App, Caller, Credential, PASSWORD, PATIENCE, mailed, register_from, session_of, sign_in,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

/// Attempts to sign in are counted by address: each person has their own.
static ADDRESSES: AtomicU8 = AtomicU8::new(10);

/// An address that nobody else calls from.
pub(super) fn own_address() -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, ADDRESSES.fetch_add(1, Ordering::Relaxed))
}

/// Somebody who has registered.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) id: String,
    caller: Mutex<Caller>,
}

impl Person {
    /// Registers them.
    pub(super) async fn register(app: &App, name: &str) -> Self {
        let email = format!("{name}@example.com");
        let base = app.owner.base().to_owned();
        let nobody = Caller::new(base, String::new(), None)
            .calling_from(own_address())
            .asking_again();
        let caller = register_from(app, &nobody, &email).await;
        let me = caller.get("/v1/me").await;
        Self {
            email,
            id: text(&me.body["user"], "id"),
            caller: Mutex::new(caller),
        }
    }

    /// The person, with the session as it is now.
    pub(super) fn caller(&self) -> Caller {
        let caller = self.caller.lock().unwrap_or_else(PoisonError::into_inner);
        caller.clone()
    }

    /// The person in a team.
    pub(super) fn in_team(&self, team: &str) -> Caller {
        let caller = self.caller();
        caller.at(caller.base(), team)
    }

    /// The server is somewhere else now.
    pub(super) fn move_to(&self, base: &str) {
        let mut caller = self.caller.lock().unwrap_or_else(PoisonError::into_inner);
        *caller = caller.at(base, "");
    }

    /// Signs in once more; the session that is kept stays.
    pub(super) async fn another_session(&self) -> Caller {
        let nobody = self.caller().with(Credential::Nothing);
        sign_in(&nobody, &self.email, PASSWORD).await
    }

    /// What an answer does to the session: a new one is kept, for one that ended they sign in again.
    pub(super) async fn follow(&self, answer: &Answer) {
        if answer.header("set-cookie").is_empty() {
            return;
        }
        let next = if answer.body["csrf_token"].is_string() {
            let session = session_of(answer);
            self.caller().with(session.clone()).remembering(session)
        } else {
            self.another_session().await
        };
        *self.caller.lock().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Is invited by `inviter` into their team, and accepts.
    pub(super) async fn join(&self, app: &App, inviter: &Caller, role: &str) {
        let body = json!({"email": self.email, "role_id": role});
        let invited = inviter.ask(&inviter.path("/invitations"), &body).await;
        assert_eq!(invited.status, StatusCode::CREATED, "{}", invited.body);
        let mine = self.caller();
        testkit::wait::until("the invitation is accepted", PATIENCE, async || {
            // An older mail may be there before the new one.
            let token = mailed(app, &self.email, "wdl_invite_").await;
            let path = "/v1/invitations/actions/accept";
            let accepted = mine.ask(path, &json!({"token": token})).await;
            accepted.status.is_success().then_some(())
        })
        .await;
    }

    /// Leaves the team.
    pub(super) async fn leave(&self, team: &str) {
        let mine = self.in_team(team);
        let path = mine.path("/actions/leave");
        let left = mine.send(Method::POST, &path, &[], String::new()).await;
        assert_eq!(left.status, StatusCode::NO_CONTENT, "{}", left.body);
    }
}

/// The text in that field.
pub(super) fn text(value: &Value, field: &str) -> String {
    let found = value[field].as_str();
    found
        .unwrap_or_else(|| panic!("`{field}` is a text in {value}"))
        .to_owned()
}
