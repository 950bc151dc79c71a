//! Where the tests are that rows name.

use super::source;
use crate::task_error::TaskError;
use crate::workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files, from the repository's root, that hold a test function of a name.
pub(super) type NamedTests = BTreeMap<String, BTreeSet<String>>;

/// Looks for the named tests in all our crates. A source that holds none of the names is not read
/// further, so a broken one elsewhere is the compiler's business.
pub(super) fn find<'names>(
    root: &Path,
    names: impl Iterator<Item = &'names str>,
) -> Result<NamedTests, TaskError> {
    let names: BTreeSet<&str> = names.collect();
    let mut found = NamedTests::new();
    for path in workspace::files_under(&root.join("crates")) {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = workspace::read(&path)?;
        if !names.iter().any(|name| text.contains(name)) {
            continue;
        }
        let file = path.strip_prefix(root).unwrap_or(&path);
        let file = file.to_string_lossy().into_owned();
        let Ok(parsed) = source::parse(&file, &text) else {
            continue;
        };
        for name in source::test_functions(&parsed) {
            if names.contains(name.as_str()) {
                found.entry(name).or_default().insert(file.clone());
            }
        }
    }
    Ok(found)
}
