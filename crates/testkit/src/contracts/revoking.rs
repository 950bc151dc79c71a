//! Taking rights away while they are used: nobody acts on rights after their end was committed.

use super::Store;
use super::access::POLICY;
use crate::builders;
use domain::access::{AccessSubject, Permission, PermissionSet, Role, RoleKind};
use domain::api_token::ApiToken;
use domain::ids::{RoleId, TeamId};
use domain::people::{User, UserSession, UserState};
use domain::ports::{StoreError, Transaction};
use domain::team::{Membership, Team};
use futures::future::join_all;
use std::io::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Barrier;

/// Races in all, over all ways to take a right away.
const RACES: usize = 10_000;
/// Races that run at the same time, each with a team of its own.
const LANES: usize = 4;

/// How rights end.
#[derive(Debug, Clone, Copy)]
enum Revocation {
    Token,
    Role,
    Permission,
    Membership,
    Session,
    Person,
    Team,
}

const REVOCATIONS: [Revocation; 7] = [
    Revocation::Token,
    Revocation::Role,
    Revocation::Permission,
    Revocation::Membership,
    Revocation::Session,
    Revocation::Person,
    Revocation::Team,
];

/// A team with a member whose rights are taken away and given back.
struct Lane {
    team: Team,
    user: User,
    session: UserSession,
    token: ApiToken,
    /// A role of the team's own that allows what the member does.
    role: Role,
    viewer: RoleId,
    /// Who acts takes a number while they hold their rights, who revokes while they hold theirs.
    next_number: AtomicI64,
}

impl Lane {
    async fn new(store: &Store) -> Self {
        let team = store.team().await.team_id;
        let user = store.person().await;
        let role = builders::role(&*store.ids, team, &[Permission::EnvironmentDelete]);
        store
            .write(async |transaction| transaction.roles().insert_role(&role).await)
            .await
            .expect("a new role");
        store.join(team, user.id, role.id).await.expect("joined");
        Self {
            session: store.user_session(user.id).await,
            token: store.api_token(team, user.id).await,
            viewer: store.built_in_role(team, RoleKind::Viewer).await.id,
            team: store
                .read_model
                .find_team(team)
                .await
                .expect("read")
                .expect("the team"),
            user,
            role,
            next_number: AtomicI64::new(0),
        }
    }

    fn id(&self) -> TeamId {
        self.team.id
    }

    fn take_number(&self) -> i64 {
        self.next_number.fetch_add(1, Ordering::SeqCst)
    }

    /// By token where the token ends, by session where the session does, else by either or neither.
    fn subject(&self, revocation: Revocation, round: usize) -> AccessSubject {
        match revocation {
            Revocation::Token => AccessSubject::Token(self.token.id),
            Revocation::Session => AccessSubject::Session(self.session.id),
            _ => match round % 3 {
                0 => AccessSubject::Token(self.token.id),
                1 => AccessSubject::Session(self.session.id),
                _ => AccessSubject::User(self.user.id),
            },
        }
    }

    /// Acts when the rights allow it: reads them under the lock, does something, takes a number.
    async fn act(&self, store: &Store, subject: AccessSubject, start: &Barrier) -> Option<i64> {
        start.wait().await;
        let mut transaction = store.begin().await;
        let record = transaction
            .access()
            .lock_access(subject, Some(self.id()))
            .await;
        let record = record.expect("read").expect("the credential is there");
        let origin = builders::origin(&*store.ids);
        let actor = record.actor(self.id(), &POLICY, builders::moment(), None, origin);
        let may_act = actor.is_ok_and(|actor| actor.demand(Permission::EnvironmentDelete).is_ok());
        let number = if may_act {
            let step = transaction.teams().find_team_key(self.id()).await;
            assert!(step.expect("read").is_some());
            Some(self.take_number())
        } else {
            None
        };
        transaction.commit().await.expect("committed");
        number
    }

    async fn revoke(&self, store: &Store, revocation: Revocation, start: &Barrier) -> i64 {
        start.wait().await;
        let mut transaction = store.begin().await;
        let revoked = self.take_away(&mut *transaction, revocation).await;
        revoked.expect("revoked");
        let number = self.take_number();
        transaction.commit().await.expect("committed");
        number
    }

