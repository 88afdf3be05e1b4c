//! Where on its issue a clause puts its speaker.

use super::clause::Clause;
use super::issue::{HUNDREDTHS, IssueCode, NumberAt, is_degree, is_unit, numbers};
use super::stance::{DROPPING, GIVING_UP, Stance, gives_nothing};
use super::{PositionKind, PositionRange};
use crate::TextSpan;
use crate::word::{EMPTY, Word, akin, words};

/// Words for talking about something, which is not the thing.
const TALKING: &str = "talks about|talks on|talk about|discuss|discussing|discussion of|negotiate|negotiating|negotiations on|negotiations about|negotiations over";

/// Half the width of a range around a landmark and around a number, as shares of the scale. Judgement:
/// a landmark is a word for a stretch of the scale, a number is itself.
const MARK_WIDTH: f64 = 0.1;
const NUMBER_WIDTH: f64 = 0.02;

/// What a bound is said to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
    /// "Less than", "before": what lies below is meant.
    Below,
    /// "More than", "beyond": what lies above.
    Above,
}

/// Where the sides stand on an issue, as far as the case says.
#[derive(Clone, Copy, Default)]
pub(crate) struct SideWants {
    /// The ideal of the speaker's side.
    pub(crate) own: Option<f64>,
    /// The mean of the others'.
    pub(crate) others: Option<f64>,
}

/// What a clause names on a scale.
struct Named {
    value: f64,
    width: f64,
    bound: Option<Bound>,
}

/// The kind and the range of a clause on an issue.
pub(super) fn place(
    issue: &IssueCode,
    clause: &Clause,
    stance: Stance,
    wants: SideWants,
) -> (PositionKind, Option<PositionRange>) {
    use PositionKind::{Demand, Event, Ideal, RedMax, RedMin};
    if matches!(stance, Stance::None | Stance::Deny | Stance::Threat) || only_words(clause) {
        return (Event, None);
    }
    let scale = Scale::of(issue);
    let ideal = wants.own;
    if stance == Stance::Refuse && gives_nothing(clause) {
        return scale.away(scale.many, Some(scale.none), ideal, true);
    }
    // To be asked to give something up is to be asked for nothing of it.
    let gives_up = clause.has(GIVING_UP) && !matches!(stance, Stance::Keep | Stance::Refuse);
    let dropped = stance == Stance::Accept && clause.has(DROPPING);
    let left = (gives_up || dropped).then_some(Named {
        value: scale.none,
        width: MARK_WIDTH,
        bound: None,
    });
    let number = number(issue, clause).filter(|n| n.bound.is_some() || !gives_up);
    let measured = measured(issue, clause);
    let told = match &measured {
        Measured::At(value, width) => Some(Named { value: *value, width: *width, bound: None }),
        _ => None,
    };
    let found = number.or(left).or(told).or_else(|| named(issue, clause));
    let Some(Named { value, width, bound }) = found else {
        if matches!(measured, Measured::Elsewhere) {
            // No landmark is measured so: a person has to say where it lies.
            return match stance {
                Stance::Refuse => (scale.away(scale.many, Some(scale.none), ideal, true).0, None),
                Stance::Demand => (Demand, None),
                _ => (Ideal, None),
            };
        }
        // The thing as a whole is wanted or refused.
        let none = scale.none;
        let whole = || own_landmark(issue).map(|value| scale.around(value, MARK_WIDTH));
        // Who wants nothing of it, and keeps that, lets nothing of it come.
        let wants_none = ideal.is_some_and(|i| (i - none).abs() <= scale.width() * 0.05);
        return match stance {
            Stance::Line | Stance::Fixed if wants_none => {
                let kind = if none <= scale.lo { RedMax } else { RedMin };
                (kind, Some(scale.around(none, MARK_WIDTH)))
            }
            // Who will not talk about it leaves it where it is.
            Stance::Refuse if clause.has(TALKING) => {
                let kind = if scale.holds_down(issue.about.now, wants) { RedMax } else { RedMin };
                (kind, Some(scale.around(issue.about.now, MARK_WIDTH)))
            }
            Stance::Refuse => scale.away(scale.many, Some(none), ideal, true),
            Stance::Keep | Stance::Line | Stance::Fixed => {
                scale.away(none, None, ideal.or(Some(scale.many)), false)
            }
            Stance::Demand => (Demand, whole()),
            _ => (Ideal, whole()),
        };
    };
    let at = |kind| (kind, Some(scale.around(value, width)));
    let stance = match stance {
        Stance::Fixed if scale.is_own(value, wants) => Stance::Line,
        Stance::Fixed => Stance::Refuse,
        stance => stance,
    };
    match (stance, bound) {
        (_, Some(Bound::AtLeast)) if stance == Stance::Want => at(Ideal),
        (_, Some(Bound::AtLeast)) => at(RedMin),
        (Stance::Want, Some(Bound::AtMost)) => at(Ideal),
        (_, Some(Bound::AtMost)) => at(RedMax),
        (Stance::Refuse, Some(Bound::Below)) => at(RedMin),
        (Stance::Refuse, Some(Bound::Above)) => at(RedMax),
        (Stance::Refuse, None) => scale.away(value, None, ideal, false),
        (Stance::Line | Stance::Keep, _) => {
            at(if scale.holds_down(value, wants) { RedMax } else { RedMin })
        }
        (Stance::Demand, _) => at(Demand),
        _ => at(Ideal),
    }
}

