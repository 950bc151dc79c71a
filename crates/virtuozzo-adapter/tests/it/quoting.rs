//! Hostile texts through real shells: what arrives in `wp` is exactly what was meant, and never an
//! option. `cargo xtask prove quoting` runs it with many more texts.

use crate::node::{Node, SITE_FOLDER, Shell};
use crate::support::attempt;
use domain::ports::GuardedCommand;
use domain::wordpress::{ArgumentText, SearchReplace};
use hostile::HostileTexts;
use std::collections::BTreeMap;
use std::fs;
use virtuozzo_adapter::guarded_command::{NodeReport, ShellLine};

mod hostile;

/// Texts in a run that nobody asked to be longer.
const TEXTS: usize = 3_000;
/// Lines that one shell reads.
const BATCH_LINES: usize = 500;
/// One line in so many is run with its wrapper; for the others a function stands in for `sh`.
const WRAPPED_ONE_IN: usize = 50;
/// Every option that may ever arrive.
const OPTIONS: [&str; 8] = [
    "--all-tables-with-prefix",
    "--skip-columns=guid",
    "--report-changed-only",
    "--format=table",
    "--skip-plugins",
    "--skip-themes",
    "--no-color",
    "--path=/srv/it's a site",
];

/// A word of each rule that a text can break.
const RULES: [&str; 3] = ["hyphen", "control", "1024"];

type Counts = BTreeMap<String, usize>;

#[expect(
    clippy::disallowed_methods,
    reason = "the proof says by variables how much it wants; nothing of windlass reads them"
)]
fn variable(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// One line, and the two texts that it must bring to `wp`.
struct Case {
    line: String,
    search: String,
    replacement: String,
}

/// Pairs of texts that the domain lets through; the others are counted by the rule that they break.
fn cases(counts: &mut Counts) -> Vec<Case> {
    let texts = variable("WINDLASS_QUOTING_TEXTS").unwrap_or(TEXTS);
    let seed = variable("WINDLASS_QUOTING_SEED").unwrap_or(1);
    let mut texts_left = HostileTexts::new(seed as u64);
    let mut accepted = || {
        loop {
            match ArgumentText::parse(&texts_left.next()) {
                Ok(text) => return text,
                Err(error) => {
                    let rule = RULES.iter().find(|rule| error.rule().contains(**rule));
                    let refused = format!("refused_for_{}", rule.unwrap());
                    *counts.entry(refused).or_default() += 1;
                }
            }
        }
    };
    let mut cases = Vec::new();
    while cases.len() < texts.div_ceil(2) {
        let (search, replacement) = (accepted(), accepted());
        let Ok(pair) = SearchReplace::new(search.clone(), replacement.clone()) else {
            continue;
        };
        let command = GuardedCommand::SearchReplace(pair);
        let guard = attempt(cases.len() as u128);
        cases.push(Case {
            line: ShellLine::guarded(guard, &command, SITE_FOLDER).text(),
            search: search.to_string(),
            replacement: replacement.to_string(),
        });
    }
    cases
}

impl Case {
    /// The arguments that `wp` must get, spelled out without asking the code that made the line.
    fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["search-replace", &self.search, &self.replacement];
        arguments.extend(OPTIONS);
        arguments
    }

    /// Whether these arguments are the right ones, and their options no others than ours.
    fn is_right(&self, arrived: &[&str]) -> bool {
        let options: Vec<&str> = arrived
            .iter()
            .filter(|argument| argument.starts_with('-'))
            .copied()
            .collect();
        arrived == self.arguments() && options == OPTIONS
    }
}

/// Splits at zero bytes; the last one ends the last word.
fn words(recorded: &str) -> Vec<&str> {
    recorded
        .strip_suffix('\0')
        .map_or_else(Vec::new, |words| words.split('\0').collect())
}

/// Lines whose arguments did not arrive, of those that one shell read as one script.
fn mismatches_of_batch(node: &Node, batch: &[Case]) -> usize {
    // The line's own words `-c`, wrapper, `windlass`, guard and `wp` stand before the arguments.
    let mut script = String::from("sh() { shift 5; printf '%s\\0' \"$#\" \"$@\"; }\n");
    for case in batch {
        script.push_str(&case.line);
        script.push('\n');
    }
    let path = node.home().join("script");
    fs::write(&path, script).unwrap();
    let output = node.shell().arg(&path).output().unwrap();
    let recorded = String::from_utf8_lossy(&output.stdout);
    let mut words = words(&recorded).into_iter();
    let arrived = |_: &Case| -> Vec<&str> {
        let count = words.next().and_then(|count| count.parse().ok());
        words.by_ref().take(count.unwrap_or(0)).collect()
    };
    let arrived: Vec<Vec<&str>> = batch.iter().map(arrived).collect();
    let pairs = batch.iter().zip(&arrived);
    pairs
        .filter(|(case, arrived)| !case.is_right(arrived))
        .count()
}

/// Whether the arguments arrive through the wrapper, and whether it reports so.
fn arrives_wrapped(node: &Node, number: usize, case: &Case) -> bool {
    let guard = attempt(number as u128);
    let output = node.shell().arg("-c").arg(&case.line).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let recorded = fs::read_to_string(node.guard_folder(guard).join("arguments"));
    matches!(
        NodeReport::find(&printed, guard),
        Ok(NodeReport::Finished(output)) if output.exit_status == 0
    ) && recorded.is_ok_and(|recorded| case.is_right(&words(&recorded)))
}

#[test]
fn hostile_texts_arrive_as_they_are_and_never_as_options() {
    let mut counts = Counts::new();
    let cases = cases(&mut counts);
    counts.insert("texts".into(), 2 * cases.len());
    for shell in Shell::ALL {
        let node = Node::new(shell, "printf '%s\\0' \"$@\" >arguments");
        let batches = cases.chunks(BATCH_LINES);
        let mismatches: usize = batches.map(|batch| mismatches_of_batch(&node, batch)).sum();
        let wrapped = cases.iter().enumerate().step_by(WRAPPED_ONE_IN);
        let wrapped: Vec<bool> = wrapped
            .map(|(number, case)| arrives_wrapped(&node, number, case))
            .collect();
        let wrapped_mismatches = wrapped.iter().filter(|is_right| !**is_right).count();
        let mut count = |what: &str, value| {
            counts.insert(format!("{}_{what}", shell.name()), value);
        };
        count("lines", cases.len());
        count("mismatches", mismatches);
        count("wrapped_lines", wrapped.len());
        count("wrapped_mismatches", wrapped_mismatches);
        let mut left: Vec<_> = fs::read_dir(node.home())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, [".windlass", "bin", "script"], "nothing else was run");
    }
    println!(
        "quoting-counts: {}",
        serde_json::to_string(&counts).unwrap()
    );
    for (what, count) in &counts {
        assert!(!what.ends_with("mismatches") || *count == 0, "{counts:?}");
    }
    for rule in RULES {
        let refused = counts.get(&format!("refused_for_{rule}"));
        assert!(
            refused.is_some(),
            "no text was refused for {rule}: {counts:?}"
        );
    }
}

#[test]
fn no_dangerous_option_can_be_given_in_place_of_a_text() {
    for option in [
        "exec", "require", "ssh", "http", "path", "url", "prompt", "debug",
    ] {
        for text in [
            format!("--{option}=x"),
            format!("--{option}"),
            format!("--no-{option}"),
            format!("-{option}"),
        ] {
            assert!(ArgumentText::parse(&text).is_err(), "{text}");
        }
    }
}
