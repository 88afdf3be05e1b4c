//! Own tables of past cases: `start,end,ending` or `days,ending`.

use std::ops::Range;

use winset_model::case::Day;
use winset_model::class::{PastCase, PastEnding, ReferenceClass};

use crate::diagnostic::{Findings, Source, closest, suggest};
use crate::record::iso_day;
use crate::sheet::number::{DecimalMark, NumberFault, number as written_number, proof};
use crate::sheet::{self, SheetRow};

/// The columns a table may have; what else is worth keeping goes into `name`, `source`, `link`, `note`.
pub const COLUMNS: [&str; 8] = ["name", "start", "end", "days", "ending", "source", "link", "note"];
/// The words for how a case ended; an empty cell is one that is still open.
const ENDINGS: [&str; 2] = ["agreement", "other"];
/// Longer than any talks: a century.
const MOST_DAYS: f64 = 36_525.0;
/// With fewer agreements a class says little.
const FEW: usize = 5;

/// How long a case took, as it was written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Length {
    /// The day it began, and the day it ended or none if it is open.
    Between(Day, Option<Day>),
    /// Days, so far if it is open.
    Days(f64),
}

/// A table of past cases as it was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastTable {
    rows: Vec<(Length, PastEnding)>,
}

impl PastTable {
    /// Whether it says when its cases began; days alone are the same from every day.
    pub fn is_dated(&self) -> bool {
        self.rows.iter().any(|(length, _)| matches!(length, Length::Between(..)))
    }

    /// What is seen of it on the evening of a day; of a table with days instead of dates, everything.
    ///
    /// A case that begins later is not seen, one that ends later is still open. Without a day nothing
    /// is cut.
    ///
    /// # Errors
    /// How many cases are open by their dates, if there is no day up to which to count them.
    pub fn seen(&self, as_of: Option<Day>) -> Result<Vec<PastCase>, usize> {
        let mut open = 0;
        let case = |(length, ending): &(Length, PastEnding)| {
            let (days, ending) = match (*length, as_of) {
                (Length::Days(days), _) => (days, *ending),
                (Length::Between(start, _), Some(day)) if start > day => return None,
                (Length::Between(start, Some(end)), day) if day.is_none_or(|d| end <= d) => {
                    (f64::from(end.0 - start.0), *ending)
                }
                (Length::Between(start, _), Some(day)) => {
                    (f64::from(day.0 - start.0), PastEnding::Open)
                }
                (Length::Between(..), None) => {
                    open += 1;
                    return None;
                }
            };
            Some(PastCase { days, ending, group: None })
        };
        let seen = self.rows.iter().filter_map(case).collect();
        if open > 0 { Err(open) } else { Ok(seen) }
    }

    /// The class of the cases seen on a day, with what is wrong with it.
    pub fn fit(
        &self,
        file: &str,
        as_of: Option<Day>,
        findings: &mut Findings,
    ) -> Option<ReferenceClass> {
        let seen = match self.seen(as_of) {
            Ok(seen) => seen,
            Err(open) => {
                let message = match open {
                    1 => "a case is still open, and there is no day to count up to".to_owned(),
                    n => format!("{n} cases are still open, and there is no day to count up to"),
                };
                let hint = "say the day on which you looked: `--as-of 2025-06-30`".to_owned();
                findings.error("as-of", file, None, message, hint);
                return None;
            }
        };
        let Some(class) = ReferenceClass::fit(&seen) else {
            let by = as_of.map_or_else(String::new, |day| format!(" by {day}"));
            let message = format!("none of the {} cases has ended{by}", seen.len());
            let hint = "a class needs endings: add past cases that have ended".to_owned();
            findings.error("no-ending", file, None, message, hint);
            return None;
        };
        if class.counts.agreed < FEW {
            let message = match class.counts.agreed {
                0 => "no case ended in agreement: by this class none ever will".to_owned(),
                1 => "only one case ended in agreement".to_owned(),
                n => format!("only {n} cases ended in agreement"),
            };
            let hint = format!(
                "look for more past cases: with fewer than {FEW} agreements a class says little"
            );
            findings.warning("few-agreements", file, None, message, hint);
        }
        Some(class)
    }
}

