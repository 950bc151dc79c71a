//! The rules about rows and calls, as pure functions to what is wrong.

use super::PATH;
use super::adapter::{Adapter, Call, TABLE};
use super::finding::{Finding, Rule};
use super::located::Located;
use super::named_tests::NamedTests;
use super::rows::Row;

const METHODS: [&str; 2] = ["GET", "POST"];
const STATES: [&str; 2] = ["built", "planned"];
const IDEMPOTENT: [&str; 3] = ["documented", "in effect", "no"];
const PROOF_CLASSES: [&str; 6] = [
    "read",
    "named",
    "desired-state",
    "observable",
    "guarded",
    "blind",
];
const ANSWER_CLASSES: [&str; 3] = ["instant", "medium", "long"];
const ANCHOR_BASE: &str = "https://docs.jelastic.com/api/#!/api/";
/// The crate whose own tests must cover a call.
const ADAPTER_FOLDER: &str = "crates/virtuozzo-adapter/";

/// Values that are none of those allowed, or contradict each other.
pub(super) fn about_values(rows: &[Row]) -> Vec<Finding> {
    rows.iter().flat_map(about_values_of).collect()
}

fn about_values_of(row: &Row) -> Vec<Finding> {
    let mut findings = Vec::new();
    let closed = [
        ("idempotent", &row.idempotent, &IDEMPOTENT[..]),
        ("proof_class", &row.proof_class, &PROOF_CLASSES),
        ("answer_by", &row.answer_by, &ANSWER_CLASSES),
    ];
    let methods = row.methods.value.iter();
    let state = row.state.iter();
    let closed = closed
        .into_iter()
        .chain(methods.map(|method| ("methods", method, &METHODS[..])))
        .chain(state.map(|state| ("state", state, &STATES[..])));
    for (name, field, allowed) in closed {
        if is_given(field) && !allowed.contains(&field.value.as_str()) {
            let detail = format!(
                "`{name}` is `{}`; it must be one of {}",
                field.value,
                allowed.join(", ")
            );
            findings.push(Finding::new(PATH, field.line, Rule::Value, detail));
        }
    }
    let is_read = row.proof_class.value == "read";
    if is_given(&row.proof_class) && row.mutates == Some(is_read) {
        let detail = if is_read {
            "a call that mutates is not settled by reading: `proof_class` is `read`"
        } else {
            "a call that does not mutate has the `proof_class` `read`"
        };
        let line = row.proof_class.line;
        findings.push(Finding::new(PATH, line, Rule::Value, detail));
    }
    findings
}

/// Calls without rows, rows without calls, and what the two say of each other.
pub(super) fn about_calls(rows: &[Row], adapter: &Adapter) -> Vec<Finding> {
    let mut findings = adapter.aimless.clone();
    for (place, row) in rows.iter().enumerate() {
        let is_earlier = |other: &Row| other.is_of(&row.client_method.value, &row.endpoint.value);
        if rows[..place].iter().any(is_earlier) {
            let detail = format!(
                "`{}` has a row for `{}` already",
                row.client_method.value, row.endpoint.value
            );
            findings.push(Finding::new(PATH, row.line, Rule::Doubled, detail));
        }
        findings.extend(about_anchor(row));
        findings.extend(about_call_of(row, adapter));
    }
    let without_row = adapter
        .calls
        .iter()
        .filter(|call| !has_row(rows, adapter, call));
    findings.extend(without_row.map(|call| {
        let Call {
            method, endpoint, ..
        } = call;
        let detail = format!("the call `{method}` to `Endpoint::{endpoint}` has no row in {PATH}");
        Finding::new(&call.file, call.line, Rule::MissingRow, detail)
    }));
    for (place, endpoint) in adapter.endpoints.iter().enumerate() {
        let name = &endpoint.name;
        let earlier = adapter.endpoints[..place]
            .iter()
            .find(|other| other.path == endpoint.path);
        if let Some(earlier) = earlier {
            let detail = format!("`{}` is at line {} already", endpoint.path, earlier.line);
            findings.push(Finding::new(TABLE, endpoint.line, Rule::Doubled, detail));
        }
        let mut complain = |detail: String| {
            findings.push(Finding::new(TABLE, endpoint.line, Rule::MissingRow, detail));
        };
        if !rows.iter().any(|row| row.endpoint.value == endpoint.path) {
            complain(format!("`{}` ({name}) has no row in {PATH}", endpoint.path));
        }
        if !adapter.calls.iter().any(|call| call.endpoint == *name) {
            complain(format!("no call names `Endpoint::{name}`"));
        }
    }
    findings
}

