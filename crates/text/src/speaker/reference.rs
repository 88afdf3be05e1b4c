//! From a mention to somebody of the case, in the order of a text.

use std::collections::BTreeMap;

use super::alias::{Aliases, NameAt, is_office, proposed};
use super::{Party, Speaker};
use crate::TextSpan;
use crate::sentence::Outline;
use crate::word::{EMPTY, Word, words};

const PRONOUNS: [&str; 2] = ["he", "she"];

/// Words after which a name is not who speaks: "an adviser to Ali Khamenei".
const AWAY: [&str; 20] = [
    "of", "to", "from", "for", "with", "by", "near", "in", "at", "against", "about", "on", "under",
    "than", "after", "before", "between", "among", "like", "and",
];

/// Everybody whom a text may mean, and who spoke last as it is read on.
pub(crate) struct Cast<'a> {
    text: &'a str,
    outline: &'a Outline,
    aliases: &'a Aliases,
    /// Titles that the text itself gives, by actor.
    titles: Vec<(Vec<String>, String)>,
    /// What was resolved, by the place of the mention.
    resolved: BTreeMap<usize, (TextSpan, Option<Party>)>,
}

impl<'a> Cast<'a> {
    pub(crate) fn new(text: &'a str, outline: &'a Outline, aliases: &'a Aliases) -> Self {
        let given = proposed(text, aliases).into_iter();
        let given = given.map(|p| (p.title.split(' ').map(str::to_owned).collect(), p.actor));
        let known = aliases.titles.iter().map(|t| (t.words.clone(), t.actor.clone()));
        Self {
            text,
            outline,
            aliases,
            titles: known.chain(given).collect(),
            resolved: BTreeMap::new(),
        }
    }

    /// Who is meant by a mention; mentions are asked for in the order of the text.
    pub(crate) fn speaker(&mut self, mention: TextSpan) -> Speaker {
        let mention = self.trimmed(mention);
        let party = self.party(mention);
        self.resolved.insert(mention.start, (mention, party.clone()));
        self.of(party, Some(mention))
    }

    pub(crate) fn of(&self, party: Option<Party>, mention: Option<TextSpan>) -> Speaker {
        match party {
            Some(Party::Actor(id)) => {
                let side = self.aliases.side_of(&id).map(str::to_owned);
                Speaker { actor: Some(id), side, mention }
            }
            Some(Party::Side(id)) => Speaker { actor: None, side: Some(id), mention },
            None => Speaker { actor: None, side: None, mention },
        }
    }

    /// A mention never goes over a blank line: what stands before it is a headline.
    fn trimmed(&self, mention: TextSpan) -> TextSpan {
        let words = mention.of(self.text);
        let start = words.rfind("\n\n").map_or(0, |k| k + 2);
        let lead = words[start..].len() - words[start..].trim_start().len();
        TextSpan { start: mention.start + start + lead, end: mention.end }
    }

    fn party(&self, mention: TextSpan) -> Option<Party> {
        let words =
            words(mention.of(self.text), TextSpan { start: 0, end: mention.end - mention.start });
        let first = words.first()?;
        if PRONOUNS.contains(&first.low.as_str()) && words.len() <= 2 {
            return self.antecedent(mention.start);
        }
        if ["it", "they"].contains(&first.low.as_str()) && words.len() == 1 {
            return self.last_body(mention.start);
        }
        if let Some(party) = self.named(&words) {
            return Some(party);
        }
        self.titled(&words, mention.start).or_else(|| self.adjectival(&words))
    }

    /// The first name in a mention that is no owner of the rest and no part of it; persons go before
    /// groups: "Jonas Reiter, leader of the Liberals".
    fn named(&self, words: &[Word]) -> Option<Party> {
        let mut group = None;
        let mut at = 0;
        while at < words.len() {
            // A clause about somebody names others.
            if at > 0 && ["who", "which", "whose", "that"].contains(&words[at].low.as_str()) {
                break;
            }
            let Some(NameAt { len, party }) = self.aliases.name_at(words, at) else {
                at += 1;
                continue;
            };
            let lead = at.checked_sub(1).map(|k| &words[k]);
            let lead = match lead {
                Some(w) if w.low == "the" => at.checked_sub(2).map(|k| &words[k]),
                lead => lead,
            };
            let apart = lead.is_some_and(|w| AWAY.contains(&w.low.as_str()) && w.marks.is_empty());
            let last = &words[at + len - 1];
            at += len;
            // "Guild president Dana Whitlock": the name is a part of a title.
            let titled = last.marks.is_empty() && words.get(at).is_some_and(is_office);
            if apart || last.owns || titled && matches!(party, Party::Actor(_)) {
                continue;
            }
            match party {
                Party::Actor(_) => return Some(party),
                // "A Union diplomat" is not the Union: something else is the head of the words.
                Party::Side(_)
                    if at >= words.len() || !last.marks.is_empty() || is_body(&words[at]) =>
                {
                    group = group.or(Some(party));
                }
                Party::Side(_) => {}
            }
        }
        group
    }

