//! The grammar of expressions for days.

use jiff::civil::{Date, Weekday};

use super::calendar::{after, begun, in_week, is_weekend, latest, monday, month, nearest, plus};
use super::words::DayWord;
use super::{DayContext, DayRange};
use crate::word::phrase_at;

/// Whether a bare "Monday" is the last or the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// What has been said and done.
    Past,
    /// What is to come.
    Future,
}

/// Reads expressions at places in a row of words.
pub(super) struct DayReader<'a> {
    pub(super) words: &'a [DayWord],
    pub(super) context: DayContext<'a>,
    pub(super) tense: Tense,
}

/// The place after an expression, what it means, and what it was read against.
type Read = Option<(usize, DayRange, Date)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Less than a day.
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// So many units: exactly, about, or somewhere between.
#[derive(Clone, Copy)]
struct Amount {
    least: i64,
    most: i64,
    about: bool,
    unit: Unit,
}

impl DayReader<'_> {
    fn low(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |w| w.low.as_str())
    }

    /// Whether these words stand at a place, set apart by "|"; no mark between them.
    fn is(&self, at: usize, phrase: &str) -> Option<usize> {
        phrase_at(phrase, |k| self.low(at + k)).map(|used| at + used)
    }

    /// The longest expression at a place.
    pub(super) fn expression(&self, at: usize) -> Read {
        let readings = [
            self.dated(at),
            self.anchored(at),
            self.counted(at),
            self.fixed(at),
            self.running(at),
            self.period(at),
            self.weekday(at),
            self.month(at),
            self.named(at),
        ];
        let mut best: Read = None;
        for found in readings.into_iter().flatten() {
            if best.is_none_or(|(end, ..)| found.0 > end) {
                best = Some(found);
            }
        }
        best
    }

    fn published(&self) -> Date {
        self.context.published
    }

    fn reference(&self) -> Date {
        self.context.running.unwrap_or(self.context.published)
    }

    /// "May 11, 2025", "the 3rd of June", "on the 11th".
    fn dated(&self, at: usize) -> Read {
        let start = self.is(at, "on the|by the|on|the|of|by|from").unwrap_or(at);
        if let Some((next, date)) = full_date(self.words, start) {
            return Some((next, DayRange::day(date), date));
        }
        let published = self.published();
        if let Some((next, month, day)) = day_and_month(self.words, start) {
            return Some((next, DayRange::day(nearest(published, month, day)?), published));
        }
        let holiday = [
            ("new year day|new year's day", 1, 1),
            ("christmas eve", 12, 24),
            ("christmas day|christmas", 12, 25),
            ("new year eve", 12, 31),
        ];
        for (name, month, day) in holiday {
            if let Some(next) = self.is(start, name) {
                return Some((next, DayRange::day(nearest(published, month, day)?), published));
            }
        }
        // "On the 11th": of this month, or of the last where that is still to come.
        let next = self.is(at, "on the")?;
        let day = ordinal(self.low(next))?;
        let this = published.first_of_month();
        let in_month = |first: Date| Date::new(first.year(), first.month(), day).ok();
        let past = in_month(this).filter(|d| *d <= published);
        let date = past.or_else(|| in_month(month(this, -1)))?;
        Some((next + 1, DayRange::day(date), published))
    }

    /// "Three days after the Muscat talks", "on the eve of the summit", "since Rome".
    fn anchored(&self, at: usize) -> Read {
        if let Some((next, amount)) = self.amount(at) {
            let sign = self.is(next, "after|following|into|past").map(|n| (n, 1));
            let sign = sign.or_else(|| self.is(next, "before|ahead of|prior to").map(|n| (n, -1)));
            let (next, sign) = sign?;
            let (next, anchor) = self.anchor(next)?;
            return Some((next, shifted(anchor, amount, sign), anchor));
        }
        let eve = self.is(at, "on the eve of|the eve of|the night before|the evening before");
        let day = |days: i64| {
            move |(next, anchor): (usize, Date)| (next, DayRange::day(plus(anchor, days)), anchor)
        };
        if let Some(next) = eve {
            return self.anchor(next).map(day(-1));
        }
        if let Some(next) = self
            .is(at, "on the day of|the day of|hours after|minutes after|shortly after|during|at")
        {
            return self.event(next).map(day(0));
        }
        let range = |first: Option<Date>, last: Date| DayRange {
            first,
            last: last.max(first.unwrap_or(last)),
            about: false,
        };
        if let Some(next) = self.is(at, "after|following|since") {
            let (next, event) = self.event(next)?;
            return Some((next, range(Some(event), self.published()), event));
        }
        if let Some(next) = self.is(at, "before|ahead of|prior to") {
            let (next, event) = self.event(next)?;
            return Some((next, range(None, plus(event, -1)), event));
        }
        None
    }

    /// What an expression may be counted from: an event, a date, a day of the week.
    fn anchor(&self, at: usize) -> Option<(usize, Date)> {
        if let Some(found) = self.event(at) {
            return Some(found);
        }
        if let Some((next, range, _)) = self.dated(at) {
            return Some((next, range.last));
        }
        let (mut next, weekday) = self.weekday_name(self.is(at, "the|last").unwrap_or(at))?;
        // "Monday's meeting".
        if self.is(next, MEETINGS).is_some() {
            next += 1;
        }
        Some((next, latest(self.published(), weekday)))
    }

    /// An event of the case by one of its names, or by its first word before a word for a meeting.
    fn event(&self, at: usize) -> Option<(usize, Date)> {
        let at = self.is(at, "the|their|that").unwrap_or(at);
        let mut best: Option<(usize, Date)> = None;
        for named in self.context.named {
            for name in &named.names {
                let name = name.to_lowercase();
                let words: Vec<&str> =
                    name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
                let Some(first) = words.first() else { continue };
                let whole = words.iter().enumerate().all(|(k, w)| self.low(at + k) == *w);
                let loose = self.low(at) == *first
                    && self.words.get(at).is_some_and(|w| w.capital)
                    && self.is(at + 1, MEETINGS).is_some();
                let end = if whole { at + words.len() } else { at + 2 };
                if (whole || loose) && best.is_none_or(|(b, _)| end > b) {
                    best = Some((end, named.day));
                }
            }
        }
        best
    }

    /// The name of an event alone, said of the day it was: only behind "in" or "at".
    fn named(&self, at: usize) -> Read {
        let next = self.is(at, "in")?;
        let (next, event) = self.event(next)?;
        Some((next, DayRange::day(event), event))
    }

    /// "Two weeks ago", "three days later", "a day earlier", "in three days".
    fn counted(&self, at: usize) -> Read {
        let (published, reference) = (self.published(), self.reference());
        if let Some((next, amount)) = self.is(at, "in|within").and_then(|n| self.amount(n)) {
            let future = self.tense == Tense::Future && amount.unit != Unit::Hour;
            return future.then(|| (next, shifted(published, amount, 1), published));
        }
        let (next, amount) = self.amount(at)?;
        let turns = [
            ("ago", published, -1),
            ("from now|from today", published, 1),
            ("later|after that|afterwards|on", reference, 1),
            ("earlier|before|before that|previously", reference, -1),
        ];
        for (words, from, sign) in turns {
            let Some(end) = self.is(next, words) else { continue };
            if words.starts_with("later") && self.low(next) == "on" {
                continue;
            }
            // "A week ago Monday".
            if let (Some((end, weekday)), Unit::Week) = (self.weekday_name(end), amount.unit) {
                let day = plus(latest(from, weekday), sign * 7 * amount.least);
                return Some((end, DayRange::day(day), from));
            }
            return Some((end, shifted(from, amount, sign), from));
        }
        None
    }

    /// "Yesterday evening", "the day before yesterday", "last night", "today".
    fn fixed(&self, at: usize) -> Read {
        let table = [
            ("the day before yesterday|day before yesterday", -2),
            ("the day after tomorrow|day after tomorrow", 2),
            (
                "late yesterday|early yesterday|earlier yesterday|yesterday|last night|last evening|overnight",
                -1,
            ),
            (
                "earlier today|later today|late today|today|tonight|this morning|this afternoon|this evening|at noon today",
                0,
            ),
            ("early tomorrow|tomorrow", 1),
        ];
        for (words, days) in table {
            if let Some(next) = self.is(at, words) {
                let next = self.is(next, DAYTIMES).unwrap_or(next);
                let published = self.published();
                return Some((next, DayRange::day(plus(published, days)), published));
            }
        }
        None
    }

    /// "The next day", "that evening", "the previous Friday", "the week before".
    fn running(&self, at: usize) -> Read {
        let reference = self.reference();
        let table = [
            (
                "the next day|the following day|the day after|next day|the morning after|the next morning|the following morning",
                1,
            ),
            (
                "the previous day|the day before|the evening before|the night before|the previous evening|the previous night",
                -1,
            ),
            (
                "the same day|the same evening|the same night|that day|that same day|that evening|that night|that morning|that afternoon|hours later|minutes later|moments later|hours earlier|later that day|earlier that day",
                0,
            ),
        ];
        for (words, days) in table {
            if let Some(next) = self.is(at, words) {
                return Some((next, DayRange::day(plus(reference, days)), reference));
            }
        }
        let weeks = [
            ("the week before|the previous week|a week before", -7),
            ("the week after|the following week|the next week", 7),
            ("the same week|that week|that same week", 0),
        ];
        for (words, days) in weeks {
            if let Some(next) = self.is(at, words) {
                let first = plus(monday(reference), days);
                // "The Monday of that week" is too rare to be read.
                return Some((
                    next,
                    DayRange { first: Some(first), last: plus(first, 6), about: false },
                    reference,
                ));
            }
        }
        let months = [
            ("the previous month|the month before", -1),
            ("the following month|the next month|the month after", 1),
        ];
        for (words, months) in months {
            if let Some(next) = self.is(at, words) {
                return Some((next, whole_month(month(reference, months)), reference));
            }
        }
        let before = self.is(at, "the previous|on the previous");
        if let Some((next, weekday)) = before.and_then(|n| self.weekday_name(n)) {
            return Some((next, DayRange::day(latest(plus(reference, -1), weekday)), reference));
        }
        let behind = self.is(at, "the following|on the following|the next|on the next");
        if let Some((next, weekday)) = behind.and_then(|n| self.weekday_name(n)) {
            return Some((next, DayRange::day(after(reference, weekday)), reference));
        }
        let (next, weekday) = self.weekday_name(self.is(at, "the|on the")?)?;
        if let Some(next) = self.is(next, "before last") {
            let day = plus(latest(plus(self.published(), -1), weekday), -7);
            return Some((next, DayRange::day(day), self.published()));
        }
        let (next, day) = match (self.is(next, "before"), self.is(next, "after")) {
            (Some(next), _) => (next, latest(plus(reference, -1), weekday)),
            (_, Some(next)) => (next, after(reference, weekday)),
            _ => return None,
        };
        Some((next, DayRange::day(day), reference))
    }

    /// "Earlier this week", "last month", "over the weekend", "in recent days".
    fn period(&self, at: usize) -> Read {
        let published = self.published();
        let days = |first: Date, last: Date| DayRange { first: Some(first), last, about: false };
        let (this, last) = (monday(published), plus(monday(published), -7));
        let start = self.is(at, "during|over|in|at|for|within").unwrap_or(at);
        let since = |first: Date| Some(days(first, published));
        let month_ago = month(published, -1);
        let year_ago = month(published, -12);
        let table: [(&str, Option<DayRange>); 19] = [
            ("earlier this week|this week|early this week", since(this)),
            ("later this week", Some(days(published, plus(this, 6)))),
            ("earlier this month|this month", since(published.first_of_month())),
            ("earlier this year|this year", since(published.first_of_year())),
            ("early last week|earlier last week", Some(days(last, plus(last, 2)))),
            ("late last week", Some(days(plus(last, 3), plus(last, 6)))),
            ("last week|the last week of talks", Some(days(last, plus(last, 6)))),
            ("the week before last", Some(days(plus(last, -7), plus(last, -1)))),
            ("next week|the coming week", Some(days(plus(this, 7), plus(this, 13)))),
            ("early last month", Some(days(month_ago, plus(month_ago, 9)))),
            (
                "late last month|the end of last month",
                Some(days(plus(month_ago, 20), month_ago.last_of_month())),
            ),
            ("last month", Some(whole_month(month_ago))),
            ("next month", Some(whole_month(month(published, 1)))),
            ("last year", Some(days(year_ago.first_of_year(), year_ago.last_of_year()))),
            (
                "next year",
                Some(days(
                    month(published, 12).first_of_year(),
                    month(published, 12).last_of_year(),
                )),
            ),
            ("the weekend|last weekend|this weekend|the past weekend", Some(self.weekend())),
            (
                "recent days|the past few days|the last few days|the past days|the other day|the last days",
                since(plus(published, -7)),
            ),
            (
                "recent weeks|the past few weeks|the last few weeks|the past weeks",
                since(plus(published, -42)),
            ),
            ("recently|lately", Some(DayRange { first: None, last: published, about: false })),
        ];
        let mut best: Read = None;
        for (words, range) in table {
            // "The other day" and "recently" stand without a preposition too.
            let longest = words.split('|').filter_map(|one| self.is(start, one)).max();
            if let (Some(next), Some(range)) = (longest, range)
                && best.is_none_or(|(end, ..)| next > end)
            {
                best = Some((next, range, published));
            }
        }
        if best.is_some() {
            return best;
        }
        let next = self.is(start, "the past|the last|the previous|past")?;
        let (next, amount) = self.amount(next).or_else(|| {
            let (unit, next) = self.unit(next)?;
            Some((next, Amount { least: 1, most: 1, about: false, unit }))
        })?;
        let first = shifted(published, amount, -1).first?;
        Some((next, days(first, published), published))
    }

    /// The weekend that is, or was last; the next one of what is to come.
    fn weekend(&self) -> DayRange {
        let published = self.published();
        let last =
            if is_weekend(published) { monday(published) } else { plus(monday(published), -7) };
        let first =
            plus(last, if self.tense == Tense::Future && !is_weekend(published) { 12 } else { 5 });
        DayRange { first: Some(first), last: plus(first, 1), about: false }
    }

    /// "On Monday", "last Thursday", "next Friday evening", "Tuesday last week".
    fn weekday(&self, at: usize) -> Read {
        let published = self.published();
        let lead = self
            .is(at, "on|by|from|since|until|late on|early on|late|early|later on|earlier on")
            .unwrap_or(at);
        if let Some(next) = self.is(lead, "last week|next week")
            && let Some((end, weekday)) = self.weekday_name(next)
        {
            let step = if self.low(lead) == "last" { -7 } else { 7 };
            return Some((end, DayRange::day(in_week(plus(published, step), weekday)), published));
        }
        let (which, lead) = match self.low(lead) {
            word @ ("last" | "next" | "this" | "coming" | "past") => (word, lead + 1),
            "the" if matches!(self.low(lead + 1), "coming" | "past") => {
                (self.low(lead + 1), lead + 2)
            }
            _ => ("", lead),
        };
        let (mut next, weekday) = self.weekday_name(lead)?;
        let day = match which {
            "last" => self.last(weekday),
            "past" => latest(plus(published, -1), weekday),
            "this" => in_week(published, weekday),
            "coming" => after(published, weekday),
            "next" if is_weekend(published) => after(published, weekday),
            "next" => in_week(plus(published, 7), weekday),
            _ => {
                let day = match self.tense {
                    Tense::Past => latest(published, weekday),
                    Tense::Future if published.weekday() == weekday => published,
                    Tense::Future => after(published, weekday),
                };
                let steps = [
                    ("last week|of last week|the previous week", Some(-7)),
                    ("next week|of next week", Some(7)),
                    ("this week|of this week", Some(0)),
                    ("a week ago", None),
                ];
                let step = steps.iter().find_map(|(w, step)| Some((self.is(next, w)?, *step)));
                match step {
                    Some((end, Some(days))) => {
                        next = end;
                        in_week(plus(published, days), weekday)
                    }
                    Some((end, None)) => {
                        next = end;
                        plus(latest(published, weekday), -7)
                    }
                    None => day,
                }
            }
        };
        Some((next, DayRange::day(day), published))
    }

    /// "Last Monday": of the week before; on a weekend the week that is ending counts.
    fn last(&self, weekday: Weekday) -> Date {
        let published = self.published();
        match is_weekend(published) {
            true => latest(plus(published, -1), weekday),
            false => in_week(plus(published, -7), weekday),
        }
    }

    /// A day of the week, with the time of day behind it.
    fn weekday_name(&self, at: usize) -> Option<(usize, Weekday)> {
        let word = self.words.get(at).filter(|w| w.capital)?;
        let days = [
            ("monday", "mon", Weekday::Monday),
            ("tuesday", "tue", Weekday::Tuesday),
            ("wednesday", "wed", Weekday::Wednesday),
            ("thursday", "thu", Weekday::Thursday),
            ("friday", "fri", Weekday::Friday),
            ("saturday", "sat", Weekday::Saturday),
            ("sunday", "sun", Weekday::Sunday),
        ];
        let dotted = word.mark == Some('.');
        let named = |(long, short, _): &&(&str, &str, Weekday)| {
            word.low == *long
                || (dotted && word.low == *short && *short != "sun" && *short != "sat")
        };
        let weekday = days.iter().find(named)?.2;
        Some((self.is(at + 1, DAYTIMES).unwrap_or(at + 1), weekday))
    }

    /// "In March", "mid-April", "late March", "the end of May", "March 2025", "in 2018".
    fn month(&self, at: usize) -> Read {
        let published = self.published();
        let start = self.is(at, "in|since|until|by|at|during|of").unwrap_or(at);
        let lead = start > at;
        let parts = [
            ("early|the beginning of|the start of|in early", 1, 10),
            ("mid|the middle of", 11, 20),
            ("late|the end of", 21, 31),
        ];
        let part =
            parts.iter().find_map(|(w, first, last)| Some((self.is(start, w)?, *first, *last)));
        let next = part.map_or(start, |(next, ..)| next);
        if let Some(number) = month_name(self.words.get(next)) {
            let year = year(self.low(next + 1));
            // "May" and "March" are also verbs, so they want a word before or a year behind.
            if !lead && part.is_none() && year.is_none() {
                return None;
            }
            let first = match year {
                Some(year) => Date::new(year, number, 1).ok()?,
                None => match self.tense {
                    Tense::Past => begun(published, number)?,
                    Tense::Future => {
                        let past = begun(published, number)?;
                        if past == published.first_of_month() { past } else { month(past, 12) }
                    }
                },
            };
            let end = next + 1 + usize::from(year.is_some());
            let range = match part {
                None => whole_month(first),
                Some((_, from, to)) => DayRange {
                    first: Some(plus(first, from - 1)),
                    last: plus(first, to - 1).min(first.last_of_month()),
                    about: false,
                },
            };
            return Some((end, range, published));
        }
        let year = year(self.low(start)).filter(|_| lead && part.is_none())?;
        let first = Date::new(year, 1, 1).ok()?;
        Some((
            start + 1,
            DayRange { first: Some(first), last: first.last_of_year(), about: false },
            published,
        ))
    }

    /// "Three days", "a couple of weeks", "a fortnight".
    fn amount(&self, at: usize) -> Option<(usize, Amount)> {
        let at = self
            .is(at, "just|only|some|about|around|nearly|almost|more than|less than|barely|roughly")
            .unwrap_or(at);
        let vague = at > 0
            && matches!(
                self.low(at - 1),
                "about" | "around" | "nearly" | "almost" | "roughly" | "some" | "than"
            );
        let of = |next: usize, least: i64, most: i64, about: bool| {
            let (unit, end) = self.unit(next)?;
            let about = about || (unit == Unit::Week && least == most);
            Some((end, Amount { least, most, about, unit }))
        };
        if let Some(next) = self.is(at, "a fortnight|one fortnight") {
            return Some((next, Amount { least: 2, most: 2, about: true, unit: Unit::Week }));
        }
        if let Some(next) = self.is(at, "the day|a full day|a single day") {
            return Some((next, Amount { least: 1, most: 1, about: false, unit: Unit::Day }));
        }
        if let Some(next) = self.is(at, "a couple of|a couple") {
            return of(next, 2, 2, true);
        }
        if let Some(next) = self.is(at, "a few|several|a number of") {
            return of(next, 2, 6, false);
        }
        let (next, number) = number(self.words, at)?;
        of(next, number, number, vague)
    }

    fn unit(&self, at: usize) -> Option<(Unit, usize)> {
        let unit = match self.low(at) {
            "hour" | "hours" | "minute" | "minutes" => Unit::Hour,
            "day" | "days" | "night" | "nights" => Unit::Day,
            "week" | "weeks" => Unit::Week,
            "month" | "months" => Unit::Month,
            "year" | "years" => Unit::Year,
            _ => return None,
        };
        Some((unit, at + 1))
    }
}

