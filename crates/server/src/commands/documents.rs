//! Generated documents, on standard output.

use super::{DocumentationPage, say};
use std::process::ExitCode;

pub(super) fn openapi() -> ExitCode {
    say(api::documents::openapi_json().trim_end());
    ExitCode::SUCCESS
}

pub(super) fn page(page: DocumentationPage) -> ExitCode {
    let text = match page {
        DocumentationPage::Errors => api::documents::errors_markdown(),
        DocumentationPage::Permissions => api::documents::permissions_markdown(),
        DocumentationPage::Jobs => application::workflows::kinds_markdown(),
        DocumentationPage::Metrics => telemetry::names::metrics::markdown(),
        DocumentationPage::Configuration => crate::configuration::keys::documentation(),
    };
    say(text.trim_end());
    ExitCode::SUCCESS
}