    /// "The Iranian delegation", "Ethiopian officials": the side itself.
    fn adjectival(&self, words: &[Word]) -> Option<Party> {
        let at = words.iter().position(|w| self.aliases.adjective(w).is_some())?;
        // "The Iranian foreign minister" speaks for Iran, whoever that is.
        let body = |w: &Word| is_body(w) || is_office(w);
        words[at + 1..].iter().take(3).find(|w| body(w))?;
        self.aliases.adjective(&words[at]).cloned()
    }

    /// "The envoy", "the Iranian foreign minister": all of a title, or its last word where that is
    /// enough to tell.
    fn titled(&self, words: &[Word], at: usize) -> Option<Party> {
        let head: Vec<&Word> = words
            .iter()
            .take_while(|w| !["who", "which", "of"].contains(&w.low.as_str()))
            .collect();
        let lows: Vec<&str> = words.iter().map(|w| w.low.as_str()).collect();
        let last = head.last()?.low.as_str();
        // "A minister" is any.
        if ["a", "an", "one", "another", "some"].contains(&lows[0]) {
            return None;
        }
        let whole = |title: &[String]| title.iter().all(|t| lows.contains(&t.as_str()));
        let mut fitting: Vec<&(Vec<String>, String)> =
            self.titles.iter().filter(|(t, _)| whole(t)).collect();
        let most = fitting.iter().map(|(t, _)| t.len()).max();
        fitting.retain(|(t, _)| Some(t.len()) == most);
        if fitting.is_empty() {
            // A part of a title, if what is said beside it does not belong to another.
            let said: Vec<&str> =
                head.iter().map(|w| w.low.as_str()).filter(|w| !EMPTY.contains(w)).collect();
            let part = |(title, _): &&(Vec<String>, String)| {
                title.iter().any(|t| t == last) && said.iter().all(|w| title.iter().any(|t| t == w))
            };
            fitting = self.titles.iter().filter(part).collect();
        }
        let mut actors: Vec<&String> = fitting.iter().map(|(_, actor)| actor).collect();
        actors.sort();
        actors.dedup();
        match actors[..] {
            [] => None,
            [one] => Some(Party::Actor(one.clone())),
            // Whoever of them was spoken of last.
            _ => self.last_named(at, |actor| actors.iter().any(|a| *a == actor)),
        }
    }

    /// Whom "it" stands for: the side or body that the sentence before has as its subject, or that spoke
    /// last in the paragraph.
    fn last_body(&self, at: usize) -> Option<Party> {
        let token = self.outline.tokens.partition_point(|t| t.span.end <= at);
        let sentence = *self.outline.sentence_of.get(token)?;
        let before = sentence.checked_sub(1)?;
        if self.outline.paragraph[before] != self.outline.paragraph[sentence] {
            return None;
        }
        let span = self.outline.span(&self.outline.sentences[before]);
        let body = |p: &Party| match p {
            Party::Side(_) => true,
            Party::Actor(id) => !self.aliases.person(id),
        };
        let subject = self.clause_subject(span);
        let spoke = || self.resolved.range(span.start..at).next_back()?.1.1.clone();
        subject.or_else(spoke).filter(body)
    }

    /// The last actor that is named before a place, among some.
    fn last_named(&self, at: usize, among: impl Fn(&str) -> bool) -> Option<Party> {
        let words = words(self.text, TextSpan { start: 0, end: at });
        (0..words.len()).rev().find_map(|k| match self.aliases.name_at(&words, k)?.party {
            Party::Actor(id) if among(&id) => Some(Party::Actor(id)),
            _ => None,
        })
    }

