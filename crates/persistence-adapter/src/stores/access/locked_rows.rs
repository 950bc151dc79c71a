//! Locking what rights hang on, in the statement that reads it. PostgreSQL cannot lock the optional
//! side of an outer join, so each row is locked by a common table expression that has the name of its
//! table: the joined statement behind reads those instead of the tables, and so the newest version of
//! each row, not the one from before we waited.

use crate::sql::{DbUuid, Id};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use domain::access::AccessSubject;
use domain::ids::{ApiTokenId, TeamId, UserId, UserSessionId};

/// Runs the query on rows that nobody can change before the transaction ends. Locked in this order:
/// person, membership, role, team, credential. Each expression asks for the one before, so that the
/// order holds whatever plan is made. SQLite has one writer at a time, so there is nothing to lock.
#[derive(Debug, Clone, Copy)]
pub(super) struct SharedRows<Inner> {
    credential: Credential,
    team: Option<Id<TeamId>>,
    query: Inner,
}

#[derive(Debug, Clone, Copy)]
enum Credential {
    Session(Id<UserSessionId>),
    Token(Id<ApiTokenId>),
    Person(Id<UserId>),
}

impl<Inner> SharedRows<Inner> {
    /// `query` reads these tables by their names. The team of a token is the token's.
    pub(super) fn new(subject: AccessSubject, team: Option<TeamId>, query: Inner) -> Self {
        let credential = match subject {
            AccessSubject::Session(id) => Credential::Session(Id(id)),
            AccessSubject::Token(id) => Credential::Token(Id(id)),
            AccessSubject::User(id) => Credential::Person(Id(id)),
        };
        Self {
            credential,
            team: team.map(Id),
            query,
        }
    }

    /// The person's id. Whose a credential is never changes, so it is read without a lock.
    fn push_person<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match &self.credential {
            Credential::Session(id) => {
                out.push_sql("(SELECT user_id FROM user_sessions WHERE id = ");
                out.push_bind_param::<DbUuid, _>(id)?;
                out.push_sql(")");
                Ok(())
            }
            Credential::Token(id) => {
                out.push_sql("(SELECT user_id FROM api_tokens WHERE id = ");
                out.push_bind_param::<DbUuid, _>(id)?;
                out.push_sql(")");
                Ok(())
            }
            Credential::Person(id) => out.push_bind_param::<DbUuid, _>(id),
        }
    }

    /// The team's id, or nothing that any row has.
    fn push_team<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match (&self.credential, &self.team) {
            (Credential::Token(id), _) => {
                out.push_sql("(SELECT team_id FROM api_tokens WHERE id = ");
                out.push_bind_param::<DbUuid, _>(id)?;
                out.push_sql(")");
                Ok(())
            }
            (_, Some(team)) => out.push_bind_param::<DbUuid, _>(team),
            (_, None) => {
                out.push_sql("NULL");
                Ok(())
            }
        }
    }

    fn push_credential<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        const LAST: &str = " AND (SELECT count(*) FROM teams) >= 0 FOR SHARE)";
        match &self.credential {
            Credential::Session(id) => {
                out.push_sql(", user_sessions AS (SELECT * FROM user_sessions WHERE id = ");
                out.push_bind_param::<DbUuid, _>(id)?;
                out.push_sql(LAST);
            }
            Credential::Token(id) => {
                out.push_sql(", api_tokens AS (SELECT * FROM api_tokens WHERE id = ");
                out.push_bind_param::<DbUuid, _>(id)?;
                out.push_sql(LAST);
            }
            Credential::Person(_) => {}
        }
        Ok(())
    }
}

impl<Inner: Query> Query for SharedRows<Inner> {
    type SqlType = Inner::SqlType;
}

/// The text depends on the credential.
impl<Inner> QueryId for SharedRows<Inner> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Inner: QueryFragment<Pg>> QueryFragment<Pg> for SharedRows<Inner> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH users AS (SELECT * FROM users WHERE id = ");
        self.push_person(&mut out)?;
        out.push_sql(
            " FOR SHARE), memberships AS (SELECT * FROM memberships \
             WHERE user_id = (SELECT id FROM users) AND team_id = ",
        );
        self.push_team(&mut out)?;
        out.push_sql(
            " FOR SHARE), roles AS (SELECT * FROM roles \
             WHERE id = (SELECT role_id FROM memberships) FOR SHARE), \
             teams AS (SELECT * FROM teams WHERE id = ",
        );
        self.push_team(&mut out)?;
        out.push_sql(" AND (SELECT count(*) FROM roles) >= 0 FOR SHARE)");
        self.push_credential(&mut out)?;
        out.push_sql(" ");
        self.query.walk_ast(out)
    }
}

impl<Inner: QueryFragment<Sqlite>> QueryFragment<Sqlite> for SharedRows<Inner> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.query.walk_ast(out)
    }
}
