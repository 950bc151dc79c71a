//! The nodes of an environment.

use crate::failure::{inconsistent, parse_column};
use crate::schema::nodes;
use crate::session::{Session, on_session};
use crate::sql::Id;
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use domain::environment::{Node, ObservedState, PlatformNodeId};
use domain::ids::{EnvironmentId, NodeId, TeamId};
use domain::names::NodeGroup;
use domain::ports::StoreError;

const TABLE: &str = "nodes";

#[derive(Queryable, Selectable)]
#[diesel(table_name = nodes)]
struct NodeRow {
    platform_node_id: i64,
    id: Id<NodeId>,
    node_group: String,
    stack: String,
    is_master: bool,
    state: String,
}

impl TryFrom<NodeRow> for Node {
    type Error = StoreError;

    fn try_from(row: NodeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.0,
            platform_node_id: PlatformNodeId(row.platform_node_id),
            node_group: NodeGroup::parse(&row.node_group)
                .map_err(|error| inconsistent(TABLE, "node_group", error))?,
            stack: row.stack,
            is_master: row.is_master,
            state: parse_column(TABLE, "state", &row.state, ObservedState::parse)?,
        })
    }
}

/// The nodes, by layer and platform number.
pub(crate) async fn list(
    session: &mut Session,
    team: TeamId,
    environment: EnvironmentId,
) -> Result<Vec<Node>, StoreError> {
    let rows: Vec<NodeRow> = on_session!(session, c => nodes::table
        .filter(nodes::team_id.eq(Id(team)))
        .filter(nodes::environment_id.eq(Id(environment)))
        .select(NodeRow::as_select())
        .order((nodes::node_group, nodes::platform_node_id))
        .load(c)
        .await)?;
    rows.into_iter().map(Node::try_from).collect()
}

/// All nodes of the team's environments.
pub(crate) async fn list_of_team(
    session: &mut Session,
    team: TeamId,
) -> Result<Vec<(EnvironmentId, Node)>, StoreError> {
    let rows: Vec<(Id<EnvironmentId>, NodeRow)> = on_session!(session, c => nodes::table
        .filter(nodes::team_id.eq(Id(team)))
        .select((nodes::environment_id, NodeRow::as_select()))
        .load(c)
        .await)?;
    rows.into_iter()
        .map(|(environment, row)| Ok((environment.0, Node::try_from(row)?)))
        .collect()
}

/// Removes what is not among `wanted` and writes the rest; a known node keeps its id.
pub(super) async fn replace(
    session: &mut Session,
    team: TeamId,
    environment: EnvironmentId,
    wanted: &[Node],
) -> Result<(), StoreError> {
    let kept: Vec<i64> = wanted.iter().map(|node| node.platform_node_id.0).collect();
    on_session!(session, c => diesel::delete(nodes::table)
        .filter(nodes::team_id.eq(Id(team)))
        .filter(nodes::environment_id.eq(Id(environment)))
        .filter(nodes::platform_node_id.ne_all(&kept))
        .execute(c)
        .await)?;
    for node in wanted {
        let row = (
            nodes::team_id.eq(Id(team)),
            nodes::environment_id.eq(Id(environment)),
            nodes::platform_node_id.eq(node.platform_node_id.0),
            nodes::id.eq(Id(node.id)),
            nodes::node_group.eq(node.node_group.as_str()),
            nodes::stack.eq(&node.stack),
            nodes::is_master.eq(node.is_master),
            nodes::state.eq(node.state.as_str()),
        );
        on_session!(session, c => diesel::insert_into(nodes::table)
            .values(row)
            .on_conflict((nodes::team_id, nodes::environment_id, nodes::platform_node_id))
            .do_update()
            .set((
                nodes::node_group.eq(excluded(nodes::node_group)),
                nodes::stack.eq(excluded(nodes::stack)),
                nodes::is_master.eq(excluded(nodes::is_master)),
                nodes::state.eq(excluded(nodes::state)),
            ))
            .execute(c)
            .await)?;
    }
    Ok(())
}
