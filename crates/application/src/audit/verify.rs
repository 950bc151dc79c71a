//! Walking the chains: is every line the one that was written, and is none missing?

use domain::audit::AuditRecord;
use domain::ids::TeamId;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{AuditSealer, AuditTrailHead, ReadModel, StoreError};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrailFault {
    /// There is no line of this number, but there are later ones.
    Missing,
    /// The seal does not fit the line and the one before: the line was changed, put in or moved, or it
    /// was sealed with a key that is not in the ring.
    WrongSeal,
    /// The line has no seal, although one before has.
    NoSeal,
    /// The chain ends before this line, which was counted: its end was cut off.
    EndMissing,
    /// The last line is not the one that was counted last.
    OtherEnd,
}

impl TrailFault {
    /// The stable text form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::WrongSeal => "wrong_seal",
            Self::NoSeal => "no_seal",
            Self::EndMissing => "end_missing",
            Self::OtherEnd => "other_end",
        }
    }
}

/// The first bad place of a trail. Nothing after it is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailBreak {
    /// The number of the line.
    pub sequence: i64,
    /// What is wrong with it.
    pub fault: TrailFault,
}

/// What was found out about one trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailReport {
    /// The team; none for the trail of the system.
    pub team_id: Option<TeamId>,
    /// How many lines were found to be right, from the first one on.
    pub right_lines: i64,
    /// How many of them are older than the chain: they are there, and nothing more is proved.
    pub unsealed_lines: i64,
    /// Where it breaks.
    pub broken_at: Option<TrailBreak>,
}

/// Checks audit trails. Reads only; beside a running server, too: lines that are written meanwhile are
/// left to the next time.
#[derive(Clone)]
pub struct VerifyAuditTrails {
    /// The chains.
    pub read_model: Arc<dyn ReadModel>,
    /// The audit keys.
    pub sealer: Arc<dyn AuditSealer>,
}

impl VerifyAuditTrails {
    /// Checks all trails, or the one of a team, and tells of each as soon as it is done. Says how many
    /// trails there were: none for a team whose trail is not there.
    #[tracing::instrument(name = "usecase.audit.verify_audit_trails", skip_all)]
    pub async fn run(
        &self,
        only: Option<TeamId>,
        tell: &mut (dyn FnMut(TrailReport) + Send),
    ) -> Result<u64, StoreError> {
        let (mut after, mut checked) = (None, 0);
        loop {
            let page = PageRequest::new(PAGE_SIZE_MAX, after);
            let heads = self.read_model.list_audit_trails(page).await?;
            for head in heads.items {
                if only.is_none() || head.team_id == only {
                    tell(self.check(&head).await?);
                    checked += 1;
                }
            }
            after = heads.next_after;
            if after.is_none() {
                return Ok(checked);
            }
        }
    }

    async fn check(&self, head: &AuditTrailHead) -> Result<TrailReport, StoreError> {
        let mut walk = Walk::default();
        let mut broken_at = None;
        'pages: while walk.last < head.last_sequence {
            let page = PageRequest::new(PAGE_SIZE_MAX, Some(walk.last));
            let lines = self.read_model.list_audit_chain(head.team_id, page).await?;
            if lines.items.is_empty() {
                break;
            }
            for line in lines.items {
                if line.sequence > head.last_sequence {
                    break 'pages;
                }
                if let Err(found) = walk.step(&line, head.team_id, &*self.sealer) {
                    broken_at = Some(found);
                    break 'pages;
                }
            }
        }
        Ok(TrailReport {
            team_id: head.team_id,
            right_lines: walk.last,
            unsealed_lines: walk.unsealed,
            broken_at: broken_at.or_else(|| walk.end(head)),
        })
    }
}

/// How far the chain is right.
#[derive(Default)]
struct Walk {
    last: i64,
    unsealed: i64,
    /// The seal of the last line; empty before the first sealed one.
    previous: Vec<u8>,
}

impl Walk {
    fn step(
        &mut self,
        line: &AuditRecord,
        team: Option<TeamId>,
        sealer: &dyn AuditSealer,
    ) -> Result<(), TrailBreak> {
        let sequence = self.last + 1;
        let broken = |fault| Err(TrailBreak { sequence, fault });
        if line.sequence != sequence {
            return broken(TrailFault::Missing);
        }
        match &line.seal {
            None if !self.previous.is_empty() => return broken(TrailFault::NoSeal),
            None => self.unsealed += 1,
            Some(seal) => {
                let is_here = line.event.team_id == team;
                if !is_here || !sealer.is_right(&self.previous, &line.sealed_bytes(), seal) {
                    return broken(TrailFault::WrongSeal);
                }
                self.previous.clone_from(&seal.mac);
            }
        }
        self.last = sequence;
        Ok(())
    }

    /// Whether it is the end that was counted.
    fn end(&self, head: &AuditTrailHead) -> Option<TrailBreak> {
        let (sequence, fault) = if self.last != head.last_sequence {
            (self.last + 1, TrailFault::EndMissing)
        } else if self.previous != head.last_mac {
            (self.last, TrailFault::OtherEnd)
        } else {
            return None;
        };
        Some(TrailBreak { sequence, fault })
    }
}
