//! What a clause is about: the issue whose name, landmarks, terms or unit it uses.

use std::collections::BTreeSet;

use crate::Span;
use crate::number;
use crate::setting::{Setting, SettingIssue};
use crate::word::{EMPTY, Word, akin, words};

/// An issue as it is coded.
#[derive(Debug, Clone)]
pub(crate) struct IssueCode {
    pub(crate) id: String,
    pub(crate) scale: [f64; 2],
    /// Landmarks and examples: a value and the words for it.
    pub(crate) marks: Vec<(f64, Vec<String>)>,
    /// How many of them are landmarks; the others are examples.
    pub(crate) landmarks: usize,
    /// Words of its name.
    pub(crate) name: Vec<String>,
    terms: Vec<Vec<String>>,
    /// Words of its unit: `["billion", "cubic", "metres"]`.
    pub(crate) unit: Vec<String>,
}

/// The issues of a case as they are coded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codebook {
    pub(crate) issues: Vec<IssueCode>,
}

/// A number in a clause: its place, how many words it has, and its value.
pub(crate) struct NumberAt {
    pub(crate) at: usize,
    pub(crate) end: usize,
    pub(crate) value: f64,
}

/// The words of a text that say something.
pub(crate) fn telling(text: &str) -> Vec<String> {
    let found = words(text, Span { start: 0, end: text.len() });
    found.into_iter().map(|w| w.low).filter(|w| !EMPTY.contains(&w.as_str())).collect()
}

/// The numbers of a clause; those of full dates are not told apart.
pub(crate) fn numbers(words: &[Word]) -> Vec<NumberAt> {
    let (mut found, mut at) = (Vec::new(), 0);
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    while at < words.len() {
        match number::of(low(at), low(at + 1)) {
            // "One" is more often a pronoun than a number.
            Some((value, used)) if low(at) != "one" => {
                found.push(NumberAt { at, end: at + used, value });
                at += used;
            }
            _ => at += 1,
        }
    }
    found
}

const HUNDREDTHS: [&str; 5] = ["per", "cent", "percent", "percentage", "%"];

impl IssueCode {
    fn new(id: &str, issue: &SettingIssue) -> Self {
        let (name, unit) = match (&issue.unit, issue.name.rsplit_once(',')) {
            (Some(unit), _) => (issue.name.as_str(), unit.as_str()),
            (None, Some((name, unit))) => (name, unit),
            (None, None) => (issue.name.as_str(), ""),
        };
        let mark = |(value, label): &(f64, String)| (*value, all_words(label));
        let mut named = telling(name);
        named.retain(|w| !["yearly", "annual", "monthly", "daily", "weekly"].contains(&w.as_str()));
        named.extend(id.split('-').map(str::to_owned));
        let mut unit = telling_unit(unit);
        // "Years to fill the reservoir": the unit stands first.
        if unit.is_empty()
            && let Some(first) = named.first().filter(|w| is_unit(w)).cloned()
        {
            unit.push(first);
            named.remove(0);
        }
        named.dedup();
        Self {
            id: id.to_owned(),
            scale: issue.scale,
            marks: issue.marks.iter().chain(&issue.examples).map(mark).collect(),
            landmarks: issue.marks.len(),
            name: named,
            terms: issue.terms.iter().map(|t| telling(t)).collect(),
            unit,
        }
    }

    /// Whether a number of a clause counts on the scale of this issue: it stands before the unit, or
    /// the scale is one of years and it is a year.
    pub(crate) fn counts(&self, words: &[Word], number: &NumberAt) -> bool {
        let [lo, hi] = self.scale;
        let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
        let sign = words.get(number.end - 1).is_some_and(|w| w.marks.starts_with('%'));
        if lo >= 1500.0 && hi <= 2999.0 {
            return (lo..=hi).contains(&number.value);
        }
        if self.unit.is_empty() || number.value < lo - (hi - lo) || number.value > hi + (hi - lo) {
            return false;
        }
        let hundredths = self.unit.iter().any(|u| HUNDREDTHS.contains(&u.as_str()));
        if hundredths && (sign || HUNDREDTHS.contains(&low(number.end))) {
            return true;
        }
        // "40 billion" counts on a scale of billions of something.
        (number.end..number.end + self.unit.len().max(2))
            .any(|k| self.unit.iter().any(|u| !HUNDREDTHS.contains(&u.as_str()) && akin(u, low(k))))
    }

