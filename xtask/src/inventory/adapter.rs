//! The adapter's calls, read from its sources: the table of endpoints, and the functions that name them.

use super::finding::{Finding, Rule};
use super::source;
use crate::task_error::TaskError;
use crate::workspace;
use std::path::Path;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, Item, LitStr, Token};

/// The table of endpoints, from the repository's root.
pub(super) const TABLE: &str = "crates/virtuozzo-adapter/src/endpoint.rs";
const CALLS: &str = "crates/virtuozzo-adapter/src/calls";

/// One line of the table.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) line: usize,
    pub(super) name: String,
    /// Below `/1.0/`.
    pub(super) path: String,
    /// The class of its answer deadline, in small letters.
    pub(super) answer_by: String,
    /// The last part of its documentation's address.
    pub(super) anchor: String,
}

/// A client method and one endpoint that it calls.
#[derive(Debug)]
pub(super) struct Call {
    /// From the repository's root.
    pub(super) file: String,
    pub(super) line: usize,
    /// `calls::<family>::<function>`.
    pub(super) method: String,
    /// The endpoint's name in the table.
    pub(super) endpoint: String,
    pub(super) doc: String,
}

/// What the adapter can call.
#[derive(Debug, Default)]
pub(super) struct Adapter {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) calls: Vec<Call>,
    /// Functions that look like calls and name no endpoint.
    pub(super) aimless: Vec<Finding>,
}

impl Adapter {
    /// The endpoint of that path.
    pub(super) fn endpoint_at(&self, path: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.path == path)
    }

    /// The endpoint of that name.
    pub(super) fn endpoint_named(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }
}

/// Reads the sources; the inner error is a source that cannot be understood.
pub(super) fn read(root: &Path) -> Result<Result<Adapter, Finding>, TaskError> {
    let table = workspace::read(&root.join(TABLE))?;
    let mut adapter = match read_table(&table) {
        Ok(endpoints) => Adapter {
            endpoints,
            ..Adapter::default()
        },
        Err(finding) => return Ok(Err(finding)),
    };
    let folder = root.join(CALLS);
    for path in workspace::files_under(&folder) {
        let inner = path.strip_prefix(&folder).unwrap_or(&path);
        let Some(family) = family_of(inner) else {
            continue;
        };
        let file = format!("{CALLS}/{}", inner.display());
        match source::parse(&file, &workspace::read(&path)?) {
            Ok(parsed) => adapter.add_family(&file, &family, &parsed),
            Err(finding) => return Ok(Err(finding)),
        }
    }
    Ok(Ok(adapter))
}

impl Adapter {
    fn add_family(&mut self, file: &str, family: &str, parsed: &syn::File) {
        for function in source::functions_giving(parsed, "Call") {
            let method = format!("calls::{family}::{}", function.name);
            if function.endpoints.is_empty() {
                let detail = format!("`{method}` gives a call and names no endpoint");
                let finding = Finding::new(file, function.line, Rule::MissingRow, detail);
                self.aimless.push(finding);
            }
            let calls = function.endpoints.iter().map(|endpoint| Call {
                file: file.to_owned(),
                line: function.line,
                method: method.clone(),
                endpoint: endpoint.clone(),
                doc: function.doc.clone(),
            });
            self.calls.extend(calls);
        }
    }
}

/// `commands/guarded.rs` is `commands::guarded`; tests are no family.
fn family_of(path: &Path) -> Option<String> {
    let path = path.to_str()?.strip_suffix(".rs")?;
    let parts: Vec<&str> = path.split('/').collect();
    (!parts.contains(&"tests")).then(|| parts.join("::"))
}

/// `/// doc  Name = "label", "path", Service, Class, "anchor";`
struct Entry(Endpoint);

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let _label: LitStr = input.parse()?;
        input.parse::<Token![,]>()?;
        let path: LitStr = input.parse()?;
        input.parse::<Token![,]>()?;
        let _service: Ident = input.parse()?;
        input.parse::<Token![,]>()?;
        let answer: Ident = input.parse()?;
        input.parse::<Token![,]>()?;
        let anchor: LitStr = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self(Endpoint {
            line: source::line_of(name.span()),
            name: name.to_string(),
            path: path.value(),
            answer_by: answer.to_string().to_lowercase(),
            anchor: anchor.value(),
        }))
    }
}

/// The entries of `endpoints! { … }`.
fn read_table(text: &str) -> Result<Vec<Endpoint>, Finding> {
    let file = source::parse(TABLE, text)?;
    let table = file.items.iter().find_map(|item| match item {
        Item::Macro(item) if item.mac.path.is_ident("endpoints") => Some(&item.mac),
        _ => None,
    });
    let Some(table) = table else {
        let detail = "there is no `endpoints! { … }`";
        return Err(Finding::new(TABLE, 1, Rule::Syntax, detail));
    };
    let read = |input: ParseStream<'_>| {
        let mut endpoints = Vec::new();
        while !input.is_empty() {
            endpoints.push(input.parse::<Entry>()?.0);
        }
        Ok(endpoints)
    };
    table.parse_body_with(read).map_err(|error| {
        let line = source::line_of(error.span());
        Finding::new(TABLE, line, Rule::Syntax, error.to_string())
    })
}
