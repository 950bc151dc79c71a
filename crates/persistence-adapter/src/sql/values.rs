//! Domain values as bind parameters and columns. The wrappers are needed because neither the
//! trait nor the domain type is ours here.

use super::{DbMoment, DbUuid};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types;
use diesel::sqlite::Sqlite;
use domain::ids::EntityId;
use jiff::Timestamp;
use uuid::Uuid;

/// PostgreSQL counts from 2000-01-01, the domain from 1970-01-01.
const POSTGRES_EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

/// Any identifier of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbUuid)]
pub(crate) struct Id<T: EntityId>(pub(crate) T);

impl<T: EntityId> ToSql<DbUuid, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<sql_types::Uuid, Pg>::to_sql(&self.0.as_uuid(), &mut out.reborrow())
    }
}

impl<T: EntityId> ToSql<DbUuid, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_uuid().as_bytes().to_vec());
        Ok(IsNull::No)
    }
}

impl<T: EntityId> FromSql<DbUuid, Pg> for Id<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<sql_types::Uuid, Pg>>::from_sql(value).map(|uuid| Self(T::from_uuid(uuid)))
    }
}

impl<T: EntityId> FromSql<DbUuid, Sqlite> for Id<T> {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes: Vec<u8> = FromSql::<sql_types::Binary, Sqlite>::from_sql(value)?;
        Ok(Self(T::from_uuid(Uuid::from_slice(&bytes)?)))
    }
}

/// A point in time, to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = DbMoment)]
pub(crate) struct Moment(pub(crate) Timestamp);

impl ToSql<DbMoment, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let moment = PgTimestamp(self.0.as_microsecond() - POSTGRES_EPOCH_MICROSECONDS);
        ToSql::<sql_types::Timestamptz, Pg>::to_sql(&moment, &mut out.reborrow())
    }
}

impl ToSql<DbMoment, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_microsecond());
        Ok(IsNull::No)
    }
}

impl FromSql<DbMoment, Pg> for Moment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let moment: PgTimestamp = FromSql::<sql_types::Timestamptz, Pg>::from_sql(value)?;
        let microseconds = moment
            .0
            .checked_add(POSTGRES_EPOCH_MICROSECONDS)
            .ok_or("the moment is infinite")?;
        Ok(Self(Timestamp::from_microsecond(microseconds)?))
    }
}

impl FromSql<DbMoment, Sqlite> for Moment {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let microseconds: i64 = FromSql::<sql_types::BigInt, Sqlite>::from_sql(value)?;
        Ok(Self(Timestamp::from_microsecond(microseconds)?))
    }
}
