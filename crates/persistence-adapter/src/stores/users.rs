//! People and their wrapped keys.

use super::{email_links, recovery_codes};
use crate::failure::{inconsistent, parse_column};
use crate::schema::{user_keys, users};
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::UserId;
use domain::names::{EmailAddress, PersonName};
use domain::people::{
    EmailLink, EmailLinkPurpose, PasswordHash, SecondFactor, TokenHash, User, UserState,
};
use domain::ports::{PeopleStore, StoreError};
use domain::sealed::{SealedSecret, WrappedKey};
use jiff::Timestamp;

const TABLE: &str = "users";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
pub(crate) struct UserRow {
    id: Id<UserId>,
    email: String,
    name: String,
    password_hash: String,
    state: String,
    is_operator: bool,
    second_factor_secret: Option<Vec<u8>>,
    second_factor_confirmed_at: Option<Moment>,
    second_factor_last_step: Option<i64>,
    created_at: Moment,
    version: i64,
}

impl From<&User> for UserRow {
    fn from(user: &User) -> Self {
        let factor = user.second_factor.as_ref();
        Self {
            id: Id(user.id),
            email: user.email.as_str().to_owned(),
            name: user.name.as_str().to_owned(),
            password_hash: user.password.0.clone(),
            state: user.state.as_str().to_owned(),
            is_operator: user.is_operator,
            second_factor_secret: factor.map(|factor| factor.sealed_secret.0.clone()),
            second_factor_confirmed_at: factor.and_then(|factor| factor.confirmed_at.map(Moment)),
            second_factor_last_step: factor.map(|factor| factor.last_step),
            created_at: Moment(user.created_at),
            version: user.version,
        }
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let confirmed_at = row.second_factor_confirmed_at.map(|moment| moment.0);
        let second_factor = row
            .second_factor_secret
            .zip(row.second_factor_last_step)
            .map(|(secret, last_step)| SecondFactor {
                sealed_secret: SealedSecret(secret),
                confirmed_at,
                last_step,
            });
        Ok(Self {
            id: row.id.0,
            email: parse_email(TABLE, &row.email)?,
            name: PersonName::parse(&row.name)
                .map_err(|error| inconsistent(TABLE, "name", error))?,
            password: PasswordHash(row.password_hash),
            state: parse_column(TABLE, "state", &row.state, UserState::parse)?,
            is_operator: row.is_operator,
            second_factor,
            created_at: row.created_at.0,
            version: row.version,
        })
    }
}

/// A stored address.
pub(crate) fn parse_email(table: &'static str, text: &str) -> Result<EmailAddress, StoreError> {
    EmailAddress::parse(text).map_err(|error| inconsistent(table, "email", error))
}

async fn insert(session: &mut Session, user: &User, key: &WrappedKey) -> Result<(), StoreError> {
    let row = UserRow::from(user);
    on_session!(session, c => diesel::insert_into(users::table).values(&row).execute(c).await)?;
    let row = (
        user_keys::user_id.eq(Id(user.id)),
        user_keys::wrapped_key.eq(&key.0),
    );
    on_session!(session, c => diesel::insert_into(user_keys::table).values(row).execute(c).await)?;
    Ok(())
}

async fn update(session: &mut Session, user: &User) -> Result<(), StoreError> {
    let row = UserRow::from(user);
    let changes = (
        users::email.eq(row.email),
        users::name.eq(row.name),
        users::password_hash.eq(row.password_hash),
        users::state.eq(row.state),
        users::is_operator.eq(row.is_operator),
        users::second_factor_secret.eq(row.second_factor_secret),
        users::second_factor_confirmed_at.eq(row.second_factor_confirmed_at),
        users::second_factor_last_step.eq(row.second_factor_last_step),
        users::version.eq(users::version + 1),
    );
    let updated = on_session!(session, c => diesel::update(users::table.find(Id(user.id)))
        .filter(users::version.eq(user.version))
        .set(changes)
        .execute(c)
        .await)?;
    if updated == 1 {
        Ok(())
    } else {
        Err(StoreError::VersionChanged)
    }
}

#[async_trait]
impl PeopleStore for Session {
    async fn insert_user(&mut self, user: &User, key: &WrappedKey) -> Result<(), StoreError> {
        insert(self, user, key).await
    }

    async fn find_user(&mut self, user: UserId) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = on_session!(self, c => users::table
            .find(Id(user))
            .select(UserRow::as_select())
            .first(c)
            .await
            .optional())?;
        row.map(User::try_from).transpose()
    }

    async fn find_user_by_email(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = on_session!(self, c => users::table
            .filter(users::email.eq(email.as_str()))
            .select(UserRow::as_select())
            .first(c)
            .await
            .optional())?;
        row.map(User::try_from).transpose()
    }

    async fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        update(self, user).await
    }

    async fn find_user_key(&mut self, user: UserId) -> Result<Option<WrappedKey>, StoreError> {
        let key: Option<Vec<u8>> = on_session!(self, c => user_keys::table
            .find(Id(user))
            .select(user_keys::wrapped_key)
            .first(c)
            .await
            .optional())?;
        Ok(key.map(WrappedKey))
    }

    async fn replace_recovery_codes(
        &mut self,
        user: UserId,
        hashes: &[TokenHash],
    ) -> Result<(), StoreError> {
        recovery_codes::replace(self, user, hashes).await
    }

    async fn use_recovery_code(
        &mut self,
        user: UserId,
        hashes: &[TokenHash],
    ) -> Result<bool, StoreError> {
        recovery_codes::use_up(self, user, hashes).await
    }

    async fn insert_email_link(&mut self, link: &EmailLink) -> Result<(), StoreError> {
        email_links::insert(self, link).await
    }

    async fn use_email_link(
        &mut self,
        purpose: EmailLinkPurpose,
        hashes: &[TokenHash],
        now: Timestamp,
    ) -> Result<Option<EmailLink>, StoreError> {
        email_links::use_up(self, purpose, hashes, now).await
    }
}
