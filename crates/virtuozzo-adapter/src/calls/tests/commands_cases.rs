//! Cases of [`crate::calls::commands`].

use super::{Case, HOSTILE, NODE, attempt, case, shop};
use crate::calls::commands;
use crate::guarded_command::ShellLine;
use domain::ports::GuardedCommand;
use domain::wordpress::{ArgumentText, SearchReplace};

pub(super) fn cases() -> Vec<Case> {
    let search = ArgumentText::parse(HOSTILE).unwrap();
    let replacement = ArgumentText::parse("").unwrap();
    let texts = SearchReplace::new(search, replacement).unwrap();
    let command = GuardedCommand::SearchReplace(texts);
    let line = ShellLine::guarded(attempt(), &command, "/srv/site");
    let list = serde_json::to_string(&[&line]).unwrap();
    vec![
        case(
            commands::run_on_node(&shop(), NODE, &line),
            &[
                ("envName", "shop-abc123"),
                ("nodeId", "48211"),
                ("commandList", &list),
            ],
        ),
        case(
            commands::run_stored_script(&shop(), HOSTILE),
            &[
                ("appid", "ext"),
                ("script", HOSTILE),
                ("params", r#"{"envName":"shop-abc123"}"#),
            ],
        ),
    ]
}
