//! Environments. Every statement names the team.

use super::{installations, nodes};
use crate::failure::{inconsistent, parse_column};
use crate::paging::{page_of, rows_to_read};
use crate::schema::environments;
use crate::session::{Session, on_session};
use crate::sql::{Id, Moment, lower_case};
use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use domain::environment::{Environment, EnvironmentState, Node, PlatformAppId};
use domain::ids::{EnvironmentId, JobId, PlatformAccountId, TeamId};
use domain::names::{
    BlueprintName, DisplayName, EnvironmentName, NameError, RegionName, SearchText, ShortDomain,
};
use domain::page::{Page, PageRequest};
use domain::planted::{self, Fault};
use domain::ports::{EnvironmentFilter, EnvironmentStore, StoreError};
use domain::software::Installation;
use domain::team_event::{TeamEventSubject, TeamEventType};

const TABLE: &str = "environments";
/// Before a character of a pattern that stands for itself.
const ESCAPE: char = '!';

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = environments, treat_none_as_default_value = false)]
struct EnvironmentRow {
    team_id: Id<TeamId>,
    id: Id<EnvironmentId>,
    platform_account_id: Id<PlatformAccountId>,
    name: String,
    display_name: String,
    short_domain: String,
    region: Option<String>,
    blueprint: String,
    state: String,
    held_by: Option<Id<JobId>>,
    platform_appid: Option<String>,
    site_url: Option<String>,
    synced_at: Option<Moment>,
    created_at: Moment,
    version: i64,
}

impl From<&Environment> for EnvironmentRow {
    fn from(environment: &Environment) -> Self {
        Self {
            team_id: Id(environment.team_id),
            id: Id(environment.id),
            platform_account_id: Id(environment.platform_account_id),
            name: environment.name.as_str().to_owned(),
            display_name: environment.display_name.as_str().to_owned(),
            short_domain: environment.short_domain.as_str().to_owned(),
            region: environment
                .region
                .as_ref()
                .map(|region| region.as_str().to_owned()),
            blueprint: environment.blueprint.as_str().to_owned(),
            state: environment.state.as_str().to_owned(),
            held_by: environment.held_by.map(Id),
            platform_appid: environment
                .platform_appid
                .as_ref()
                .map(|appid| appid.0.clone()),
            site_url: environment.site_url.clone(),
            synced_at: environment.synced_at.map(Moment),
            created_at: Moment(environment.created_at),
            version: environment.version,
        }
    }
}

fn name<T>(
    column: &'static str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, NameError>,
) -> Result<T, StoreError> {
    parse(text).map_err(|error| inconsistent(TABLE, column, error))
}

impl TryFrom<EnvironmentRow> for Environment {
    type Error = StoreError;

    fn try_from(row: EnvironmentRow) -> Result<Self, StoreError> {
        let region = row
            .region
            .map(|region| name("region", &region, RegionName::parse));
        Ok(Self {
            id: row.id.0,
            team_id: row.team_id.0,
            platform_account_id: row.platform_account_id.0,
            name: name("name", &row.name, EnvironmentName::parse)?,
            display_name: name("display_name", &row.display_name, DisplayName::parse)?,
            short_domain: name("short_domain", &row.short_domain, ShortDomain::parse)?,
            region: region.transpose()?,
            blueprint: name("blueprint", &row.blueprint, BlueprintName::parse)?,
            state: parse_column(TABLE, "state", &row.state, EnvironmentState::parse)?,
            held_by: row.held_by.map(|job| job.0),
            platform_appid: row.platform_appid.map(PlatformAppId),
            site_url: row.site_url,
            synced_at: row.synced_at.map(|moment| moment.0),
            created_at: row.created_at.0,
            version: row.version,
        })
    }
}

/// Whose the environment is.
async fn owner_of(
    session: &mut Session,
    environment: EnvironmentId,
) -> Result<Option<TeamId>, StoreError> {
    let owner: Option<Id<TeamId>> = on_session!(session, c => environments::table
        .filter(environments::id.eq(Id(environment)))
        .select(environments::team_id)
        .first(c)
        .await
        .optional())?;
    Ok(owner.map(|team| team.0))
}

