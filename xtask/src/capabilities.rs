//! `cargo xtask capabilities [--check]`: docs/capabilities.md, which says for each consumer of the system that is
//! replaced how it reaches here what it needs: route, permission, kind of job and test.

use crate::task_error::TaskError;
use crate::workspace;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[cfg(test)]
mod tests;

const TABLE: &str = "docs/capabilities.toml";
const PAGE: &str = "docs/capabilities.md";
const ROUTES: &str = "docs/openapi.json";
const KINDS: &str = "docs/jobs.md";
const TESTS: &str = "crates/server/tests/it";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when the committed page is another one.
    #[arg(long)]
    check: bool,
}

/// The table that is written by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    consumer: Vec<Consumer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consumer {
    name: String,
    area: String,
    does: String,
    operations: Vec<String>,
    job_kinds: Vec<String>,
    tests: Vec<String>,
}

/// Section 3 of the guide; only who consumes its rows is of interest here.
#[derive(Deserialize)]
struct Guide {
    row: Vec<GuideRow>,
}

#[derive(Deserialize)]
struct GuideRow {
    consumers: Vec<String>,
}

impl Guide {
    fn of_the_house() -> Result<Self, TaskError> {
        let text = include_str!("inventory/guide.toml");
        toml::from_str(text).map_err(|error| unexpected("the guide's table", &error))
    }

    fn consumers(&self) -> BTreeSet<&str> {
        let rows = self.row.iter().flat_map(|row| &row.consumers);
        rows.map(String::as_str).collect()
    }
}

/// An operation as the document has it.
struct Route {
    method_and_path: String,
    permission: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), TaskError> {
    let root = workspace::root();
    let page = page_of(&root)?;
    if arguments.check {
        return compare(&root, &page);
    }
    workspace::write(&root.join(PAGE), &page)?;
    println!("wrote {PAGE}");
    Ok(())
}

/// The same as a part of `cargo xtask check`.
pub(crate) fn check() -> Result<(), TaskError> {
    run(&Arguments { check: true })
}

fn compare(root: &Path, page: &str) -> Result<(), TaskError> {
    let committed = std::fs::read_to_string(root.join(PAGE));
    let is_same = committed.is_ok_and(|committed| committed == page);
    let finding =
        (!is_same).then(|| format!("{PAGE} is not current: run `cargo xtask capabilities`"));
    TaskError::from_findings("capabilities --check", finding.into_iter().collect())
}

fn page_of(root: &Path) -> Result<String, TaskError> {
    let table = workspace::read(&root.join(TABLE))?;
    let routes = routes(&workspace::read(&root.join(ROUTES))?)?;
    let kinds = workspace::read(&root.join(KINDS))?;
    let has_test = |test: &str| has_test(&root.join(TESTS), test);
    let table: Table = toml::from_str(&table).map_err(|error| unexpected(TABLE, &error))?;
    let guide = Guide::of_the_house()?;
    let mut findings = findings(&table, &routes, &kinds, &has_test);
    findings.extend(missing(&guide, &table));
    TaskError::from_findings("capabilities", findings)?;
    Ok(render(&table, &routes, &guide))
}

fn unexpected(what: &str, error: &dyn std::fmt::Display) -> TaskError {
    TaskError::Unexpected {
        what: what.to_owned(),
        detail: error.to_string(),
    }
}

/// By operation id.
fn routes(document: &str) -> Result<BTreeMap<String, Route>, TaskError> {
    let document: Value =
        serde_json::from_str(document).map_err(|error| unexpected(ROUTES, &error))?;
    let mut routes = BTreeMap::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let permission = operation["x-required-permission"].as_str();
            let route = Route {
                method_and_path: format!("{} {path}", method.to_uppercase()),
                permission: permission.unwrap_or_default().to_owned(),
            };
            routes.insert(id.to_owned(), route);
        }
    }
    Ok(routes)
}

/// Whether the file of the tests names the test.
fn has_test(folder: &Path, test: &str) -> bool {
    let Some((file, name)) = test.split_once("::") else {
        return false;
    };
    let text = std::fs::read_to_string(folder.join(format!("{file}.rs"))).unwrap_or_default();
    let mut words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.any(|word| word == name)
}

fn findings(
    table: &Table,
    routes: &BTreeMap<String, Route>,
    kinds: &str,
    has_test: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut findings = Vec::new();
    for consumer in &table.consumer {
        let name = &consumer.name;
        let mut complain = |detail: String| findings.push(format!("{TABLE}: `{name}`: {detail}"));
        if consumer.operations.is_empty() {
            complain("reaches nothing".to_owned());
        }
        if consumer.tests.is_empty() {
            complain("is not tested".to_owned());
        }
        for id in &consumer.operations {
            match routes.get(id) {
                None => complain(format!("there is no operation `{id}`")),
                Some(route) if route.permission.is_empty() => {
                    complain(format!("`{id}` needs no permission"));
                }
                Some(_) => {}
            }
        }
        for kind in &consumer.job_kinds {
            if !kinds.contains(&format!("### `{kind}` version")) {
                complain(format!("there is no kind of job `{kind}`"));
            }
        }
        for test in consumer.tests.iter().filter(|test| !has_test(test)) {
            complain(format!("there is no test `{test}`"));
        }
    }
    findings
}

/// Consumers of the guide that the table does not have.
fn missing(guide: &Guide, table: &Table) -> Vec<String> {
    let is_there = |name: &&str| table.consumer.iter().any(|it| it.name == *name);
    let absent = guide.consumers().into_iter().filter(|name| !is_there(name));
    absent
        .map(|name| format!("{TABLE}: the guide's consumer `{name}` is missing"))
        .collect()
}

fn render(table: &Table, routes: &BTreeMap<String, Route>, guide: &Guide) -> String {
    let page = String::from(
        "# What can be reached\n\nFor each consumer that the centralization guide lists in its section 3 (and the activity \
         pages): how it reaches what it\nneeds. Made by `cargo xtask capabilities` from [capabilities.toml](capabilities.toml), \
         [openapi.json](openapi.json) and\n[jobs.md](jobs.md); a route, a kind of job or a test that is not there fails it.\n",
    );
    let mut page = vec![page];
    for consumer in &table.consumer {
        page.push(format!(
            "## `{}`\n\n{}: {}\n\n| route | permission |\n|---|---|",
            consumer.name, consumer.area, consumer.does
        ));
        for route in consumer.operations.iter().filter_map(|id| routes.get(id)) {
            page.push(format!(
                "| `{}` | `{}` |",
                route.method_and_path, route.permission
            ));
        }
        page.push(String::new());
        if !consumer.job_kinds.is_empty() {
            page.push(format!("Jobs: {}\n", listed(&consumer.job_kinds)));
        }
        page.push(format!("Tests: {}\n", listed(&consumer.tests)));
    }
    let (count, missing) = (guide.consumers().len(), missing(guide, table).len());
    let more = table.consumer.len() + missing - count;
    page.push(format!(
        "Consumers that the guide lists: {count}; missing here: {missing}; further ones: {more}.\n"
    ));
    page.join("\n")
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
