//! Asking whether a caller may do what a use case is going to do: first of all, and once more in the
//! transaction that does it.

use crate::UseCaseError;
use domain::access::{
    AccessPolicy, AccessSubject, Actor, Permission, PermissionSet, Person, Principal, RefusedAccess,
};
use domain::error_code::ErrorCode;
use domain::ids::TeamId;
use domain::planted::{self, Fault};
use domain::ports::{Clock, Transaction, UnitOfWork, WritePriority};

#[cfg(test)]
mod tests;

/// Proof that a caller was asked for. Nothing is stored for a caller without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authorised<'a> {
    actor: &'a Actor,
    permissions: PermissionSet,
}

/// Passes when the actor belongs to the team and has the permission. A foreign team and one that
/// does not exist get the same answer; it comes before anything is looked up.
pub(crate) fn demand(
    actor: &Actor,
    team: TeamId,
    permission: Permission,
) -> Result<Authorised<'_>, UseCaseError> {
    demand_all(actor, team, [permission])
}

/// The same for a use case that does several things: it demands the permissions of all of them.
pub(crate) fn demand_all(
    actor: &Actor,
    team: TeamId,
    permissions: impl IntoIterator<Item = Permission>,
) -> Result<Authorised<'_>, UseCaseError> {
    if planted::is_on(Fault::LookupBeforePermission) {
        let permissions = permissions.into_iter().collect();
        return Ok(Authorised { actor, permissions });
    }
    if actor.team_id() != team {
        return Err(UseCaseError::not_found());
    }
    let permissions = permissions
        .into_iter()
        .map(|permission| actor.demand(permission).map(|()| permission))
        .collect::<Result<PermissionSet, _>>()?;
    Ok(Authorised { actor, permissions })
}

impl<'a> Authorised<'a> {
    /// Who was asked for.
    pub(crate) fn actor(&self) -> &'a Actor {
        self.actor
    }

    /// What was demanded.
    pub(crate) fn permissions(&self) -> PermissionSet {
        self.permissions
    }

    /// Begins the transaction that does what was demanded. Its first statement reads the rights again
    /// and holds them until the end: who takes them away waits for us, or we see that they are gone.
    pub(crate) async fn begin(
        &self,
        unit_of_work: &dyn UnitOfWork,
        clock: &dyn Clock,
    ) -> Result<Box<dyn Transaction>, UseCaseError> {
        let (transaction, _) = self.begin_anew(unit_of_work, clock).await?;
        Ok(transaction)
    }

    /// The same, with the caller as the second look finds them: nobody gives away a right that was
    /// taken from them meanwhile.
    pub(crate) async fn begin_anew(
        &self,
        unit_of_work: &dyn UnitOfWork,
        clock: &dyn Clock,
    ) -> Result<(Box<dyn Transaction>, Actor), UseCaseError> {
        let mut transaction = unit_of_work.begin(WritePriority::Interactive).await?;
        let Some(subject) = self.actor.subject() else {
            return Ok((transaction, self.actor.clone()));
        };
        let team = self.actor.team_id();
        let record = transaction
            .access()
            .lock_access(subject, Some(team))
            .await?;
        let record = record.ok_or_else(|| refused(RefusedAccess::Unauthenticated))?;
        let origin = self.actor.origin().clone();
        let now = record.actor(team, &AccessPolicy::SECOND_LOOK, clock.now(), None, origin);
        let now = now.map_err(refused)?;
        for permission in self.permissions.iter() {
            now.demand(permission)?;
        }
        Ok((transaction, now))
    }
}

/// Passes when the caller has all of these permissions: nobody gives, or takes from others, a right
/// that they do not have.
pub(crate) fn demand_within(now: &Actor, wanted: PermissionSet) -> Result<(), UseCaseError> {
    let lacking = wanted.iter().find(|it| !now.permissions().contains(*it));
    match lacking {
        None => Ok(()),
        Some(permission) => Err(UseCaseError::new(
            ErrorCode::RightsExceeded,
            format!(
                "this is about the permission `{}`, which you do not have",
                permission.as_str()
            ),
        )),
    }
}

/// Passes for a member in a browser, in a team that is not suspended: what members do about their own
/// place in the team needs no permission but to see it, so it asks for the person instead.
pub(crate) fn demand_in_person(actor: &Actor) -> Result<(), UseCaseError> {
    if actor.is_team_suspended() {
        return Err(UseCaseError::new(
            ErrorCode::TeamSuspended,
            "the team is suspended; ask those who run the service",
        ));
    }
    match actor.principal() {
        Principal::User(_) => Ok(()),
        Principal::Operator(_) => Err(UseCaseError::not_found()),
        Principal::Token(_) | Principal::CommandLine | Principal::Anonymous | Principal::System => {
            Err(UseCaseError::new(
                ErrorCode::BrowserSessionRequired,
                "a person does this: sign in with a browser instead of sending an API token",
            ))
        }
    }
}

/// Passes for those who run the service; others do not learn that there is anything.
pub(crate) fn demand_operator(person: &Person) -> Result<(), UseCaseError> {
    if person.user.is_operator {
        Ok(())
    } else {
        Err(UseCaseError::not_found())
    }
}

/// Begins a transaction of a person apart from any team, looking again whether the session still
/// stands.
pub(crate) async fn begin_as_person(
    person: &Person,
    unit_of_work: &dyn UnitOfWork,
    clock: &dyn Clock,
) -> Result<Box<dyn Transaction>, UseCaseError> {
    let (transaction, _) = begin_as_person_anew(person, unit_of_work, clock).await?;
    Ok(transaction)
}

/// The same, with the person as the second look finds them.
pub(crate) async fn begin_as_person_anew(
    person: &Person,
    unit_of_work: &dyn UnitOfWork,
    clock: &dyn Clock,
) -> Result<(Box<dyn Transaction>, Person), UseCaseError> {
    let mut transaction = unit_of_work.begin(WritePriority::Interactive).await?;
    let subject = AccessSubject::Session(person.session.id);
    let record = transaction.access().lock_access(subject, None).await?;
    let record = record.ok_or_else(|| refused(RefusedAccess::Unauthenticated))?;
    let origin = person.origin.clone();
    let now = record
        .person(&AccessPolicy::SECOND_LOOK, clock.now(), origin)
        .map_err(refused)?;
    Ok((transaction, now))
}

/// One answer for every credential that is not good, one for everything the caller may not know of.
pub(crate) fn refused(refusal: RefusedAccess) -> UseCaseError {
    match refusal {
        RefusedAccess::Unauthenticated => UseCaseError::new(
            ErrorCode::Unauthenticated,
            "a valid API token or browser session is required",
        ),
        RefusedAccess::NotFound => UseCaseError::not_found(),
    }
}
