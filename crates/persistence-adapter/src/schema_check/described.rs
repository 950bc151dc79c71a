//! What `schema.rs` says, read from the types that diesel made of it: nothing is listed twice.

use super::ColumnKey;
use crate::schema::{self, all_tables};
use crate::sql::{DbMoment, DbUuid};
use diesel::query_source::{Column, Table};
use diesel::sql_types::{
    BigInt, Binary, Bool, Integer, Nullable, SmallInt, SqlType, Text, is_nullable,
};
use diesel::{Expression, QuerySource};
use std::collections::BTreeMap;

/// How a SQL type is stored on both databases.
trait Stored {
    const POSTGRES: &'static str;
    const SQLITE: &'static str;
    const NULLABILITY: &'static str = "not null";
}

macro_rules! stored {
    ($($type:ty = $postgres:literal, $sqlite:literal;)*) => {
        $(impl Stored for $type {
            const POSTGRES: &'static str = $postgres;
            const SQLITE: &'static str = $sqlite;
        })*
    };
}

stored! {
    BigInt = "bigint", "INTEGER";
    Binary = "bytea", "BLOB";
    Bool = "boolean", "INTEGER";
    DbMoment = "timestamp with time zone", "INTEGER";
    DbUuid = "uuid", "BLOB";
    Integer = "integer", "INTEGER";
    SmallInt = "smallint", "INTEGER";
    Text = "text", "TEXT";
}

impl<T> Stored for Nullable<T>
where
    T: Stored + SqlType<IsNull = is_nullable::NotNull>,
{
    const POSTGRES: &'static str = T::POSTGRES;
    const SQLITE: &'static str = T::SQLITE;
    const NULLABILITY: &'static str = "null";
}

/// The columns of a table, one after the other.
trait Columns {
    fn describe(is_postgres: bool, add: &mut dyn FnMut(&'static str, String));
}

macro_rules! columns {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest,)*> Columns for ($first, $($rest,)*)
        where
            $first: Column + Expression<SqlType: Stored>,
            $($rest: Column + Expression<SqlType: Stored>,)*
        {
            fn describe(is_postgres: bool, add: &mut dyn FnMut(&'static str, String)) {
                describe_column::<$first>(is_postgres, add);
                $(describe_column::<$rest>(is_postgres, add);)*
            }
        }
        columns!($($rest)*);
    };
    () => {};
}
columns!(
    A B C D E F G H I J K L M N O P Q R S T U V W X Y Z AA BB CC DD EE FF
);

fn describe_column<C>(is_postgres: bool, add: &mut dyn FnMut(&'static str, String))
where
    C: Column + Expression<SqlType: Stored>,
{
    let type_name = if is_postgres {
        <C::SqlType as Stored>::POSTGRES
    } else {
        <C::SqlType as Stored>::SQLITE
    };
    let nullability = <C::SqlType as Stored>::NULLABILITY;
    add(C::NAME, format!("{type_name} {nullability}"));
}

fn describe_table<T>(name: &str, is_postgres: bool, all: &mut BTreeMap<ColumnKey, String>)
where
    T: Table + QuerySource,
    T::AllColumns: Columns,
{
    T::AllColumns::describe(is_postgres, &mut |column, description| {
        all.insert((name.to_owned(), column.to_owned()), description);
    });
}

/// Every column of every table, in the words of the database.
pub(super) fn described_columns(is_postgres: bool) -> BTreeMap<ColumnKey, String> {
    let mut all = BTreeMap::new();
    macro_rules! visit {
        ($($table:ident),* $(,)?) => {
            $(describe_table::<schema::$table::table>(stringify!($table), is_postgres, &mut all);)*
        };
    }
    all_tables!(visit);
    all
}
