//! Links that were mailed to people. A used one is gone.

use crate::failure::parse_column;
use crate::schema::email_links;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, hash_among};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{EmailLinkId, UserId};
use domain::people::{EmailLink, EmailLinkPurpose, TokenHash};
use domain::ports::StoreError;
use jiff::Timestamp;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = email_links)]
struct EmailLinkRow {
    id: Id<EmailLinkId>,
    user_id: Id<UserId>,
    purpose: String,
    pepper_id: String,
    mac: Vec<u8>,
    created_at: Moment,
    expires_at: Moment,
}

impl TryFrom<EmailLinkRow> for EmailLink {
    type Error = StoreError;

    fn try_from(row: EmailLinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            user_id: row.user_id.0,
            purpose: parse_column(
                "email_links",
                "purpose",
                &row.purpose,
                EmailLinkPurpose::parse,
            )?,
            hash: TokenHash {
                pepper_id: row.pepper_id,
                mac: row.mac,
            },
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}

pub(super) async fn insert(session: &mut Session, link: &EmailLink) -> Result<(), StoreError> {
    let row = EmailLinkRow {
        id: Id(link.id),
        user_id: Id(link.user_id),
        purpose: link.purpose.as_str().to_owned(),
        pepper_id: link.hash.pepper_id.clone(),
        mac: link.hash.mac.clone(),
        created_at: Moment(link.created_at),
        expires_at: Moment(link.expires_at),
    };
    on_session!(session, c => diesel::insert_into(email_links::table)
        .values(&row)
        .execute(c)
        .await)?;
    Ok(())
}

/// Deletes all links of the person for the purpose when the one that was brought is good. Whoever
/// finds it among those deleted has it: who comes at the same time finds nothing left.
pub(super) async fn use_up(
    session: &mut Session,
    purpose: EmailLinkPurpose,
    hashes: &[TokenHash],
    now: Timestamp,
) -> Result<Option<EmailLink>, StoreError> {
    let is_one = hash_among(email_links::mac, email_links::pepper_id, hashes);
    let brought: Option<(Id<EmailLinkId>, Id<UserId>)> = on_session!(session, c => email_links::table
        .filter(is_one)
        .filter(email_links::purpose.eq(purpose.as_str()))
        .filter(email_links::expires_at.gt(Moment(now)))
        .select((email_links::id, email_links::user_id))
        .first(c)
        .await
        .optional())?;
    let Some((link, user)) = brought else {
        return Ok(None);
    };
    let deleted: Vec<EmailLinkRow> = on_session!(session, c => diesel::delete(email_links::table)
        .filter(email_links::user_id.eq(user))
        .filter(email_links::purpose.eq(purpose.as_str()))
        .returning(EmailLinkRow::as_returning())
        .get_results(c)
        .await)?;
    let found = deleted.into_iter().find(|row| row.id == link);
    found.map(EmailLink::try_from).transpose()
}
