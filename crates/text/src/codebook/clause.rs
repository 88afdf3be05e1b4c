//! Clauses: what is claimed, and what it hangs on.

use crate::TextSpan;
use crate::word::{Word, phrase_at, words};

/// What a clause does in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClauseRole {
    /// It is claimed.
    Main,
    /// The rest hangs on it, and it is not asked for: "if sanctions are lifted".
    Condition,
    /// The rest hangs on it, and it is asked for: "provided that", "only if", "unless", "without".
    Required,
}

/// A clause with its words.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    pub(crate) span: TextSpan,
    pub(crate) words: Vec<Word>,
    pub(crate) role: ClauseRole,
    /// Whether another clause of its sentence threatens what follows if this one holds.
    pub(crate) threatened: bool,
}

impl Clause {
    /// Whether these words, set apart by "|", follow one another somewhere; the place behind them.
    pub(crate) fn find(&self, phrases: &str) -> Option<usize> {
        (0..self.words.len()).find_map(|at| self.at(at, phrases))
    }

    /// The same at a place.
    pub(crate) fn at(&self, at: usize, phrases: &str) -> Option<usize> {
        let low = |k: usize| self.words.get(at + k).map_or("", |w| w.low.as_str());
        phrase_at(phrases, low).map(|used| at + used)
    }

    pub(crate) fn has(&self, phrases: &str) -> bool {
        self.find(phrases).is_some()
    }
}

/// Words before which a new clause begins.
const CUTS: [(&str, ClauseRole); 19] = [
    ("provided that", ClauseRole::Required),
    ("provided", ClauseRole::Required),
    ("on condition that", ClauseRole::Required),
    ("on the condition that", ClauseRole::Required),
    ("as long as", ClauseRole::Required),
    ("but only if", ClauseRole::Required),
    ("only if", ClauseRole::Required),
    ("unless", ClauseRole::Required),
    ("until", ClauseRole::Required),
    ("even if", ClauseRole::Condition),
    ("if", ClauseRole::Condition),
    ("in return for", ClauseRole::Required),
    ("in exchange for", ClauseRole::Required),
    ("but", ClauseRole::Main),
    ("while", ClauseRole::Main),
    ("and that", ClauseRole::Main),
    ("because", ClauseRole::Main),
    ("as well as", ClauseRole::Main),
    ("and not", ClauseRole::Main),
];

/// Pronouns that begin a clause behind ", and".
const SUBJECTS: [&str; 6] = ["we", "they", "he", "she", "it", "i"];

/// The clauses of a part of a text.
pub(crate) fn clauses(text: &str, parts: &[TextSpan]) -> Vec<Clause> {
    let mut found = Vec::new();
    for part in parts {
        split(words(text, *part), &mut found);
    }
    let threat = found.iter().any(|c: &Clause| c.role == ClauseRole::Main && is_threat(c));
    for clause in &mut found {
        clause.threatened = threat && clause.role == ClauseRole::Condition;
    }
    found
}

fn split(all: Vec<Word>, found: &mut Vec<Clause>) {
    let whole = Clause {
        span: TextSpan { start: 0, end: 0 },
        words: all,
        role: ClauseRole::Main,
        threatened: false,
    };
    let words = &whole.words;
    let (mut from, mut role) = (0, leading(words));
    for at in 1..=words.len() {
        let marks = words[at - 1].marks.as_str();
        let stop = marks.contains([';', ':', '.', '?', '!', '—', '–']);
        let comma = marks.contains(',');
        let cut = CUTS.iter().find(|(cut, _)| whole.at(at, cut).is_some());
        // A condition that stands first ends with its comma.
        let first = from == 0 && role == ClauseRole::Required;
        let ends = comma && (role == ClauseRole::Condition || first);
        // "And" between two demands: "pull back 30 kilometres and free all prisoners".
        let and = words.get(at).is_some_and(|w| w.low == "and") && begins_verb(words, at + 1);
        // ", and we could go to thirty"
        let joined = comma
            && words.get(at).is_some_and(|w| w.low == "and")
            && words.get(at + 1).is_some_and(|w| SUBJECTS.contains(&w.low.as_str()));
        if at < words.len() && !stop && cut.is_none() && !ends && !and && !joined {
            continue;
        }
        if at > from {
            let piece = &words[from..at];
            let span =
                TextSpan { start: piece[0].span.start, end: piece[piece.len() - 1].span.end };
            found.push(Clause { span, words: without_aside(piece), role, threatened: false });
        }
        from = at;
        role = match cut {
            Some((_, role)) => *role,
            // What a comma ends was the condition.
            None => ClauseRole::Main,
        };
    }
}