    /// How much of a clause is about the issue.
    fn score(&self, words: &[Word], common: &BTreeSet<String>) -> f64 {
        let any = |term: &str| words.iter().any(|w| akin(term, &w.low));
        let weigh = |term: &String, weight: f64| {
            // A word of several issues tells little, and a country's name nothing of an issue.
            if common.contains(term) { weight / 4.0 } else { weight }
        };
        let mut score = 0.0;
        for term in &self.name {
            score += if any(term) { weigh(term, 3.0) } else { 0.0 };
        }
        for term in &self.terms {
            score += if !term.is_empty() && term.iter().all(|t| any(t)) { 3.0 } else { 0.0 };
        }
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        for term in self.marks.iter().flat_map(|(_, label)| label) {
            let plain = !EMPTY.contains(&term.as_str()) && !is_degree(term) && !is_filler(term);
            if plain && seen.insert(term) && !self.name.iter().any(|n| akin(n, term)) && any(term) {
                score += weigh(term, 1.5);
            }
        }
        if numbers(words).iter().any(|n| self.counts(words, n)) {
            score += 2.0;
        }
        score
    }
}

impl Codebook {
    /// The issues of a case.
    pub(crate) fn new(setting: &Setting) -> Self {
        let issues = setting.issues.iter().map(|(id, issue)| IssueCode::new(id, issue));
        Self { issues: issues.collect() }
    }

    /// The issue that some words are about; the one last spoken of where they name none but take a
    /// stance by numbers or degrees alone.
    pub(crate) fn about(
        &self,
        words: &[Word],
        context: Option<usize>,
        stance: bool,
    ) -> Option<usize> {
        let common = self.common();
        let scores: Vec<f64> = self.issues.iter().map(|i| i.score(words, &common)).collect();
        // What was spoken of decides between two, and no more.
        let score = |k: usize| scores[k] + if Some(k) == context { 0.5 } else { 0.0 };
        let best =
            (0..scores.len()).max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a)))?;
        let least = if stance { 1.5 } else { 3.0 };
        if scores[best] >= least {
            return Some(best);
        }
        let bare = stance && words.len() <= 8 && words.iter().any(|w| is_degree(&w.low));
        context.filter(|k| bare && scores[best] <= scores[*k])
    }

    /// Words that stand in the names or landmarks of more than one issue.
    fn common(&self) -> BTreeSet<String> {
        let of = |issue: &IssueCode| -> BTreeSet<String> {
            issue
                .name
                .iter()
                .chain(issue.marks[..issue.landmarks].iter().flat_map(|m| &m.1))
                .cloned()
                .collect()
        };
        let sets: Vec<BTreeSet<String>> = self.issues.iter().map(of).collect();
        let mut common = BTreeSet::new();
        for (k, set) in sets.iter().enumerate() {
            common.extend(sets[..k].iter().flat_map(|other| set.intersection(other).cloned()));
        }
        common
    }
}

/// The words of a label, those of degree too.
fn all_words(text: &str) -> Vec<String> {
    let found = words(text, Span { start: 0, end: text.len() });
    found
        .into_iter()
        .map(|w| w.low)
        .filter(|w| !["a", "an", "the", "of", "for", "to", "and", "or"].contains(&w.as_str()))
        .collect()
}

/// The unit as words; a name's part behind a comma that is none gives none.
fn telling_unit(text: &str) -> Vec<String> {
    let found = all_words(text);
    if found.iter().any(|w| is_unit(w)) { found } else { Vec::new() }
}

fn is_unit(word: &str) -> bool {
    [
        "year",
        "years",
        "month",
        "months",
        "week",
        "weeks",
        "day",
        "days",
        "hour",
        "hours",
        "cent",
        "percent",
        "kilometres",
        "kilometers",
        "miles",
        "metres",
        "meters",
        "euros",
        "dollars",
        "pounds",
        "crowns",
        "kronor",
        "billion",
        "million",
        "thousand",
        "tonnes",
        "tons",
        "barrels",
        "seats",
        "troops",
        "points",
        "votes",
        "hectares",
        "people",
        "prisoners",
        "centrifuges",
        "kilograms",
        "euro",
        "dollar",
        "yen",
        "francs",
        "rupees",
        "degrees",
        "megawatts",
    ]
    .contains(&word)
}

/// Words of degree: they place a clause on a scale and name no issue.
pub(crate) fn is_degree(word: &str) -> bool {
    [
        "no",
        "none",
        "zero",
        "nothing",
        "all",
        "full",
        "fully",
        "total",
        "totally",
        "complete",
        "completely",
        "entire",
        "entirely",
        "partial",
        "partly",
        "partially",
        "half",
        "limited",
        "any",
        "every",
        "everything",
        "more",
        "less",
        "most",
        "least",
        "cent",
        "per",
        "percent",
        "quarter",
        "third",
    ]
    .contains(&word)
        || crate::number::of(word, "").is_some()
}

/// Words of labels that name no issue either: "the Greens' promise", "as the law has it".
fn is_filler(word: &str) -> bool {
    [
        "once", "steps", "part", "little", "is", "it", "has", "have", "law", "promise", "promised",
        "first", "last", "demand", "offer", "large", "low", "high", "higher", "lower", "year",
        "years", "today", "stay", "old", "average", "alone",
    ]
    .contains(&word)
}
