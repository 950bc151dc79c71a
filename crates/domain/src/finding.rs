//! What a look at the platform found that does not fit what we know. A finding is told; nothing is adopted,
//! changed or destroyed because of it.

use crate::ids::{EnvironmentId, FindingId, TeamId};
use jiff::Timestamp;
use std::time::Duration;

macro_rules! finding_kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal;)*) => {
        /// What does not fit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingKind {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl FindingKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads the stable text form.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

finding_kinds! {
    /// An environment of ours is not on the platform any more, and no job has deleted it.
    EnvironmentMissing = "environment_missing";
    /// Another incarnation stands under the name of an environment of ours.
    EnvironmentReplaced = "environment_replaced";
    /// An environment of ours was changed by somebody else; our records follow it.
    EnvironmentDrifted = "environment_drifted";
    /// Something that a job of ours was to create or to delete stands there although the job has ended
    /// otherwise.
    EnvironmentLeftover = "environment_leftover";
    /// The account has an environment that was not made here.
    EnvironmentUnknown = "environment_unknown";
    /// The account is another one on the platform than the one through which environments were made: that they
    /// cannot be seen proves nothing.
    AccountChanged = "account_changed";
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The finding.
    pub id: FindingId,
    /// The team whose account was looked at.
    pub team_id: TeamId,
    /// What does not fit.
    pub kind: FindingKind,
    /// What it is about, the same at every look. May be a name of the platform's; never shown to a client.
    pub subject: String,
    /// Which environment of ours it is about.
    pub environment_id: Option<EnvironmentId>,
    /// Where the thing on the platform answers.
    pub address: Option<String>,
    /// What the platform shows it as.
    pub display_name: Option<String>,
    /// A sentence for people.
    pub detail: String,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When a second look, far enough from the first, saw it too. Until then nobody is told.
    pub confirmed_at: Option<Timestamp>,
    /// When a look did not see it any more.
    pub closed_at: Option<Timestamp>,
}

impl Finding {
    /// Whether seeing it again now confirms it: one look may fall into the middle of a change, so the two
    /// must be `apart`.
    pub fn is_confirmed_by_a_look_at(&self, now: Timestamp, apart: Duration) -> bool {
        let since = now.duration_since(self.first_seen_at);
        self.confirmed_at.is_none() && !since.is_negative() && since.unsigned_abs() >= apart
    }
}
