//! What a clause is about: the issue whose name, landmarks, terms or unit it uses.

use std::collections::BTreeSet;

use crate::TextSpan;
use crate::number;
use crate::setting::{ReadingSetting, SettingIssue};
use crate::word::{EMPTY, Word, akin, words};

/// An issue as it is coded.
#[derive(Debug, Clone)]
pub(crate) struct IssueCode {
    pub(crate) id: String,
    /// What the case says of it.
    pub(crate) about: SettingIssue,
    /// Landmarks as their values and words.
    pub(crate) labels: Vec<(f64, Vec<String>)>,
    /// Examples, likewise.
    pub(crate) sentences: Vec<(f64, Vec<String>)>,
    /// Words of its name.
    pub(crate) named: Vec<String>,
    phrases: Vec<Vec<String>>,
    /// Words of its landmarks and examples that tell it from others.
    telling: Vec<String>,
    /// Words of its unit: `["billion", "cubic", "metres"]`.
    pub(crate) units: Vec<String>,
}

/// The issues of a case as they are coded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codebook {
    pub(crate) issues: Vec<IssueCode>,
    common: CommonWords,
}

/// Words that tell little: of a name, those that other names have too; of a landmark, those that
/// another issue has anywhere.
type CommonWords = (BTreeSet<String>, BTreeSet<String>);

/// A number in a clause: its place, how many words it has, and its value.
pub(crate) struct NumberAt {
    pub(crate) at: usize,
    pub(crate) end: usize,
    pub(crate) value: f64,
}

/// The words of a text that say something.
pub(crate) fn telling(text: &str) -> Vec<String> {
    let found = words(text, TextSpan { start: 0, end: text.len() });
    found.into_iter().map(|w| w.low).filter(|w| !EMPTY.contains(&w.as_str())).collect()
}

/// The numbers of a clause; those of full dates are not told apart.
pub(crate) fn numbers(words: &[Word]) -> Vec<NumberAt> {
    let (mut found, mut at) = (Vec::new(), 0);
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    while at < words.len() {
        match number::of(low(at), low(at + 1)) {
            // "One" is more often a pronoun than a number, unless a unit follows.
            Some((value, used)) if low(at) != "one" || is_unit(low(at + 1)) => {
                found.push(NumberAt { at, end: at + used, value });
                at += used;
            }
            _ => at += 1,
        }
    }
    found
}