    async fn take_away(
        &self,
        transaction: &mut dyn Transaction,
        revocation: Revocation,
    ) -> Result<(), StoreError> {
        let (team, user, at) = (self.id(), self.user.id, builders::moment());
        let is_revoked = match revocation {
            Revocation::Token => {
                let tokens = transaction.api_tokens();
                tokens.revoke_api_token(team, self.token.id, at).await?
            }
            Revocation::Role => {
                let memberships = transaction.memberships();
                memberships.set_member_role(team, user, self.viewer).await?
            }
            Revocation::Permission => {
                let mut poorer = self.role.clone();
                poorer.custom_permissions = PermissionSet::NONE;
                transaction.roles().update_role(&poorer).await?;
                true
            }
            Revocation::Membership => {
                transaction
                    .memberships()
                    .delete_membership(team, user)
                    .await?
            }
            Revocation::Session => {
                let sessions = transaction.user_sessions();
                sessions.end_user_session(user, self.session.id, at).await?
            }
            Revocation::Person => {
                let mut disabled = self.user.clone();
                disabled.state = UserState::Disabled;
                transaction.people().update_user(&disabled).await?;
                true
            }
            Revocation::Team => {
                let mut suspended = self.team.clone();
                suspended.suspended_at = Some(at);
                transaction.teams().update_team(&suspended).await?;
                true
            }
        };
        assert!(is_revoked, "{revocation:?}");
        Ok(())
    }

    /// Gives back what was taken, by a new credential where the old one is dead.
    async fn restore(&mut self, store: &Store, revocation: Revocation) {
        let (team, user) = (self.id(), self.user.id);
        match revocation {
            Revocation::Token => self.token = store.api_token(team, user).await,
            Revocation::Session => self.session = store.user_session(user).await,
            Revocation::Role => {
                let role = self.role.id;
                store
                    .write(async |transaction| {
                        transaction
                            .memberships()
                            .set_member_role(team, user, role)
                            .await
                    })
                    .await
                    .expect("given back");
            }
            Revocation::Membership => {
                let membership = Membership {
                    team_id: team,
                    user_id: user,
                    role_id: self.role.id,
                    joined_at: builders::moment(),
                };
                let token = builders::api_token(&*store.ids, team, user);
                store
                    .write(async |transaction| {
                        transaction
                            .memberships()
                            .insert_membership(&membership)
                            .await?;
                        transaction.api_tokens().insert_api_token(&token).await
                    })
                    .await
                    .expect("given back");
                self.token = token;
            }
            Revocation::Permission => {
                self.role.version += 1;
                let role = &self.role;
                store
                    .write(async |transaction| transaction.roles().update_role(role).await)
                    .await
                    .expect("given back");
                self.role.version += 1;
            }
            Revocation::Person => {
                self.user.version += 1;
                let user = &self.user;
                store
                    .write(async |transaction| transaction.people().update_user(user).await)
                    .await
                    .expect("given back");
                self.user.version += 1;
            }
            Revocation::Team => {
                self.team.version += 1;
                let team = &self.team;
                store
                    .write(async |transaction| transaction.teams().update_team(team).await)
                    .await
                    .expect("given back");
                self.team.version += 1;
            }
        }
    }
}

/// One race: who acted, if they did, did so before.
async fn race(store: &Store, lane: &mut Lane, round: usize) -> bool {
    let revocation = REVOCATIONS[round % REVOCATIONS.len()];
    let turn = round / REVOCATIONS.len();
    let subject = lane.subject(revocation, turn);
    let start = Barrier::new(2);
    let acting = lane.act(store, subject, &start);
    let revoking = lane.revoke(store, revocation, &start);
    // Where there is one writer, who comes first to the start is last at the writer, always.
    let (acted, revoked) = if (turn / 2).is_multiple_of(2) {
        futures::join!(acting, revoking)
    } else {
        let (revoked, acted) = futures::join!(revoking, acting);
        (acted, revoked)
    };
    if let Some(acted) = acted {
        assert!(
            acted < revoked,
            "acted ({acted}) on rights that had ended ({revoked}): {revocation:?}, {subject:?}"
        );
    }
    lane.restore(store, revocation).await;
    acted.is_some()
}

/// The promise on which every step of a job and every writing request rests. Races are only worth
/// their number when either side wins some.
pub async fn no_step_starts_after_the_revocation_commits(store: &Store) {
    let lanes = (0..LANES).map(|_| async {
        let mut lane = Lane::new(store).await;
        let mut acted = 0;
        for round in 0..RACES / LANES {
            acted += usize::from(race(store, &mut lane, round).await);
        }
        acted
    });
    let acted: usize = join_all(lanes).await.into_iter().sum();
    let refused = RACES - acted;
    let line = format!("{RACES} races: {acted} acted before the revocation, {refused} refused");
    writeln!(std::io::stdout(), "{line}").expect("stdout takes a line");
    assert!(acted > 0 && acted < RACES, "{acted} of {RACES} acted");
}