/// Reads a table. Everything wrong is found in one pass; `None` if any of it is an error.
pub fn read(source: &Source, findings: &mut Findings) -> Option<PastTable> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    let at = |row: &SheetRow| Some(line_at(source, skipped + row.span.start));
    let delimiter = sheet::delimiter(text, |cells| {
        cells.iter().filter(|c| COLUMNS.contains(&c.as_str())).count()
    });
    let rows = match sheet::rows(text, delimiter) {
        Ok(rows) => rows,
        Err(open) => {
            let at = Some(skipped + open.span.start..skipped + open.span.end);
            findings.error("csv", &source.name, at, open.message(), open.hint().to_owned());
            return None;
        }
    };
    let mut own = Findings::default();
    let (header, rows) = match rows.split_first() {
        Some((header, rows)) => (header.clone(), rows),
        None => (SheetRow { line: 1, span: 0..0, cells: Vec::new() }, &[][..]),
    };
    if let Some(columns) = Columns::read(&header, at(&header), source, &mut own) {
        let mark = match columns {
            Columns::Days { days, .. } => rows.iter().find_map(|row| proof(row.cell(days))),
            Columns::Between { .. } => None,
        };
        let style = (mark, delimiter == b',');
        let mut table = PastTable::default();
        for row in rows {
            match columns.row(row, header.filled(), style) {
                Ok(row) => table.rows.push(row),
                Err((code, message, hint)) => {
                    own.error(code, &source.name, at(row), message, hint);
                }
            }
        }
        if table.rows.is_empty() && !own.failed() {
            let hint = "give each past case a row below the header".to_owned();
            own.error("empty", &source.name, Some(0..0), "the table has no rows", hint);
        }
        let good = !own.failed();
        findings.list.append(&mut own.list);
        return good.then_some(table);
    }
    findings.list.append(&mut own.list);
    None
}

/// The rest of the line on which a byte stands, without its end.
pub(crate) fn line_at(source: &Source, byte: usize) -> Range<usize> {
    let byte = byte.min(source.text.len());
    let rest = &source.text[byte..];
    byte..byte + rest.find(['\r', '\n']).unwrap_or(rest.len())
}

