//! Decodes many more generated answers of the platform than CI has time for. One panic ends it.

use super::Counts;
use super::evidence::Shard;
use crate::external;
use crate::task_error::TaskError;

/// Answers in all shards together; every one is read by every decoder.
const ANSWERS: u32 = 1_000_000;
pub(super) const COMMAND: &str = "cargo run --release -p virtuozzo-adapter --features fuzzing --bin decoder-cases -- 1000000000 1000000";
/// CI starts at 0; these are others.
const FIRST_SEED: u32 = 1_000_000_000;

pub(super) fn decode(shard: Shard) -> Result<Counts, TaskError> {
    let answers = ANSWERS.div_ceil(shard.of);
    let first_seed = FIRST_SEED + (shard.number - 1) * answers;
    let (first_seed, answers) = (first_seed.to_string(), answers.to_string());
    let mut run = external::cargo(&[
        "run",
        "--release",
        "-p",
        "virtuozzo-adapter",
        "--features",
        "fuzzing",
        "--bin",
        "decoder-cases",
        "--",
        &first_seed,
        &answers,
    ]);
    let printed = external::output_of(&mut run)?;
    println!("{}", printed.trim());
    serde_json::from_str(&printed).map_err(|error| TaskError::Unexpected {
        what: "the counts of decoded answers".to_owned(),
        detail: format!("{error}: {printed}"),
    })
}
