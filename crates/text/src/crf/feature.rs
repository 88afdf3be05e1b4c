//! What the two models look at.
//!
//! The model of cues sees of each item: words from two before to two behind and pairs of them, the
//! last three letters, classes from three before to three behind in pairs and triples, what the
//! lexicon says of a verb, what the rules say, quotations to the left and right, where in the sentence
//! it stands, and its stem together with those of its neighbours, quotations and other cues nearby.
//!
//! The model of roles sees, for one cue, of each item: on which side and how far away it stands, its
//! class and its neighbours', what stands between it and the cue, what the rules say for this cue,
//! what kind of cue it is and which word carries it; and of the part between two marks in which the
//! item stands, how it begins, whether it has a verb, and how the part behind it begins.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crfs::Attribute;

use super::item::{Item, ending, items, stem, word};
use crate::sentence::Outline;
use crate::statement::cue::{Cue, general};
use crate::statement::lexicon::verbs;
use crate::statement::rules::{Draft, draft, drafts};

/// The value of an attribute that every item has: its weights say how much rarer cues are than other
/// items, and as large weights are held back, a larger value leaves them more room. Judgement.
const ANY: f64 = 3.0;

/// Items to either side of a cue that can have a role.
const NEAR: usize = 150;

/// Items to either side of an item among which a cue of the rules is noted. Judgement.
const BESIDE: usize = 12;

/// A text with what the rules say of it.
pub(super) struct Page<'o> {
    /// The text.
    pub(super) outline: &'o Outline,
    /// The items of each sentence.
    pub(super) items: Vec<Vec<Item>>,
    /// What the rules find, by the token that carries the cue.
    pub(super) rules: BTreeMap<usize, (Cue, Draft)>,
    /// For each token in how many contents and sources of the rules it stands.
    depth: Vec<(u8, u8)>,
}

/// One attribute a line of text: a name, weight one.
struct Names(Vec<Attribute>);

impl Names {
    /// Adds one.
    fn add(&mut self, name: String) {
        self.0.push(Attribute::new(name, 1.0));
    }
}

impl<'o> Page<'o> {
    /// Reads a text.
    pub(super) fn new(outline: &'o Outline) -> Self {
        let items = outline.sentences.iter().map(|s| items(outline, s)).collect();
        let mut depth = vec![(0_u8, 0_u8); outline.tokens.len()];
        let mut rules = BTreeMap::new();
        for (cue, draft) in drafts(outline) {
            for token in draft.content.iter().cloned().flatten() {
                depth[token].0 = depth[token].0.saturating_add(1);
            }
            for token in draft.source.iter().cloned().flatten() {
                depth[token].1 = depth[token].1.saturating_add(1);
            }
            rules.insert(cue.head, (cue, draft));
        }
        Self { outline, items, rules, depth }
    }

    /// The cue of the rules within these tokens.
    pub(super) fn cue_in(&self, range: &Range<usize>) -> Option<&(Cue, Draft)> {
        self.rules.range(range.clone()).next().map(|(_, found)| found)
    }

    /// The cue of the rules within these tokens, or a general one, and its draft.
    pub(super) fn cue_at(&self, range: &Range<usize>) -> (Cue, Draft, bool) {
        if let Some((cue, draft)) = self.cue_in(range) {
            return (cue.clone(), draft.clone(), true);
        }
        let sentence = &self.outline.sentences[self.outline.sentence_of[range.start]];
        let range = range.start..range.end.min(sentence.end);
        let cue = general(self.outline, &range, sentence);
        let draft = draft(self.outline, &cue, sentence, None);
        (cue, draft, false)
    }

    /// What the model of cues sees of a sentence.
    pub(super) fn cue_features(&self, sentence: usize) -> Vec<Vec<Attribute>> {
        let items = &self.items[sentence];
        let capital = items
            .iter()
            .filter(|i| i.class == "Cap" || self.outline.tokens[i.range.start].capital)
            .count();
        let headline = capital * 10 > items.len() * 7;
        (0..items.len()).map(|i| self.cue_item(items, i, headline)).collect()
    }