/// Times of a day, which do not change it.
const DAYTIMES: &str = "evening|morning|afternoon|night|noon|at noon|at midnight|lunchtime|in the evening|in the morning";

/// Words for a meeting, behind its place.
const MEETINGS: &str = "talks|talk|meeting|meetings|round|rounds|summit|session|negotiations|conference|call|visit|speech|deal|agreement|vote|ceasefire|attack|strike|strikes|election|proposal|offer|statement";

/// A day so many units from another: exact in days, about in weeks, a month or a year beyond.
fn shifted(from: Date, amount: Amount, sign: i64) -> DayRange {
    let Amount { least, most, about, unit } = amount;
    let step = |n: i64| match unit {
        Unit::Hour => from,
        Unit::Day => plus(from, sign * n),
        Unit::Week => plus(from, sign * n.saturating_mul(7)),
        Unit::Month => month(from, sign * n),
        Unit::Year => month(from, sign * n.saturating_mul(12)),
    };
    let (a, b) = (step(least), step(most));
    let (first, last) = if a <= b { (a, b) } else { (b, a) };
    match unit {
        Unit::Month => DayRange { first: Some(first), last: last.last_of_month(), about: false },
        Unit::Year => {
            DayRange { first: Some(first.first_of_year()), last: last.last_of_year(), about: false }
        }
        _ => DayRange {
            first: Some(first),
            last,
            about: about && first == last && unit != Unit::Hour,
        },
    }
}

