//! The lines of an export.

use crate::v1::api_tokens::ApiTokenView;
use crate::v1::audit_events::EventView;
use crate::v1::environment_view::EnvironmentView;
use crate::v1::findings::FindingView;
use crate::v1::invitations::InvitationView;
use crate::v1::job_log::LineView;
use crate::v1::job_view::JobView;
use crate::v1::members::MemberView;
use crate::v1::platform_account::PlatformAccountView;
use crate::v1::team_view::{RoleView, TeamView};
use crate::v1::webhooks::WebhookView;
use application::teams::{TeamPiece, TeamReader};
use domain::ports::StoreError;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rises when a line loses or renames something; new types and fields may come at any time.
const FORMAT: u32 = 1;

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Export {
        format: u32,
        team_id: String,
        begun_at: String,
    },
    Team(TeamView),
    PlatformAccount(PlatformAccountView),
    Role(RoleView),
    Member(MemberView),
    Invitation(InvitationView),
    ApiToken(ApiTokenView),
    Webhook(WebhookView),
    Environment(Box<EnvironmentView>),
    Job(Box<JobView>),
    #[serde(rename = "job_log_line")]
    Logged {
        job_id: String,
        #[serde(flatten)]
        line: LineView,
    },
    Finding(FindingView),
    AuditEvent(Box<EventView>),
    End {
        counts: BTreeMap<&'static str, u64>,
    },
}

impl From<TeamPiece> for Line {
    fn from(piece: TeamPiece) -> Self {
        match piece {
            TeamPiece::Team(it) => Self::Team(it.into()),
            TeamPiece::PlatformAccount(it) => Self::PlatformAccount(it.into()),
            TeamPiece::Role(it) => Self::Role(it.into()),
            TeamPiece::Member(it) => Self::Member(MemberView::in_full(&it)),
            TeamPiece::Invitation(it) => Self::Invitation(it.into()),
            TeamPiece::ApiToken(it) => Self::ApiToken(it.into()),
            TeamPiece::Webhook(it) => Self::Webhook(it.into()),
            // Whoever reads an export knows when it was made.
            TeamPiece::Environment(it) => {
                Self::Environment(Box::new(EnvironmentView::of(*it, false)))
            }
            TeamPiece::Job(it) => Self::Job(Box::new((*it).into())),
            TeamPiece::JobLogLine(job, line) => Self::Logged {
                job_id: job.to_string(),
                line: line.into(),
            },
            TeamPiece::Finding(it) => Self::Finding(it.into()),
            TeamPiece::AuditRecord(it) => Self::AuditEvent(Box::new((*it).into())),
        }
    }
}

impl Line {
    /// Its type, where it is counted.
    fn counted(&self) -> Option<&'static str> {
        Some(match self {
            Self::Export { .. } | Self::End { .. } => return None,
            Self::Team(_) => "team",
            Self::PlatformAccount(_) => "platform_account",
            Self::Role(_) => "role",
            Self::Member(_) => "member",
            Self::Invitation(_) => "invitation",
            Self::ApiToken(_) => "api_token",
            Self::Webhook(_) => "webhook",
            Self::Environment(_) => "environment",
            Self::Job(_) => "job",
            Self::Logged { .. } => "job_log_line",
            Self::Finding(_) => "finding",
            Self::AuditEvent(_) => "audit_event",
        })
    }

    fn to_text(&self) -> String {
        let mut text = serde_json::to_string(self).expect("lines are made of texts and numbers");
        text.push('\n');
        text
    }
}

/// Where an export is.
enum Place {
    Beginning,
    Pieces,
    Over,
}

/// The lines of one export, each with its line break.
pub struct ExportLines {
    reader: TeamReader,
    counts: BTreeMap<&'static str, u64>,
    place: Place,
}

impl ExportLines {
    /// Of what the reader reads.
    pub fn new(reader: TeamReader) -> Self {
        Self {
            reader,
            counts: BTreeMap::new(),
            place: Place::Beginning,
        }
    }

    /// The next line; `None` after the one that ends the export.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        match self.place {
            Place::Over => return Ok(None),
            Place::Beginning => {
                self.place = Place::Pieces;
                let line = Line::Export {
                    format: FORMAT,
                    team_id: self.reader.team().to_string(),
                    begun_at: self.reader.begun_at().to_string(),
                };
                return Ok(Some(line.to_text()));
            }
            Place::Pieces => {}
        }
        let Some(piece) = self.reader.next().await? else {
            self.place = Place::Over;
            let counts = std::mem::take(&mut self.counts);
            return Ok(Some(Line::End { counts }.to_text()));
        };
        let line = Line::from(piece);
        if let Some(counted) = line.counted() {
            *self.counts.entry(counted).or_default() += 1;
        }
        Ok(Some(line.to_text()))
    }
}