/// One environment.
pub(crate) async fn find(
    session: &mut Session,
    team: TeamId,
    environment: EnvironmentId,
) -> Result<Option<Environment>, StoreError> {
    let team = if planted::is_on(Fault::TeamFilterDropped) {
        owner_of(session, environment).await?.unwrap_or(team)
    } else {
        team
    };
    let row: Option<EnvironmentRow> = on_session!(session, c => environments::table
        .find((Id(team), Id(environment)))
        .select(EnvironmentRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(Environment::try_from).transpose()
}

/// The team's environments that are not gone and match, by id.
pub(crate) async fn list_living(
    session: &mut Session,
    team: TeamId,
    filter: &EnvironmentFilter,
    page: PageRequest<EnvironmentId>,
) -> Result<Page<Environment, EnvironmentId>, StoreError> {
    let rows: Vec<EnvironmentRow> = on_session!(session, c => {
        let mut query = environments::table
            .filter(environments::team_id.eq(Id(team)))
            .filter(environments::state.ne_all(final_states()))
            .select(EnvironmentRow::as_select())
            .into_boxed();
        if let Some(state) = filter.state {
            query = query.filter(environments::state.eq(state.as_str()));
        }
        if let Some(blueprint) = &filter.blueprint {
            query = query.filter(environments::blueprint.eq(blueprint.as_str()));
        }
        if let Some(region) = &filter.region {
            query = query.filter(environments::region.eq(region.as_str()));
        }
        if let Some(text) = &filter.text {
            // Of the text, too, what the database takes for its lower case.
            let wanted = || lower_case(pattern_with(text).into_sql::<Text>());
            let in_name = environments::name.like(wanted());
            let in_display_name = lower_case(environments::display_name).like(wanted());
            let in_address = lower_case(environments::site_url).like(wanted().nullable());
            query = query.filter(
                in_name
                    .escape(ESCAPE)
                    .or(in_display_name.escape(ESCAPE))
                    .or(in_address.escape(ESCAPE)),
            );
        }
        if let Some(after) = page.after() {
            query = query.filter(environments::id.gt(Id(after)));
        }
        query.order(environments::id).limit(rows_to_read(&page)).load(c).await
    })?;
    let items = rows.into_iter().map(Environment::try_from);
    Ok(page_of(
        items.collect::<Result<_, _>>()?,
        &page,
        |environment| environment.id,
    ))
}

/// For `LIKE`: anything that has the text somewhere. Nothing in the text stands for something else.
fn pattern_with(text: &SearchText) -> String {
    let mut pattern = String::from("%");
    for character in text.as_str().chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Environments that are gone and had one of these names on the platform.
pub(crate) async fn find_gone(
    session: &mut Session,
    team: TeamId,
    short_domains: &[String],
) -> Result<Vec<(String, EnvironmentId)>, StoreError> {
    if short_domains.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(String, Id<EnvironmentId>)> = on_session!(session, c => environments::table
        .filter(environments::team_id.eq(Id(team)))
        .filter(environments::short_domain.eq_any(short_domains))
        .filter(environments::state.eq_any(final_states()))
        .select((environments::short_domain, environments::id))
        .load(c)
        .await)?;
    Ok(rows.into_iter().map(|(name, id)| (name, id.0)).collect())
}

/// The states in which a name is free again.
pub(crate) fn final_states() -> Vec<&'static str> {
    EnvironmentState::ALL
        .iter()
        .filter(|state| state.is_final())
        .map(|state| state.as_str())
        .collect()
}

async fn insert(session: &mut Session, environment: &Environment) -> Result<(), StoreError> {
    let row = EnvironmentRow::from(environment);
    on_session!(session, c => diesel::insert_into(environments::table)
        .values(&row)
        .execute(c)
        .await)?;
    tell(session, TeamEventType::EnvironmentCreated, environment);
    Ok(())
}

async fn update(session: &mut Session, environment: &Environment) -> Result<(), StoreError> {
    let row = EnvironmentRow::from(environment);
    let changes = (
        environments::display_name.eq(row.display_name),
        environments::region.eq(row.region),
        environments::state.eq(row.state),
        environments::held_by.eq(row.held_by),
        environments::platform_appid.eq(row.platform_appid),
        environments::site_url.eq(row.site_url),
        environments::synced_at.eq(row.synced_at),
        environments::version.eq(environments::version + 1),
    );
    let updated = on_session!(session, c => diesel::update(
            environments::table.find((Id(environment.team_id), Id(environment.id))),
        )
        .filter(environments::version.eq(environment.version))
        .set(changes)
        .execute(c)
        .await)?;
    if updated != 1 {
        return Err(StoreError::VersionChanged);
    }
    let event_type = if environment.state.is_final() {
        TeamEventType::EnvironmentGone
    } else {
        TeamEventType::EnvironmentChanged
    };
    tell(session, event_type, environment);
    Ok(())
}

fn tell(session: &mut Session, event_type: TeamEventType, environment: &Environment) {
    let subject = TeamEventSubject::Environment {
        environment_id: environment.id,
        state: environment.state.as_str().to_owned(),
    };
    session.tell(environment.team_id, event_type, subject);
}

#[async_trait]
impl EnvironmentStore for Session {
    async fn insert_environment(&mut self, environment: &Environment) -> Result<(), StoreError> {
        insert(self, environment).await
    }

    async fn find_environment(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Option<Environment>, StoreError> {
        find(self, team, environment).await
    }

    async fn update_environment(&mut self, environment: &Environment) -> Result<(), StoreError> {
        update(self, environment).await
    }

    async fn replace_nodes(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
        nodes: &[Node],
    ) -> Result<(), StoreError> {
        nodes::replace(self, team, environment, nodes).await
    }

    async fn insert_installation(&mut self, installation: &Installation) -> Result<(), StoreError> {
        installations::insert(self, installation).await
    }

    async fn delete_installations(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<(), StoreError> {
        installations::delete_all(self, team, environment).await
    }

    async fn list_installations(
        &mut self,
        team: TeamId,
        environment: EnvironmentId,
    ) -> Result<Vec<Installation>, StoreError> {
        installations::list(self, team, environment).await
    }
}