/// The words of a clause without what is said of its subject between commas: "Oslo*, which charged 25
/// percent,* came with an offer".
fn without_aside(words: &[Word]) -> Vec<Word> {
    let comma = |k: usize| words[k].marks.contains(',');
    let opens = |&k: &usize| comma(k - 1) && ["which", "who", "whose"].contains(&&*words[k].low);
    let begin = (1..words.len()).find(opens);
    let aside = begin.and_then(|b| Some(b..(b..words.len()).find(|k| comma(*k))? + 1));
    match aside.filter(|a| a.end < words.len()) {
        Some(aside) => [&words[..aside.start], &words[aside.end..]].concat(),
        None => words.to_vec(),
    }
}

/// The role of the first clause is told by its own first words.
fn leading(words: &[Word]) -> ClauseRole {
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    match (low(0), low(1)) {
        ("only", "if") | ("unless" | "until", _) => ClauseRole::Required,
        ("if" | "should", _) => ClauseRole::Condition,
        _ => ClauseRole::Main,
    }
}

/// Whether a clause may begin at a word: a bare verb that is not followed by "and" at once.
fn begins_verb(words: &[Word], at: usize) -> bool {
    const BARE: [&str; 43] = [
        "free", "release", "pull", "withdraw", "stop", "end", "lift", "allow", "accept", "give",
        "pay", "return", "halt", "open", "close", "raise", "cut", "sign", "hand", "let", "drop",
        "make", "keep", "leave", "refuse", "refuses", "wants", "demands", "insists", "will",
        "would", "must", "has", "is", "are", "rejects", "offers", "offered", "could", "can",
        "cannot", "should", "may",
    ];
    words.get(at).is_some_and(|w| BARE.contains(&w.low.as_str()))
}

/// Whether a clause threatens to leave or to let talks fail.
fn is_threat(clause: &Clause) -> bool {
    clause.has("walk away|walk out|leave the talks|leave the table|no deal|no agreement|no coalition|no treaty|will fail|quit|break off|will not sign|would not sign|will strike|go to war")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<(String, ClauseRole)> {
        let found = clauses(text, &[TextSpan { start: 0, end: text.len() }]);
        found.iter().map(|c| (c.span.of(text).to_owned(), c.role)).collect()
    }

    #[test]
    fn what_is_claimed_is_told_from_what_it_hangs_on() {
        use ClauseRole::{Condition, Main, Required};
        let pair = |t: &str, r| (t.to_owned(), r);
        assert_eq!(
            roles("If sanctions are lifted, Iran would accept it"),
            [pair("If sanctions are lifted", Condition), pair("Iran would accept it", Main)]
        );
        assert_eq!(
            roles("a withdrawal of 10 kilometres, provided that monitors watch"),
            [
                pair("a withdrawal of 10 kilometres", Main),
                pair("provided that monitors watch", Required)
            ]
        );
        assert_eq!(
            roles("that K pull back 30 kilometres and free all prisoners"),
            [pair("that K pull back 30 kilometres", Main), pair("and free all prisoners", Main)]
        );
        assert_eq!(
            roles("A refuses any role, but is willing to accept a panel"),
            [pair("A refuses any role", Main), pair("but is willing to accept a panel", Main)]
        );
        assert_eq!(
            roles("Unless B cuts the toll to 10 dollars, A will not open the port"),
            [
                pair("Unless B cuts the toll to 10 dollars", Required),
                pair("A will not open the port", Main)
            ]
        );
        assert_eq!(roles("five years and ten").len(), 1);
        assert_eq!(roles("twenty is what we offered, and we could go to thirty").len(), 2);
    }

    #[test]
    fn a_condition_of_a_threat_is_marked() {
        let text = "If they keep the court, we walk away";
        let found = clauses(text, &[TextSpan { start: 0, end: text.len() }]);
        assert!(found[0].threatened && !found[1].threatened);
    }
}