    /// What the model of cues sees of an item.
    fn cue_item(&self, items: &[Item], at: usize, headline: bool) -> Vec<Attribute> {
        let outline = self.outline;
        let item = &items[at];
        let near = |d: isize| at.checked_add_signed(d).and_then(|i| items.get(i));
        let w = |d: isize| near(d).map_or("‖", |i| word(outline, i));
        let c = |d: isize| near(d).map_or("‖", |i| i.class);
        let mut names = Names(Vec::with_capacity(40));
        names.0.push(Attribute::new("any", ANY));
        for d in -2..=2 {
            names.add(format!("w{d}={}", w(d)));
        }
        names.add(format!("w-1w={}|{}", w(-1), w(0)));
        names.add(format!("ww1={}|{}", w(0), w(1)));
        names.add(format!("wc1={}|{}", w(0), c(1)));
        names.add(format!("c-1w={}|{}", c(-1), w(0)));
        names.add(format!("c-1wc1={}|{}|{}", c(-1), w(0), c(1)));
        names.add(format!("e3={}", ending(w(0), 3)));
        let stem = stem(w(0));
        names.add(format!("s={stem}"));
        names.add(format!("sc1={stem}|{}", c(1)));
        names.add(format!("c-1s={}|{stem}", c(-1)));
        names.add(format!("sw1={stem}|{}", w(1)));
        for d in -3..=2 {
            names.add(format!("cc{d}={}|{}", c(d), c(d + 1)));
        }
        for d in -2..=0 {
            names.add(format!("ccc{d}={}|{}|{}", c(d), c(d + 1), c(d + 2)));
        }
        for d in 0..=1 {
            if let Some(name) = near(d).and_then(|i| self.known(i)) {
                names.add(format!("v{d}={name}"));
            }
        }
        self.stems(items, at, &mut names);
        let rule = self.rule(item);
        for d in -1..=1 {
            names.add(format!("r{d}={}", near(d).map_or(String::new(), |i| self.rule(i))));
        }
        names.add(format!("rw={rule}|{}", w(0)));
        let (content, source) = self.depth[item.range.start];
        let quoted = outline.in_quote(item.range.start);
        names.add(format!("in={}|{}|{quoted}|{}", content.min(2), source.min(1), item.class));
        names.add(format!(
            "q={}|{}|{}",
            side(&items[..at], true),
            side(&items[at + 1..], false),
            item.class
        ));
        if headline {
            names.add(format!("head={}", item.class));
        }
        if at < 3 {
            names.add(format!("first={at}|{}", item.class));
        }
        names.0
    }

    /// Adds what a word's stem, its neighbours, quotations and further cues nearby say together.
    fn stems(&self, items: &[Item], at: usize, names: &mut Names) {
        let near = |d: isize| at.checked_add_signed(d).and_then(|i| items.get(i));
        let w = |d: isize| near(d).map_or("‖", |i| word(self.outline, i));
        let c = |d: isize| near(d).map_or("‖", |i| i.class);
        let (stem_before, own, stem_behind) = (stem(w(-1)), stem(w(0)), stem(w(1)));
        names.add(format!("e4={}", ending(w(0), 4)));
        names.add(format!("www={}|{}|{}", w(-1), w(0), w(1)));
        names.add(format!("ww2={}|{}|{}", w(0), w(1), w(2)));
        names.add(format!("s-1={stem_before}"));
        names.add(format!("s1={stem_behind}"));
        names.add(format!("s-1s={stem_before}|{own}"));
        let (left, right) = (side(&items[..at], true), side(&items[at + 1..], false));
        names.add(format!("sq={own}|{left}|{right}"));
        names.add(format!("ccccc={}|{}|{}|{}|{}", c(-2), c(-1), c(0), c(1), c(2)));
        let rule = self.rule(&items[at]);
        names.add(format!("sr={own}|{rule}|{}", self.outline.in_quote(items[at].range.start)));
        let cue = |i: &Item| self.rules.contains_key(&i.range.start);
        let before = items[..at].iter().rev().take(BESIDE).any(cue);
        let behind = items[at + 1..].iter().take(BESIDE).any(cue);
        names.add(format!("near={before}|{behind}|{rule}|{}", items[at].class));
        names.add(format!("sn={own}|{before}|{behind}"));
    }

    /// What the lexicon says of an item.
    fn known(&self, item: &Item) -> Option<String> {
        let (verbs, inflection) = verbs(&self.outline.tokens[item.range.start].lower)?;
        Some(format!("{inflection:?}{:?}{}", verbs[0].act, verbs[0].frames))
    }

    /// What the rules say of an item.
    fn rule(&self, item: &Item) -> String {
        let at = item.range.start;
        if item.quotation {
            return "Q".to_owned();
        }
        match self.rules.get(&at) {
            Some((cue, _)) => format!("{:?}{:?}{}", cue.build, cue.complement, cue.strong),
            None => {
                let near = self.rules.range(at + 1..at + 6).next();
                let inside = near.is_some_and(|(_, (cue, _))| cue.range.contains(&at));
                if inside { "in".to_owned() } else { "-".to_owned() }
            }
        }
    }

