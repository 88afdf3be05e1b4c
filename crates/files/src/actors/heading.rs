//! What a column of an actor table holds, by the whole words of its heading.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ColumnRole {
    Actor,
    Side,
    Issue,
    Capability,
    Position,
    Salience,
    Reference,
}

impl ColumnRole {
    /// The words that name it, the best first; a synonym may be several words.
    pub(super) fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Actor => &[
                "actor",
                "actors",
                "name",
                "player",
                "players",
                "stakeholder",
                "stakeholders",
                "group",
                "country",
                "party",
                "member",
            ],
            Self::Side => &["side", "camp", "bloc"],
            Self::Issue => &["issue", "issues", "topic", "question", "dimension"],
            Self::Capability => {
                &["capability", "capabilities", "power", "influence", "resources", "weight", "c"]
            }
            Self::Position => {
                &["position", "positions", "pstn", "pos", "ideal", "ideal point", "preference", "x"]
            }
            Self::Salience => &["salience", "saliency", "sal", "importance", "priority", "s"],
            Self::Reference => &[
                "reference point",
                "reference",
                "status quo point",
                "status quo",
                "statusquo",
                "referencepoint",
                "statusquopoint",
                "now",
                "sq",
            ],
        }
    }

    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Side => "side",
            Self::Issue => "issue",
            Self::Capability => "capability",
            Self::Position => "position",
            Self::Salience => "salience",
            Self::Reference => "reference",
        }
    }
}

/// The roles of numbers.
const NUMBERS: [ColumnRole; 4] =
    [ColumnRole::Capability, ColumnRole::Position, ColumnRole::Salience, ColumnRole::Reference];

/// Words that say nothing of which issue a column is about.
const FILLERS: &[&str] = &[
    "of",
    "on",
    "for",
    "the",
    "in",
    "a",
    "an",
    "to",
    "at",
    "by",
    "about",
    "regarding",
    "toward",
    "towards",
    "score",
    "value",
    "level",
    "mean",
    "average",
    "estimated",
    "relative",
    "preferred",
];

/// Words after which an issue follows.
const BEFORE: &[&str] = &["of", "on", "for", "in", "to", "about", "regarding", "toward", "towards"];

/// A heading, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// What the column holds; `None` for what is not read.
    pub(super) role: Option<ColumnRole>,
    /// How good its word is, the best 0; a heading of nothing else comes before any other.
    pub(super) rank: usize,
    /// The issue it names, in small letters; blank if none.
    pub(super) about: String,
    /// The same as it is written.
    pub(super) title: String,
    /// The two things it could be, where nothing decides.
    pub(super) either: Option<(ColumnRole, ColumnRole)>,
}

/// The words of a heading and where each stands: letters and digits apart, units in brackets left out.
fn words(heading: &str) -> Vec<(String, &str)> {
    let end = heading.find(['(', '[']).unwrap_or(heading.len());
    let text = &heading[..end];
    let mut found = Vec::new();
    let mut start = None;
    let mut before = ' ';
    for (k, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let new = before.is_lowercase() && c.is_uppercase()
            || before.is_alphabetic() && c.is_numeric()
            || before.is_numeric() && c.is_alphabetic();
        if let Some(from) = start.filter(|_| new || !c.is_alphanumeric()) {
            found.push((text[from..k].to_lowercase(), &text[from..k]));
            start = None;
        }
        if c.is_alphanumeric() && start.is_none() {
            start = Some(k);
        }
        before = c;
    }
    found
}

/// Where the words of a synonym stand among those of a heading.
fn place(words: &[(String, &str)], synonym: &str) -> Option<(usize, usize)> {
    let wanted: Vec<&str> = synonym.split(' ').collect();
    if synonym.len() == 1 && words.len() > 1 {
        return None;
    }
    let fits = |w: &[(String, &str)]| w.iter().map(|w| w.0.as_str()).eq(wanted.iter().copied());
    words.windows(wanted.len()).position(fits).map(|at| (at, at + wanted.len()))
}

/// The longest synonym of a role among words: its place and rank.
fn found(words: &[(String, &str)], role: ColumnRole) -> Option<((usize, usize), usize)> {
    let each = role.synonyms().iter().enumerate();
    let all = each.filter_map(|(rank, s)| Some((place(words, s)?, rank)));
    all.max_by_key(|((a, b), rank)| (b - a, usize::MAX - rank))
}

