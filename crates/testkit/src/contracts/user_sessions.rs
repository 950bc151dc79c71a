//! Browser sessions: rotation, use and end.

use super::Store;
use super::store::all_pages;
use crate::builders;
use domain::access::{AccessRecord, CredentialRecord};
use domain::people::{TokenHash, UserSession};
use jiff::{SignedDuration, Timestamp};

async fn found(store: &Store, hash: &TokenHash) -> Option<UserSession> {
    let hashes = std::slice::from_ref(hash);
    let record = store.read_model.find_session_access(hashes, None).await;
    record.expect("read").map(|record| session_of(&record))
}

fn session_of(record: &AccessRecord) -> UserSession {
    match &record.credential {
        CredentialRecord::Session(session) => session.clone(),
        other => panic!("a session was asked for, not {other:?}"),
    }
}

fn later(seconds: i64) -> Timestamp {
    builders::moment() + SignedDuration::from_secs(seconds)
}

/// The new token is the session's; the old one is nobody's.
pub async fn a_rotated_session_has_another_token(store: &Store) {
    let user = store.person().await;
    let session = store.user_session(user.id).await;
    assert_eq!(found(store, &session.hash).await, Some(session.clone()));
    let hash = builders::token_hash(&*store.ids);
    let rotate = async || {
        store
            .write(async |transaction| {
                let sessions = transaction.user_sessions();
                sessions
                    .rotate_user_session(session.id, &hash, later(60))
                    .await
            })
            .await
            .expect("asked")
    };
    assert!(rotate().await);
    assert_eq!(found(store, &session.hash).await, None);
    let rotated = UserSession {
        hash: hash.clone(),
        authenticated_at: later(60),
        ..session.clone()
    };
    assert_eq!(found(store, &hash).await, Some(rotated));
    assert!(end(store, &session, later(90)).await);
    assert!(!rotate().await);
}

async fn end(store: &Store, session: &UserSession, at: Timestamp) -> bool {
    store
        .write(async |transaction| {
            let sessions = transaction.user_sessions();
            sessions
                .end_user_session(session.user_id, session.id, at)
                .await
        })
        .await
        .expect("asked")
}

/// Ended once, by its person only; it is still found, dead.
pub async fn a_session_is_ended_once_by_its_person(store: &Store) {
    let (user, stranger) = (store.person().await, store.person().await);
    let session = store.user_session(user.id).await;
    let of_stranger = UserSession {
        user_id: stranger.id,
        ..session.clone()
    };
    assert!(!end(store, &of_stranger, later(1)).await);
    assert!(end(store, &session, later(1)).await);
    assert!(!end(store, &session, later(2)).await);
    let dead = found(store, &session.hash).await.expect("dead, but found");
    assert_eq!(dead.ended_at, Some(later(1)));
}

/// Use is noted, and never taken back.
pub async fn the_last_use_of_a_session_only_rises(store: &Store) {
    let user = store.person().await;
    let session = store.user_session(user.id).await;
    for (noted, expected) in [(60, 60), (120, 120), (60, 120)] {
        store
            .write(async |transaction| {
                let sessions = transaction.user_sessions();
                sessions
                    .note_user_session_use(session.id, later(noted))
                    .await
            })
            .await
            .expect("noted");
        let stored = found(store, &session.hash).await.expect("the session");
        assert_eq!(stored.last_used_at, later(expected));
    }
}

/// All but one, and only of that person.
pub async fn the_other_sessions_of_a_person_are_ended_together(store: &Store) {
    let (user, stranger) = (store.person().await, store.person().await);
    let mut sessions = Vec::new();
    for _ in 0..5 {
        sessions.push(store.user_session(user.id).await);
        store.user_session(stranger.id).await;
    }
    assert!(end(store, &sessions[4], later(1)).await);
    let living = async |user| {
        let list = async |page| store.read_model.list_user_sessions(user, page).await;
        all_pages(list).await
    };
    let mut expected = sessions[..4].to_vec();
    expected.reverse();
    assert_eq!(living(user.id).await, expected);
    let end_all = async |but| {
        store
            .write(async |transaction| {
                let sessions = transaction.user_sessions();
                sessions.end_user_sessions(user.id, but, later(2)).await
            })
            .await
            .expect("asked")
    };
    assert_eq!(end_all(Some(sessions[1].id)).await, 3);
    assert_eq!(living(user.id).await, [sessions[1].clone()]);
    assert_eq!(end_all(None).await, 1);
    assert_eq!(living(user.id).await, []);
    assert_eq!(living(stranger.id).await.len(), 5);
}
