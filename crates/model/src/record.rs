//! The record as values: what was said and done, when it was, and what a day may see of it.

use jiff::civil::Date;

use crate::case::Day;
use crate::grade::Grade;
use crate::uncertain::Dist;

/// What an entry says of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// What the speaker wants.
    Ideal,
    /// What the speaker asks for in public.
    Demand,
    /// The least it can accept.
    RedMin,
    /// The most it can accept.
    RedMax,
    /// Something happened; no position.
    Event,
    /// A text passed a stage, or was refused there.
    Stage,
    /// Talks were suspended, resumed, or failed formally.
    Talks,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Ideal,
        Self::Demand,
        Self::RedMin,
        Self::RedMax,
        Self::Event,
        Self::Stage,
        Self::Talks,
    ];

    /// The word used in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ideal => "ideal",
            Self::Demand => "demand",
            Self::RedMin => "red_min",
            Self::RedMax => "red_max",
            Self::Event => "event",
            Self::Stage => "stage",
            Self::Talks => "talks",
        }
    }

    /// Whether an entry of the kind says where somebody stands.
    pub fn is_position(self) -> bool {
        matches!(self, Self::Ideal | Self::Demand | Self::RedMin | Self::RedMax)
    }
}

/// What an entry says of how the talks or their text go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TalksTurn {
    /// A text passed a stage, by its place.
    Passed(usize),
    /// A stage refused it.
    Refused(usize),
    /// The talks were suspended.
    Suspended,
    /// They were resumed.
    Resumed,
    /// They failed formally, as so many rounds.
    Failed(u32),
}

/// A date of EDTF level 1 as the days it may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// As it was written.
    pub written: String,
    /// The first day, unless open.
    pub earliest: Option<Day>,
    /// The last day it can mean: the day it counts from.
    pub latest: Day,
    /// Whether it is approximate (`~`) or uncertain (`?`).
    pub approximate: bool,
}

impl DateRange {
    /// Reads `2025-04-18`, `2025-04-18~`, `2025-04`, `2025`, `../2025-04-12`, `2025-04-12/2025-04-19`.
    ///
    /// # Errors
    /// `None` for anything else, and for an interval that is upside down or open at its end.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (start, end) = text.split_once('/').unwrap_or((text, text));
        let (_, latest, vague_end) = single(end)?;
        let (earliest, vague_start) = if start == ".." || start.is_empty() {
            (None, false)
        } else {
            let (first, _, vague) = single(start)?;
            (Some(first), vague)
        };
        if earliest.is_some_and(|e| e > latest) {
            return None;
        }
        let approximate = vague_end || vague_start;
        Some(Self { written: text.to_owned(), earliest, latest, approximate })
    }
}

/// One date: its first day, its last, and whether it is vague.
fn single(text: &str) -> Option<(Day, Day, bool)> {
    let bare = text.trim_end_matches(['~', '?', '%']);
    let vague = bare.len() < text.len();
    let numbers: Vec<&str> = bare.split('-').collect();
    let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
    let first_of = |y: &str, m: &str| Date::new(y.parse().ok()?, m.parse().ok()?, 1).ok();
    let (first, last) = match numbers.as_slice() {
        [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            let day = Day::parse(bare)?;
            (day, day)
        }
        [y, m] if digits(y, 4) && digits(m, 2) => {
            let first = first_of(y, m)?;
            (Day::from_date(first), Day::from_date(first.last_of_month()))
        }
        [y] if digits(y, 4) => {
            let first = first_of(y, "1")?;
            (Day::from_date(first), Day::from_date(first.last_of_year()))
        }
        _ => return None,
    };
    Some((first, last, vague))
}

/// One row of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordEntry {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Its id.
    pub id: String,
    /// When it was said or done.
    pub said: DateRange,
    /// When it was entered.
    pub entered: Day,
    /// The index of the actor who spoke.
    pub speaker: Option<usize>,
    /// The index of the issue it is about.
    pub issue: Option<usize>,
    /// What it says.
    pub kind: EntryKind,
    /// The coded position, in the issue's own units.
    pub value: Option<Dist>,
    /// How the talks or their text went on, of the kinds `stage` and `talks`.
    pub turn: Option<TalksTurn>,
    /// Interview, post, meeting …
    pub channel: String,
    /// Public, closed …
    pub audience: String,
    /// Who reported it.
    pub source: String,
    /// The source's grade; `None` where the column is blank.
    pub grade: Option<Grade>,
    /// What it goes back to: entries of one origin count once.
    pub origin: String,
    /// The entry it contradicts.
    pub contradicts: Option<String>,
    /// The entry it supersedes.
    pub supersedes: Option<String>,
    /// In words.
    pub text: String,
    /// Where to read it.
    pub link: String,
    /// A remark.
    pub note: String,
}

impl RecordEntry {
    /// The first day that sees it: it was said by then, and entered.
    pub fn since(&self) -> Day {
        self.entered.max(self.said.latest)
    }

    /// Whether it was said and entered by a day.
    pub fn seen(&self, day: Day) -> bool {
        self.since() <= day
    }

    /// How far it may be believed, 0 to 1: what its grade says, or even odds without one.
    pub fn p_true(&self) -> f64 {
        self.grade.map_or(0.5, Grade::p_true)
    }
}

/// A record, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The entries.
    pub entries: Vec<RecordEntry>,
}

impl Record {
    /// The ids of all entries.
    pub fn ids(&self) -> Vec<&str> {
        self.entries.iter().map(|e| e.id.as_str()).collect()
    }

    /// The last day on which an entry was made.
    pub fn last_entered(&self) -> Option<Day> {
        self.entries.iter().map(|e| e.entered).max()
    }

    /// What was said and entered by a day: all that a forecast as of that day may see.
    pub fn as_of(&self, day: Day) -> impl Iterator<Item = &RecordEntry> {
        self.numbered(day).map(|(_, e)| e)
    }

    /// The same, each with its place in the record.
    pub fn numbered(&self, day: Day) -> impl Iterator<Item = (usize, &RecordEntry)> {
        self.entries.iter().enumerate().filter(move |(_, e)| e.seen(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_edtf_level_1_are_read() {
        let day = |t| Day::parse(t).unwrap();
        let w = DateRange::parse("2025-04-18~").unwrap();
        assert_eq!((w.latest, w.approximate), (day("2025-04-18"), true));
        let w = DateRange::parse("../2025-04-12").unwrap();
        assert_eq!((w.earliest, w.latest), (None, day("2025-04-12")));
        for (text, first, last) in [
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2100-02", "2100-02-01", "2100-02-28"),
            ("2025-12?", "2025-12-01", "2025-12-31"),
            ("2024", "2024-01-01", "2024-12-31"),
            ("9999-12", "9999-12-01", "9999-12-31"),
            ("0000", "0000-01-01", "0000-12-31"),
        ] {
            let w = DateRange::parse(text).unwrap();
            assert_eq!((w.earliest, w.latest), (Some(day(first)), day(last)), "{text}");
        }
        let w = DateRange::parse("2025-04-12/2025-04-19").unwrap();
        assert_eq!(w.latest, day("2025-04-19"));
        for wrong in [
            "",
            "soon",
            "2025-13-01",
            "2025-13",
            "2025-00",
            "2025-4-1",
            "2025-04-19/2025-04-12",
            "2025-04-12/..",
        ] {
            assert_eq!(DateRange::parse(wrong), None, "{wrong}");
        }
    }
}