    /// Whom "he" or "she" means: the subject of the sentence so far, or else of the sentence before,
    /// not further back than the paragraph before.
    fn antecedent(&self, at: usize) -> Option<Party> {
        let token = self.outline.tokens.partition_point(|t| t.span.end <= at);
        let sentence = *self.outline.sentence_of.get(token)?;
        let here = self.outline.paragraph.get(sentence).copied()?;
        for k in (0..=sentence).rev().take(5) {
            if self.outline.paragraph[k] + 1 < here {
                break;
            }
            let whole = self.outline.span(&self.outline.sentences[k]);
            let part = TextSpan { start: whole.start, end: whole.end.min(at) };
            if part.start >= part.end {
                continue;
            }
            // Who is quoted in it goes before who is named in it.
            let quoted = self.resolved.range(part.start..part.end).next_back();
            if let Some((_, (mention, party))) = quoted {
                match party {
                    Some(Party::Actor(_)) => return party.clone(),
                    // Somebody the case does not know was speaking.
                    None if is_stranger(mention.of(self.text)) => return None,
                    _ => {}
                }
            }
            if let Some(party) = self.subject(part) {
                return Some(party);
            }
        }
        None
    }

    /// The first actor that a part of a sentence names as none of its objects.
    fn subject(&self, part: TextSpan) -> Option<Party> {
        let words = words(self.text, part);
        (0..words.len()).find_map(|at| {
            let NameAt { len, party } = self.aliases.name_at(&words, at)?;
            let lead = at.checked_sub(1).map_or("", |k| words[k].low.as_str());
            let last = &words[at + len - 1];
            let titled = last.marks.is_empty() && words.get(at + len).is_some_and(is_office);
            let owns = last.owns || titled;
            // "…, and Dahl hinted": a clause of its own begins.
            let clause = lead == "and" && at > 1 && words[at - 2].marks.contains(',');
            let away = AWAY.contains(&lead) && !clause;
            (matches!(party, Party::Actor(_)) && !owns && !away).then_some(party)
        })
    }

    /// Who a clause begins with, before its verb: "the Liberals are prepared to".
    pub(crate) fn clause_subject(&self, clause: TextSpan) -> Option<Party> {
        let words = words(self.text, clause);
        let stamp = stamp(&words);
        let lead = words[stamp..]
            .iter()
            .take_while(|w| ["the", "that", "both", "but"].contains(&w.low.as_str()))
            .count();
        let from = stamp + lead;
        if let Some(NameAt { len, party }) = self.aliases.name_at(&words, from)
            && !words[from + len - 1].owns
            && words.get(from + len).is_none_or(|w| !w.capital)
        {
            return Some(party);
        }
        // "The supreme leader would never": a title that is known.
        let verb = words.iter().position(|w| is_verb(&w.low))?;
        if verb <= from || verb > from + 4 || lead == 0 {
            return None;
        }
        self.titled(&words[stamp..verb], clause.start)
    }
}

/// How many words of a sentence are the time that an entry of a live report begins with: "5.15pm
/// UPDATE".
fn stamp(words: &[Word]) -> usize {
    let time = words.first().is_some_and(|w| w.low.starts_with(|c: char| c.is_ascii_digit()));
    let behind = words.iter().skip(1).take_while(|w| {
        ["am", "pm", "gmt", "update", "updated", "breaking", "latest"].contains(&w.low.as_str())
    });
    let behind = behind.count();
    let hour = words.first().is_some_and(|w| w.low.ends_with("am") || w.low.ends_with("pm"));
    if time && (behind > 0 || hour) { 1 + behind } else { 0 }
}

/// Words of which the first comes behind a subject.
pub(crate) fn is_verb(low: &str) -> bool {
    matches!(
        low,
        "is" | "are"
            | "was"
            | "were"
            | "will"
            | "would"
            | "can"
            | "could"
            | "must"
            | "may"
            | "might"
            | "has"
            | "have"
            | "had"
            | "does"
            | "do"
            | "did"
            | "wants"
            | "want"
            | "demands"
            | "demand"
            | "refuses"
            | "refuse"
            | "insists"
            | "insist"
            | "rejects"
            | "reject"
            | "opposes"
            | "oppose"
            | "cannot"
            | "should"
            | "won't"
            | "wouldn't"
            | "isn't"
            | "aren't"
            | "can't"
            | "needs"
            | "need"
            | "accepts"
            | "accept"
            | "wanted"
            | "refused"
            | "demanded"
            | "rejected"
            | "insisted"
            | "seeks"
            | "seek"
    )
}

/// Words for those who act for a state or a group.
fn is_body(word: &Word) -> bool {
    [
        "side",
        "delegation",
        "government",
        "negotiators",
        "team",
        "leadership",
        "authorities",
        "administration",
        "cabinet",
    ]
    .contains(&word.low.as_str())
}

/// Whether words name a person or group that is not known, and are no pronoun.
fn is_stranger(mention: &str) -> bool {
    !["he", "she", "they", "it", "who", "we", "i", "you"].contains(&mention.to_lowercase().as_str())
}
