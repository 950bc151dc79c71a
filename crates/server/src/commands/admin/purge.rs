//! `windlass admin purge`: removing now what the service removes by itself.

use super::AdminError;
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::open_to_purge;
use domain::ports::Perishable;
use serde_json::{Map, Value};

/// Counts on `--dry-run`, removes else.
pub(super) async fn run(
    configuration: &Configuration,
    is_dry_run: bool,
    json: bool,
) -> Result<(), AdminError> {
    let purge = open_to_purge(configuration).await?;
    let counts = if is_dry_run {
        purge.count().await?
    } else {
        let mut counts = Vec::new();
        for what in Perishable::ALL {
            let mut total = 0;
            loop {
                let count = purge.purge_batch(what).await?;
                total += count;
                if count == 0 {
                    break;
                }
            }
            counts.push((what, total));
        }
        counts
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
