use super::AcceptOwnership;
use crate::UseCaseError;
use crate::platform_accounts::CredentialRemoval;
use crate::sample::{
    HandClock, Outbox, account, audited, beginning, commits, counter, custody, finding_rights, id,
    in_browser, job_id, other_user_id, owner, record_in_browser, refusal, role, second_factor,
    stored_team, team, team_changes, team_key, user_id, with_member, with_names,
};
use domain::SecretText;
use domain::access::{AccessRecord, Role, RoleKind};
use domain::ids::{JobId, RoleId};
use domain::limits;
use domain::platform_account::{PlatformAccount, PlatformAccountState, StoredSession};
use domain::ports::{MockPlatformSignIn, MockTransaction};
use domain::team::OwnershipOffer;
use mockall::Sequence;
use std::sync::Arc;
use std::time::Duration;

const OWNER_ROLE: u128 = 50;
const MANAGER_ROLE: u128 = 51;

fn use_case(
    transactions: Vec<MockTransaction>,
    sign_in: MockPlatformSignIn,
) -> (AcceptOwnership, Arc<Outbox>) {
    let outbox = Arc::new(Outbox::default());
    let use_case = AcceptOwnership {
        changes: team_changes(transactions),
        mailer: outbox.clone(),
        removal: CredentialRemoval {
            sign_in: Arc::new(sign_in),
            custody: custody(),
            clock: Arc::new(HandClock::default()),
        },
        demands_second_factor: true,
    };
    (use_case, outbox)
}

/// The receiver: a viewer with a confirmed second factor.
fn receiver() -> AccessRecord {
    let mut record = record_in_browser(role(RoleKind::Viewer));
    record.user.second_factor = Some(second_factor());
    record
}

async fn accept(transaction: MockTransaction) -> Result<(), UseCaseError> {
    let (use_case, _) = use_case(vec![transaction], MockPlatformSignIn::new());
    use_case.run(&in_browser(&receiver()), team()).await
}

/// The other person offers the team to the sample person.
fn offer() -> OwnershipOffer {
    OwnershipOffer {
        team_id: team(),
        from: other_user_id(),
        to: user_id(),
        created_at: beginning(),
        expires_at: beginning().checked_add(Duration::from_secs(1)).unwrap(),
    }
}

fn offering(record: AccessRecord, offer: Option<OwnershipOffer>) -> MockTransaction {
    let mut transaction = finding_rights(record);
    transaction
        .teams
        .expect_find_ownership_offer()
        .returning(move |_| Ok(offer));
    transaction
}

/// An offer that can be accepted, of somebody with this role, to somebody who owns so many teams.
fn good(record: AccessRecord, giver: Role, owned: i64) -> MockTransaction {
    let mut transaction = offering(record, Some(offer()));
    with_member(&mut transaction, other_user_id(), giver);
    transaction
        .memberships
        .expect_count_owned_teams()
        .withf(|user| *user == user_id())
        .returning(move |_| Ok(owned));
    transaction
}

/// The roles change hands, the old owner's first; then those are waited for who are storing a job in the
/// team, and only then live jobs are looked for.
fn swapping(mut transaction: MockTransaction, live: Option<JobId>) -> MockTransaction {
    transaction
        .roles
        .expect_find_built_in_role()
        .returning(|_, kind| {
            let number = match kind {
                RoleKind::Owner => OWNER_ROLE,
                _ => MANAGER_ROLE,
            };
            Ok(Some(Role {
                id: id(number),
                ..role(kind)
            }))
        });
    let mut order = Sequence::new();
    for (user, number) in [(other_user_id(), MANAGER_ROLE), (user_id(), OWNER_ROLE)] {
        let given: RoleId = id(number);
        transaction
            .memberships
            .expect_set_member_role()
            .withf(move |_, asked, role| *asked == user && *role == given)
            .times(1)
            .in_sequence(&mut order)
            .returning(|_, _, _| Ok(true));
    }
    transaction
        .teams
        .expect_find_team()
        .returning(|_| Ok(Some(stored_team())));
    transaction
        .teams
        .expect_update_team()
        .withf(|written| *written == stored_team())
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    transaction
        .jobs
        .expect_find_live_job_of_team()
        .times(1)
        .in_sequence(&mut order)
        .returning(move |_| Ok(live));
    transaction
}

