//! Results for people and for programs.

use crate::failure::Failure;
use serde_json::Value;
use std::io::Write as _;

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Output {
    /// Columns.
    #[default]
    Table,
    /// The API's own JSON, one document.
    Json,
}

/// A column: its title, and where its text is.
pub(crate) type Column = (&'static str, &'static str);

/// A line of the result. Whoever read it may have gone away; that is no fault.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").ok();
}

/// A part of the result as it is.
pub(crate) fn say_raw(text: &str) {
    let mut stdout = std::io::stdout();
    write!(stdout, "{text}").and_then(|()| stdout.flush()).ok();
}

/// Something on the way, which is no result.
pub(crate) fn tell(text: &str) {
    let mut stderr = std::io::stderr();
    write!(stderr, "{text}").and_then(|()| stderr.flush()).ok();
}

pub(crate) fn complain(failure: &Failure) {
    writeln!(std::io::stderr(), "windlass: {failure}").ok();
}

/// The rows, as the caller wants them.
pub(crate) fn say_rows(output: Output, columns: &[Column], rows: &[Value], whole: &Value) {
    match output {
        Output::Json => say(&whole.to_string()),
        Output::Table => say_raw(&table(columns, rows)),
    }
}

fn table(columns: &[Column], rows: &[Value]) -> String {
    let cell = |row: &Value, field: &str| match row.pointer(field) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let mut lines = vec![
        columns
            .iter()
            .map(|(title, _)| (*title).to_owned())
            .collect(),
    ];
    for row in rows {
        let cells: Vec<String> = columns.iter().map(|(_, field)| cell(row, field)).collect();
        lines.push(cells);
    }
    let width = |column: usize| {
        let widths = lines.iter().map(|line| line[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths);
        let padded: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;
    use serde_json::json;

    #[test]
    fn columns_are_as_wide_as_what_stands_in_them() {
        let columns = [("ID", "/id"), ("SIZE", "/at/size"), ("NAME", "/name")];
        let rows = [
            json!({"id": "a", "at": {"size": 7}, "name": "ä long name"}),
            json!({"id": "longer", "name": null}),
        ];
        assert_eq!(
            table(&columns, &rows),
            "ID      SIZE  NAME\na       7     ä long name\nlonger  -     -\n"
        );
    }
}