fn has_row(rows: &[Row], adapter: &Adapter, call: &Call) -> bool {
    let path = adapter
        .endpoint_named(&call.endpoint)
        .map(|endpoint| endpoint.path.as_str());
    path.is_some_and(|path| rows.iter().any(|row| row.is_of(&call.method, path)))
}

/// The address must have its form and be that of the endpoint's path.
fn about_anchor(row: &Row) -> Option<Finding> {
    let wrong = |detail: String| Some(Finding::new(PATH, row.anchor.line, Rule::Anchor, detail));
    if !is_given(&row.anchor) {
        return None;
    }
    let anchor = &row.anchor.value;
    let Some(path) = path_of_anchor(anchor) else {
        return wrong(format!(
            "`{anchor}` is not `{ANCHOR_BASE}<namespace>.<Service>-method-<Method>`"
        ));
    };
    if is_given(&row.endpoint) && path != row.endpoint.value {
        return wrong(format!(
            "`{anchor}` documents `{path}`, not `{}`",
            row.endpoint.value
        ));
    }
    None
}

/// `environment.Control-method-GetEnvs` documents `environment/control/rest/getenvs`.
fn path_of_anchor(anchor: &str) -> Option<String> {
    let (service, method) = anchor.strip_prefix(ANCHOR_BASE)?.split_once("-method-")?;
    let (namespace, service) = service.split_once('.')?;
    let is_name = |name: &str, is_first: fn(&u8) -> bool| {
        name.as_bytes().first().is_some_and(is_first)
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_formed = is_name(namespace, u8::is_ascii_lowercase)
        && is_name(service, u8::is_ascii_uppercase)
        && is_name(method, u8::is_ascii_uppercase);
    is_formed.then(|| format!("{namespace}/{service}/rest/{method}").to_lowercase())
}

fn about_call_of(row: &Row, adapter: &Adapter) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !is_given(&row.endpoint) || !is_given(&row.client_method) {
        return findings;
    }
    let mut complain =
        |line, rule, detail: String| findings.push(Finding::new(PATH, line, rule, detail));
    let Some(endpoint) = adapter.endpoint_at(&row.endpoint.value) else {
        let detail = format!("`{}` is not in {TABLE}", row.endpoint.value);
        complain(row.endpoint.line, Rule::MissingCall, detail);
        return findings;
    };
    let anchor = format!("{ANCHOR_BASE}{}", endpoint.anchor);
    if is_given(&row.anchor) && anchor != row.anchor.value {
        let detail = format!("the anchor is `{anchor}` at {TABLE}:{}", endpoint.line);
        complain(row.anchor.line, Rule::Anchor, detail);
    }
    if is_given(&row.answer_by) && endpoint.answer_by != row.answer_by.value {
        let detail = format!(
            "`answer_by` is `{}` at {TABLE}:{}",
            endpoint.answer_by, endpoint.line
        );
        complain(row.answer_by.line, Rule::Value, detail);
    }
    let method = &row.client_method.value;
    let call = adapter
        .calls
        .iter()
        .find(|call| call.method == *method && call.endpoint == endpoint.name);
    match call {
        None => {
            let detail = format!("no function `{method}` calls `Endpoint::{}`", endpoint.name);
            complain(row.client_method.line, Rule::MissingCall, detail);
        }
        Some(call) if !call.doc.contains(&format!("<{anchor}>")) => {
            let detail = format!("`{method}` does not cite <{anchor}>");
            findings.push(Finding::new(&call.file, call.line, Rule::Anchor, detail));
        }
        Some(_) => {}
    }
    findings
}

/// Rows whose tests are not there. At least one must be the adapter's own: what the simulator does
/// by itself proves nothing about the call.
pub(super) fn about_tests(rows: &[Row], tests: &NamedTests) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in rows {
        let line = row.tests.line;
        if row.tests.value.is_empty() {
            let detail = format!("`{}` names no test", row.client_method.value);
            findings.push(Finding::new(PATH, line, Rule::MissingTest, detail));
            continue;
        }
        for test in row
            .tests
            .value
            .iter()
            .filter(|test| !tests.contains_key(&test.value))
        {
            let detail = format!("there is no test function `{}`", test.value);
            findings.push(Finding::new(PATH, test.line, Rule::MissingTest, detail));
        }
        let is_own = |name: &str| {
            let mut files = tests.get(name).into_iter().flatten();
            files.any(|file| file.starts_with(ADAPTER_FOLDER))
        };
        let is_there = row.test_names().all(|name| tests.contains_key(name));
        if is_there && !row.test_names().any(is_own) {
            let detail = format!("none of the tests stands in {ADAPTER_FOLDER}");
            findings.push(Finding::new(PATH, line, Rule::MissingTest, detail));
        }
    }
    findings
}

/// Whether it was read; if not, that was complained about.
fn is_given(field: &Located<String>) -> bool {
    !field.value.is_empty()
}