fn whole_month(day: Date) -> DayRange {
    DayRange { first: Some(day.first_of_month()), last: day.last_of_month(), about: false }
}

/// A date with day, month and year.
pub(super) fn full_date(words: &[DayWord], at: usize) -> Option<(usize, Date)> {
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    let joined = |k: usize, mark: char| words.get(k).is_some_and(|w| w.mark == Some(mark));
    let plain = |k: usize| low(k).parse::<i8>().ok();
    // 2025-04-22
    if let (Some(y), Some(m), Some(d)) = (year(low(at)), plain(at + 1), plain_day(low(at + 2)))
        && joined(at, '-')
        && joined(at + 1, '-')
    {
        return Some((at + 3, Date::new(y, m, d).ok()?));
    }
    // 22.04.2025
    if let (Some(d), Some(m), Some(y)) = (plain(at), plain(at + 1), year(low(at + 2)))
        && joined(at, '.')
        && joined(at + 1, '.')
    {
        return Some((at + 3, Date::new(y, m, d).ok()?));
    }
    let (next, month, day) = day_and_month(words, at)?;
    let year = year(low(next))?;
    Some((next + 1, Date::new(year, month, day).ok()?))
}

/// A day of a month: "May 11", "11 May", "the 3rd of June".
fn day_and_month(words: &[DayWord], at: usize) -> Option<(usize, i8, i8)> {
    let of_month =
        |k: usize| words.get(k).and_then(|w| ordinal(&w.low).or_else(|| plain_day(&w.low)));
    let ends = |k: usize| words.get(k).is_some_and(|w| w.mark.is_some_and(|m| !".,".contains(m)));
    if let (Some(month), Some(day)) = (month_name(words.get(at)), of_month(at + 1))
        && !ends(at)
    {
        return Some((at + 2, month, day));
    }
    let day = of_month(at)?;
    let of = usize::from(words.get(at + 1).is_some_and(|w| w.low == "of"));
    let month = month_name(words.get(at + 1 + of)).filter(|_| !ends(at))?;
    Some((at + 2 + of, month, day))
}

