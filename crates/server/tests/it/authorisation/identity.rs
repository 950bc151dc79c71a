//! Who calls, and what that lets them do where.

use super::document::{Operation, Policy};
use super::person::Person;
use crate::support::{Caller, Credential};
use domain::access::{Permission, PermissionSet};
use std::collections::BTreeMap;

/// What is known of whoever brings the credential.
#[derive(Debug, Clone)]
pub(super) enum Standing {
    /// The credential is good for nothing.
    Nobody,
    /// A person with no place in either team.
    Outsider,
    /// One of those who run the service.
    Operator,
    /// A member of that team.
    Member { team: String, rights: PermissionSet },
    /// A token of that team's owner that has every scope but the one that is needed.
    WithoutTheScope { team: String },
}

/// What they bring.
pub(super) enum Brings<'a> {
    /// The session of a person.
    Session(&'a Person),
    /// An API token, or something that is none.
    Token(Box<Caller>),
    /// A token for each permission that it lacks.
    TokenWithout(BTreeMap<&'static str, Caller>),
}

/// One row of the matrix.
pub(super) struct Identity<'a> {
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) brings: Brings<'a>,
}

impl<'a> Identity<'a> {
    /// Somebody whom nothing is open to but what is public.
    pub(super) fn nobody(name: &str, caller: Caller) -> Self {
        Self {
            name: name.to_owned(),
            standing: Standing::Nobody,
            brings: Brings::Token(Box::new(caller)),
        }
    }

    /// A person with a session.
    pub(super) fn person(name: String, standing: Standing, person: &'a Person) -> Self {
        Self {
            name,
            standing,
            brings: Brings::Session(person),
        }
    }

    /// A good token of that team.
    pub(super) fn token(name: &str, team: &str, rights: PermissionSet, caller: Caller) -> Self {
        Self {
            name: name.to_owned(),
            standing: Standing::Member {
                team: team.to_owned(),
                rights,
            },
            brings: Brings::Token(Box::new(caller)),
        }
    }

    /// Who sends the operation.
    pub(super) fn caller(&self, operation: &Operation) -> Caller {
        match &self.brings {
            Brings::Session(person) => person.caller(),
            Brings::Token(caller) => Caller::clone(caller),
            Brings::TokenWithout(by_permission) => match operation.policy {
                Policy::Permission(permission) => by_permission[permission.as_str()].clone(),
                _ => by_permission.values().next().expect("a token").clone(),
            },
        }
    }

    /// The same with a session that does not prove where the request comes from.
    pub(super) fn caller_without_csrf(&self, operation: &Operation) -> Caller {
        let caller = self.caller(operation);
        let credential = match &caller.credential {
            Credential::Session { cookie, .. } => Credential::Session {
                cookie: cookie.clone(),
                csrf_token: String::new(),
            },
            other => other.clone(),
        };
        caller.with(credential)
    }

    /// Whether they come with a session that is good.
    pub(super) fn has_session(&self) -> bool {
        matches!(self.brings, Brings::Session(_))
    }

    pub(super) fn is_nobody(&self) -> bool {
        matches!(self.standing, Standing::Nobody)
    }

    pub(super) fn is_operator(&self) -> bool {
        matches!(self.standing, Standing::Operator)
    }

    /// What they may do in the team; `None` when it does not exist for them.
    pub(super) fn rights_in(&self, team: &str, demanded: Permission) -> Option<PermissionSet> {
        match &self.standing {
            Standing::Nobody | Standing::Outsider => None,
            Standing::Operator => Some(PermissionSet::all().views()),
            Standing::Member { team: own, rights } => (own == team).then_some(*rights),
            Standing::WithoutTheScope { team: own } => {
                let others = |it: &Permission| *it != demanded;
                let rights = PermissionSet::all().iter().filter(others).collect();
                (own == team).then_some(rights)
            }
        }
    }
}