/// To refuse to name, say or confirm something is no position on it.
fn only_words(clause: &Clause) -> bool {
    let lead = clause.words.iter().take_while(|w| ["to", "that"].contains(&w.low.as_str())).count();
    clause.at(lead, "name|say|comment|confirm|answer|elaborate|specify|disclose").is_some()
}

struct Scale {
    lo: f64,
    hi: f64,
    /// The end at which there is nothing of the issue.
    none: f64,
    /// The other.
    many: f64,
}

impl Scale {
    fn of(issue: &IssueCode) -> Self {
        let [lo, hi] = issue.about.scale;
        // More of an issue is upwards, unless its landmarks say that the upper end is nothing.
        let nothing = |end: f64| {
            issue.labels.iter().any(|(value, label)| {
                *value == end
                    && label.iter().any(|w| degree(w) == Some(Degree::None))
                    && !label.iter().any(|w| w.starts_with("limit"))
            })
        };
        let down = nothing(hi) && !nothing(lo);
        Self { lo, hi, none: if down { hi } else { lo }, many: if down { lo } else { hi } }
    }

    fn width(&self) -> f64 {
        self.hi - self.lo
    }

    fn around(&self, value: f64, width: f64) -> PositionRange {
        let half = width * self.width();
        let clip = |x: f64| x.clamp(self.lo, self.hi);
        PositionRange { lo: clip(value - half), mode: clip(value), hi: clip(value + half) }
    }

    /// A red line on the near side of what is refused. How far from it is not said: up to half the way
    /// to what the side wants, most likely a quarter.
    fn away(
        &self,
        refused: f64,
        towards: Option<f64>,
        ideal: Option<f64>,
        whole: bool,
    ) -> (PositionKind, Option<PositionRange>) {
        let edge = self.width() * 0.05;
        let goal = towards.or(ideal.filter(|i| (i - refused).abs() > edge));
        let goal = goal.unwrap_or(if refused <= self.lo + edge { self.hi } else { self.lo });
        // Refusing all of it leaves nothing; refusing a part of it leaves the rest.
        let parts = if whole { [0.9, 1.0, 1.0] } else { [0.0, 0.25, 0.5] };
        let step = |share: f64| refused + share * (goal - refused);
        let (a, mode, b) = (step(parts[0]), step(parts[1]), step(parts[2]));
        let kind = if goal > refused { PositionKind::RedMin } else { PositionKind::RedMax };
        (kind, Some(PositionRange { lo: a.min(b), mode, hi: a.max(b) }))
    }

