//! `windlass admin teams export`: a team's data in a file.

use super::new_file::NewFile;
use super::{AdminError, administrator};
use crate::commands::say;
use crate::configuration::Configuration;
use crate::service::open_to_administer;
use api::ExportLines;
use application::administration::ExportAnyTeam;
use domain::ids::TeamId;
use std::path::Path;

/// The file has its name once it is whole.
pub(super) async fn run(
    configuration: &Configuration,
    team: TeamId,
    out: Option<&Path>,
) -> Result<(), AdminError> {
    let file = out.map(NewFile::create).transpose()?;
    let store = open_to_administer(configuration).await?;
    let use_case = ExportAnyTeam {
        unit_of_work: store.unit_of_work,
        read_model: store.read_model,
        ids: store.ids,
        clock: store.clock,
    };
    let mut lines = ExportLines::new(use_case.run(&administrator(), team).await?);
    let Some(mut file) = file else {
        while let Some(line) = lines.next().await? {
            say(line.trim_end());
        }
        return Ok(());
    };
    let mut count = 0_u64;
    while let Some(line) = lines.next().await? {
        file.write(&line)?;
        count += 1;
    }
    file.finish()?;
    say(&format!("{count} lines of {team} are in the file"));
    Ok(())
}