    /// The items around a cue that can have a role: its sentence, of a very long one what is near.
    pub(super) fn window(&self, range: &Range<usize>) -> &[Item] {
        let items = &self.items[self.outline.sentence_of[range.start]];
        let at = items.partition_point(|i| i.range.end <= range.start);
        &items[at.saturating_sub(NEAR)..items.len().min(at + NEAR)]
    }

    /// What the model of roles sees of the items around a cue of these tokens.
    pub(super) fn role_features(&self, range: &Range<usize>) -> Vec<Vec<Attribute>> {
        let items = self.window(range);
        let (cue, draft, known) = self.cue_at(range);
        let first = items.iter().position(|i| i.range.end > range.start).unwrap_or(0);
        let last =
            items.iter().rposition(|i| i.range.start < range.end).unwrap_or(first).max(first);
        let kind = kind(self, &cue, items, first, last);
        let view = View { page: self, items, first, last, kind, draft: &draft, known };
        (0..items.len()).map(|at| view.item(at)).collect()
    }
}

/// Whether and how a quotation stands in a row of items; the nearest one.
fn side(items: &[Item], left: bool) -> &'static str {
    let quotation = |i: &&Item| i.quotation;
    let found =
        if left { items.iter().rev().find(quotation) } else { items.iter().find(quotation) };
    found.map_or("", |i| i.class)
}

/// What kind of cue it is: its last word's class, how the rules read it, and its neighbours' classes.
fn kind(page: &Page, cue: &Cue, items: &[Item], first: usize, last: usize) -> [String; 3] {
    let class = |i: Option<usize>| i.and_then(|i| items.get(i)).map_or("‖", |i| i.class);
    let head = &page.outline.tokens[cue.head];
    let verb = verbs(&head.lower).map_or(String::new(), |(v, i)| format!("{i:?}{}", v[0].frames));
    [
        format!("{:?}{:?}", cue.build, cue.complement),
        format!("{}|{}|{}", class(first.checked_sub(1)), items[last].class, class(Some(last + 1))),
        if verb.is_empty() { head.lower.to_string() } else { verb },
    ]
}

/// A sentence seen from a cue.
struct View<'a, 'o> {
    page: &'a Page<'o>,
    items: &'a [Item],
    first: usize,
    last: usize,
    kind: [String; 3],
    draft: &'a Draft,
    known: bool,
}

impl View<'_, '_> {
    /// What the model of roles sees of an item.
    fn item(&self, at: usize) -> Vec<Attribute> {
        let mut names = Names(Vec::with_capacity(40));
        if (self.first..=self.last).contains(&at) {
            names.add("cue".to_owned());
            return names.0;
        }
        let items = self.items;
        let c = |d: isize| {
            at.checked_add_signed(d).and_then(|i| items.get(i)).map_or("‖", |i| i.class)
        };
        let w = word(self.page.outline, &items[at]);
        let left = at < self.first;
        let distance = if left { self.first - at } else { at - self.last };
        let side = if left { 'L' } else { 'R' };
        let far = match distance {
            1..=4 => distance,
            5..=6 => 5,
            7..=10 => 7,
            11..=18 => 11,
            _ => 19,
        };
        let between = if left { &items[at + 1..self.first] } else { &items[self.last + 1..at] };
        let rule = self.rule(at);
        let [build, around, verb] = &self.kind;
        names.add(format!("dc={side}{far}|{}", c(0)));
        names.add(format!("sw={side}{w}"));
        names.add(format!("sbc={side}{build}|{}", c(0)));
        names.add(format!("sac={side}{around}|{}", c(0)));
        names.add(format!("svd={side}{verb}|{far}"));
        let own = stem(&self.page.outline.tokens[self.items[self.last].range.start].lower);
        names.add(format!("lc={side}{own}|{}", c(0)));
        if distance < 4 {
            names.add(format!("lw={side}{own}|{distance}|{w}"));
        }
        names.add(format!("cc={side}{}|{}", c(-1), c(0)));
        names.add(format!("cc1={side}{}|{}", c(0), c(1)));
        names.add(format!("ccc={side}{}|{}|{}", c(-1), c(0), c(1)));
        names.add(format!("ccc1={side}{}|{}|{}", c(0), c(1), c(2)));
        if matches!(items[at].class, "," | "-" | "and" | "but" | "conj" | "prep") {
            let next = items.get(at + 1).map_or("‖", |i| word(self.page.outline, i));
            names.add(format!("cw1={side}{}|{next}", c(0)));
        }
        names.add(format!("r={side}{rule}|{}", self.known));
        names.add(format!("rb={side}{rule}|{build}"));
        names.add(format!("rc={side}{rule}|{}", c(0)));
        names.add(format!("rv={side}{rule}|{verb}"));
        for d in [-1, 1] {
            let near = at.checked_add_signed(d).filter(|&i| i < items.len());
            names.add(format!("r{d}={side}{}{rule}", near.map_or('‖', |i| self.rule(i))));
        }
        let marks = marks(between);
        names.add(format!("bc={side}{marks}|{}", c(0)));
        names.add(format!("br={side}{marks}|{rule}"));
        if between.len() < 4 {
            let mut row = format!("row={side}");
            for item in between {
                let _ = write!(row, "|{}", item.class);
            }
            names.add(format!("{row}={}", c(0)));
        }
        names.add(format!("cues={side}{}", self.cues(between).min(3)));
        names.add(format!(
            "own={side}{}|{}|{}",
            self.own(at),
            self.page.outline.in_quote(items[at].range.start),
            c(0)
        ));
        if at == 0 {
            names.add(format!("start={side}{}", c(0)));
        }
        self.clause(at, side, &mut names);
        names.0
    }