    /// Whether a value is nearer to where the side stands than to where others do.
    fn is_own(&self, value: f64, wants: SideWants) -> bool {
        let far = |from: Option<f64>| from.map(|x| (x - value).abs());
        far(wants.own).is_some_and(|own| own < far(wants.others).unwrap_or(self.width() / 4.0))
    }

    /// Whether a line drawn at a value keeps the issue below it: by where others stand, then by where
    /// the side itself does, then by the nearer end.
    fn holds_down(&self, value: f64, wants: SideWants) -> bool {
        let edge = self.width() * 0.05;
        let apart = |other: Option<f64>| other.filter(|o| (o - value).abs() > edge);
        if value - self.lo <= edge || self.hi - value <= edge {
            return value - self.lo <= edge;
        }
        match (apart(wants.others), apart(wants.own)) {
            (Some(others), _) => others > value,
            (None, Some(own)) => own < value,
            (None, None) => value - self.lo < self.width() / 2.0,
        }
    }
}

/// What a clause names: a number on the scale, a share in words, a landmark, or a degree.
fn named(issue: &IssueCode, clause: &Clause) -> Option<Named> {
    if let Some(found) = example(issue, clause) {
        return Some(found);
    }
    let scale = Scale::of(issue);
    let degree = clause_degree(issue, clause);
    let mark = landmark(issue, clause);
    let of = |value: f64| Some(Named { value, width: MARK_WIDTH, bound: None });
    match (mark, degree) {
        // "Full dismantlement", "limited enrichment": the landmark has the degree in it already.
        (Some((value, weight)), _) if weight >= 1.0 => of(value),
        (_, Some(Degree::None)) => of(scale.none),
        (_, Some(Degree::All)) => of(scale.many),
        (_, Some(Degree::Half)) => of(f64::midpoint(scale.lo, scale.hi)),
        (Some((value, _)), _) => of(value),
        (None, None) => None,
    }
}

/// Where a number with a unit lies on a scale of landmarks.
enum Measured {
    /// There is no such number.
    Nothing,
    /// No landmark has the unit, or the number lies beyond those that have.
    Elsewhere,
    /// A value and half a width, as a share of the scale.
    At(f64, f64),
}

/// A number with a unit on a scale that has none: at the landmark or example that has the same number
/// with the same unit, or between the two nearest.
fn measured(issue: &IssueCode, clause: &Clause) -> Measured {
    if !issue.units.is_empty() {
        return Measured::Nothing;
    }
    let Some((number, unit)) = measures(&clause.words).into_iter().next() else {
        return Measured::Nothing;
    };
    let labels = issue.about.landmarks.iter().chain(&issue.about.examples);
    let mut points: Vec<(f64, f64)> = labels
        .flat_map(|(value, label)| {
            let all = words(label, TextSpan { start: 0, end: label.len() });
            let same = measures(&all).into_iter().filter(|(_, u)| akin(u, &unit));
            same.map(|(n, _)| (n, *value)).collect::<Vec<_>>()
        })
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, value)) = points.iter().find(|(n, _)| (n - number).abs() < 1e-9) {
        return Measured::At(*value, MARK_WIDTH);
    }
    let between = points.windows(2).find(|p| p[0].0 < number && number < p[1].0);
    between.map_or(Measured::Elsewhere, |p| {
        let share = (number - p[0].0) / (p[1].0 - p[0].0);
        let value = p[0].1 + share * (p[1].1 - p[0].1);
        Measured::At(value, MARK_WIDTH)
    })
}

/// Numbers with their units; all words for hundredths are one.
fn measures(words: &[Word]) -> Vec<(f64, String)> {
    let with_unit = |n: &NumberAt| {
        let sign = words[n.end - 1].marks.starts_with('%');
        let next = words.get(n.end).map_or("", |w| w.low.as_str());
        if sign || HUNDREDTHS.contains(&next) {
            return Some((n.value, "percent".to_owned()));
        }
        is_unit(next).then(|| (n.value, next.to_owned()))
    };
    numbers(words).iter().filter_map(with_unit).collect()
}

