//! `windlass keys status | add | activate | retire`: rotation of keys while everything runs. It reads
//! the store and writes the key ring's file, nothing else; processes follow the file by themselves.

mod report;

use super::{CommandError, read_configuration, say};
use crate::configuration::Configuration;
use crate::service::{StartError, open_to_read};
use crate::system::SystemClock;
use application::UseCaseError;
use application::keys::status::{KeyRefusal, KeysStatus, ReadKeysStatus};
use clap::Subcommand;
use custody_adapter::{KeyChangeError, KeyRing, KeyRingEditor, KeyRingError};
use domain::key_ring::KeyKind;
use domain::ports::Clock as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Between the two looks before a key is retired: what was begun under the key, in a process that has
/// since taken up another one, has been committed or given up by then.
const SETTLING: Duration = Duration::from_secs(5);

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Show all keys: which are active, who holds them, how much hangs on each.
    Status {
        /// Only keys of this kind.
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Add a key to the ring. It is used for nothing new until it is activated.
    Add {
        /// What the key is for.
        #[arg(long, value_enum, default_value = "master")]
        kind: Kind,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Use a key of the ring for everything new. Every living process must hold it.
    Activate {
        /// The key, as `status` shows it.
        id: String,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
    /// Take a key out of the ring, for good. Nothing may hang on it.
    Retire {
        /// The key, as `status` shows it.
        id: String,
        /// Print one JSON object instead of text for people.
        #[arg(long)]
        json: bool,
    },
}

/// What a key is for, as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    /// Wraps the keys of teams and people.
    Master,
    /// Hashes tokens and recovery codes.
    Pepper,
    /// Seals the audit trail.
    Audit,
}

impl From<Kind> for KeyKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Master => Self::Master,
            Kind::Pepper => Self::Pepper,
            Kind::Audit => Self::Audit,
        }
    }
}

/// Why keys were not shown or changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeysError {
    #[error(transparent)]
    Ring(#[from] KeyRingError),
    #[error(transparent)]
    Change(#[from] KeyChangeError),
    #[error(transparent)]
    Refused(#[from] KeyRefusal),
    #[error("the database cannot be read")]
    Open(#[from] StartError),
    #[error("what hangs on the keys cannot be counted")]
    Count(#[from] UseCaseError),
}

pub(super) async fn run(
    file: Option<PathBuf>,
    command: KeysCommand,
) -> Result<ExitCode, CommandError> {
    let configuration = read_configuration(file)?;
    let lines = match command {
        KeysCommand::Status { kind, json } => show(&configuration, kind, json).await,
        KeysCommand::Add { kind, json } => add(&configuration, kind.into(), json),
        KeysCommand::Activate { id, json } => activate(&configuration, &id, json).await,
        KeysCommand::Retire { id, json } => retire(&configuration, &id, json).await,
    }?;
    for line in lines {
        say(&line);
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(
    configuration: &Configuration,
    kind: Option<Kind>,
    json: bool,
) -> Result<Vec<String>, KeysError> {
    let ring = KeyRing::load(&configuration.key_ring)?;
    let status = status_of(&ring, configuration).await?;
    let kinds = kind.map_or(KeyKind::ALL.to_vec(), |kind| vec![kind.into()]);
    Ok(if json {
        vec![report::as_json(&status, &kinds)]
    } else {
        report::as_text(&status, &kinds)
    })
}

/// No process needs to hold it: until it is activated, nothing is done with it.
fn add(configuration: &Configuration, kind: KeyKind, json: bool) -> Result<Vec<String>, KeysError> {
    let mut editor = KeyRingEditor::open(&configuration.key_ring)?;
    let (ring, id) = editor.ring().with_new_key(kind)?;
    editor.replace(ring)?;
    let next = format!(
        "Put {} on every machine that runs Windlass and back it up; then `windlass keys activate {id}`.",
        configuration.key_ring.display()
    );
    Ok(report::change("added", &id, &next, json))
}

async fn activate(
    configuration: &Configuration,
    id: &str,
    json: bool,
) -> Result<Vec<String>, KeysError> {
    let mut editor = KeyRingEditor::open(&configuration.key_ring)?;
    let status = status_of(editor.ring(), configuration).await?;
    status.demand_may_activate(id)?;
    let ring = editor.ring().with_active_key(id)?;
    editor.replace(ring)?;
    let next = "Running processes follow within seconds, each from its own copy of the file, and wrap \
                anew what is under another master key; `windlass keys status` shows how far they are.";
    Ok(report::change("activated", id, next, json))
}

async fn retire(
    configuration: &Configuration,
    id: &str,
    json: bool,
) -> Result<Vec<String>, KeysError> {
    let mut editor = KeyRingEditor::open(&configuration.key_ring)?;
    let status = status_of(editor.ring(), configuration).await?;
    status.demand_may_retire(id)?;
    SystemClock.sleep(SETTLING).await;
    let status = status_of(editor.ring(), configuration).await?;
    status.demand_may_retire(id)?;
    let ring = editor.ring().without_key(id)?;
    editor.replace(ring)?;
    let next = "Put the changed file on every machine. Backups of the database from before need the old \
                one: keep it with them, or discard both.";
    Ok(report::change("retired", id, next, json))
}

async fn status_of(ring: &KeyRing, configuration: &Configuration) -> Result<KeysStatus, KeysError> {
    let store = open_to_read(configuration).await?;
    let read = ReadKeysStatus {
        read_model: store.read_model,
        processes: store.processes,
        clock: Arc::new(SystemClock),
    };
    Ok(read.run(&ring.describe()).await?)
}