    /// Adds what the part of the sentence between two marks says of an item: how it begins, whether
    /// it has a verb, how the part behind begins; and what kind of phrase follows the cue.
    fn clause(&self, at: usize, side: char, names: &mut Names) {
        let items = self.items;
        let class = |i: usize| items.get(i).map_or("‖", |i| i.class);
        let mark = |i: &usize| matches!(items[*i].class, "," | "-" | ":" | "x" | "but");
        let from = if side == 'R' { self.last + 1 } else { 0 };
        let until = if side == 'R' { items.len() } else { self.first };
        let begin = (from..=at).rev().find(mark).map_or(from, |i| i + 1);
        let end = (at + 1..until).find(mark).unwrap_or(until);
        let opener = items.get(begin).map_or("‖", |i| word(self.page.outline, i));
        let verb = |range: Range<usize>| {
            range.clone().map(class).find(|c| {
                matches!(*c, "be" | "have" | "modal" | "verb" | "Vd" | "Vs" | "Vb" | "ed")
            })
        };
        let parts = (from..begin).filter(mark).count().min(3);
        let verb = verb(begin..end.max(begin)).unwrap_or("");
        names.add(format!("po={side}{parts}|{opener}"));
        names.add(format!("pc={side}{parts}|{}|{}|{verb}", class(begin), class(begin + 1)));
        names.add(format!("pb={side}{}|{}|{}", class(begin), class(end), class(end + 1)));
        let [build, _, _] = &self.kind;
        let kind = class(self.last + 1);
        names.add(format!("pk={side}{kind}|{parts}|{}", class(begin)));
        if matches!(items[at].class, "prep" | "conj" | "to" | "and" | "but" | "who" | "wh" | ",") {
            let next = items.get(at + 1).map_or("‖", |i| word(self.page.outline, i));
            let own = word(self.page.outline, &items[at]);
            names.add(format!("kw={side}{kind}|{own}"));
            names.add(format!("kb={side}{build}|{own}|{}", class(at + 1)));
            names.add(format!("ww={side}{own}|{next}"));
            names.add(format!("wcc={side}{own}|{}|{}", class(at + 1), class(at + 2)));
        }
    }

    /// The role that the rules give an item for this cue.
    fn rule(&self, at: usize) -> char {
        let token = self.items[at].range.start;
        if self.draft.source.as_ref().is_some_and(|s| s.contains(&token)) {
            'S'
        } else if self.draft.content.iter().any(|c| c.contains(&token)) {
            'C'
        } else {
            'O'
        }
    }

    /// How many cues of the rules stand between.
    fn cues(&self, between: &[Item]) -> usize {
        let (Some(first), Some(last)) = (between.first(), between.last()) else { return 0 };
        self.page.rules.range(first.range.start..last.range.end).count()
    }

    /// Whether an item is a cue of the rules itself.
    fn own(&self, at: usize) -> bool {
        self.page.rules.contains_key(&self.items[at].range.start)
    }
}

/// What marks and words of joining stand between an item and the cue.
fn marks(between: &[Item]) -> String {
    let count = |classes: &[&str]| between.iter().filter(|i| classes.contains(&i.class)).count();
    let quotation = between.iter().any(|i| i.quotation);
    format!(
        "{}{}{}{}{}{}",
        count(&[","]).min(3),
        count(&["-", ":"]).min(2),
        count(&["and", "but"]).min(2),
        count(&["that", "who", "wh", "conj"]).min(2),
        count(&["be", "have", "modal", "verb", "Vd", "Vs", "Vb"]).min(2),
        usize::from(quotation),
    )
}
