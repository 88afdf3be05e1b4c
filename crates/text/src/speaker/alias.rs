//! The table of names: what articles call the actors and sides of a case.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Party;
use crate::TextSpan;
use crate::setting::ReadingSetting;
use crate::word::{EMPTY, Word, words};

/// A name in lower-case words, and who bears it.
#[derive(Debug, Clone)]
struct Alias {
    words: Vec<String>,
    party: Party,
}

/// A title in lower-case words, and who has it on the day of the document.
#[derive(Debug, Clone)]
pub(crate) struct Title {
    pub(crate) words: Vec<String>,
    pub(crate) actor: String,
}

/// Names and titles of a case as they are on a day.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    /// By first word; the longest first.
    names: BTreeMap<String, Vec<Alias>>,
    pub(crate) titles: Vec<Title>,
    /// Adjectives of states, and the side or actor they go with.
    adjectives: BTreeMap<String, Party>,
    side_of: BTreeMap<String, String>,
    /// Actors whose name looks like a person's.
    persons: BTreeSet<String>,
}

/// A name that stands at a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameAt {
    /// How many words it has.
    pub(crate) len: usize,
    pub(crate) party: Party,
}

impl Aliases {
    /// The names and titles of a case on a day: full names, surnames that only one actor bears, the
    /// tables of the case; of a state its capital and its adjective.
    #[must_use]
    pub fn new(setting: &ReadingSetting, day: Option<Date>) -> Self {
        let mut aliases = Self::default();
        let mut surnames: BTreeMap<String, BTreeSet<Party>> = BTreeMap::new();
        for (id, side) in &setting.sides {
            let party = Party::Side(id.clone());
            let names = side.names.iter().map(String::as_str).chain([side.name.as_str(), id]);
            names.for_each(|name| aliases.add(name, &party));
            aliases.state(&side.name, &party);
        }
        for (id, actor) in &setting.actors {
            let party = Party::Actor(id.clone());
            let names = actor.names.iter().map(String::as_str).chain([actor.name.as_str()]);
            for name in names {
                aliases.add(name, &party);
                let last = name_words(name).pop().filter(|_| is_person(name));
                surnames.entry(last.unwrap_or_default()).or_default().insert(party.clone());
            }
            aliases.state(&actor.name, &party);
            if is_person(&actor.name) {
                aliases.persons.insert(id.clone());
            }
            // An id is often the surname, or the short name.
            surnames.entry(id.replace('-', " ")).or_default().insert(party.clone());
            aliases.side_of.extend(actor.side.clone().map(|side| (id.clone(), side)));
            for role in actor.roles.iter().filter(|role| role.holds(day)) {
                let words = title_words(&role.title);
                aliases.titles.push(Title { words, actor: id.clone() });
            }
        }
        for (surname, bearers) in surnames {
            if let (Some(party), 1, false) = (bearers.first(), bearers.len(), surname.is_empty()) {
                aliases.add(&surname, party);
            }
        }
        for names in aliases.names.values_mut() {
            // An actor goes before a side of the same name.
            names.sort_by(|a, b| b.words.len().cmp(&a.words.len()).then(a.party.cmp(&b.party)));
        }
        aliases
    }

    fn add(&mut self, name: &str, party: &Party) {
        let words = name_words(name);
        if let Some(first) = words.first() {
            let alias = Alias { words: words.clone(), party: party.clone() };
            self.names.entry(first.clone()).or_default().push(alias);
        }
    }

    /// The capital, the adjective and the other names of a state.
    fn state(&mut self, name: &str, party: &Party) {
        let table = include_str!("countries.csv");
        for row in table.lines() {
            let cells: Vec<&str> = row.split(',').collect();
            let [state, adjective, capital, others] = cells[..] else { continue };
            if state != name && !others.split(';').any(|o| o == name) {
                continue;
            }
            for alias in others.split(';').chain([state, capital]).filter(|a| !a.is_empty()) {
                self.add(alias, party);
            }
            self.adjectives.insert(adjective.to_lowercase(), party.clone());
        }
    }

    /// The side of an actor.
    #[must_use]
    pub fn side_of(&self, actor: &str) -> Option<&str> {
        self.side_of.get(actor).map(String::as_str)
    }

    /// Whether an actor's name looks like a person's.
    pub(crate) fn person(&self, actor: &str) -> bool {
        self.persons.contains(actor)
    }

    /// Whom an adjective such as "Iranian" goes with.
    pub(crate) fn adjective(&self, word: &Word) -> Option<&Party> {
        self.adjectives.get(&word.low).filter(|_| word.capital)
    }

