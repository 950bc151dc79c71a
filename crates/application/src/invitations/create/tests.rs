use super::{InviteCommand, InvitePerson};
use crate::UseCaseError;
use crate::sample::{
    Outbox, beginning, commits, counter, custom_role, demands, finding_scopes, other_user,
    other_user_id, owner, refusal, role, role_id, team, team_changes, token_hash, token_hasher,
    user_id, with_member, with_names, with_role,
};
use domain::access::{Permission, Role, RoleKind};
use domain::limits;
use domain::names::EmailAddress;
use domain::ports::{CommitError, MailMessage, MockTransaction};
use domain::team::Invitation;
use std::sync::Arc;
use std::time::Duration;

fn use_case(transactions: Vec<MockTransaction>) -> (InvitePerson, Arc<Outbox>) {
    let outbox = Arc::new(Outbox::default());
    let use_case = InvitePerson {
        changes: team_changes(transactions),
        token_hasher: token_hasher(),
        mailer: outbox.clone(),
    };
    (use_case, outbox)
}

fn command() -> InviteCommand {
    InviteCommand {
        team_id: team(),
        email: EmailAddress::parse("bert@example.com").unwrap(),
        role_id: role_id(),
    }
}

async fn invite(transaction: MockTransaction) -> (Result<Invitation, UseCaseError>, Arc<Outbox>) {
    let (use_case, outbox) = use_case(vec![transaction]);
    (use_case.run(&owner(), command()).await, outbox)
}

async fn refused(transaction: MockTransaction) -> (&'static str, Option<&'static str>) {
    let counter = counter(&transaction);
    let (outcome, outbox) = invite(transaction).await;
    assert_eq!((commits(&counter), outbox.mails().len()), (0, 0));
    refusal(outcome)
}

fn with_the_role(mut transaction: MockTransaction, role: Role) -> MockTransaction {
    let id = role_id();
    with_role(&mut transaction, Role { id, ..role });
    transaction
}

/// Nobody has the address, so many invitations wait, and so long has to be waited for a mail.
fn asking(open: i64, wait: Option<Duration>) -> MockTransaction {
    let mut transaction = with_the_role(MockTransaction::default(), role(RoleKind::Developer));
    transaction
        .people
        .expect_find_user_by_email()
        .returning(|_| Ok(None));
    transaction
        .invitations
        .expect_count_open_invitations()
        .returning(move |_, _| Ok(open));
    transaction
        .login_throttle
        .expect_count_attempt()
        .withf(|subject, limit, _| {
            let is_told = subject.contains("bert");
            subject.starts_with("mail:") && !is_told && *limit == limits::MAILS_PER_ADDRESS
        })
        .returning(move |_, _, _| Ok(wait));
    transaction
}

fn storing() -> MockTransaction {
    let mut transaction = asking(limits::INVITATIONS_MAX - 1, None);
    let end = beginning()
        .checked_add(limits::INVITATION_LIFETIME)
        .unwrap();
    transaction
        .invitations
        .expect_insert_invitation()
        .withf(move |invitation| {
            invitation.hash == token_hash()
                && invitation.invited_by == user_id()
                && invitation.expires_at == end
        })
        .times(1)
        .returning(|_| Ok(()));
    with_names(&mut transaction);
    transaction
        .audit
        .expect_append_audit_event()
        .withf(|event| event.action == "invitation.create" && event.target.starts_with("inv_"))
        .times(1)
        .returning(|_| Ok(()));
    transaction
}

#[tokio::test]
async fn it_demands_its_permission_before_anything() {
    demands(Permission::TeamInvite, |actor, target| async move {
        let command = InviteCommand {
            team_id: target.team_id,
            ..command()
        };
        use_case(Vec::new()).0.run(&actor, command).await
    })
    .await;
}

#[tokio::test]
async fn nobody_invites_above_themselves_or_as_owner() {
    let as_owner = with_the_role(MockTransaction::default(), role(RoleKind::Owner));
    let at = Some("/role_id");
    assert_eq!(refused(as_owner).await, ("rights-exceeded", at));
    let poorer = finding_scopes(&[Permission::TeamInvite, Permission::TeamView]);
    let above = with_the_role(poorer, custom_role(&[Permission::EnvironmentDelete]));
    assert_eq!(refused(above).await, ("rights-exceeded", at));
}

#[tokio::test]
async fn a_member_is_not_invited_but_somebody_elsewhere_is() {
    let known = |mut transaction: MockTransaction| {
        transaction
            .people
            .expect_find_user_by_email()
            .returning(|_| Ok(Some(other_user())));
        transaction
    };
    let developer = role(RoleKind::Developer);
    let mut member = known(with_the_role(MockTransaction::default(), developer.clone()));
    with_member(&mut member, other_user_id(), developer);
    let at = Some("/email");
    assert_eq!(refused(member).await, ("already-member", at));
    let mut elsewhere = known(MockTransaction::default());
    elsewhere
        .memberships
        .expect_find_membership()
        .returning(|_, _| Ok(None));
    // The expectations that were set first are met first.
    let full = asking(limits::INVITATIONS_MAX, None);
    elsewhere.roles = full.roles;
    elsewhere.invitations = full.invitations;
    assert_eq!(refused(elsewhere).await, ("limit-reached", None));
}

#[tokio::test]
async fn an_address_is_not_flooded() {
    let flooded = asking(0, Some(Duration::from_mins(1)));
    let (outcome, outbox) = invite(flooded).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.wait(), Some(Duration::from_mins(1)));
    assert_eq!(refusal::<()>(Err(error)), ("too-many-attempts", None));
    assert_eq!(outbox.mails().len(), 0);
}

#[tokio::test]
async fn the_token_goes_to_the_address_and_nowhere_else() {
    let transaction = storing();
    let counter = counter(&transaction);
    let (outcome, outbox) = invite(transaction).await;
    assert_eq!(outcome.unwrap().email, command().email);
    assert_eq!(commits(&counter), 1);
    assert_eq!(outbox.addresses(), ["bert@example.com"]);
    let mails = outbox.mails();
    let MailMessage::Invitation {
        token, invited_by, ..
    } = &mails[0].message
    else {
        panic!("another mail");
    };
    assert_eq!(token.expose(), "wdl_invite_new");
    assert_eq!(invited_by.as_str(), "Anna");
}

#[tokio::test]
async fn no_mail_is_sent_about_what_may_not_be_stored() {
    let mut transaction = storing();
    transaction.commit_error = Some(CommitError::OutcomeUnknown("connection reset".into()));
    let (outcome, outbox) = invite(transaction).await;
    assert_eq!(refusal(outcome), ("outcome-unknown", None));
    assert_eq!(outbox.mails().len(), 0);
}