fn month_name(word: Option<&DayWord>) -> Option<i8> {
    const MONTHS: [(&str, &str); 12] = [
        ("january", "jan"),
        ("february", "feb"),
        ("march", "mar"),
        ("april", "apr"),
        ("may", "may"),
        ("june", "jun"),
        ("july", "jul"),
        ("august", "aug"),
        ("september", "sep"),
        ("october", "oct"),
        ("november", "nov"),
        ("december", "dec"),
    ];
    let word = word.filter(|w| w.capital)?;
    let named = |(long, short): &(&str, &str)| word.low == *long || word.low == *short;
    let at = MONTHS.iter().position(named).or_else(|| (word.low == "sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

/// "3rd", "22nd", "11th".
fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end))?;
    plain_day(digits)
}

fn plain_day(word: &str) -> Option<i8> {
    let short = word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|day| short && (1..=31).contains(day))
}

fn year(word: &str) -> Option<i16> {
    let plain = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    word.parse().ok().filter(|year| plain && (1500..=2999).contains(year))
}

/// A number in words or digits.
fn number(words: &[DayWord], at: usize) -> Option<(usize, i64)> {
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    if matches!(low(at), "a" | "an") {
        return Some((at + 1, 1));
    }
    let (number, used) = crate::number::of(low(at), low(at + 1))?;
    (number.fract() == 0.0 && number <= 9999.0).then_some((at + used, number as i64))
}
