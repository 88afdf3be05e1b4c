//! A workbook as the text of a table: the first sheet that holds anything, a line a row, so that a
//! line of the text is the row of the sheet. Numbers and days keep what they are, however shown.

use std::io::Cursor;

use calamine::{Data, Reader};
use winset_model::case::Day;

use super::{SheetError, SheetText, refused};

/// More cells than any table of a negotiation has.
const MOST: usize = 2_000_000;

/// Reads the first sheet with cells.
pub(super) fn text(bytes: Vec<u8>) -> Result<SheetText, SheetError> {
    let hint = "save the sheet as CSV";
    let mut book = match calamine::open_workbook_auto_from_rs(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(e) => return refused(format!("the workbook cannot be read: {e}"), hint),
    };
    let mut filled = Vec::new();
    for name in book.sheet_names() {
        match book.worksheet_range(&name) {
            Ok(range) if range.is_empty() => {}
            Ok(range) => filled.push((name, range)),
            Err(e) => return refused(format!("the sheet `{name}` cannot be read: {e}"), hint),
        }
    }
    let Some((name, range)) = filled.first() else {
        return refused("the workbook has no cells", "is this the right file?");
    };
    let (start, (height, width)) = (range.start().unwrap_or((0, 0)), range.get_size());
    let cells = (start.0 as usize + height).saturating_mul(start.1 as usize + width);
    if cells > MOST {
        return refused(format!("the sheet `{name}` has more than {MOST} cells"), hint);
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut write = |row: Vec<String>| writer.write_record(&row).map_err(|e| e.to_string());
    // A blank row is a row all the same.
    let before = (0..start.0).map(|_| vec![" ".to_owned()]);
    let lead = vec![String::new(); start.1 as usize];
    let rows = range.rows().map(|row| {
        let row: Vec<String> = lead.iter().cloned().chain(row.iter().map(cell)).collect();
        if row.iter().all(String::is_empty) { vec![" ".to_owned()] } else { row }
    });
    let written = before.chain(rows).try_for_each(&mut write);
    let text = written.and_then(|()| {
        let bytes = writer.into_inner().map_err(|e| e.to_string())?;
        String::from_utf8(bytes).map_err(|e| e.to_string())
    });
    let text = match text {
        Ok(text) => text,
        Err(e) => return refused(format!("the sheet `{name}` cannot be read: {e}"), hint),
    };
    let others: Vec<&str> = filled[1..].iter().map(|(name, _)| name.as_str()).collect();
    let remarks = match others[..] {
        [] => Vec::new(),
        _ => vec![format!("read from the sheet `{name}`, not from `{}`", others.join("`, `"))],
    };
    Ok(SheetText { text, remarks })
}

/// A cell as it is written in a table.
fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        // A line break in a cell would be a line of its own.
        Data::String(text) => text.replace(['\r', '\n'], " "),
        Data::Int(n) => n.to_string(),
        Data::Float(x) => number(*x),
        Data::Bool(b) => b.to_string(),
        Data::DateTime(date) if date.is_duration() => number(date.as_f64()),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => {
            let day = text.get(..10).filter(|day| Day::parse(day).is_some());
            day.unwrap_or(text).to_owned()
        }
        Data::DurationIso(text) => text.clone(),
        Data::Error(e) => e.to_string(),
    }
}

/// A number with no more digits than tell it from its neighbours: a sum of tenths shows no noise.
fn number(x: f64) -> String {
    let short = format!("{x:.12e}").parse::<f64>().unwrap_or(x);
    format!("{short}")
}