/// Code, message and hint of what is wrong with a row.
type Wrong = (&'static str, String, Option<String>);

fn wrong<T>(code: &'static str, message: String, hint: &str) -> Result<T, Wrong> {
    Err((code, message, Some(hint.to_owned())))
}

/// Where the columns stand that a class needs.
enum Columns {
    Between { start: usize, end: usize, ending: usize },
    Days { days: usize, ending: usize },
}

impl Columns {
    fn read(
        header: &SheetRow,
        at: Option<Range<usize>>,
        source: &Source,
        own: &mut Findings,
    ) -> Option<Self> {
        let header = &header.cells[..header.filled()];
        let mut error = |code, message: String, hint: Option<String>| {
            own.error(code, &source.name, at.clone(), message, hint);
        };
        let mut good = true;
        for (k, name) in header.iter().enumerate() {
            if !COLUMNS.contains(&name.as_str()) {
                error("unknown-column", format!("unknown column `{name}`"), suggest(name, COLUMNS));
                good = false;
            } else if header.iter().take(k).any(|h| h == name) {
                let hint = Some("keep one of them".to_owned());
                error("twice", format!("the column `{name}` is there twice"), hint);
                good = false;
            }
        }
        let find = |name: &str| header.iter().position(|h| h == name);
        let columns = match (find("start"), find("end"), find("days"), find("ending")) {
            (Some(start), Some(end), None, Some(ending)) => Self::Between { start, end, ending },
            (None, None, Some(days), Some(ending)) => Self::Days { days, ending },
            (start, end, Some(_), _) if start.is_some() || end.is_some() => {
                let message = "the table has days and dates, and they could differ".to_owned();
                let hint = "leave out `days`: they follow from `start` and `end`".to_owned();
                error("days-and-dates", message, Some(hint));
                return None;
            }
            (start, end, days, ending) => {
                // An unknown column is likely the missing one, and its message says so.
                if good {
                    let missing = match (start, end, days, ending) {
                        (.., None) => "ending",
                        (Some(_), None, ..) => "end",
                        (None, Some(_), ..) => "start",
                        _ => "days",
                    };
                    let hint = "the header is `start,end,ending` or `days,ending`".to_owned();
                    error(
                        "missing-column",
                        format!("the column `{missing}` is missing"),
                        Some(hint),
                    );
                }
                return None;
            }
        };
        good.then_some(columns)
    }

    /// A row; `columns` is how many the header has, `style` the decimal mark and whether commas delimit.
    fn row(
        &self,
        row: &SheetRow,
        columns: usize,
        style: (Option<DecimalMark>, bool),
    ) -> Result<(Length, PastEnding), Wrong> {
        if row.filled() > columns {
            let message = format!(
                "the row has {} cells and the header {columns}: `{}` would be lost",
                row.filled(),
                row.cell(columns)
            );
            return wrong("cells", message, "put a text with separators in it in quotation marks");
        }
        let cell = |k: usize| row.cell(k);
        let (Self::Between { ending, .. } | Self::Days { ending, .. }) = *self;
        let ending = match cell(ending) {
            "" => PastEnding::Open,
            "agreement" => PastEnding::Agreement,
            "other" => PastEnding::Other,
            word => {
                let hint = match closest(word, ENDINGS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `agreement` or `other`, or nothing if it is open".to_owned(),
                };
                return wrong("ending", format!("`{word}` is not a way to end"), &hint);
            }
        };
        let length = match *self {
            Self::Days { days, .. } => Length::Days(number(cell(days), style)?),
            Self::Between { start, end, .. } => {
                between(&iso_day(cell(start)), &iso_day(cell(end)), ending)?
            }
        };
        Ok((length, ending))
    }
}

fn number(text: &str, (mark, commas): (Option<DecimalMark>, bool)) -> Result<f64, Wrong> {
    let hint = "write the days from the first to the last day of the talks, such as 48";
    match written_number(text, mark, commas) {
        Ok(days) if (0.0..=MOST_DAYS).contains(&days) => Ok(days),
        Ok(days) if days.is_finite() => {
            wrong("range", format!("`{text}` days is not between 0 and {MOST_DAYS}"), hint)
        }
        _ if text.is_empty() => wrong("missing", "the row has no days".to_owned(), hint),
        Err(NumberFault::Ambiguous) => {
            let plain = text.replace([',', '.'], "");
            let message = format!("`{text}` days may be {plain} or a number below 1000");
            wrong("number", message, &format!("write `{plain}`, or more or fewer decimals"))
        }
        _ => wrong("number", format!("`{text}` is not a number of days"), hint),
    }
}

fn between(start: &str, end: &str, ending: PastEnding) -> Result<Length, Wrong> {
    let day = |text: &str| match Day::parse(text) {
        Some(day) => Ok(day),
        None => wrong("date", format!("`{text}` is not a day"), "write a day as 2025-04-22"),
    };
    if start.is_empty() {
        let hint = "write the day on which the talks began, such as 2025-04-22";
        return wrong("missing", "the row has no start".to_owned(), hint);
    }
    let began = day(start)?;
    let ended = if end.is_empty() { None } else { Some(day(end)?) };
    match (ended, ending) {
        (Some(_), PastEnding::Open) => {
            let hint = "write `agreement` or `other` into `ending`, or leave `end` empty, too";
            wrong("missing", format!("the case ended on {end}, but not how"), hint)
        }
        (None, PastEnding::Agreement | PastEnding::Other) => {
            let hint = "write the day on which it ended, or leave `ending` empty, too";
            wrong("missing", "the case has an ending but no end".to_owned(), hint)
        }
        (Some(ended), _) if ended < began => {
            let message = format!("the case ends on {end}, before it starts on {start}");
            wrong("ends-before-start", message, "swap the two days, or correct one")
        }
        (Some(ended), _) if f64::from(ended.since(began)) > MOST_DAYS => {
            let message = format!("the case lasts from {start} to {end}, longer than a century");
            wrong("range", message, "correct one of the two days")
        }
        _ => Ok(Length::Between(began, ended)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> (Option<PastTable>, Findings) {
        let mut findings = Findings::default();
        let source = Source { name: "past.csv".to_owned(), text: text.to_owned() };
        (read(&source, &mut findings), findings)
    }

    fn day(text: &str) -> Option<Day> {
        Day::parse(text)
    }

    #[test]
    fn a_day_sees_what_had_begun_and_ended_by_it() {
        let text = "start,end,ending\n2020-01-01,2020-01-31,agreement\n2020-02-01,2020-03-01,other\n\
                    2020-03-01,,\n";
        let (read, findings) = table(text);
        assert!(findings.list.is_empty(), "{findings:?}");
        let read = read.unwrap();
        let seen = |on| {
            let seen = read.seen(day(on)).unwrap();
            seen.iter().map(|c| (c.days, c.ending)).collect::<Vec<_>>()
        };
        use PastEnding::{Agreement, Open, Other};
        assert_eq!(seen("2019-12-31"), []);
        assert_eq!(seen("2020-01-01"), [(0.0, Open)]);
        assert_eq!(seen("2020-01-30"), [(29.0, Open)]);
        assert_eq!(seen("2020-01-31"), [(30.0, Agreement)]);
        assert_eq!(seen("2020-02-29"), [(30.0, Agreement), (28.0, Open)]);
        assert_eq!(seen("2020-03-11"), [(30.0, Agreement), (29.0, Other), (10.0, Open)]);
        assert_eq!(read.seen(None), Err(1));
    }

    #[test]
    fn both_layouts_of_the_same_cases_are_one_class() {
        let dates = "name,start,end,ending\na,2020-01-01,2020-01-31,agreement\nb,2020-02-01,2020-03-01,other\n\
                     c,2020-03-01,,\n";
        let days = "\u{feff}days,ending,note\r\n10,,\r\n29,other,\r\n30,agreement,x\r\n";
        let fit = |text: &str| {
            let mut findings = Findings::default();
            table(text).0.unwrap().fit("past.csv", day("2020-03-11"), &mut findings)
        };
        assert!(fit(dates).is_some());
        assert_eq!(fit(dates), fit(days));
    }

    #[test]
    fn every_mistake_is_found_on_its_line() {
        let cases = [
            ("", "missing-column", None),
            ("start;end;ending\n", "empty", Some(1)),
            ("days,endng\n1,other\n", "unknown-column", Some(1)),
            ("days,days,ending\n1,2,other\n", "twice", Some(1)),
            ("days,start,end,ending\n", "days-and-dates", Some(1)),
            ("start,ending\n", "missing-column", Some(1)),
            ("days,ending\n", "empty", Some(1)),
            ("days,ending\n1,other\n-1,other\n", "range", Some(3)),
            ("days,ending\n1,other\ninf,other\n", "number", Some(3)),
            ("days,ending\n1,other\n,other\n", "missing", Some(3)),
            ("days,ending\n1,others\n", "ending", Some(2)),
            ("start,end,ending\n2020-01-02,2020-01-01,other\n", "ends-before-start", Some(2)),
            ("start,end,ending\n2020-01-02,2020-01-03,\n", "missing", Some(2)),
            ("start,end,ending\n2020-01-02,,other\n", "missing", Some(2)),
            ("start,end,ending\n,2020-01-02,other\n", "missing", Some(2)),
            ("start,end,ending\n2020-01-32,,\n", "date", Some(2)),
            ("start,end,ending\n1850-01-01,2020-01-01,other\n", "range", Some(2)),
        ];
        for (text, code, line) in cases {
            let (read, findings) = table(text);
            assert_eq!(read, None, "{text}");
            let [found] = findings.list.as_slice() else { panic!("{text}: {findings:?}") };
            let source = Source { name: String::new(), text: text.to_owned() };
            let at = found.span.clone().map(|s| source.position(s.start).0);
            assert_eq!((found.code, at.unwrap_or(0)), (code, line.unwrap_or(1)), "{text}");
            assert!(found.hint.is_some() && !found.message.ends_with('.'), "{found:?}");
        }
    }

    #[test]
    fn no_damage_to_a_table_makes_it_panic() {
        let text = "name,start,end,ending\n\"Hill, Ford\",2020-01-01,2020-01-31,agreement\nß,2021-01-01,,\n";
        for at in text.char_indices().map(|(k, _)| k) {
            for junk in ["", "\"", ",", "\n", "\r", "\0", "-", "9", "é", "\u{feff}", "2020-01-01,"]
            {
                let mut damaged = text.to_owned();
                damaged.replace_range(at..at + text[at..].chars().next().unwrap().len_utf8(), junk);
                let (read, findings) = table(&damaged);
                assert_eq!(read.is_none(), findings.failed(), "{damaged}");
                let mut more = Findings::default();
                let class = read.and_then(|t| t.fit("past.csv", day("2022-01-01"), &mut more));
                let finite = |r: &winset_model::class::risk::Risk| r.cumulative(700.0).is_finite();
                assert!(class.is_none_or(|c| finite(&c.agreement) && c.zref[1] <= 90.0));
            }
        }
    }

    #[test]
    fn six_agreements_three_others_and_four_open_have_a_zone_in_three_of_four() {
        let rows = "12,agreement\n".repeat(6) + &"40,other\n".repeat(3) + &"9,\n".repeat(4);
        let mut findings = Findings::default();
        let read = table(&format!("days,ending\n{rows}")).0.unwrap();
        let class = read.fit("past.csv", None, &mut findings).unwrap();
        assert!(findings.list.is_empty());
        assert_eq!((class.counts.agreed, class.counts.others, class.counts.open), (6, 3, 4));
        assert!(class.zref.iter().zip([60.0, 75.0, 90.0]).all(|(x, y)| (x - y).abs() < 1e-9));
        assert_eq!(class.split, [40.0, 40.0, 20.0]);
    }

    #[test]
    fn a_class_without_endings_is_an_error_and_one_with_few_agreements_a_warning() {
        let fit = |text: &str, on| {
            let mut findings = Findings::default();
            let class = table(text).0.unwrap().fit("past.csv", day(on), &mut findings);
            (class.is_some(), findings.list.into_iter().map(|d| d.code).collect::<Vec<_>>())
        };
        let five = "2020-01-01,2020-02-01,agreement\n".repeat(5);
        let text = format!("start,end,ending\n{five}");
        assert_eq!(fit(&text, "2020-01-31"), (false, vec!["no-ending"]));
        assert_eq!(fit(&text, "2020-02-01"), (true, vec![]));
        assert_eq!(fit(&format!("{text}2020-01-01,,"), "never"), (false, vec!["as-of"]));
        let four = text.replacen("agreement", "other", 1);
        assert_eq!(fit(&four, "2020-02-01"), (true, vec!["few-agreements"]));
        let none = text.replace("agreement", "other");
        assert_eq!(fit(&none, "2020-02-01"), (true, vec!["few-agreements"]));
    }
}
