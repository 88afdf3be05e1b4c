//! Tables as people have them: the bytes of a text file or of a workbook become rows of cells, each
//! with its line. What the cells mean is not known here.

pub mod encoding;
pub mod number;
#[cfg(feature = "spreadsheets")]
mod workbook;

use std::ops::Range;
use std::path::Path;

use crate::bounded;
use encoding::TextEncoding;

/// What may stand between two cells.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table larger than this is not read.
const LARGEST: u64 = 16 << 20;

/// Rows among which a header is looked for.
pub(crate) const HEADER_WITHIN: usize = 20;

/// The text of a table, and what was done to get it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetText {
    /// The text; a workbook is written with commas, a line a row.
    pub text: String,
    /// What somebody should know: an encoding that was guessed, a sheet among several.
    pub remarks: Vec<String>,
}

/// Why bytes are no table: what was found, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}\n\nhint: {hint}")]
pub struct SheetError {
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

fn refused<T>(message: impl Into<String>, hint: impl Into<String>) -> Result<T, SheetError> {
    Err(SheetError { message: message.into(), hint: hint.into() })
}

/// Reads the text of a table from a file: text in any usual encoding, or a workbook.
///
/// # Errors
/// The system's, if the file cannot be read; `Ok(Err)` if it holds no table.
pub fn open(path: &Path) -> std::io::Result<Result<SheetText, SheetError>> {
    let size = bounded::open(path)?.metadata()?.len();
    if size > LARGEST {
        let most = LARGEST >> 20;
        return Ok(refused(format!("it is larger than {most} MB"), "is this the right file?"));
    }
    Ok(text(bounded::read(path, LARGEST)?))
}

/// The text of a table: UTF-8, UTF-16 or Windows-1252, or the first sheet of a workbook.
///
/// # Errors
/// If the bytes are none of these.
pub fn text(bytes: Vec<u8>) -> Result<SheetText, SheetError> {
    // The first bytes of a zip archive, which XLSX and ODS are, and of the older XLS.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return of_workbook(bytes);
    }
    let (text, encoding) = encoding::decode(bytes)?;
    let guessed = (encoding == TextEncoding::Windows1252).then(|| encoding.name().to_owned());
    Ok(SheetText { text, remarks: guessed.map(|e| format!("read as {e}")).into_iter().collect() })
}

#[cfg(feature = "spreadsheets")]
fn of_workbook(bytes: Vec<u8>) -> Result<SheetText, SheetError> {
    workbook::text(bytes)
}

#[cfg(not(feature = "spreadsheets"))]
fn of_workbook(_: Vec<u8>) -> Result<SheetText, SheetError> {
    refused(
        "it is a workbook (XLSX, ODS or XLS), which this build does not read",
        "save the sheet as CSV, or build winset with `--features spreadsheets`",
    )
}

/// A row with any text in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The bytes of its first line, without the end.
    pub span: Range<usize>,
    /// Its cells, without the spaces around them.
    pub cells: Vec<String>,
}

impl SheetRow {
    /// A cell; blank where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// How many cells there are, blank ones at the end not counted.
    pub fn filled(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |k| k + 1)
    }
}

/// The line on which a quotation mark is opened that nothing closes, or that is closed before the end
/// of its cell, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenQuote {
    /// The line, from 1.
    pub line: usize,
    /// The bytes of that line.
    pub span: Range<usize>,
    /// Whether it is closed and the cell goes on.
    pub early: bool,
}

impl OpenQuote {
    /// What is wrong.
    pub fn message(&self) -> &'static str {
        match self.early {
            true => {
                "a cell that begins with a quotation mark goes on behind the next one: the marks would be lost"
            }
            false => {
                "a quotation mark is opened here and never closed: what follows would be one cell"
            }
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self.early {
            true => {
                "put the whole cell in quotation marks, and write two for each that is meant: \"\"\"No\"\" he said\""
            }
            false => "close it, or write two for one that is meant",
        }
    }
}

/// The rows of a text. Lines end with `\n`, `\r\n` or `\r`; blank rows are left out.
///
/// # Errors
/// If a quotation mark is opened and never closed, so that rows would be lost in a cell, or closed before
/// the end of its cell, so that the marks would be.
pub fn rows(text: &str, delimiter: u8) -> Result<Vec<SheetRow>, OpenQuote> {
    let (rows, last) = split(text, delimiter);
    if is_open(&text[last..], delimiter) {
        let opened = last + opening(&text[last..], delimiter);
        let line = LineCount { text, byte: 0, line: 1 }.at(opened);
        return Err(OpenQuote { line, span: line_at(text, opened), early: false });
    }
    if let Some(early) = closed_early(text, delimiter) {
        let line = LineCount { text, byte: 0, line: 1 }.at(early);
        return Err(OpenQuote { line, span: line_at(text, early), early: true });
    }
    Ok(rows)
}

/// The rows of a text, whatever stays open, and the byte of the last one.
fn split(text: &str, delimiter: u8) -> (Vec<SheetRow>, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = LineCount { text, byte: 0, line: 1 };
    let mut last = 0;
    // What is text stays text, and rows of any length are taken: nothing else can fail.
    for row in reader.records().filter_map(Result::ok) {
        let byte = row.position().map_or(0, |p| p.byte() as usize).min(text.len());
        // The reader stands before blank lines, and between the two bytes of a line's end.
        let ends = text[byte..].bytes().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        last = byte + ends;
        let line = lines.at(last);
        let cells: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(SheetRow { line, span: line_at(text, last), cells });
        }
    }
    (rows, last)
}