/// Two numbers that are the ends of a range, of which the second is at `number`: "five to six percent",
/// "between 20 and 25", "20-25". The middle and half the width.
fn range(words: &[Word], all: &[NumberAt], number: &NumberAt) -> Option<(f64, f64)> {
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    let first = all.iter().rfind(|n| n.end <= number.at)?;
    let joined = match number.at - first.end {
        0 => words[first.end - 1].marks.starts_with(['-', '–']),
        1 => {
            low(first.end) == "to"
                || low(first.end) == "and" && first.at > 0 && low(first.at - 1) == "between"
        }
        _ => false,
    };
    (joined && first.value < number.value)
        .then(|| (f64::midpoint(first.value, number.value), (number.value - first.value) / 2.0))
}

/// The number that counts on the scale, with its bound.
fn number(issue: &IssueCode, clause: &Clause) -> Option<Named> {
    let words = &clause.words;
    let hundredths = issue.units.iter().any(|u| u == "cent" || u == "percent");
    if hundredths {
        let shares = [
            ("half", 50.0),
            ("a quarter", 25.0),
            ("one third|a third", 33.3),
            ("two thirds", 66.7),
            ("three quarters", 75.0),
        ];
        for (phrase, value) in shares {
            if clause.has(phrase) {
                return Some(Named { value, width: NUMBER_WIDTH * 2.0, bound: None });
            }
        }
    }
    let all = issue.numbers(words);
    let counted = all.iter().find(|n| issue.counts(words, n));
    let found = counted.or_else(|| all.iter().find(|n| issue.counts_bare(words, n)))?;
    if let Some((value, half)) = range(words, &all, found) {
        let width = (half / Scale::of(issue).width()).max(NUMBER_WIDTH);
        return Some(Named { value, width, bound: None });
    }
    let bound = (found.at.saturating_sub(4)..found.at).find_map(|k| {
        let stands = |phrases: &str| clause.at(k, phrases).is_some_and(|end| end + 1 >= found.at && end <= found.at);
        let not = k > 0 && words[k - 1].low == "not";
        if stands("no more than|no further than|no higher than|not more than|no longer than|at most|up to|not beyond|not exceed|a maximum of|no later than|not later than") {
            Some(Bound::AtMost)
        } else if stands("at least|nothing less than|nothing below|no lower than|no less than|not less than|no fewer than|not before|a minimum of|not earlier than|not below") {
            Some(Bound::AtLeast)
        } else if not {
            None
        } else if stands("less than|fewer than|below|under|before|earlier than|short of|shorter than") {
            Some(Bound::Below)
        } else if stands("more than|beyond|above|over|longer than|later than|after|past|exceeding") {
            Some(Bound::Above)
        } else {
            None
        }
    });
    Some(Named { value: found.value, width: NUMBER_WIDTH, bound })
}

/// An example sentence of the codebook that shares most of its words with the clause.
fn example(issue: &IssueCode, clause: &Clause) -> Option<Named> {
    let examples = &issue.sentences;
    let share = |label: &[String]| {
        let telling: Vec<&String> = label.iter().filter(|w| !EMPTY.contains(&w.as_str())).collect();
        let shared =
            telling.iter().filter(|t| clause.words.iter().any(|w| akin(t, &w.low))).count();
        shared as f64 / telling.len().max(1) as f64
    };
    let best =
        examples.iter().map(|(v, label)| (*v, share(label))).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 >= 0.6).then_some(Named { value: best.0, width: MARK_WIDTH, bound: None })
}

/// The landmark that has the issue itself and no degree in it: what "monitors, yes" says yes to.
fn own_landmark(issue: &IssueCode) -> Option<f64> {
    let own = |label: &[String]| {
        label.iter().any(|w| issue.named.iter().any(|n| akin(n, w)))
            && !label.iter().any(|w| degree(w).is_some())
    };
    issue.labels.iter().find(|(_, label)| own(label)).map(|(value, _)| *value)
}

