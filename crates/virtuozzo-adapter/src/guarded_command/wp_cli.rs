//! The invocations of WP-CLI. Options are ours and constant; a client's texts stand where WP-CLI takes
//! positional arguments, and `ArgumentText` holds none that it would take for an option.

use domain::ports::GuardedCommand;
use domain::wordpress::SearchReplace;

/// The program.
pub(super) const PROGRAM: &str = "wp";
/// Where an export is written, below the guard's folder, in which every command runs.
const EXPORT_FILE: &str = "database.sql";

/// The arguments, in order.
pub(super) fn arguments(command: &GuardedCommand, site_folder: &str) -> Vec<String> {
    let mut arguments = match command {
        GuardedCommand::CountSearchReplace(texts) => {
            let mut arguments = search_replace(texts);
            arguments.push("--dry-run".to_owned());
            arguments
        }
        GuardedCommand::ExportDatabase => owned(&["db", "export", EXPORT_FILE]),
        GuardedCommand::SearchReplace(texts) => search_replace(texts),
        GuardedCommand::FlushCache => owned(&["cache", "flush"]),
    };
    // A plugin that is broken, or that prints something, must not come between.
    arguments.extend(owned(&["--skip-plugins", "--skip-themes", "--no-color"]));
    arguments.push(format!("--path={site_folder}"));
    arguments
}

/// All tables of the site, those of plugins included, and none of what else may be in the database.
/// `guid` stays: readers of feeds know posts by it. Columns without a change are not reported, or the
/// report of a large site would not fit.
fn search_replace(texts: &SearchReplace) -> Vec<String> {
    owned(&[
        "search-replace",
        texts.search().as_str(),
        texts.replacement().as_str(),
        "--all-tables-with-prefix",
        "--skip-columns=guid",
        "--report-changed-only",
        "--format=table",
    ])
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
