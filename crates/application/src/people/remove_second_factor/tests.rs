use super::RemoveSecondFactor;
use crate::people::sample::{World, guarded, policy, world};
use crate::sample::{account, beginning, role, team, token_hash, user};
use domain::access::{Person, RoleKind};
use domain::error_code::ErrorCode;
use domain::limits;
use domain::names::TeamName;
use domain::page::Page;
use domain::platform_account::PlatformAccountState;
use domain::ports::MockReadModel;
use domain::team::Team;
use std::sync::Arc;
use std::time::Duration;

/// A member of one team, in this role.
fn member(kind: RoleKind) -> MockReadModel {
    let mut read_model = MockReadModel::new();
    read_model
        .expect_list_teams_of_user()
        .returning(move |_, _| {
            let team = Team {
                id: team(),
                name: TeamName::parse("Example").unwrap(),
                created_at: beginning(),
                suspended_at: None,
                version: 1,
            };
            Ok(Page {
                items: vec![(team, role(kind))],
                next_after: None,
            })
        });
    read_model
}

async fn remove(
    world: &World,
    person: &Person,
    kind: RoleKind,
    second_factor_for_owners: bool,
) -> Option<ErrorCode> {
    let mut policy = policy();
    policy.second_factor_for_owners = second_factor_for_owners;
    let use_case = RemoveSecondFactor {
        accounts: world.accounts.clone(),
        read_model: Arc::new(member(kind)),
        policy,
    };
    let outcome = use_case.run(person).await;
    outcome.err().map(|error| error.code())
}

#[tokio::test]
async fn it_goes_with_its_recovery_codes() {
    let world = world(vec![guarded()]);
    let person = world.signed_in(&guarded());
    world
        .book
        .change(|book| book.recovery_codes.push((user().id, token_hash())));
    assert_eq!(remove(&world, &person, RoleKind::Owner, true).await, None);
    let book = world.book.read();
    assert_eq!(book.users[0].second_factor, None);
    assert!(book.recovery_codes.is_empty());
    assert_eq!(book.events(), ["second_factor.remove accepted"]);
    assert_eq!(world.mailbox.messages(), ["factor off"]);
}

#[tokio::test]
async fn the_owner_of_a_connected_account_keeps_it_where_owners_need_one() {
    let required = Some(ErrorCode::SecondFactorRequired);
    for (kind, is_needed, is_connected, expected) in [
        (RoleKind::Owner, true, true, required),
        (RoleKind::Owner, true, false, None),
        (RoleKind::Owner, false, true, None),
        (RoleKind::Manager, true, true, None),
    ] {
        let world = world(vec![guarded()]);
        let person = world.signed_in(&guarded());
        let mut account = account();
        if !is_connected {
            account.state = PlatformAccountState::Disconnected;
        }
        world
            .book
            .change(|book| book.platform_accounts.push(account));
        assert_eq!(remove(&world, &person, kind, is_needed).await, expected);
        let has_it = world.book.read().users[0].has_second_factor();
        assert_eq!(has_it, expected.is_some());
    }
}

#[tokio::test]
async fn it_needs_a_proof_of_a_moment_ago_and_a_factor() {
    let late = limits::STEP_UP_WINDOW + Duration::from_secs(1);
    for (known, wait, expected) in [
        (guarded(), late, ErrorCode::StepUpRequired),
        (user(), Duration::ZERO, ErrorCode::NotFound),
    ] {
        let world = world(vec![known.clone()]);
        let person = world.signed_in(&known);
        world.clock.advance(wait);
        let outcome = remove(&world, &person, RoleKind::Viewer, true).await;
        assert_eq!(outcome, Some(expected));
        assert_eq!(world.book.read().users, [known]);
    }
}