/// The landmark that shares most with a clause, and how much. Words of the issue's name are in every
/// clause about it: they decide between two landmarks and are not enough for one.
fn landmark(issue: &IssueCode, clause: &Clause) -> Option<(f64, f64)> {
    let marks = &issue.labels;
    let holders =
        |term: &str| marks.iter().filter(|(_, l)| l.iter().any(|w| akin(w, term))).count().max(1);
    let weight = |label: &[String]| {
        let (mut sum, mut own) = (0.0, 0.0);
        for (k, term) in label.iter().enumerate().filter(|(_, t)| !EMPTY.contains(&t.as_str())) {
            // "No limits" is not met by "strict limits".
            let denied = k > 0 && is_denial(&label[k - 1]);
            let met = clause.words.iter().enumerate().any(|(at, w)| {
                let same = akin(term, &w.low) || are_synonyms(term, &w.low);
                let without = at > 0 && is_denial(&clause.words[at - 1].low);
                same && (!denied || without)
            });
            let unit = k > 0 && is_unit(term) && number_word(&label[k - 1]);
            if !met || number_word(term) || unit || HUNDREDTHS.contains(&term.as_str()) {
                continue;
            }
            if issue.named.iter().any(|n| akin(n, term)) {
                own += 0.4;
            } else {
                let worth = if is_degree(term) { 0.6 } else { 1.0 };
                sum += worth / holders(term) as f64;
            }
        }
        if sum > 0.0 { sum + own } else { 0.0 }
    };
    let scored = marks.iter().map(|(value, label)| (*value, weight(label)));
    let best = scored.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    (best.1 > 0.3).then_some(best)
}

fn is_denial(word: &str) -> bool {
    matches!(word, "no" | "without" | "any")
}

