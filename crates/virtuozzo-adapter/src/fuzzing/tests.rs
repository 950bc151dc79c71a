use super::*;
use crate::transport::BODY_BYTES_MAX;
use std::fs;
use std::path::Path;

/// Answers in each run of the tests; `cargo xtask prove decoders` takes more.
const ANSWERS: usize = 60_000;
/// The most that decoding one answer after the other may add to the memory of the process, the text
/// of the answer and its copies included. What it is made of: the answer (8 MiB) and the judges' copy
/// of it, a text as long as the answer in the parser and in its member (8 MiB each), and objects and
/// values in the numbers that `wire::weight` allows.
const MEMORY_MAX_KIBIBYTES: usize = 64 * 1024;

#[test]
fn a_million_answers_that_nobody_has_seen_make_no_decoder_panic() {
    let run = decode_many(0, ANSWERS);
    println!("{run:?} by {DECODER_COUNT} decoders");
    assert!(run.cases >= 1_000_000);
    // Neither all garbage nor all as it was.
    assert!(run.understood > run.cases / 20, "{run:?}");
    assert!(run.understood < run.cases / 2, "{run:?}");
}

#[test]
fn every_sample_is_understood_by_some_decoder_and_every_decoder_understands_some_sample() {
    for sample in SAMPLES {
        assert!(decode_everything(sample.as_bytes()) > 0, "{sample}");
    }
    for (name, reads) in DECODERS {
        assert!(
            SAMPLES.iter().any(|sample| reads(sample.as_bytes())),
            "{name}"
        );
    }
}

/// Names of types in the sources of wire formats that are read from JSON.
fn wire_formats(sources: &str) -> Vec<&str> {
    let derived = sources.split("#[derive(").skip(1).filter_map(|rest| {
        let (derives, rest) = rest.split_once(")]")?;
        let (_, rest) = rest.split_once("struct ")?;
        derives.contains("Deserialize").then_some(rest)
    });
    let by_hand = sources.split("Deserialize<'de> for ").skip(1);
    derived
        .chain(by_hand)
        .filter_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next())
        .collect()
}

#[test]
fn every_wire_format_is_decoded_here_or_is_part_of_one_that_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/wire");
    let sources: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let formats = wire_formats(&sources);
    assert!(formats.len() > DECODERS.len(), "{formats:?}");
    for format in formats {
        let is_decoded = DECODERS.iter().any(|(name, _)| *name == format);
        // Named as the type of a member, alone or in a list.
        let is_part = [": ", "<", "::", "("].iter().any(|before| {
            [",", ">", ")"]
                .iter()
                .any(|after| sources.contains(&format!("{before}{format}{after}")))
        });
        assert!(
            is_decoded || is_part,
            "`{format}` is not among the decoders"
        );
    }
}

/// Answers of just under so many bytes: what costs the most memory for the least text, as far as we
/// can think of it.
fn costly(bytes: usize) -> impl Iterator<Item = Vec<u8>> {
    const SHAPES: [(&str, &str, &str); 14] = [
        (r#"{"result":0,"array":["#, "{},", "{}]}"),
        (r#"{"result":0,"infos":["#, "{},", "{}]}"),
        (
            r#"{"result":0,"infos":["#,
            r#"{"nodes":[{},{},{}]},"#,
            "{}]}",
        ),
        (r#"{"result":0,"nodes":["#, "{},", "{}]}"),
        (r#"{"result":0,"apps":["#, "[],", "{}]}"),
        (r#"{"result":0,"object":["#, "{},", "{}]}"),
        (r#"{"result":0,"response":["#, "{},", "{}]}"),
        (r#"{"result":0,"envGroups":["#, "1,", "1]}"),
        (r#"{"result":0,"envGroups":["#, r#""x","#, r#""x"]}"#),
        (r#"{"result":0,"error":""#, r"\u00e9", r#""}"#),
        (r#"{"result":0,"env":{"displayName":""#, "x", r#""}}"#),
        (
            r#"{"result":0,"responses":["#,
            r#"{"result":1,"error":"x"},"#,
            "0]}",
        ),
        ("", "[", ""),
        ("", r#"{"response":"#, ""),
    ];
    let build = move |(opening, element, closing): (&str, &str, &str)| {
        let count = (bytes - opening.len() - closing.len()) / element.len();
        [opening, &element.repeat(count), closing]
            .concat()
            .into_bytes()
    };
    SHAPES.into_iter().map(build)
}

/// A figure of this process, in KiB.
fn memory_kibibytes(figure: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with(figure))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn the_costliest_answers_stay_within_memory() {
    let before = memory_kibibytes("VmRSS:");
    let mut worst = (0, 0, 0);
    for halvings in [0, 5, 6] {
        for (shape, answer) in costly(BODY_BYTES_MAX >> halvings).enumerate() {
            decode_everything(&answer);
            let peak = memory_kibibytes("VmHWM:").saturating_sub(before);
            if peak > worst.0 {
                worst = (peak, shape, answer.len());
            }
        }
    }
    println!(
        "most: {} KiB, at shape {} of {} bytes",
        worst.0, worst.1, worst.2
    );
    assert!(worst.0 <= MEMORY_MAX_KIBIBYTES, "{worst:?}");
}
