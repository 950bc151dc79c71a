//! Tables of a TOML file whose values know their line.

use super::finding::{Finding, Rule};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located<Value> {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// A table that is read field by field; what is wrong with it is collected.
pub(super) struct TableReader<'file> {
    path: &'file str,
    text: &'file str,
    table: &'file DeTable<'file>,
    /// Where the table begins.
    pub(super) line: usize,
    findings: Vec<Finding>,
}

/// Reads every `[[name]]` of the file with `read`. Nothing else may stand in it.
pub(super) fn read_tables<Row>(
    path: &str,
    text: &str,
    name: &str,
    read: impl Fn(&mut TableReader<'_>) -> Row,
) -> (Vec<Row>, Vec<Finding>) {
    let document = match DeTable::parse(text) {
        Ok(document) => document.into_inner(),
        Err(error) => {
            let line = line_at(text, error.span().unwrap_or_default());
            let detail = error.message().replace('\n', " ");
            return (
                Vec::new(),
                vec![Finding::new(path, line, Rule::Syntax, detail)],
            );
        }
    };
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    for (key, value) in &document {
        let tables = value.get_ref().as_array().filter(|_| key.get_ref() == name);
        let Some(tables) = tables else {
            let detail = format!("`{}` is not `[[{name}]]`", key.get_ref());
            let line = line_at(text, key.span());
            findings.push(Finding::new(path, line, Rule::Field, detail));
            continue;
        };
        for element in tables {
            let line = line_at(text, element.span());
            let Some(table) = element.get_ref().as_table() else {
                let detail = format!("`{name}` holds something that is not a table");
                findings.push(Finding::new(path, line, Rule::Field, detail));
                continue;
            };
            let mut reader = TableReader {
                path,
                text,
                table,
                line,
                findings: Vec::new(),
            };
            rows.push(read(&mut reader));
            findings.append(&mut reader.findings);
        }
    }
    (rows, findings)
}

impl<'file> TableReader<'file> {
    /// Complains about every field that has none of these names.
    pub(super) fn allow(&mut self, names: &[&str]) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !names.contains(&name) {
                let detail = format!("unknown field `{name}`; known are {}", names.join(", "));
                self.complain(line_at(self.text, key.span()), detail);
            }
        }
    }

    /// A text that is there and says something; empty when it is not, which is complained about.
    pub(super) fn text(&mut self, name: &str) -> Located<String> {
        let Some(value) = self.required(name) else {
            return self.nothing(String::new());
        };
        let line = line_at(self.text, value.span());
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Located {
                line,
                value: text.to_owned(),
            },
            _ => {
                self.complain(line, format!("`{name}` must be a text that is not empty"));
                self.nothing(String::new())
            }
        }
    }

    /// A text that may be left out.
    pub(super) fn optional_text(&mut self, name: &str) -> Option<Located<String>> {
        self.table.contains_key(name).then(|| self.text(name))
    }

    /// A flag; absent when it is not there, which is complained about.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.required(name)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let line = line_at(self.text, value.span());
            self.complain(line, format!("`{name}` must be true or false"));
        }
        flag
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, name: &str) -> Located<Vec<Located<String>>> {
        let Some(value) = self.required(name) else {
            return self.nothing(Vec::new());
        };
        let line = line_at(self.text, value.span());
        let file = self.text;
        let read = |element: &Spanned<DeValue<'_>>| {
            let text = element.get_ref().as_str().map(str::trim)?;
            (!text.is_empty()).then(|| Located {
                line: line_at(file, element.span()),
                value: text.to_owned(),
            })
        };
        let texts: Option<Vec<_>> = value
            .get_ref()
            .as_array()
            .and_then(|elements| elements.iter().map(read).collect());
        if let Some(value) = texts {
            return Located { line, value };
        }
        self.complain(line, format!("`{name}` must be a list of texts"));
        self.nothing(Vec::new())
    }

    /// A list of at least one text.
    pub(super) fn some_texts(&mut self, name: &str) -> Located<Vec<Located<String>>> {
        let is_empty = self
            .table
            .get(name)
            .and_then(|value| value.get_ref().as_array())
            .is_some_and(|elements| elements.is_empty());
        let texts = self.texts(name);
        if is_empty {
            self.complain(texts.line, format!("`{name}` must not be empty"));
        }
        texts
    }

    fn required(&mut self, name: &str) -> Option<&'file Spanned<DeValue<'file>>> {
        if !self.table.contains_key(name) {
            self.complain(self.line, format!("the field `{name}` is missing"));
        }
        self.table.get(name)
    }

    fn nothing<Value>(&self, value: Value) -> Located<Value> {
        Located {
            line: self.line,
            value,
        }
    }

    fn complain(&mut self, line: usize, detail: String) {
        self.findings
            .push(Finding::new(self.path, line, Rule::Field, detail));
    }
}

fn line_at(text: &str, span: Range<usize>) -> usize {
    text[..span.start].matches('\n').count() + 1
}
