use super::{begin_as_person, demand, demand_all};
use crate::sample::{
    HandClock, access_record, actor, beginning, foreign_team, owner, person, team, unit_of_work,
    user_session,
};
use domain::access::{
    AccessRecord, AccessSubject, CredentialRecord, Permission, PermissionSet, RoleKind,
};
use domain::error_code::ErrorCode;
use domain::people::UserState;
use domain::ports::MockTransaction;

#[test]
fn a_foreign_team_looks_like_none_even_to_somebody_without_the_permission() {
    let nobody = actor(&[]);
    assert_eq!(nobody.permissions(), PermissionSet::NONE);
    for caller in [owner(), nobody] {
        let error = demand(&caller, foreign_team(), Permission::JobView).unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
    }
}

#[test]
fn a_missing_permission_is_named_and_all_are_demanded() {
    let caller = actor(&[Permission::EnvironmentView]);
    let error = demand(&caller, team(), Permission::EnvironmentCreate).unwrap_err();
    assert_eq!(error.code(), ErrorCode::PermissionDenied);
    assert!(error.detail().contains("env.create"), "{}", error.detail());
    let both = [Permission::EnvironmentView, Permission::AddonInstall];
    let error = demand_all(&caller, team(), both).unwrap_err();
    assert!(
        error.detail().contains("addon.install"),
        "{}",
        error.detail()
    );
}

/// What the second look says when the store holds this by then.
async fn second_look(now: Option<AccessRecord>) -> Option<ErrorCode> {
    let mut transaction = MockTransaction::default();
    transaction
        .access
        .expect_lock_access()
        .withf(|subject, found| {
            matches!(subject, AccessSubject::Token(_)) && *found == Some(team())
        })
        .times(1)
        .returning(move |_, _| Ok(now.clone()));
    let caller = owner();
    let authorised = demand(&caller, team(), Permission::EnvironmentDelete).unwrap();
    let unit_of_work = unit_of_work(vec![transaction]);
    let begun = authorised
        .begin(&*unit_of_work, &HandClock::default())
        .await;
    begun.err().map(|error| error.code())
}

#[tokio::test]
async fn what_was_taken_away_since_the_first_look_is_seen_in_the_transaction() {
    assert_eq!(
        second_look(Some(access_record(Permission::ALL))).await,
        None
    );
    assert_eq!(second_look(None).await, Some(ErrorCode::Unauthenticated));
    let narrowed = access_record(&[Permission::JobView]);
    assert_eq!(
        second_look(Some(narrowed)).await,
        Some(ErrorCode::PermissionDenied)
    );
    let mut demoted = access_record(Permission::ALL);
    demoted.team.as_mut().unwrap().role.as_mut().unwrap().kind = RoleKind::Viewer;
    assert_eq!(
        second_look(Some(demoted)).await,
        Some(ErrorCode::PermissionDenied)
    );
    let mut suspended = access_record(Permission::ALL);
    suspended.team.as_mut().unwrap().is_suspended = true;
    assert_eq!(
        second_look(Some(suspended)).await,
        Some(ErrorCode::TeamSuspended)
    );
    let mut disabled = access_record(Permission::ALL);
    disabled.user.state = UserState::Disabled;
    assert_eq!(
        second_look(Some(disabled)).await,
        Some(ErrorCode::Unauthenticated)
    );
}

#[tokio::test]
async fn a_session_that_was_ended_meanwhile_stores_nothing() {
    for is_ended in [false, true] {
        let mut session = user_session();
        session.ended_at = is_ended.then(beginning);
        let record = AccessRecord {
            credential: CredentialRecord::Session(session),
            team: None,
            ..access_record(&[])
        };
        let mut transaction = MockTransaction::default();
        transaction
            .access
            .expect_lock_access()
            .times(1)
            .returning(move |_, _| Ok(Some(record.clone())));
        let unit_of_work = unit_of_work(vec![transaction]);
        let begun = begin_as_person(&person(), &*unit_of_work, &HandClock::default()).await;
        assert_eq!(begun.is_err(), is_ended);
    }
}