    /// The longest name at a word. A name of one word must be written with a capital, unless it
    /// follows "the": "the union".
    pub(crate) fn name_at(&self, words: &[Word], at: usize) -> Option<NameAt> {
        let first = words.get(at)?;
        // "The union", "Karsia's bondholders".
        let the = at > 0 && (words[at - 1].low == "the" || words[at - 1].owns);
        let fits = |alias: &&Alias| {
            let len = alias.words.len();
            let same = words.len() >= at + len
                && alias.words.iter().zip(&words[at..]).all(|(a, w)| *a == w.low);
            let whole = words.get(at..at + len).is_some_and(|w| {
                w[..len - 1].iter().all(|w| !w.marks.contains([',', '.', '"', '”', '“', ';', ':']))
            });
            same && whole && (first.capital || (the && is_lower_name(alias)) || len > 1)
        };
        let found = self.names.get(&first.low)?.iter().find(fits)?;
        Some(NameAt { len: found.words.len(), party: found.party.clone() })
    }
}

/// Whether a name of one word may stand in lower case behind "the": a word for a group.
fn is_lower_name(alias: &Alias) -> bool {
    const BODIES: [&str; 12] = [
        "guild",
        "league",
        "union",
        "committee",
        "commission",
        "council",
        "ministry",
        "government",
        "army",
        "opposition",
        "company",
        "parliament",
    ];
    let [word] = &alias.words[..] else { return false };
    let plural = word.len() > 4 && word.ends_with('s');
    matches!(alias.party, Party::Side(_)) || plural || BODIES.contains(&word.as_str())
}

/// The words of a name in lower case, without an article.
fn name_words(name: &str) -> Vec<String> {
    let found = words(name, TextSpan { start: 0, end: name.len() });
    let lows: Vec<String> = found.into_iter().map(|w| w.low).collect();
    match lows.first().map(String::as_str) {
        Some("the") if lows.len() > 1 => lows[1..].to_vec(),
        _ => lows,
    }
}

/// The words of a title that tell it from others.
fn title_words(title: &str) -> Vec<String> {
    let found = words(title, TextSpan { start: 0, end: title.len() });
    found.into_iter().map(|w| w.low).filter(|w| !EMPTY.contains(&w.as_str())).collect()
}

/// Whether a name looks like a person's: two or more words, each with a capital.
fn is_person(name: &str) -> bool {
    const GROUPS: [&str; 26] = [
        "union",
        "party",
        "council",
        "league",
        "committee",
        "commission",
        "ministry",
        "government",
        "army",
        "staff",
        "front",
        "movement",
        "group",
        "company",
        "rail",
        "parliament",
        "congress",
        "senate",
        "states",
        "kingdom",
        "federation",
        "republic",
        "board",
        "court",
        "officials",
        "guards",
    ];
    let found = words(name, TextSpan { start: 0, end: name.len() });
    found.len() >= 2
        && found.iter().all(|w| {
            w.capital
                || ["de", "van", "von", "al", "el", "bin", "da", "di"].contains(&w.low.as_str())
        })
        && !found.iter().any(|w| GROUPS.contains(&w.low.as_str()))
}

/// A name or title that a document gives to an actor, for a person to take into the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AliasProposal {
    /// The actor, by id.
    pub actor: String,
    /// The words: "chairwoman", "chief negotiator".
    pub title: String,
}

/// Titles that stand beside names in a text: "Karin Holm, the union's chairwoman", "President Aran".
#[must_use]
pub fn proposed(text: &str, aliases: &Aliases) -> Vec<AliasProposal> {
    let words = words(text, TextSpan { start: 0, end: text.len() });
    let mut found = BTreeSet::new();
    let mut at = 0;
    while at < words.len() {
        let Some(NameAt { len, party: Party::Actor(actor) }) = aliases.name_at(&words, at) else {
            at += 1;
            continue;
        };
        for title in [before(&words, at), behind(&words, at + len)].into_iter().flatten() {
            found.insert(AliasProposal { actor: actor.clone(), title });
        }
        at += len;
    }
    found.into_iter().collect()
}

/// Words for what people are, at the end of a title.
const OFFICES: [&str; 62] = [
    "adviser",
    "advisor",
    "ambassador",
    "attorney",
    "chair",
    "chairman",
    "chairwoman",
    "chairperson",
    "chancellor",
    "chief",
    "commander",
    "commissioner",
    "co-chair",
    "delegate",
    "deputy",
    "diplomat",
    "director",
    "envoy",
    "executive",
    "general",
    "governor",
    "head",
    "judge",
    "king",
    "leader",
    "lawmaker",
    "mayor",
    "mediator",
    "member",
    "minister",
    "negotiator",
    "officer",
    "official",
    "premier",
    "president",
    "prime",
    "prince",
    "queen",
    "representative",
    "secretary",
    "senator",
    "sheikh",
    "speaker",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "sultan",
    "veteran",
    "professor",
    "analyst",
    "treasurer",
    "admiral",
    "colonel",
    "pope",
    "owner",
    "manager",
    "counsel",
    "coordinator",
    "economist",
    "emir",
    "lawyer",
    "marshal",
];

