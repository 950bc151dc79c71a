//! What is installed in an environment.

use crate::failure::{inconsistent, parse_column};
use crate::schema::installations;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::ids::{EnvironmentId, InstallationId, TeamId};
use domain::names::NodeGroup;
use domain::ports::StoreError;
use domain::software::{Installation, PlatformUniqueName, Software};

const TABLE: &str = "installations";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = installations, treat_none_as_default_value = false)]
struct InstallationRow {
    team_id: Id<TeamId>,
    environment_id: Id<EnvironmentId>,
    id: Id<InstallationId>,
    software: String,
    platform_unique_name: Option<String>,
    node_group: Option<String>,
    installed_at: Moment,
}

impl From<&Installation> for InstallationRow {
    fn from(installation: &Installation) -> Self {
        let unique_name = installation.platform_unique_name.as_ref();
        let node_group = installation.node_group.as_ref();
        Self {
            team_id: Id(installation.team_id),
            environment_id: Id(installation.environment_id),
            id: Id(installation.id),
            software: installation.software.as_str().to_owned(),
            platform_unique_name: unique_name.map(|name| name.0.clone()),
            node_group: node_group.map(|group| group.as_str().to_owned()),
            installed_at: Moment(installation.installed_at),
        }
    }
}

impl TryFrom<InstallationRow> for Installation {
    type Error = StoreError;

    fn try_from(row: InstallationRow) -> Result<Self, StoreError> {
        let node_group = row.node_group.map(|group| {
            NodeGroup::parse(&group).map_err(|error| inconsistent(TABLE, "node_group", error))
        });
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            environment_id: row.environment_id.0,
            software: parse_column(TABLE, "software", &row.software, Software::parse)?,
            platform_unique_name: row.platform_unique_name.map(PlatformUniqueName),
            node_group: node_group.transpose()?,
            installed_at: row.installed_at.0,
        })
    }
}

/// The installations, oldest first.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    environment: EnvironmentId,
) -> Result<Vec<Installation>, StoreError> {
    let rows: Vec<InstallationRow> = on_session!(session, c => installations::table
        .filter(installations::team_id.eq(Id(team)))
        .filter(installations::environment_id.eq(Id(environment)))
        .select(InstallationRow::as_select())
        .order((installations::installed_at, installations::id))
        .load(c)
        .await)?;
    rows.into_iter().map(Installation::try_from).collect()
}

pub(super) async fn insert(
    session: &mut Session,
    installation: &Installation,
) -> Result<(), StoreError> {
    let row = InstallationRow::from(installation);
    on_session!(session, c => diesel::insert_into(installations::table)
        .values(&row)
        .execute(c)
        .await)?;
    Ok(())
}

pub(super) async fn delete_all(
    session: &mut Session,
    team: TeamId,
    environment: EnvironmentId,
) -> Result<(), StoreError> {
    on_session!(session, c => diesel::delete(installations::table)
        .filter(installations::team_id.eq(Id(team)))
        .filter(installations::environment_id.eq(Id(environment)))
        .execute(c)
        .await)?;
    Ok(())
}
