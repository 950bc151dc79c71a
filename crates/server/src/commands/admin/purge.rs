//! `windlass admin purge`: removing now what the service removes by itself.

use super::{AdminError, administrator};
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::open_to_administer;
use application::administration::PurgeByHand;
use serde_json::{Map, Value};

/// Counts on `--dry-run`, removes else.
pub(super) async fn run(
    configuration: &Configuration,
    is_dry_run: bool,
    json: bool,
) -> Result<(), AdminError> {
    let store = open_to_administer(configuration).await?;
    let purge = store.purge(configuration);
    let counts = if is_dry_run {
        purge.count().await?
    } else {
        let by_hand = PurgeByHand {
            purge,
            unit_of_work: store.unit_of_work,
            ids: store.ids,
        };
        by_hand.run(&administrator()).await?
    };
    if json {
        let counts = counts.iter();
        let object: Map<String, Value> = counts
            .map(|(what, count)| (what.as_str().to_owned(), Value::from(*count)))
            .collect();
        say(&Value::Object(object).to_string());
        return Ok(());
    }
    for (what, count) in counts {
        say(&format!("{:<17} {count}", what.as_str()));
    }
    Ok(())
}