/// Words that stand before an office.
const FIELDS: [&str; 27] = [
    "special",
    "chief",
    "foreign",
    "prime",
    "vice",
    "deputy",
    "national",
    "security",
    "defence",
    "defense",
    "finance",
    "interior",
    "trade",
    "energy",
    "water",
    "irrigation",
    "lead",
    "senior",
    "former",
    "acting",
    "state",
    "supreme",
    "presidential",
    "labour",
    "labor",
    "justice",
    "transport",
];

pub(crate) fn is_office(word: &Word) -> bool {
    OFFICES.contains(&word.low.as_str())
}

/// A title before a name: "special envoy Steve Witkoff", "its chief negotiator, David Frome".
fn before(words: &[Word], name: usize) -> Option<String> {
    let last = words[..name]
        .last()
        .filter(|w| is_office(w) && !w.owns && !w.marks.contains(['.', '"', '”']))?;
    let mut title = vec![last.low.clone()];
    for word in words[..name - 1].iter().rev().take(2) {
        let low = word.low.as_str();
        if word.owns
            || !word.marks.is_empty()
            || !(word.capital || is_office(word) || FIELDS.contains(&low))
        {
            break;
        }
        title.insert(0, low.to_owned());
    }
    Some(title.join(" "))
}

/// A title behind a name: "Karin Holm, the union's chairwoman,".
fn behind(words: &[Word], end: usize) -> Option<String> {
    if !words.get(end.checked_sub(1)?)?.marks.starts_with(',') {
        return None;
    }
    let clause: Vec<&Word> = words[end..].iter().take(7).collect();
    let stop = clause.iter().position(|w| !w.marks.is_empty()).map_or(clause.len(), |k| k + 1);
    let clause = &clause[..stop];
    if clause.first().is_some_and(|w| ["who", "whose", "which"].contains(&w.low.as_str())) {
        return None;
    }
    let of = clause.iter().position(|w| ["of", "for", "to"].contains(&w.low.as_str()));
    let head = &clause[..of.unwrap_or(clause.len())];
    head.last().filter(|w| is_office(w))?;
    let from =
        head.iter().rposition(|w| w.owns || EMPTY.contains(&w.low.as_str())).map_or(0, |k| k + 1);
    let title: Vec<&str> = head[from..].iter().map(|w| w.low.as_str()).collect();
    (!title.is_empty()).then(|| title.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> ReadingSetting {
        toml::from_str(
            "[sides.us]\nname='United States'\n[sides.union]\nname=\"Drivers' Union\"\nnames=['the union']\n\
             [actors.witkoff]\nname='Steve Witkoff'\nside='us'\nroles=['US special envoy']\n\
             [actors.holm]\nname='Karin Holm'\nside='union'\n\
             [actors.anna]\nname='Anna Smith'\n[actors.bert]\nname='Bert Smith'\n[actors.iran]\nname='Iran'\n",
        )
        .unwrap()
    }

    #[test]
    fn names_surnames_capitals_and_groups_are_found() {
        let aliases = Aliases::new(&setting(), None);
        let who = |text: &str| {
            let words = words(text, TextSpan { start: 0, end: text.len() });
            (0..words.len()).find_map(|at| aliases.name_at(&words, at)).map(|n| n.party)
        };
        let actor = |id: &str| Some(Party::Actor(id.to_owned()));
        let side = |id: &str| Some(Party::Side(id.to_owned()));
        assert_eq!(who("Mr. Witkoff said"), actor("witkoff"));
        assert_eq!(who("the U.S. said"), side("us"));
        assert_eq!(who("Washington"), side("us"));
        assert_eq!(who("the union said"), side("union"));
        assert_eq!(who("a union of states"), None);
        assert_eq!(who("Smith said"), None, "two bear it");
        assert_eq!(who("Anna Smith said"), actor("anna"));
        assert_eq!(who("Tehran"), actor("iran"));
        assert_eq!(who("give us time"), None);
    }

    #[test]
    fn titles_beside_names_are_proposed() {
        let aliases = Aliases::new(&setting(), None);
        let text = "Karin Holm, the union's chairwoman, met special envoy Steve Witkoff. Holm, who left, said so.";
        let found: Vec<(String, String)> =
            proposed(text, &aliases).into_iter().map(|p| (p.actor, p.title)).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found, [pair("holm", "chairwoman"), pair("witkoff", "special envoy")]);
    }
}
