//! A package or add-on that is installed.
//!
//! It must not know manifests: what an installation does inside the nodes is not simulated.

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum InstallationKind {
    Addon,
    Package,
}

#[derive(Clone, Debug)]
pub(crate) struct Installation {
    pub(crate) unique_name: String,
    pub(crate) app_id: String,
    pub(crate) name: String,
    pub(crate) kind: InstallationKind,
    pub(crate) uid: u64,
    /// Absent for a manifest that touches no environment.
    pub(crate) environment: Option<String>,
    pub(crate) node_group: Option<String>,
}