/// Reads a heading.
pub(super) fn heading(text: &str) -> Heading {
    let words = words(text);
    let nothing =
        Heading { role: None, rank: 0, about: String::new(), title: String::new(), either: None };
    let numbers: Vec<(ColumnRole, (usize, usize), usize)> =
        NUMBERS.iter().filter_map(|r| found(&words, *r).map(|(at, rank)| (*r, at, rank))).collect();
    let decided = match numbers[..] {
        [] => return who(&words).unwrap_or(nothing),
        [one] => Some(one),
        _ => {
            // `Nuclear power position`, `Position on nuclear power`, `Status quo position`.
            let reference = numbers.iter().find(|n| n.0 == ColumnRole::Reference);
            let position = numbers.iter().any(|n| n.0 == ColumnRole::Position);
            let first = numbers.iter().find(|(_, (from, to), _)| {
                *from == 0 && words.get(*to).is_some_and(|w| BEFORE.contains(&w.0.as_str()))
            });
            let last = numbers.iter().find(|(_, (_, to), _)| *to == words.len());
            match reference.filter(|_| position && numbers.len() == 2) {
                Some(reference) => Some(*reference),
                None => first.or(last).copied(),
            }
        }
    };
    let Some((role, (from, to), rank)) = decided else {
        return Heading { either: Some((numbers[0].0, numbers[1].0)), ..nothing };
    };
    let reference = role == ColumnRole::Reference;
    let empty = |word: &str| {
        FILLERS.contains(&word)
            || ColumnRole::Issue.synonyms().contains(&word)
            || reference && ColumnRole::Position.synonyms().contains(&word)
    };
    let rest: Vec<&(String, &str)> = (words.iter().enumerate())
        .filter(|(k, _)| !(from..to).contains(k))
        .map(|(_, w)| w)
        .filter(|w| !empty(&w.0))
        .collect();
    // `Country position` is the position of a country, not one on it.
    let whose = rest.iter().all(|w| ColumnRole::Actor.synonyms().contains(&w.0.as_str()));
    let rest = if whose { Vec::new() } else { rest };
    let number = rest.iter().all(|w| w.0.chars().all(char::is_numeric)) && !rest.is_empty();
    let kept: Vec<&str> = rest.iter().map(|w| w.1).collect();
    Heading {
        role: Some(role),
        rank: rank + if rest.is_empty() { 0 } else { 100 },
        about: rest.iter().map(|w| w.0.as_str()).collect::<Vec<_>>().join(" "),
        title: if number { text.trim().to_owned() } else { kept.join(" ") },
        either: None,
    }
}

/// A heading that says who, of which side, or on what.
fn who(words: &[(String, &str)]) -> Option<Heading> {
    let role = |role: ColumnRole| {
        let ((from, to), rank) = found(words, role)?;
        let alone = words.iter().enumerate().all(|(k, w)| {
            (from..to).contains(&k)
                || FILLERS.contains(&w.0.as_str())
                || w.0 == "name"
                || role == ColumnRole::Actor && ColumnRole::Actor.synonyms().contains(&w.0.as_str())
        });
        alone.then_some(Heading {
            role: Some(role),
            rank,
            about: String::new(),
            title: String::new(),
            either: None,
        })
    };
    [ColumnRole::Issue, ColumnRole::Side, ColumnRole::Actor].into_iter().find_map(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_by_whole_words() {
        use ColumnRole::{Actor, Capability, Issue, Position, Reference, Salience, Side};
        for (text, role, about) in [
            ("Actor", Some(Actor), ""),
            ("Country name", Some(Actor), ""),
            ("Name of the issue", Some(Issue), ""),
            ("Side", Some(Side), ""),
            ("Salience (%)", Some(Salience), ""),
            ("oil position", Some(Position), "oil"),
            ("Position on nuclear power", Some(Position), "nuclear power"),
            ("Nuclear power salience", Some(Salience), "nuclear power"),
            ("OilPosition", Some(Position), "oil"),
            ("gas_pos", Some(Position), "gas"),
            ("Pstn2", Some(Position), "2"),
            ("Sal2", Some(Salience), "2"),
            ("Country position", Some(Position), ""),
            ("Issue salience", Some(Salience), ""),
            ("Influence", Some(Capability), ""),
            ("Now", Some(Reference), ""),
            ("status quo (oil)", Some(Reference), ""),
            ("Status quo position", Some(Reference), ""),
            ("Oil status quo", Some(Reference), "oil"),
            // Words that only contain one are none.
            ("known since", None, ""),
            ("composition", None, ""),
            ("powerful", None, ""),
            ("c", Some(Capability), ""),
            ("c note", None, ""),
            ("Country code", None, ""),
        ] {
            let h = heading(text);
            assert_eq!((h.role, h.about.as_str()), (role, about), "{text}");
        }
        assert!(heading("salience and power in sum").either.is_some());
    }
}
