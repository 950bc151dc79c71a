use super::*;
use domain::ids::EntityId;
use uuid::Uuid;

fn account(number: u128) -> PlatformAccountId {
    PlatformAccountId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn an_account_cannot_take_more_than_its_share() {
    let admission = Admission::new(ConcurrencyLimits {
        global: 3,
        per_account: 2,
    });
    let first = admission.enter(Some(account(1))).unwrap();
    let _second = admission.enter(Some(account(1))).unwrap();
    assert_eq!(
        admission.enter(Some(account(1))).err(),
        Some(NotSentCause::TooManyOpenCallsOfAccount)
    );
    let _other = admission.enter(Some(account(2))).unwrap();
    assert_eq!(
        admission.enter(Some(account(3))).err(),
        Some(NotSentCause::TooManyOpenCalls)
    );
    assert_eq!(
        admission.enter(None).err(),
        Some(NotSentCause::TooManyOpenCalls)
    );
    drop(first);
    assert!(admission.enter(Some(account(1))).is_ok());
}

#[test]
fn nothing_is_remembered_about_accounts_without_open_calls() {
    let admission = Admission::new(ConcurrencyLimits {
        global: 3,
        per_account: 2,
    });
    for number in 0..100 {
        drop(admission.enter(Some(account(number))).unwrap());
    }
    let open = admission.open.lock().unwrap();
    assert_eq!((open.all, open.by_account.len()), (0, 0));
}
