//! Who acts, and what they may do. Every use case asks here before it looks anything up.

use crate::ids::{ApiTokenId, RequestId, TeamId};

#[cfg(test)]
mod tests;

macro_rules! permissions {
    ($($(#[doc = $doc:literal])+ $variant:ident = $slug:literal;)*) => {
        /// One thing that can be allowed. The slug is also the scope of an API token.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Permission {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl Permission {
            /// Every permission, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable slug, `area.verb`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// Reads a slug.
            pub fn parse(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

permissions! {
    /// See environments, their nodes and what is installed in them.
    EnvironmentView = "env.view";
    /// Create environments.
    EnvironmentCreate = "env.create";
    /// Create environments by cloning.
    EnvironmentClone = "env.clone";
    /// Delete environments with everything in them.
    EnvironmentDelete = "env.delete";
    /// Start environments.
    EnvironmentStart = "env.start";
    /// Stop environments and put them to sleep.
    EnvironmentStop = "env.stop";
    /// Restart environments, layers and nodes.
    EnvironmentRestart = "env.restart";
    /// Replace containers by new ones of a version.
    EnvironmentRedeploy = "env.redeploy";
    /// Read environments anew from the platform.
    EnvironmentSync = "env.sync";
    /// Change layers and the size of nodes.
    TopologyManage = "topology.manage";
    /// Sort environments into groups.
    GroupManage = "group.manage";
    /// Add and remove shared folders.
    MountManage = "mount.manage";
    /// Bind and unbind domains.
    DomainManage = "domain.manage";
    /// Set and remove variables of containers.
    VariablesManage = "variables.manage";
    /// See the values of variables, which may be secrets.
    VariablesViewValues = "variables.view_values";
    /// Turn caches on and off, empty and configure them.
    CacheManage = "cache.manage";
    /// Install the package that manages caches.
    MbadminInstall = "mbadmin.install";
    /// Install add-ons.
    AddonInstall = "addon.install";
    /// Uninstall add-ons.
    AddonUninstall = "addon.uninstall";
    /// Search and replace in the database of a site.
    SearchReplaceRun = "search_replace.run";
    /// Give nodes new passwords.
    PasswordReset = "password.reset";
    /// Read log files of nodes, which may hold anything that a site writes.
    LogsView = "logs.view";
    /// Run scripts that the operator has mapped.
    ScriptRun = "script.run";
    /// See jobs and their logs.
    JobView = "job.view";
    /// Cancel jobs.
    JobCancel = "job.cancel";
    /// See the state of the platform account (never its credential).
    PlatformAccountView = "platform_account.view";
    /// Connect the platform account or replace its credential.
    PlatformAccountManage = "platform_account.manage";
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// No permission at all.
    pub const NONE: Self = Self(0);

    /// Everything an owner may do.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether the permission is in the set.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << (permission as u32)) != 0
    }

    /// What is in both sets: the rights of a credential are those of the role and of its scopes.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The permissions, in order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<Items: IntoIterator<Item = Permission>>(items: Items) -> Self {
        Self(
            items
                .into_iter()
                .fold(0, |bits, permission| bits | (1 << (permission as u32))),
        )
    }
}

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Principal {
    /// An API token of the team.
    Token(ApiTokenId),
    /// Windlass itself: recovery, undo, background work.
    System,
}

impl Principal {
    /// The stable text form, for audit rows and idempotency scopes.
    pub fn as_text(&self) -> String {
        match self {
            Self::Token(id) => id.to_string(),
            Self::System => "system".to_owned(),
        }
    }

    /// Reads the stable text form.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "system" {
            Some(Self::System)
        } else {
            text.parse().ok().map(Self::Token)
        }
    }
}

/// Where a request came from, for the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestOrigin {
    /// The request.
    pub request_id: RequestId,
    /// The client's address as text, after trusted proxies were taken into account.
    pub client_address: Option<String>,
    /// The `User-Agent`, cut to 200 characters.
    pub user_agent: Option<String>,
}

/// An authenticated caller of one team.
#[derive(Debug, Clone)]
pub struct Actor {
    team_id: TeamId,
    principal: Principal,
    permissions: PermissionSet,
    origin: RequestOrigin,
}

/// The caller lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("permission `{}` is missing", permission.as_str())]
pub struct PermissionDenied {
    /// The permission that is missing.
    pub permission: Permission,
}

impl Actor {
    /// Puts together what authentication found out.
    pub fn new(
        team_id: TeamId,
        principal: Principal,
        permissions: PermissionSet,
        origin: RequestOrigin,
    ) -> Self {
        Self {
            team_id,
            principal,
            permissions,
            origin,
        }
    }

    /// The team the credential belongs to.
    pub fn team_id(&self) -> TeamId {
        self.team_id
    }

    /// On whose behalf.
    pub fn principal(&self) -> Principal {
        self.principal
    }

    /// What the caller may do.
    pub fn permissions(&self) -> PermissionSet {
        self.permissions
    }

    /// Where the request came from.
    pub fn origin(&self) -> &RequestOrigin {
        &self.origin
    }

    /// Passes only when the caller has the permission. Called before anything is looked up.
    pub fn demand(&self, permission: Permission) -> Result<(), PermissionDenied> {
        if self.permissions.contains(permission) {
            Ok(())
        } else {
            Err(PermissionDenied { permission })
        }
    }
}
