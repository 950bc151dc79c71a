//! How much a search and replace changes, read from what WP-CLI prints about it. Foreign text: what
//! cannot be read for certain is an error, never a smaller number.

#[cfg(test)]
mod tests;

/// Why a text is no report of a search and replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementCountsError {
    /// The line that ends every report is missing: something went wrong, or the text was cut.
    #[error("the report has no total")]
    NoTotal,
    /// A row of the table cannot be read.
    #[error("a row of the report cannot be read")]
    Row,
    /// The rows and the total do not belong together: a part of the report is missing.
    #[error("the rows of the report do not add up to its total")]
    Sum,
}

/// The replacements in one table of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReplacements {
    /// The table's name, as the database has it.
    pub table: String,
    /// How many values are replaced in all of its columns.
    pub count: u64,
}

/// The replacements of one run, or of one dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacementCounts {
    total: u64,
    tables: Vec<TableReplacements>,
}

impl ReplacementCounts {
    /// Reads a report: the table in both of its drawings (framed, or with tabs where nobody looks)
    /// and its closing line, or the bare number of `--format=count`. Other lines, such as warnings
    /// of PHP, are passed over.
    pub fn parse(printed: &str) -> Result<Self, ReplacementCountsError> {
        if let Ok(total) = printed.trim().parse() {
            return Ok(Self {
                total,
                tables: Vec::new(),
            });
        }
        let mut total = None;
        let mut counts = Self {
            total: 0,
            tables: Vec::new(),
        };
        let mut is_in_table = false;
        for line in printed.lines() {
            let cells = cells(line);
            if let Some(closing) = line.trim().strip_prefix("Success:") {
                total = first_number(closing);
                is_in_table = false;
            } else if cells == ["Table", "Column", "Replacements", "Type"] {
                is_in_table = true;
            } else if is_in_table && cells.len() == 4 {
                counts.add(cells[0], cells[2])?;
            }
        }
        if counts.total != total.ok_or(ReplacementCountsError::NoTotal)? {
            return Err(ReplacementCountsError::Sum);
        }
        Ok(counts)
    }

    /// How many values are replaced.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The tables in the order of the report; a bare number has none.
    pub fn tables(&self) -> &[TableReplacements] {
        &self.tables
    }

    fn add(&mut self, table: &str, count: &str) -> Result<(), ReplacementCountsError> {
        // A table without a primary key is left alone.
        if count == "skipped" {
            return Ok(());
        }
        let count: u64 = count.parse().map_err(|_| ReplacementCountsError::Row)?;
        // No table's sum is larger than the total, so that alone has to be watched.
        self.total = self
            .total
            .checked_add(count)
            .ok_or(ReplacementCountsError::Row)?;
        match self.tables.iter_mut().find(|known| known.table == table) {
            Some(known) => known.count += count,
            None => self.tables.push(TableReplacements {
                table: table.to_owned(),
                count,
            }),
        }
        Ok(())
    }
}

/// The cells of a row, drawn with bars or with tabs.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim_end_matches(['\r', '\n']);
    match line
        .trim()
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    {
        Some(framed) => framed.split('|').map(str::trim).collect(),
        None => line.split('\t').map(str::trim).collect(),
    }
}

/// `12` of `Made 12 replacements.`
fn first_number(text: &str) -> Option<u64> {
    text.split_whitespace().find_map(|word| word.parse().ok())
}
