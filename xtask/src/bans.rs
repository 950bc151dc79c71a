//! `cargo xtask bans`: licences, banned and doubled packages, and where packages come from. The same
//! rules as deny.toml, for machines without cargo-deny; where it is installed, it is asked as well.

mod licence;

use crate::external;
use crate::task_error::TaskError;
use crate::workspace;
use cargo_metadata::Metadata;
use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// One TLS stack, without C libraries of the system.
const BANNED: &[&str] = &[
    "openssl",
    "openssl-sys",
    "native-tls",
    "aws-lc-rs",
    "aws-lc-sys",
];
/// Two versions of these would not understand each other's types.
const SINGLE: &[&str] = &["hyper", "http", "rustls"];
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A package that is part of some build of ours.
#[derive(Debug, Clone)]
struct UsedPackage {
    name: String,
    version: String,
    licence: Option<String>,
    /// Absent for our own.
    source: Option<String>,
}

pub(crate) fn run() -> Result<(), TaskError> {
    let packages = used_packages(&workspace::metadata_of_everything()?);
    TaskError::from_findings("bans", findings(&packages))?;
    if workspace::find_program("cargo-deny").is_some() {
        let arguments = ["deny", "check", "licenses", "bans", "sources"];
        external::run(&mut external::cargo(&arguments))?;
    }
    Ok(())
}

/// Only what is resolved: the lock file also names packages that no feature of ours turns on.
fn used_packages(metadata: &Metadata) -> Vec<UsedPackage> {
    let resolved: BTreeSet<_> = metadata
        .resolve
        .iter()
        .flat_map(|resolve| resolve.nodes.iter().map(|node| &node.id))
        .collect();
    let used = metadata
        .packages
        .iter()
        .filter(|package| resolved.contains(&package.id));
    used.map(|package| UsedPackage {
        name: package.name.to_string(),
        version: package.version.to_string(),
        licence: package.license.clone(),
        source: package.source.as_ref().map(ToString::to_string),
    })
    .collect()
}

fn findings(packages: &[UsedPackage]) -> Vec<String> {
    let mut findings: Vec<_> = packages.iter().flat_map(findings_about).collect();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions
            .entry(&package.name)
            .or_default()
            .insert(&package.version);
    }
    let doubled = versions
        .iter()
        .filter(|(name, versions)| SINGLE.contains(name) && versions.len() > 1);
    findings.extend(doubled.map(|(name, versions)| {
        let versions: Vec<_> = versions.iter().copied().collect();
        format!(
            "{name}: must be there once, is there as {}",
            versions.join(" and ")
        )
    }));
    findings
}

fn findings_about(package: &UsedPackage) -> Vec<String> {
    let UsedPackage { name, version, .. } = package;
    let mut findings = Vec::new();
    match package.licence.as_deref() {
        None => findings.push(format!("{name} {version}: states no licence")),
        Some(licence) if !licence::is_allowed(licence, LICENCES) => {
            findings.push(format!(
                "{name} {version}: the licence `{licence}` is not allowed"
            ));
        }
        Some(_) => {}
    }
    if BANNED.contains(&name.as_str()) {
        findings.push(format!("{name} {version}: the package is banned"));
    }
    if let Some(source) = package.source.as_deref().filter(|source| *source != SOURCE) {
        findings.push(format!(
            "{name} {version}: comes from {source}, not from crates.io"
        ));
    }
    findings
}
