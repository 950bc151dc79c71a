//! Rust sources, as far as the inventory asks: which functions there are, and what they name.

use super::finding::{Finding, Rule};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ItemFn, Lit, Meta, ReturnType, Visibility};

/// Parses a source; what is wrong with it otherwise.
pub(super) fn parse(path: &str, text: &str) -> Result<syn::File, Finding> {
    syn::parse_file(text)
        .map_err(|error| Finding::new(path, line_of(error.span()), Rule::Syntax, error.to_string()))
}

pub(super) fn line_of(span: Span) -> usize {
    span.start().line
}

/// A function of a file that others may call.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) doc: String,
    /// What it names of `Endpoint`, itself or by private functions beside it.
    pub(super) endpoints: BTreeSet<String>,
}

/// The functions of a file, private ones left out, whose answer has that type.
pub(super) fn functions_giving(file: &syn::File, type_name: &str) -> Vec<Function> {
    let functions: BTreeMap<String, &ItemFn> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Fn(function) => Some((function.sig.ident.to_string(), function)),
            _ => None,
        })
        .collect();
    let gives = |function: &ItemFn| {
        let mut names = Names::default();
        if let ReturnType::Type(_, answer) = &function.sig.output {
            names.visit_type(answer);
        }
        names.single.contains(type_name)
    };
    functions
        .iter()
        .filter(|(_, function)| !matches!(function.vis, Visibility::Inherited) && gives(function))
        .map(|(name, function)| Function {
            name: name.clone(),
            line: line_of(function.sig.ident.span()),
            doc: doc_of(&function.attrs),
            endpoints: endpoints_of(name, &functions, &mut BTreeSet::new()),
        })
        .collect()
}

fn endpoints_of(
    name: &str,
    functions: &BTreeMap<String, &ItemFn>,
    seen: &mut BTreeSet<String>,
) -> BTreeSet<String> {
    let Some(function) = functions.get(name) else {
        return BTreeSet::new();
    };
    if !seen.insert(name.to_owned()) {
        return BTreeSet::new();
    }
    let mut names = Names::default();
    names.visit_block(&function.block);
    let mut endpoints = names.endpoints;
    for callee in names.single {
        let is_private = functions
            .get(&callee)
            .is_some_and(|callee| matches!(callee.vis, Visibility::Inherited));
        if is_private {
            endpoints.extend(endpoints_of(&callee, functions, seen));
        }
    }
    endpoints
}

/// What a piece of source names.
#[derive(Default)]
struct Names {
    /// The last part of `Endpoint::…`.
    endpoints: BTreeSet<String>,
    /// The last part of any path.
    single: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        if let [.., kind, name] = parts.as_slice()
            && kind == "Endpoint"
        {
            self.endpoints.insert(name.clone());
        }
        self.single.extend(parts.last().cloned());
        visit::visit_path(self, path);
    }
}

fn doc_of(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        match &pair.value {
            Expr::Lit(literal) if pair.path.is_ident("doc") => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The names of all test functions of a file, those of inner modules too.
pub(super) fn test_functions(file: &syn::File) -> BTreeSet<String> {
    let mut tests = Tests::default();
    tests.visit_file(file);
    tests.0
}

#[derive(Default)]
struct Tests(BTreeSet<String>);

impl<'ast> Visit<'ast> for Tests {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let is_test = |attribute: &Attribute| {
            let last = attribute.path().segments.last();
            last.is_some_and(|segment| segment.ident == "test")
        };
        if function.attrs.iter().any(is_test) {
            self.0.insert(function.sig.ident.to_string());
        }
        visit::visit_item_fn(self, function);
    }
}