/// Words for powers of ten that numbers and units have.
const POWERS: [(&str, f64); 4] =
    [("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12)];

/// Signs of currency and the units they stand for.
const CURRENCIES: [(char, &[&str]); 4] = [
    ('$', &["dollars", "dollar"]),
    ('£', &["pounds", "pound"]),
    ('€', &["euros", "euro"]),
    ('¥', &["yen"]),
];

pub(super) const HUNDREDTHS: [&str; 5] = ["per", "cent", "percent", "percentage", "%"];

impl IssueCode {
    fn new(id: &str, issue: &SettingIssue) -> Self {
        let (name, unit) = match (&issue.unit, issue.name.rsplit_once(',')) {
            (Some(unit), _) => (issue.name.as_str(), unit.as_str()),
            (None, Some((name, unit))) => (name, unit),
            (None, None) => (issue.name.as_str(), ""),
        };
        let mark = |(value, label): &(f64, String)| (*value, all_words(label));
        let mut named = telling(name);
        let low = name.to_lowercase();
        let each =
            |w: &String| [format!(" a {w}"), format!(" per {w}")].iter().any(|p| low.contains(p));
        named.retain(|w| !(is_unit(w) && each(w)) && w != "per");
        named.retain(|w| !["yearly", "annual", "monthly", "daily", "weekly"].contains(&w.as_str()));
        named.extend(id.split('-').map(str::to_owned));
        let mut unit = if issue.unit.is_some() { all_words(unit) } else { telling_unit(unit) };
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
            about: issue.clone(),
            labels: issue.landmarks.iter().map(mark).collect(),
            sentences: issue.examples.iter().map(mark).collect(),
            named,
            phrases: issue.terms.iter().map(|t| telling(t)).collect(),
            telling: Vec::new(),
            units: unit,
        }
    }

    /// The numbers of a clause as this scale counts: "40 billion" is 40 on a scale of billions and
    /// 40,000 on one of millions, "60,000 tonnes" is 60 on one of thousands of tonnes.
    pub(crate) fn numbers(&self, words: &[Word]) -> Vec<NumberAt> {
        let power = |low: &str| POWERS.iter().find(|(word, _)| *word == low).map(|(_, p)| *p);
        let own = self.units.iter().find_map(|u| power(u));
        let mut found = numbers(words);
        for number in &mut found {
            let said = words.get(number.end).and_then(|w| power(&w.low));
            match (said, own) {
                (Some(said), own) => number.value *= said / own.unwrap_or(1.0),
                (None, Some(own)) if number.value >= 1000.0 => number.value /= own,
                _ => {}
            }
        }
        found
    }

    /// Whether a number of a clause counts on the scale of this issue: it stands before the unit, or
    /// the scale is one of years and it is a year.
    pub(crate) fn counts(&self, words: &[Word], number: &NumberAt) -> bool {
        let [lo, hi] = self.about.scale;
        let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
        let sign = words.get(number.end - 1).is_some_and(|w| w.marks.starts_with('%'));
        if lo >= 1500.0 && hi <= 2999.0 {
            return (lo..=hi).contains(&number.value);
        }
        if self.units.is_empty() || number.value < lo - (hi - lo) || number.value > hi + (hi - lo) {
            return false;
        }
        let hundredths = self.units.iter().any(|u| HUNDREDTHS.contains(&u.as_str()));
        if hundredths && (sign || HUNDREDTHS.contains(&low(number.end))) {
            return true;
        }
        // A sign of currency stands before: "$9", "£2m".
        let money = CURRENCIES.iter().find(|(sign, _)| words[number.at].before == *sign);
        if money.is_some_and(|(_, names)| self.units.iter().any(|u| names.contains(&u.as_str()))) {
            return true;
        }
        // "40 billion" counts on a scale of billions of something, and of millions.
        if POWERS.iter().any(|(word, _)| *word == low(number.end))
            && self.units.iter().any(|u| POWERS.iter().any(|(word, _)| word == u))
        {
            return true;
        }
        (number.end..number.end + self.units.len().max(2)).any(|k| {
            self.units.iter().any(|u| !HUNDREDTHS.contains(&u.as_str()) && akin(u, low(k)))
        })
    }

    /// Whether a number without a unit counts on the scale, where the clause is about the issue: "we
    /// could go to thirty".
    pub(crate) fn counts_bare(&self, words: &[Word], number: &NumberAt) -> bool {
        let [lo, hi] = self.about.scale;
        let last = &words[number.end - 1];
        let next = words.get(number.end).filter(|_| last.marks.is_empty());
        let alone = next.is_none_or(|w| {
            w.low != "of"
                && (EMPTY.contains(&w.low.as_str()) || ["was", "were"].contains(&w.low.as_str()))
        });
        let measured = last.marks.starts_with(['%', ':', '/']);
        !self.units.is_empty() && alone && !measured && (lo..=hi).contains(&number.value)
    }

    /// Words of landmarks and examples that are neither of degree nor of its own name, nor name a party.
    fn told(&self, parties: &BTreeSet<String>) -> Vec<String> {
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        let all = self.labels.iter().chain(&self.sentences).flat_map(|(_, label)| label);
        let plain = |term: &&String| {
            !EMPTY.contains(&term.as_str())
                && !is_degree(term)
                && !is_filler(term)
                && !parties.iter().any(|p| akin(p, term))
                && !self.named.iter().any(|n| akin(n, term))
        };
        all.filter(plain).filter(|term| seen.insert(term)).cloned().collect()
    }

    /// How much of a clause is about the issue.
    fn score(&self, words: &[Word], common: &CommonWords) -> f64 {
        let any = |term: &str| words.iter().any(|w| akin(term, &w.low));
        let weigh = |shared: bool, weight: f64| if shared { weight / 4.0 } else { weight };
        let mut score = 0.0;
        for term in &self.named {
            score += if any(term) { weigh(common.0.contains(term), 3.0) } else { 0.0 };
        }
        for term in &self.phrases {
            score += if !term.is_empty() && term.iter().all(|t| any(t)) { 3.0 } else { 0.0 };
        }
        // "A quarter" is no "quarterly report".
        let met = |term: &str| words.iter().any(|w| !is_degree(&w.low) && akin(term, &w.low));
        for term in self.telling.iter().filter(|t| met(t)) {
            score += weigh(common.1.contains(term), 1.5);
        }
        if self.numbers(words).iter().any(|n| self.counts(words, n)) {
            score += 2.0;
        }
        score
    }
}

impl Codebook {
    /// The issues of a case.
    pub(crate) fn new(setting: &ReadingSetting) -> Self {
        let issues = setting.issues.iter().map(|(id, issue)| IssueCode::new(id, issue));
        let mut issues: Vec<IssueCode> = issues.collect();
        // "Enrichment in Iran": who is named in it is no issue.
        let parties = party_words(setting);
        for issue in &mut issues {
            let kept: Vec<String> =
                issue.named.iter().filter(|w| !parties.contains(*w)).cloned().collect();
            if !kept.is_empty() {
                issue.named = kept;
            }
        }
        for issue in &mut issues {
            issue.telling = issue.told(&parties);
        }
        let mut book = Self { issues, common: CommonWords::default() };
        book.common = book.common();
        book
    }

    /// The issue that some words are about; the one last spoken of where they name none but take a
    /// stance by numbers or degrees alone.
    pub(crate) fn about(
        &self,
        words: &[Word],
        context: Option<usize>,
        stance: bool,
    ) -> Option<usize> {
        let scores: Vec<f64> = self.issues.iter().map(|i| i.score(words, &self.common)).collect();
        // What was spoken of decides between two, and no more.
        let score = |k: usize| scores[k] + if Some(k) == context { 0.5 } else { 0.0 };
        let best =
            (0..scores.len()).max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a)))?;
        let least = if stance { 1.5 } else { 3.0 };
        if scores[best] >= least {
            return Some(best);
        }
        let bare = stance
            && words.len() <= 8
            && (words.iter().any(|w| is_degree(&w.low)) || refers(words));
        context.filter(|k| bare && scores[best] <= scores[*k])
    }

    /// See [`CommonWords`].
    fn common(&self) -> CommonWords {
        let mut names = BTreeSet::new();
        let mut labels = BTreeSet::new();
        let marks = |issue: &IssueCode| -> Vec<String> {
            issue.labels.iter().flat_map(|m| m.1.clone()).collect()
        };
        for (k, issue) in self.issues.iter().enumerate() {
            let others =
                || self.issues.iter().enumerate().filter(move |(j, _)| *j != k).map(|(_, o)| o);
            let in_names = |w: &String| others().any(|o| o.named.iter().any(|n| akin(n, w)));
            let in_marks = |w: &String| others().any(|o| marks(o).iter().any(|m| akin(m, w)));
            names.extend(issue.named.iter().filter(|w| in_names(w)).cloned());
            labels.extend(marks(issue).iter().filter(|w| in_names(w) || in_marks(w)).cloned());
        }
        (names, labels)
    }
}

/// Whether the subject or the object of a clause stands for what was spoken of: "that is not
/// negotiable", "we will not sign it".
fn refers(words: &[Word]) -> bool {
    let stands =
        |w: Option<&Word>| w.is_some_and(|w| ["that", "this", "it"].contains(&w.low.as_str()));
    stands(words.first()) || stands(words.last())
}

/// The words of the names of all sides and actors.
fn party_words(setting: &ReadingSetting) -> BTreeSet<String> {
    let sides = setting.sides.values().map(|s| &s.name);
    let actors = setting.actors.values().map(|a| &a.name);
    sides.chain(actors).flat_map(|name| telling(name)).collect()
}

/// The words of a label, those of degree too.
fn all_words(text: &str) -> Vec<String> {
    let found = words(text, TextSpan { start: 0, end: text.len() });
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

pub(super) fn is_unit(word: &str) -> bool {
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
