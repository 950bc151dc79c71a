//! An environment as clients see it.

use domain::environment::{Environment, Node};
use domain::ids::{EnvironmentId, TeamId};
use domain::ports::EnvironmentDetails;
use domain::software::Installation;
use serde::Serialize;
use utoipa::ToSchema;

/// An environment, without its nodes and installations.
#[derive(Serialize, ToSchema)]
#[schema(as = EnvironmentSummary)]
pub(super) struct EnvironmentSummaryView {
    /// The environment.
    #[schema(example = "env_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// The team.
    team_id: String,
    /// What the team calls it; unique among its living environments.
    #[schema(example = "shop")]
    name: String,
    /// What people see.
    #[schema(example = "The shop")]
    display_name: String,
    /// What it was built from.
    #[schema(example = "wordpress")]
    blueprint: String,
    /// Where it runs; `null` for the platform's default.
    region: Option<String>,
    /// `provisioning`, `running`, `stopped`, `sleeping`, `changing`, `broken`, `deleting`, `deleted`
    /// or `failed`.
    #[schema(example = "running")]
    state: &'static str,
    /// The job that left an open question: until a person has looked, nothing changes the
    /// environment.
    held_by_job_id: Option<String>,
    /// Where the site answers, once known.
    site_url: Option<String>,
    /// When the platform was last read; `null` when it was not yet.
    #[schema(format = DateTime)]
    synced_at: Option<String>,
    /// Whether that is so long ago that others may have changed it meanwhile; a sync is on its way then.
    stale: bool,
    /// When it was asked for.
    #[schema(format = DateTime)]
    created_at: String,
    /// Where to go from here.
    links: EnvironmentLinks,
}

/// Links of an environment.
#[derive(Serialize, ToSchema)]
struct EnvironmentLinks {
    /// The environment itself.
    #[serde(rename = "self")]
    itself: String,
    /// Add-ons: what there is, and where they are asked for.
    addons: String,
    /// Domains: what is bound, and where they are asked for.
    domains: String,
    /// What it used lately.
    usage: String,
}

/// An environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Environment)]
pub(super) struct EnvironmentView {
    #[serde(flatten)]
    summary: EnvironmentSummaryView,
    /// Its nodes, by layer.
    nodes: Vec<NodeView>,
    /// What is installed in it, oldest first.
    installations: Vec<InstallationView>,
}

/// A node of an environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Node)]
struct NodeView {
    /// The node.
    #[schema(example = "node_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// The layer it belongs to.
    #[schema(example = "cp")]
    node_group: String,
    /// The software stack it runs.
    #[schema(example = "nginxphp")]
    stack: String,
    /// Whether it is the master of its layer.
    is_master: bool,
    /// Its state.
    #[schema(example = "running")]
    state: &'static str,
}

/// Something installed in an environment.
#[derive(Serialize, ToSchema)]
#[schema(as = Installation)]
pub(super) struct InstallationView {
    /// The installation.
    #[schema(example = "inst_01kb3m1x9zf8q9w3v5t7r2p4n6")]
    id: String,
    /// `package` for the blueprint's package, otherwise the name of the add-on.
    #[schema(example = "sftp")]
    software: &'static str,
    /// The layer it was installed on.
    node_group: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    installed_at: String,
}

/// The path of an environment.
pub(super) fn environment_path(team: TeamId, environment: EnvironmentId) -> String {
    format!("/v1/teams/{team}/environments/{environment}")
}

impl EnvironmentSummaryView {
    pub(super) fn of(environment: Environment, stale: bool) -> Self {
        let path = environment_path(environment.team_id, environment.id);
        Self {
            id: environment.id.to_string(),
            team_id: environment.team_id.to_string(),
            name: environment.name.to_string(),
            display_name: environment.display_name.to_string(),
            blueprint: environment.blueprint.to_string(),
            region: environment.region.map(|region| region.to_string()),
            state: environment.state.as_str(),
            held_by_job_id: environment.held_by.map(|job| job.to_string()),
            site_url: environment.site_url,
            synced_at: environment.synced_at.map(|at| at.to_string()),
            stale,
            created_at: environment.created_at.to_string(),
            links: EnvironmentLinks {
                addons: format!("{path}/addons"),
                domains: format!("{path}/domains"),
                usage: format!("{path}/usage"),
                itself: path,
            },
        }
    }
}

impl EnvironmentView {
    pub(super) fn of(details: EnvironmentDetails, stale: bool) -> Self {
        Self {
            summary: EnvironmentSummaryView::of(details.environment, stale),
            nodes: details.nodes.into_iter().map(NodeView::from).collect(),
            installations: details
                .installations
                .into_iter()
                .map(InstallationView::from)
                .collect(),
        }
    }
}

impl From<Node> for NodeView {
    fn from(node: Node) -> Self {
        Self {
            id: node.id.to_string(),
            node_group: node.node_group.to_string(),
            stack: node.stack,
            is_master: node.is_master,
            state: node.state.as_str(),
        }
    }
}

impl From<Installation> for InstallationView {
    fn from(installation: Installation) -> Self {
        Self {
            id: installation.id.to_string(),
            software: installation.software.as_str(),
            node_group: installation.node_group.map(|group| group.to_string()),
            installed_at: installation.installed_at.to_string(),
        }
    }
}
