//! Rules about each of our crates: its sentence, its lints, its place on the map, and dependencies
//! that nobody uses.

use super::Finding;
use crate::task_error::TaskError;
use crate::workspace;
use std::path::Path;

#[cfg(test)]
mod tests;

/// Dependencies that are declared for their features only.
const FEATURE_CARRIERS: [&str; 1] = ["libsqlite3-sys"];

/// A crate, as the rules see it.
struct CrateTexts {
    /// From the repository's root.
    folder: String,
    name: String,
    manifest: String,
    readme: Option<String>,
    /// The text of lib.rs, or of main.rs where there is no library.
    root_module: String,
    /// All Rust sources, tests included.
    sources: String,
    dependencies: Vec<String>,
}

pub(super) fn findings(root: &Path) -> Result<Vec<Finding>, TaskError> {
    let map = std::fs::read_to_string(root.join("docs/architecture.md")).ok();
    let mut findings = Vec::new();
    for package in workspace::metadata_of_members()?.workspace_packages() {
        let manifest_path = package.manifest_path.as_std_path();
        let folder = manifest_path.parent().unwrap_or(root);
        let root_module = std::fs::read_to_string(folder.join("src/lib.rs"));
        let texts = CrateTexts {
            folder: super::from_root(root, folder),
            name: package.name.to_string(),
            manifest: workspace::read(manifest_path)?,
            readme: std::fs::read_to_string(folder.join("README.md")).ok(),
            root_module: root_module.or_else(|_| workspace::read(&folder.join("src/main.rs")))?,
            sources: sources(folder),
            dependencies: package
                .dependencies
                .iter()
                .map(|dependency| {
                    dependency
                        .rename
                        .as_ref()
                        .unwrap_or(&dependency.name)
                        .clone()
                })
                .collect(),
        };
        findings.extend(findings_about(&texts, map.as_deref()));
    }
    Ok(findings)
}

fn sources(folder: &Path) -> String {
    let files = workspace::files_under(folder);
    let rust = files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"));
    rust.filter_map(|path| std::fs::read_to_string(path).ok())
        .collect()
}

fn findings_about(texts: &CrateTexts, map: Option<&str>) -> Vec<Finding> {
    let mut broken: Vec<(&'static str, String)> = Vec::new();
    if !texts.manifest.contains("[lints]\nworkspace = true") {
        broken.push((
            "lints",
            "the manifest lacks `[lints] workspace = true`".to_owned(),
        ));
    }
    if !texts.readme.as_deref().is_some_and(has_sentence) {
        broken.push((
            "readme",
            "README.md must say in a sentence what the crate is".to_owned(),
        ));
    }
    if !texts
        .root_module
        .starts_with("#![doc = include_str!(\"../README.md\")]")
    {
        broken.push((
            "crate-doc",
            "the crate's doc must be its README.md".to_owned(),
        ));
    }
    if map.is_some_and(|map| !map.contains(&format!("`{}`", texts.name))) {
        broken.push((
            "map",
            "docs/architecture.md does not name the crate".to_owned(),
        ));
    }
    let unused = texts
        .dependencies
        .iter()
        .filter(|name| !is_used(name, &texts.sources));
    broken.extend(unused.map(|name| ("unused", format!("nothing uses the dependency `{name}`"))));
    let finding = |(rule, detail)| Finding {
        path: texts.folder.clone(),
        rule,
        detail,
    };
    broken.into_iter().map(finding).collect()
}

/// A line that is not a heading and ends like a sentence.
fn has_sentence(readme: &str) -> bool {
    let mut paragraphs = readme.lines().filter(|line| !line.starts_with('#'));
    paragraphs.any(|line| line.trim_end().ends_with('.'))
}

/// Whether a path begins with the crate's name, or a macro of that name is called.
fn is_used(dependency: &str, sources: &str) -> bool {
    let name = dependency.replace('-', "_");
    let mut uses = ["::", "!", ";", " as "].iter().flat_map(|end| {
        let text = format!("{name}{end}");
        sources
            .match_indices(&text)
            .map(|(place, _)| place)
            .collect::<Vec<_>>()
    });
    let begins_a_word = |place: usize| {
        let before = sources[..place].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_')
    };
    FEATURE_CARRIERS.contains(&dependency) || uses.any(begins_a_word)
}
