//! Tables for spreadsheets: comma-separated values in which no cell is run as a formula.
//!
//! Every table that leaves winset for a spreadsheet is written here. The record of a case is its
//! owner's own file and is written as it is typed, by [`crate::record::add`].

use std::borrow::Cow;

/// A cell that no spreadsheet runs as a formula: what begins as one is led by an apostrophe, unless
/// it is a number.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    let begins =
        cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r']);
    match begins && cell.trim().parse::<f64>().is_err() {
        true => Cow::Owned(format!("'{cell}")),
        false => Cow::Borrowed(cell),
    }
}

/// A table with its header; lines end as Unix has it.
pub fn table<H, R, C>(header: H, rows: R) -> String
where
    H: IntoIterator<Item: AsRef<str>>,
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item: AsRef<str>>,
{
    written(csv::Terminator::Any(b'\n'), header, rows)
}

/// A table with its header behind remarks, a line each that begins with `#`; lines end as RFC 4180
/// has it.
pub fn remarked_table<H, R, C>(remarks: &[&str], header: H, rows: R) -> String
where
    H: IntoIterator<Item: AsRef<str>>,
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item: AsRef<str>>,
{
    let line = |remark: &&str| format!("# {}\r\n", remark.replace(['\r', '\n'], " "));
    let mut text: String = remarks.iter().filter(|r| !r.is_empty()).map(line).collect();
    text.push_str(&written(csv::Terminator::CRLF, header, rows));
    text
}

fn written<H, R, C>(end: csv::Terminator, header: H, rows: R) -> String
where
    H: IntoIterator<Item: AsRef<str>>,
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item: AsRef<str>>,
{
    // Rows of a figure may be shorter than its header.
    let mut writer =
        csv::WriterBuilder::new().terminator(end).flexible(true).from_writer(Vec::new());
    // Writing to memory does not fail, and what was text stays text.
    let mut row = |cells: Vec<String>| drop(writer.write_record(&cells));
    row(header.into_iter().map(|h| h.as_ref().to_owned()).collect());
    for cells in rows {
        row(cells.into_iter().map(|cell| guarded(cell.as_ref()).into_owned()).collect());
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_run_and_every_number_stays_one() {
        for cell in ["=1+1", "+a", "-b", "@sum", " =1", "\t=1", "\rx", "-", "=HYPERLINK(\"x\")"] {
            assert_eq!(guarded(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "-3.5", "+2", "1e-9", "-inf", "a=b", "'=1", "text"] {
            assert_eq!(guarded(cell), cell);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows = [["x,\"y\"\nz", "=1+1"], ["-3.5", ""]];
        assert_eq!(table(["a", "b"], rows), "a,b\n\"x,\"\"y\"\"\nz\",'=1+1\n-3.5,\n");
        let text = remarked_table(&["Title\nof two", "", "source"], ["a", "b"], rows);
        let head = "# Title of two\r\n# source\r\na,b\r\n";
        assert_eq!(text, format!("{head}\"x,\"\"y\"\"\nz\",'=1+1\r\n-3.5,\r\n"));
        assert_eq!(table(["a"], Vec::<[&str; 1]>::new()), "a\n");
    }
}
