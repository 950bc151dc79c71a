//! Who acts, and what they may do. Every use case asks here before it looks anything up.

mod actor;
mod record;
mod role;
#[cfg(test)]
mod tests;

pub use actor::{AccessSubject, Actor, PermissionDenied, Person, Principal, RequestOrigin};
pub use record::{AccessPolicy, AccessRecord, CredentialRecord, RefusedAccess, TeamAccess};
pub use role::{CustomPermissions, CustomPermissionsError, Role, RoleKind};

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

            /// What it allows, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)* }
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
    /// Give environments other names for people.
    EnvironmentRename = "env.rename";
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
    /// Make backups of environments.
    BackupCreate = "backup.create";
    /// Bring back what a backup holds; what was changed since is lost.
    BackupRestore = "backup.restore";
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
    /// Do once more what failed or was cancelled; whatever that demands is demanded as well.
    JobRetry = "job.retry";
    /// Follow what happens in the team: jobs, environments, findings, the platform account.
    EventView = "event.view";
    /// See webhooks and what was sent to them.
    WebhookView = "webhook.view";
    /// Make, change and delete webhooks, and send again what was sent.
    WebhookManage = "webhook.manage";
    /// See the state of the platform account (never its credential).
    PlatformAccountView = "platform_account.view";
    /// Connect the platform account, replace its credential, disconnect it.
    PlatformAccountManage = "platform_account.manage";
    /// See the team, its members and its roles.
    TeamView = "team.view";
    /// Rename the team.
    TeamUpdate = "team.update";
    /// Delete the team and destroy its key.
    TeamDelete = "team.delete";
    /// Offer the ownership of the team to another member.
    TeamTransfer = "team.transfer";
    /// Take everything along that is kept of the team.
    TeamExport = "team.export";
    /// Invite people, and see and revoke invitations.
    TeamInvite = "team.invite";
    /// Change the roles of members and remove members.
    MemberManage = "member.manage";
    /// Make, change and delete roles.
    RoleManage = "role.manage";
    /// Make, see and revoke API tokens of the team.
    TokenManage = "token.manage";
    /// Read the audit trail of the team.
    AuditView = "audit.view";
}

impl Permission {
    /// Whether only the owner may ever have it: it cannot go into a custom role.
    pub fn is_owner_only(self) -> bool {
        matches!(
            self,
            Self::AddonInstall
                | Self::AddonUninstall
                | Self::MbadminInstall
                | Self::PlatformAccountView
                | Self::PlatformAccountManage
                | Self::TeamDelete
                | Self::TeamTransfer
                | Self::TeamExport
        )
    }

    /// Whether it only shows what is there. A suspended team keeps these, an operator has these in
    /// every team.
    pub fn is_view(self) -> bool {
        matches!(
            self,
            Self::EnvironmentView
                | Self::JobView
                | Self::TeamView
                | Self::AuditView
                | Self::PlatformAccountView
                | Self::EventView
                | Self::WebhookView
        )
    }
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

    /// Whether everything in `other` is in this set, too.
    pub fn contains_all(self, other: Self) -> bool {
        self.intersection(other) == other
    }

    /// Reads slugs separated by spaces. A slug that this version does not know was written by a newer
    /// one; it gives no right here.
    pub fn parse_slugs(text: &str) -> Self {
        text.split(' ').filter_map(Permission::parse).collect()
    }

    /// The slugs in order, separated by spaces.
    pub fn to_slugs(self) -> String {
        let slugs: Vec<_> = self.iter().map(Permission::as_str).collect();
        slugs.join(" ")
    }

    /// Only what shows.
    #[must_use]
    pub fn views(self) -> Self {
        self.iter()
            .filter(|permission| permission.is_view())
            .collect()
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
