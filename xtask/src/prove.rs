//! `cargo xtask prove <name>`: proofs that take too long for every change. Each leaves its evidence
//! in docs/evidence; CI demands that the evidence is there.

mod authorisation;
mod chaos;
mod clients;
mod contract;
mod crash_sweep;
mod decoders;
mod demo;
mod evidence;
mod memory_scan;
mod metrics;
mod model;
mod planted;
mod printed_counts;
mod quoting;
mod replicas;
mod slow_sinks;
mod takeover;
mod throughput;

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use evidence::{Evidence, Shard};
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

/// Measured or counted values, by name.
type Counts = BTreeMap<String, serde_json::Value>;

/// A registered proof.
struct Proof {
    name: &'static str,
    /// What a person would type for the heart of it.
    command: &'static str,
    run: fn(Shard) -> Result<Counts, TaskError>,
}

const PROOFS: &[Proof] = &[
    Proof {
        name: "decoders",
        command: decoders::COMMAND,
        run: decoders::decode,
    },
    Proof {
        name: "demo",
        command: "cargo run --release -p server -- demo --exit --json",
        run: |_| demo::measure(),
    },
    Proof {
        name: "clients",
        command: "python drive_<client>.py BASE_URL CONTROL_URL TOKEN",
        run: |_| clients::measure(),
    },
    Proof {
        name: "quoting",
        command: quoting::COMMAND,
        run: quoting::count,
    },
    Proof {
        name: "memory-scan",
        command: memory_scan::COMMAND,
        run: |_| memory_scan::look(),
    },
    Proof {
        name: "authorisation",
        command: authorisation::COMMAND,
        run: |_| authorisation::ask(),
    },
    Proof {
        name: "crash-sweep",
        command: crash_sweep::COMMAND,
        run: crash_sweep::sweep,
    },
    Proof {
        name: "takeover",
        command: takeover::COMMAND,
        run: |_| takeover::measure(),
    },
    Proof {
        name: "replicas",
        command: replicas::COMMAND,
        run: |_| replicas::count(),
    },
    Proof {
        name: "contract",
        command: contract::COMMAND,
        run: |_| contract::ask(),
    },
    Proof {
        name: "throughput",
        command: throughput::COMMAND,
        run: |_| throughput::measure(),
    },
    Proof {
        name: "chaos",
        command: chaos::COMMAND,
        run: |_| chaos::disturb(),
    },
    Proof {
        name: "metrics",
        command: metrics::COMMAND,
        run: |_| metrics::compare(),
    },
    Proof {
        name: "slow-sinks",
        command: slow_sinks::COMMAND,
        run: |_| slow_sinks::measure(),
    },
    Proof {
        name: "model",
        command: model::COMMAND,
        run: |_| model::explore(),
    },
    Proof {
        name: "planted",
        command: planted::COMMAND,
        run: |_| planted::run(),
    },
];

/// Says which promises the figures of a proof do not keep.
type Judge = fn(&Counts) -> Vec<String>;

/// Proofs whose figures have bounds. What misses one is evidence, too; the command fails after it was written.
const BOUNDS: &[(&str, Judge)] = &[
    ("slow-sinks", slow_sinks::missed),
    ("throughput", throughput::missed),
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The proof; without one, the names are listed.
    name: Option<String>,
    /// Do one part of the work only, such as 2/8. The evidence is written when all parts are done.
    #[arg(long)]
    shard: Option<Shard>,
    /// Leave out parts that were done for this commit already.
    #[arg(long)]
    resume: bool,
    /// Print what was counted as one line of JSON, last.
    #[arg(long)]
    json: bool,
    /// Only look whether every proof has its evidence.
    #[arg(long, conflicts_with_all = ["name", "shard", "resume", "json"])]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    if arguments.check {
        return check_evidence();
    }
    let names: Vec<_> = PROOFS.iter().map(|proof| proof.name).collect();
    let Some(name) = &arguments.name else {
        println!("proofs: {}", names.join(", "));
        return Ok(());
    };
    let proof = PROOFS
        .iter()
        .find(|proof| proof.name == name)
        .ok_or_else(|| {
            TaskError::NotPossible(format!(
                "there is no proof `{name}`, but {}",
                names.join(", ")
            ))
        })?;
    let shard = arguments.shard.unwrap_or_default();
    let commit = current_commit()?;
    let is_done = || evidence::read_part(name, shard).is_ok_and(|part| part.commit == commit);
    if !(arguments.resume && is_done()) {
        let part = prove(proof, shard, commit.clone())?;
        evidence::write_part(&part, shard)?;
    }
    evidence::publish(proof.name, &commit, shard.of)?;
    let part = evidence::read_part(name, shard)?;
    if arguments.json {
        println!("{}", evidence::to_line(&part));
    }
    let judges = BOUNDS.iter().filter(|(proof, _)| proof == name);
    let missed = judges.flat_map(|(_, judge)| judge(&part.counts)).collect();
    TaskError::from_findings("the bounds of the proof", missed)
}

fn prove(proof: &Proof, shard: Shard, commit: String) -> Result<Evidence, TaskError> {
    let began = Instant::now();
    let counts = (proof.run)(shard)?;
    Ok(Evidence {
        name: proof.name.to_owned(),
        commit,
        command: proof.command.to_owned(),
        counts,
        duration_seconds: began.elapsed().as_secs(),
        date: external::output_of(Command::new("date").args(["-u", "+%Y-%m-%d"]))?
            .trim()
            .to_owned(),
    })
}

/// The commit, marked when the tree differs from it: then the numbers belong to no commit.
fn current_commit() -> Result<String, TaskError> {
    let mut command = Command::new("git");
    command.current_dir(workspace::root());
    let description = command.args([
        "describe",
        "--always",
        "--dirty",
        "--abbrev=40",
        "--exclude=*",
    ]);
    Ok(external::output_of(description)?.trim().to_owned())
}

/// Fails when a registered proof has no readable evidence, or evidence belongs to no proof.
pub(crate) fn check_evidence() -> Result<(), TaskError> {
    let names: Vec<_> = PROOFS.iter().map(|proof| proof.name).collect();
    let folder = workspace::root().join(evidence::FOLDER);
    let present: Vec<_> = workspace::files_under(&folder)
        .iter()
        .filter_map(|path| {
            Some((
                path.file_stem()?.to_str()?.to_owned(),
                workspace::read(path).ok()?,
            ))
        })
        .collect();
    TaskError::from_findings("prove --check", evidence::findings(&names, &present))
}
