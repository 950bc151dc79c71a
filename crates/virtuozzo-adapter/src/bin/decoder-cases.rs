//! Decodes generated answers and prints the counts as JSON: `decoder-cases <first seed> <answers>`.
//! A panic of a decoder ends it.

use std::process::ExitCode;
use virtuozzo_adapter::fuzzing::{DECODER_COUNT, decode_many};

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's command line tool"
)]
fn main() -> ExitCode {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let [first_seed, answers] = numbers[..] else {
        eprintln!("usage: decoder-cases <first seed> <answers>");
        return ExitCode::FAILURE;
    };
    let run = decode_many(first_seed, answers);
    println!(
        r#"{{"answers":{answers},"decoders":{DECODER_COUNT},"cases":{},"understood":{},"panics":0}}"#,
        run.cases, run.understood
    );
    ExitCode::SUCCESS
}
