//! Days as articles name them: "on Monday", "a day later", "three days after the Muscat talks".
//!
//! An expression is read against the day of publication, the day that the text speaks of at the
//! moment, and days that the case has a name for. What is vague stays a range; the words stay too.

mod calendar;
mod grammar;
mod words;

use jiff::civil::Date;

use crate::TextSpan;

pub use grammar::Tense;

/// A day that a case has a name for, such as "Muscat talks".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDay {
    /// Its names; a text that uses a name's first word before "talks", "meeting" or the like means it too.
    pub names: Vec<String>,
    /// The day.
    pub day: Date,
}

/// What an expression is read against.
#[derive(Debug, Clone, Copy)]
pub struct DayContext<'a> {
    /// The day of publication.
    pub published: Date,
    /// The day that the text speaks of at the moment.
    pub running: Option<Date>,
    /// Days with a name.
    pub named: &'a [NamedDay],
}

/// The days an expression may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The first, unless it is open.
    pub first: Option<Date>,
    /// The last.
    pub last: Date,
    /// Whether a single day is only about right.
    pub about: bool,
}

impl DayRange {
    /// One day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self { first: Some(day), last: day, about: false }
    }

    /// Whether it is one day.
    #[must_use]
    pub fn is_day(self) -> bool {
        self.first == Some(self.last)
    }

    /// As the record writes it: `2025-04-18`, `2025-04-18~`, `2025-04`, `2025-04-12/2025-04-19`,
    /// `../2025-04-12`.
    #[must_use]
    pub fn edtf(self) -> String {
        let Self { first, last, about } = self;
        let Some(first) = first else { return format!("../{last}") };
        let mark = if about { "~" } else { "" };
        if first == last {
            return format!("{last}{mark}");
        }
        if first == first.first_of_year() && last == first.last_of_year() {
            return format!("{:04}", first.year());
        }
        if first == first.first_of_month() && last == first.last_of_month() {
            return format!("{:04}-{:02}", first.year(), first.month());
        }
        format!("{first}/{last}")
    }
}

/// An expression in a text, and the days it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayExpression {
    /// Where it stands.
    pub span: TextSpan,
    /// What it means.
    pub days: DayRange,
    /// The day it was read against; of a full date the date itself.
    pub reference: Date,
}

/// All expressions in a part of a text, from left to right.
#[must_use]
pub fn expressions(
    text: &str,
    part: TextSpan,
    context: DayContext<'_>,
    tense: Tense,
) -> Vec<DayExpression> {
    let words = words::words(part.of(text), part.start);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let reader = grammar::DayReader { words: &words, context, tense };
        match reader.expression(at) {
            Some((next, days, reference)) => {
                let span = TextSpan { start: words[at].start, end: words[next - 1].end };
                found.push(DayExpression { span, days, reference });
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// What a whole expression means.
#[must_use]
pub fn resolve(expression: &str, context: DayContext<'_>, tense: Tense) -> Option<DayRange> {
    let whole = TextSpan { start: 0, end: expression.len() };
    expressions(expression, whole, context, tense).first().map(|found| found.days)
}

/// The first full date, with day, month and year, in a text.
pub(crate) fn absolute(text: &str) -> Option<Date> {
    let words = words::words(text, 0);
    (0..words.len()).find_map(|at| grammar::full_date(&words, at).map(|(_, date)| date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_expressions_mean_what_they_say() {
        let named = [
            NamedDay { names: vec!["Muscat talks".into()], day: "2025-04-12".parse().unwrap() },
            NamedDay { names: vec!["Rome round".into()], day: "2025-04-19".parse().unwrap() },
        ];
        let table = include_str!("../../tests/data/days.csv");
        let (mut rows, mut wrong) = (0, Vec::new());
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            let row = row.unwrap();
            let context = DayContext {
                published: row[1].parse().unwrap(),
                running: row[2].parse().ok(),
                named: &named,
            };
            let tense = if &row[3] == "future" { Tense::Future } else { Tense::Past };
            let means = resolve(&row[0], context, tense).map(DayRange::edtf).unwrap_or_default();
            rows += 1;
            if means != row[4] {
                wrong.push(format!("{}: {means}, not {}", &row[0], &row[4]));
            }
        }
        assert!(rows >= 200, "{rows}");
        assert!(wrong.is_empty(), "{} of {rows}\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn an_expression_has_its_place_in_the_text() {
        let text =
            "On May 3 he left; he said on Monday, a day later, that he may come back in May.";
        let context =
            DayContext { published: "2025-05-14".parse().unwrap(), running: None, named: &[] };
        let whole = TextSpan { start: 0, end: text.len() };
        let found: Vec<(&str, String)> = expressions(text, whole, context, Tense::Past)
            .iter()
            .map(|e| (e.span.of(text), e.days.edtf()))
            .collect();
        let wanted = [
            ("On May 3", "2025-05-03"),
            ("on Monday", "2025-05-12"),
            ("a day later", "2025-05-15"),
            ("in May", "2025-05"),
        ];
        assert_eq!(found, wanted.map(|(a, b)| (a, b.to_owned())));
    }
}