fn number_word(word: &str) -> bool {
    crate::number::of(word, "").is_some() && word != "zero"
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Degree {
    None,
    Half,
    All,
}

/// Verbs and words that mean nothing of something is left, or all of it is there.
fn degree(word: &str) -> Option<Degree> {
    const NONE: [&str; 19] = [
        "zero",
        "none",
        "nothing",
        "dismantle",
        "dismantled",
        "dismantlement",
        "eliminate",
        "eliminated",
        "elimination",
        "abolish",
        "abolished",
        "scrap",
        "scrapped",
        "ban",
        "banned",
        "remove",
        "removed",
        "without",
        "no",
    ];
    const ALL: [&str; 12] = [
        "all",
        "full",
        "fully",
        "unlimited",
        "everything",
        "anywhere",
        "complete",
        "entire",
        "whole",
        "every",
        "unconditional",
        "total",
    ];
    const HALF: [&str; 5] = ["half", "partial", "partly", "partially", "phased"];
    if NONE.contains(&word) {
        Some(Degree::None)
    } else if ALL.contains(&word) {
        Some(Degree::All)
    } else if HALF.contains(&word) {
        Some(Degree::Half)
    } else {
        None
    }
}

/// Verbs of going away.
const LEAVING: [&str; 12] = [
    "leave",
    "leaves",
    "left",
    "withdraw",
    "withdraws",
    "withdrawn",
    "withdrew",
    "depart",
    "departs",
    "disband",
    "disbanded",
    "vacate",
];

/// The degree that a clause gives to its issue: an end put to it goes before all of it.
fn clause_degree(issue: &IssueCode, clause: &Clause) -> Option<Degree> {
    let degrees: Vec<Degree> = clause
        .words
        .iter()
        .filter(|w| w.low != "no" && w.low != "without")
        .filter_map(|w| degree(&w.low))
        .collect();
    let has = |d: Degree| degrees.contains(&d).then_some(d);
    // "That all troops leave": nothing of them stays, unless the issue is the leaving itself.
    let leaving = clause.words.iter().enumerate().any(|(k, w)| {
        let last = k + 1 == clause.words.len();
        let leaves =
            LEAVING.contains(&w.low.as_str()) || (last && ["go", "out"].contains(&w.low.as_str()));
        leaves && !issue.named.iter().any(|n| akin(n, &w.low))
    });
    if leaving && !clause.has("not|never") {
        return Some(Degree::None);
    }
    // "No" counts where it stands at the issue: "no monitors".
    let no = clause
        .words
        .windows(2)
        .any(|pair| pair[0].low == "no" && issue.named.iter().any(|n| akin(n, &pair[1].low)));
    has(Degree::None).or(no.then_some(Degree::None)).or(has(Degree::Half)).or(has(Degree::All))
}

/// Words that stand for one another on most scales.
fn are_synonyms(a: &str, b: &str) -> bool {
    const GROUPS: [&[&str]; 12] = [
        &[
            "dismantle",
            "dismantled",
            "dismantlement",
            "eliminate",
            "eliminated",
            "elimination",
            "abolish",
            "abolished",
            "scrap",
            "scrapped",
        ],
        &["once", "immediate", "immediately", "now"],
        &["steps", "phased", "gradual", "gradually", "stages", "phases"],
        &["binding", "binds", "bind", "treaty"],
        &["abroad", "foreign", "international"],
        &["anywhere", "anytime", "everywhere", "all"],
        &["joint", "common", "shared"],
        &["watch", "watched", "watching", "monitor", "monitored", "monitoring", "inspected"],
        &["half", "partial", "partly"],
        &["stay", "stays", "remain", "remains", "keep"],
        &["capped", "cap", "ceiling", "limited", "limits"],
        &["guidelines", "recommendations", "voluntary"],
    ];
    GROUPS.iter().any(|group| group.contains(&a) && group.contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::{Codebook, clauses, read};
    use crate::setting::ReadingSetting;

    /// The range that a demand is read as on the only issue of a case.
    fn demanded(issue: &str, words: &str) -> (PositionKind, Option<(f64, f64, f64)>) {
        let setting: ReadingSetting = toml::from_str(&format!("[issues.i]\n{issue}")).unwrap();
        let book = Codebook::new(&setting);
        let found = clauses(words, &[TextSpan { start: 0, end: words.len() }]);
        let reading = read(&book, &found[0], None, Some(0), |_| SideWants::default());
        (reading.kind, reading.value.map(|v| (v.lo, v.mode, v.hi)))
    }

    const LEVELS: &str = "name='Enrichment'\nmarks=[[0,'none'],[30,'to 3.67 percent'],[60,'to 20%'],[100,'weapons grade']]";

    #[test]
    fn a_number_with_a_unit_lies_at_the_landmarks_that_carry_it() {
        let demand = |words| demanded(LEVELS, words);
        let at = |lo, mode, hi| (PositionKind::Demand, Some((lo, mode, hi)));
        assert_eq!(demand("enrichment must stay at 3.67 per cent"), at(20.0, 30.0, 40.0));
        assert_eq!(demand("enrichment to 20 percent must go on"), at(50.0, 60.0, 70.0));
        let (kind, between) = demand("enrichment must go to 11.835 percent");
        assert!(kind == PositionKind::Demand && (between.unwrap().1 - 45.0).abs() < 1e-9);
    }

    #[test]
    fn a_number_beyond_the_landmarks_or_with_another_unit_waits_for_a_person() {
        for words in ["enrichment must go to 60 percent", "enrichment must pause for 20 years"] {
            let (kind, value) = demanded(LEVELS, words);
            assert_eq!((kind, value), (PositionKind::Demand, None), "{words}");
        }
    }

    #[test]
    fn two_numbers_are_the_ends_of_a_range() {
        let issue = "name='Haircut, per cent'\nscale=[0.0,60.0]";
        for words in [
            "the haircut must be between 20 and 25 percent",
            "the haircut must be 20 to 25 per cent",
            "the haircut must be 20-25%",
        ] {
            assert_eq!(
                demanded(issue, words),
                (PositionKind::Demand, Some((20.0, 22.5, 25.0))),
                "{words}"
            );
        }
    }
}