/// Everything is stored, and the account that was connected is severed.
fn handing_over(connected: Option<PlatformAccount>) -> MockTransaction {
    let mut transaction = swapping(good(receiver(), role(RoleKind::Owner), 0), None);
    with_names(&mut transaction);
    transaction
        .platform_accounts
        .expect_find_platform_account()
        .returning(move |_| Ok(connected.clone()));
    transaction
        .teams
        .expect_delete_ownership_offer()
        .times(1)
        .returning(|_| Ok(true));
    let target = user_id().to_string();
    audited(&mut transaction, "ownership.accept", target);
    transaction
}

#[tokio::test]
async fn a_token_accepts_nothing() {
    let (use_case, _) = use_case(Vec::new(), MockPlatformSignIn::new());
    let outcome = use_case.run(&owner(), team()).await;
    assert_eq!(refusal(outcome), ("browser-session-required", None));
}

#[tokio::test]
async fn only_the_receiver_of_a_living_offer_of_the_owner_accepts() {
    let to_another = OwnershipOffer {
        to: other_user_id(),
        ..offer()
    };
    let ended = OwnershipOffer {
        expires_at: beginning(),
        ..offer()
    };
    let stale = good(receiver(), role(RoleKind::Manager), 0);
    let mut left = offering(receiver(), Some(offer()));
    left.memberships
        .expect_find_membership()
        .returning(|_, _| Ok(None));
    for transaction in [
        offering(receiver(), None),
        offering(receiver(), Some(to_another)),
        offering(receiver(), Some(ended)),
        stale,
        left,
    ] {
        let outcome = accept(transaction).await;
        assert_eq!(refusal(outcome), ("no-ownership-offer", None));
    }
}

#[tokio::test]
async fn a_new_owner_has_a_second_factor_and_not_too_many_teams() {
    let mut without = receiver();
    without.user.second_factor.as_mut().unwrap().confirmed_at = None;
    let outcome = accept(good(without, role(RoleKind::Owner), 0)).await;
    assert_eq!(refusal(outcome), ("second-factor-required", None));
    let many = good(receiver(), role(RoleKind::Owner), limits::TEAMS_OWNED_MAX);
    assert_eq!(refusal(accept(many).await), ("limit-reached", None));
}

#[tokio::test]
async fn nothing_changes_hands_under_a_live_job() {
    let busy = swapping(good(receiver(), role(RoleKind::Owner), 0), Some(job_id()));
    let counter = counter(&busy);
    let error = accept(busy).await.unwrap_err();
    assert_eq!(error.job_id(), Some(job_id()));
    assert_eq!(refusal::<()>(Err(error)), ("team-busy", None));
    assert_eq!(commits(&counter), 0);
}

#[tokio::test]
async fn the_team_passes_on_and_the_old_owners_credential_is_destroyed() {
    let mut transaction = handing_over(Some(account()));
    let sealed = custody().seal_session_key(
        &team_key(),
        account().id,
        team(),
        &SecretText::new("a-session".to_owned()),
    );
    let session = StoredSession {
        account_id: account().id,
        credential_version: 3,
        generation: 9,
        sealed_key: Some(sealed.unwrap()),
    };
    transaction
        .teams
        .expect_find_team_key()
        .returning(|_| Ok(Some(team_key())));
    let accounts = &mut transaction.platform_accounts;
    accounts
        .expect_find_session()
        .returning(move |_| Ok(Some(session.clone())));
    accounts
        .expect_update_platform_account()
        .withf(|written| {
            written.state == PlatformAccountState::Disconnected
                && written.credential_version == 4
                && written.sealed_credential.0.is_empty()
                && written.sealed_confirmation.is_none()
        })
        .times(1)
        .returning(|_| Ok(()));
    let target = account().id.to_string();
    audited(&mut transaction, "platform_account.disconnect", target);
    let counter = counter(&transaction);
    let mut sign_in = MockPlatformSignIn::new();
    sign_in
        .expect_sign_out()
        .withf(|_, key| key.expose() == "a-session")
        .times(1)
        .returning(|_, _| Ok(()));
    let (use_case, outbox) = use_case(vec![transaction], sign_in);
    use_case
        .run(&in_browser(&receiver()), team())
        .await
        .unwrap();
    assert_eq!(commits(&counter), 1);
    assert_eq!(outbox.addresses(), ["bert@example.com", "anna@example.com"]);
}

#[tokio::test]
async fn a_team_without_an_account_passes_on_too() {
    let transaction = handing_over(None);
    let counter = counter(&transaction);
    accept(transaction).await.unwrap();
    assert_eq!(commits(&counter), 1);
}
