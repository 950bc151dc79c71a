use super::wp_cli::arguments;
use super::{ShellLine, WRAPPER, wrapper};
use domain::ids::{EntityId, StepAttemptId};
use domain::limits::COMMAND_OUTPUT_BYTES_MAX;
use domain::ports::GuardedCommand;
use domain::wordpress::{ArgumentText, SearchReplace};
use uuid::Uuid;

fn texts(search: &str, replacement: &str) -> SearchReplace {
    let text = |text| ArgumentText::parse(text).unwrap();
    SearchReplace::new(text(search), text(replacement)).unwrap()
}

#[test]
fn the_wrapper_is_one_line_that_keeps_as_much_as_we_read() {
    let line = wrapper();
    assert!(!line.contains(['\n', '#']), "{line}");
    assert!(WRAPPER.contains(&format!("bs={COMMAND_OUTPUT_BYTES_MAX} count=1")));
}

#[test]
fn a_line_is_fixed_but_for_guard_folder_and_texts() {
    let guard = StepAttemptId::from_uuid(Uuid::from_u128(7));
    let command = GuardedCommand::SearchReplace(texts("it's $HOME", ""));
    let line = ShellLine::guarded(guard, &command, "/srv/site").text();
    let end = format!(
        "'windlass' '{guard}' 'wp' 'search-replace' 'it'\\''s $HOME' '' \
         '--all-tables-with-prefix' '--skip-columns=guid' '--report-changed-only' \
         '--format=table' '--skip-plugins' '--skip-themes' '--no-color' '--path=/srv/site'"
    );
    assert!(
        line.starts_with("sh '-c' 'exec 2>/dev/null; guard=$1;"),
        "{line}"
    );
    assert!(line.ends_with(&end), "{line}");
}

#[test]
fn only_a_dry_run_is_a_dry_run() {
    let texts = texts("a", "b");
    let is_dry = |command| arguments(&command, "/srv").contains(&"--dry-run".to_owned());
    assert!(is_dry(GuardedCommand::CountSearchReplace(texts.clone())));
    assert!(!is_dry(GuardedCommand::SearchReplace(texts)));
    assert!(!is_dry(GuardedCommand::ExportDatabase));
    assert!(!is_dry(GuardedCommand::FlushCache));
}

#[test]
fn an_export_stays_in_the_guards_folder() {
    let arguments = arguments(&GuardedCommand::ExportDatabase, "/srv/site");
    assert_eq!(arguments[..3], ["db", "export", "database.sql"]);
}
