use super::AcceptInvitation;
use crate::UseCaseError;
use crate::sample::{
    audited, beginning, commits, counter, custom_role, hash_of, id, other_user, other_user_id,
    person, record_in_browser, refusal, role, role_id, stored_team, team, team_changes,
    token_hasher, user, user_id, with_role,
};
use domain::SecretText;
use domain::access::{
    AccessRecord, AccessSubject, CredentialRecord, Permission, Role, RoleKind, TeamAccess,
};
use domain::people::UserState;
use domain::ports::{Conflict, MockTransaction, StoreError};
use domain::team::{Invitation, Team};

const TOKEN: &str = "wdl_invite_right";

fn use_case(transactions: Vec<MockTransaction>) -> AcceptInvitation {
    AcceptInvitation {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
    }
}

/// The other person invited the sample person.
fn invitation() -> Invitation {
    Invitation {
        id: id(40),
        team_id: team(),
        email: user().email,
        role_id: role_id(),
        invited_by: other_user_id(),
        hash: hash_of(TOKEN),
        created_at: beginning(),
        expires_at: beginning(),
    }
}

/// What is stored about who invited.
fn inviter(role: Option<Role>) -> AccessRecord {
    AccessRecord {
        credential: CredentialRecord::Person,
        user: other_user(),
        team: Some(TeamAccess {
            team_id: team(),
            is_suspended: false,
            role,
        }),
    }
}

/// The invitation is found with the right token, its role is this one, and who invited stands so.
fn inviting(
    found: Option<Invitation>,
    offered: Role,
    inviter: Option<AccessRecord>,
) -> MockTransaction {
    let mut transaction = MockTransaction::default();
    transaction
        .access
        .expect_lock_access()
        .returning(move |subject, _| {
            Ok(match subject {
                AccessSubject::Session(_) => Some(record_in_browser(role(RoleKind::Viewer))),
                AccessSubject::User(asked) if asked == other_user_id() => inviter.clone(),
                AccessSubject::User(_) | AccessSubject::Token(_) => None,
            })
        });
    transaction
        .invitations
        .expect_find_open_invitation()
        .withf(|hashes, now| *hashes == [hash_of(TOKEN)] && *now == beginning())
        .returning(move |_, _| Ok(found.clone()));
    with_role(
        &mut transaction,
        Role {
            id: role_id(),
            ..offered
        },
    );
    transaction
}

fn in_team(mut transaction: MockTransaction, team: Team) -> MockTransaction {
    transaction
        .teams
        .expect_find_team()
        .returning(move |_| Ok(Some(team.clone())));
    transaction
}

async fn accept(transaction: MockTransaction) -> Result<(Team, Role), UseCaseError> {
    let token = SecretText::new(TOKEN.to_owned());
    use_case(vec![transaction]).run(&person(), &token).await
}

#[tokio::test]
async fn a_text_that_is_no_token_is_refused_without_asking_the_store() {
    for text in ["", "wdl_invite", "wdl_api_right"] {
        let token = SecretText::new(text.to_owned());
        let outcome = use_case(Vec::new()).run(&person(), &token).await;
        assert_eq!(refusal(outcome), ("link-invalid", Some("/token")));
    }
}

#[tokio::test]
async fn every_invitation_that_is_not_good_is_refused_in_the_same_words() {
    let developer = || role(RoleKind::Developer);
    let manager = || Some(inviter(Some(role(RoleKind::Manager))));
    let to_another = Invitation {
        email: other_user().email,
        ..invitation()
    };
    let mut shut_out = inviter(Some(role(RoleKind::Manager)));
    shut_out.user.state = UserState::Disabled;
    let weaker = custom_role(&[Permission::TeamInvite, Permission::TeamView]);
    let open = || Some(invitation());
    let cases = vec![
        inviting(None, developer(), manager()),
        inviting(Some(to_another), developer(), manager()),
        // Who invited has left, is shut out, may not invite any more, or has less than the role.
        inviting(open(), developer(), Some(inviter(None))),
        inviting(open(), developer(), None),
        inviting(open(), developer(), Some(shut_out)),
        inviting(open(), developer(), Some(inviter(Some(developer())))),
        inviting(open(), developer(), Some(inviter(Some(weaker)))),
        inviting(open(), role(RoleKind::Owner), manager()),
        inviting(
            open(),
            role(RoleKind::Owner),
            Some(inviter(Some(role(RoleKind::Owner)))),
        ),
    ];
    let mut words = std::collections::BTreeSet::new();
    for transaction in cases {
        let transaction = in_team(transaction, stored_team());
        let counter = counter(&transaction);
        let error = accept(transaction).await.unwrap_err();
        words.insert(error.detail().to_owned());
        let found = refusal::<()>(Err(error));
        assert_eq!(found, ("link-invalid", Some("/token")));
        assert_eq!(commits(&counter), 0);
    }
    assert_eq!(words.len(), 1, "{words:?}");
}

fn joinable() -> MockTransaction {
    let manager = inviter(Some(role(RoleKind::Manager)));
    inviting(Some(invitation()), role(RoleKind::Developer), Some(manager))
}

#[tokio::test]
async fn nobody_joins_a_suspended_team_or_one_of_theirs() {
    let suspended = Team {
        suspended_at: Some(beginning()),
        ..stored_team()
    };
    let outcome = accept(in_team(joinable(), suspended)).await;
    assert_eq!(refusal(outcome), ("team-suspended", None));
    let mut member = in_team(joinable(), stored_team());
    member
        .invitations
        .expect_accept_invitation()
        .returning(|_, _, _| Ok(true));
    member
        .memberships
        .expect_insert_membership()
        .returning(|_| Err(StoreError::Conflict(Conflict::Membership)));
    assert_eq!(refusal(accept(member).await), ("already-member", None));
}

#[tokio::test]
async fn of_two_at_once_one_joins() {
    let mut second = in_team(joinable(), stored_team());
    second
        .invitations
        .expect_accept_invitation()
        .returning(|_, _, _| Ok(false));
    let outcome = accept(second).await;
    assert_eq!(refusal(outcome), ("link-invalid", Some("/token")));
}

#[tokio::test]
async fn who_is_invited_joins_with_the_role_and_the_teams_trail_says_so() {
    let mut transaction = in_team(joinable(), stored_team());
    transaction
        .invitations
        .expect_accept_invitation()
        .withf(|asked, user, _| *asked == invitation().id && *user == user_id())
        .times(1)
        .returning(|_, _, _| Ok(true));
    transaction
        .memberships
        .expect_insert_membership()
        .withf(|membership| {
            (membership.team_id, membership.user_id, membership.role_id)
                == (team(), user_id(), role_id())
        })
        .times(1)
        .returning(|_| Ok(()));
    let target = invitation().id.to_string();
    audited(&mut transaction, "invitation.accept", target);
    let counter = counter(&transaction);
    let (joined, role) = accept(transaction).await.unwrap();
    assert_eq!((joined.id, role.kind), (team(), RoleKind::Developer));
    assert_eq!(commits(&counter), 1);
}
