//! Mixins: globals, actions and responses of other manifests, under those of the manifest itself.
//!
//! It must not fetch anything: whoever calls knows the texts.

use std::collections::HashSet;

use serde_yaml_ng as yaml;

use super::{ManifestError, mapping};

const MIXED_SECTIONS: [&str; 3] = ["globals", "actions", "responses"];

/// Adds what the mixins bring, theirs included; the first of equal names counts.
pub(super) fn mix_in<'a>(
    manifest: &mut yaml::Mapping,
    find: &impl Fn(&str) -> Option<&'a str>,
) -> Result<(), ManifestError> {
    let base_url = manifest
        .get("baseUrl")
        .and_then(yaml::Value::as_str)
        .map(|url| format!("{}/", url.trim_end_matches('/')));
    let mut left = urls(manifest);
    let mut seen = HashSet::new();
    while let Some(url) = left.pop() {
        let url = match &base_url {
            Some(base_url) if !url.contains("://") => format!("{base_url}{url}"),
            _ => url,
        };
        if !seen.insert(url.clone()) {
            continue;
        }
        let text = find(&url).ok_or_else(|| ManifestError::MixinMissing(url.clone()))?;
        let mixin = mapping(text).map_err(|_| ManifestError::MixinMissing(url))?;
        for section in MIXED_SECTIONS {
            add(manifest, section, &mixin);
        }
        left.extend(urls(&mixin));
    }
    Ok(())
}

/// The last is looked at first, so they are given backwards.
fn urls(manifest: &yaml::Mapping) -> Vec<String> {
    let named: Vec<&yaml::Value> = match manifest.get("mixins") {
        Some(yaml::Value::Sequence(urls)) => urls.iter().collect(),
        Some(url) => vec![url],
        None => Vec::new(),
    };
    let urls = named.into_iter().rev().filter_map(yaml::Value::as_str);
    urls.map(str::to_owned).collect()
}

fn add(manifest: &mut yaml::Mapping, section: &str, mixin: &yaml::Mapping) {
    let Some(yaml::Value::Mapping(brought)) = mixin.get(section) else {
        return;
    };
    let known = manifest
        .entry(section.into())
        .or_insert_with(|| yaml::Value::Mapping(yaml::Mapping::new()));
    let yaml::Value::Mapping(known) = known else {
        return;
    };
    for (name, value) in brought {
        known.entry(name.clone()).or_insert_with(|| value.clone());
    }
}