/// The rest of the line at a byte.
fn line_at(text: &str, byte: usize) -> Range<usize> {
    let rest = &text[byte..];
    byte..byte + rest.find(['\r', '\n']).unwrap_or(rest.len())
}

/// Lines as they are passed.
struct LineCount<'t> {
    text: &'t str,
    byte: usize,
    line: usize,
}

impl LineCount<'_> {
    /// The line of a byte that is not before the last one asked for.
    fn at(&mut self, byte: usize) -> usize {
        let bytes = self.text.as_bytes();
        for k in self.byte..byte {
            let end = bytes[k] == b'\n' || bytes[k] == b'\r' && bytes.get(k + 1) != Some(&b'\n');
            self.line += usize::from(end);
        }
        self.byte = self.byte.max(byte);
        self.line
    }
}

/// Whether the row still runs where the text ends: a line that is put behind becomes a part of it.
fn is_open(row: &str, delimiter: u8) -> bool {
    let count = |text: &str| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        reader.records().count()
    };
    row.contains('"') && count(&format!("{row}\nx")) == 1
}

/// The byte of the first quotation mark that closes a cell which goes on.
fn closed_early(text: &str, delimiter: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut quoted, mut fresh, mut at) = (false, true, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' if quoted && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if quoted => {
                let rest = text[at + 1..].trim_start_matches(' ').bytes().next();
                if rest.is_some_and(|b| b != delimiter && !matches!(b, b'\r' | b'\n')) {
                    return Some(at);
                }
                quoted = false;
            }
            b'"' if fresh => quoted = true,
            _ => {}
        }
        fresh = !quoted && (bytes[at] == delimiter || matches!(bytes[at], b'\r' | b'\n'));
        at += 1;
    }
    None
}

/// The byte of a row at which the quotation mark stands that stays open.
fn opening(row: &str, delimiter: u8) -> usize {
    let bytes = row.as_bytes();
    let (mut open, mut at) = (None, 0);
    let mut fresh = true;
    while at < bytes.len() {
        match (bytes[at], open) {
            (b'"', None) if fresh => open = Some(at),
            (b'"', Some(_)) if bytes.get(at + 1) == Some(&b'"') => at += 1,
            (b'"', Some(_)) => open = None,
            _ => {}
        }
        fresh = open.is_none() && (bytes[at] == delimiter || matches!(bytes[at], b'\r' | b'\n'));
        at += 1;
    }
    open.unwrap_or(0)
}

/// The delimiter with which a row near the top scores most, as `score` judges its cells; of equals
/// the one that splits it most, then the order of [`DELIMITERS`].
pub fn delimiter(text: &str, score: impl Fn(&[String]) -> usize) -> u8 {
    let top = top(text);
    let best = |delimiter: u8| {
        let (rows, _) = split(top, delimiter);
        let judged = rows.iter().map(|row| (score(&row.cells), row.filled()));
        judged.max().unwrap_or((0, 0))
    };
    let each = DELIMITERS.into_iter().rev().map(|d| (best(d), d));
    each.max_by_key(|(judged, _)| *judged).map_or(b',', |(_, d)| d)
}

/// The lines at the top of a text in which a header may stand.
fn top(text: &str) -> &str {
    let mut lines = text.match_indices(['\n', '\r']).filter(|(k, _)| {
        // Of `\r\n` only the second byte ends a line, and blank lines do not count.
        !text[..*k].ends_with(['\n', '\r'])
    });
    let end = lines.nth(HEADER_WITHIN).map_or(text.len(), |(k, _)| k);
    &text[..end]
}

/// What a delimiter is called.
pub fn delimiter_name(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "vertical bars",
        _ => "commas",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for (end, blank) in [("\n", "\n"), ("\r\n", "\r\n"), ("\r", "\r")] {
            let text = ["a,b", "\"1", "2\",x", "", "3,4", ""].join(end) + blank + "5,6";
            let rows = rows(&text, b',').unwrap();
            let lines: Vec<usize> = rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [1, 2, 5, 7], "{end:?}");
            assert_eq!(&text[rows[2].span.clone()], "3,4");
            assert_eq!(rows[1].cells[1], "x");
        }
    }

    #[test]
    fn a_quotation_mark_that_stays_open_is_found_where_it_opens() {
        let open = rows("a,b\n1,\"x\"\n2,\"y\n3,z\n", b',').unwrap_err();
        assert_eq!(open.line, 3);
        assert!(rows("a,b\n1,5\" nails\n", b',').is_ok());
        assert!(rows("a,b\n1,\"x\"", b',').is_ok());
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_a_header() {
        let known = |cells: &[String]| cells.iter().filter(|c| ["a", "b"].contains(&&***c)).count();
        for (text, want) in [
            ("a,b\n1,2", b','),
            ("A title, with; marks\na;b\n1,5;2", b';'),
            ("a\tb\n1\t2", b'\t'),
            ("a|b\n1|2", b'|'),
            ("", b','),
        ] {
            assert_eq!(delimiter(text, known), want, "{text}");
        }
    }
}
