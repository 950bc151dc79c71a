//! Generated documents, on standard output.

use super::{CommandError, DocumentationPage, say};
use std::process::ExitCode;

pub(super) fn openapi() -> Result<ExitCode, CommandError> {
    say(api::documents::openapi_json().trim_end());
    Ok(ExitCode::SUCCESS)
}

pub(super) fn page(page: DocumentationPage) -> Result<ExitCode, CommandError> {
    let text = match page {
        DocumentationPage::Errors => api::documents::errors_markdown(),
        DocumentationPage::Configuration => crate::configuration::keys::documentation(),
    };
    say(text.trim_end());
    Ok(ExitCode::SUCCESS)
}
