//! From the tree of a file to a graph model.

use std::ops::Range;

use winset_methods::stability::form::{
    MOST_OPTIONS, OptionForm, OptionMoves, PartialPattern, PartyOption, StateRules,
};
use winset_methods::stability::robust::PreferenceSource;
use winset_methods::stability::statement::{MOST_STATEMENTS, Statement, by_statements, by_weights};
use winset_methods::stability::{
    ConflictGraph, MOST_STATES, PartyRanking, RankedStep, ResponseRule,
};
use winset_model::uncertain::Dist;

use super::statement;
use crate::case::number::{self, NumberValue};
use crate::case::tree::{TomlNode, Value, WrittenAt};
use crate::diagnostic::{Findings, Source, suggest};

/// The error of a ranking in places, where a file says nothing: judgement.
const NOISE: f64 = 1.0;

/// Which preferences are asked about backwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InverseAsk {
    /// The party whose ranking is free.
    pub party: usize,
    /// The state that is to be stable for it.
    pub state: usize,
    /// The states whose places are free.
    pub free: Vec<usize>,
}

/// A graph model as it was read.
#[derive(Clone, Debug)]
pub struct ConflictFile {
    /// What it is called.
    pub title: String,
    /// The parties.
    pub parties: Vec<String>,
    /// The options, in the order of the letters of a pattern; none where states are only named.
    pub options: Vec<String>,
    /// The id of each state.
    pub ids: Vec<String>,
    /// States and moves.
    pub graph: ConflictGraph,
    /// What each party prefers.
    pub rankings: Vec<PartyRanking>,
    /// Where draws of its preferences come from.
    pub sources: Vec<PreferenceSource>,
    /// The status quo, where the file names one.
    pub quo: Option<usize>,
    /// Which responses count, where the file says so.
    pub responses: Option<ResponseRule>,
    /// What is asked backwards.
    pub inverse: Option<InverseAsk>,
}

const KEYS: [&str; 14] = [
    "title",
    "name",
    "note",
    "quo",
    "status_quo",
    "options",
    "states",
    "rules",
    "preferences",
    "decision_makers",
    "parties",
    "responses",
    "noise",
    "inverse",
];
const RULES: [&str; 4] = ["exclusive", "at_least_one", "infeasible", "coalesce"];
const PARTY: [&str; 10] = [
    "name",
    "ranking",
    "statements",
    "weights",
    "utilities",
    "moves",
    "unknown",
    "much",
    "noise",
    "stable",
];

fn span(at: &WrittenAt) -> Range<usize> {
    match at {
        WrittenAt::File(span) => span.clone(),
        WrittenAt::Set(_) => 0..0,
    }
}

/// Reads a model; strictly, where a key that is not known is an error.
pub(super) fn model(
    source: &Source,
    root: &TomlNode,
    title: Option<&str>,
    strict: bool,
    findings: &mut Findings,
) -> Option<ConflictFile> {
    let mut reader = Reader { source, strict, findings, options: Vec::new(), ids: Vec::new() };
    reader.model(root, title)
}

/// A party as it is written: its name, where that stands, and its preferences.
type Party<'a> = (String, &'a WrittenAt, &'a TomlNode);

struct Reader<'a> {
    source: &'a Source,
    strict: bool,
    findings: &'a mut Findings,
    options: Vec<String>,
    ids: Vec<String>,
}

impl<'a> Reader<'a> {
    fn error(
        &mut self,
        at: &WrittenAt,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.findings.error("stability", &self.source.name, Some(span(at)), message, hint);
    }

    fn entries<'n>(&mut self, node: &'n TomlNode) -> &'n [(String, WrittenAt, TomlNode)] {
        match &node.value {
            Value::Table(entries) => entries,
            _ => {
                self.error(&node.at, format!("a table is expected, not {}", node.kind()), None);
                &[]
            }
        }
    }

    fn items<'n>(&mut self, node: &'n TomlNode, what: &str) -> &'n [TomlNode] {
        match &node.value {
            Value::List(items) => items,
            _ => {
                let said = format!("{what} is expected, not {}", node.kind());
                self.error(&node.at, said, "write a list in square brackets".to_owned());
                &[]
            }
        }
    }

    fn known(&mut self, node: &TomlNode, keys: &[&str]) {
        if !self.strict {
            return;
        }
        let unknown: Vec<(String, WrittenAt)> = self
            .entries(node)
            .iter()
            .filter(|(key, _, _)| !keys.contains(&key.as_str()))
            .map(|(key, at, _)| (key.clone(), at.clone()))
            .collect();
        for (key, at) in unknown {
            self.error(&at, format!("unknown key `{key}`"), suggest(&key, keys.iter().copied()));
        }
    }

    fn model(&mut self, root: &'a TomlNode, title: Option<&str>) -> Option<ConflictFile> {
        self.known(root, &KEYS);
        let text = |key: &str| match root.child(key).map(|n| &n.value) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let title = text("title").or_else(|| text("name")).or(title.map(str::to_owned));
        let parties = self.parties(root);
        let names: Vec<String> = parties.iter().map(|p| p.0.clone()).collect();
        if parties.is_empty() {
            let hint = "[preferences] with a line a party, such as Upstream = [2, 1, 3]".to_owned();
            self.error(&root.at, "nobody prefers anything", hint);
            return None;
        }
        let options = self.options(root, &names);
        let graph = self.graph(root, &parties, options)?;
        let noise = root.child("noise").and_then(|node| self.number(node)).unwrap_or(NOISE);
        let (mut rankings, mut sources) = (Vec::new(), Vec::new());
        for (_, at, node) in &parties {
            let (ranking, source) = self.preferences(&graph, at, node, noise)?;
            rankings.push(ranking);
            sources.push(source);
        }
        let quo = root.child("quo").or_else(|| root.child("status_quo"));
        let quo = quo.and_then(|node| self.state(node));
        let responses = root.child("responses").and_then(|node| self.responses(node));
        let inverse = root.child("inverse").and_then(|node| self.inverse(node, &names));
        Some(ConflictFile {
            title: title.unwrap_or_else(|| short_name(&self.source.name)),
            parties: names,
            options: std::mem::take(&mut self.options),
            ids: std::mem::take(&mut self.ids),
            graph,
            rankings,
            sources,
            quo,
            responses,
            inverse,
        })
    }

    fn parties(&mut self, root: &'a TomlNode) -> Vec<Party<'a>> {
        let mut parties: Vec<Party<'a>> = Vec::new();
        if let Some(node) = root.child("preferences") {
            let own = self.entries(node).iter();
            parties.extend(own.map(|(name, at, node)| (name.clone(), at, node)));
        }
        let listed = root.child("decision_makers").or_else(|| root.child("parties"));
        if let Some(node) = listed {
            for item in self.items(node, "a list of parties") {
                match item.child("name").map(|n| &n.value) {
                    Some(Value::Text(name)) => parties.push((name.clone(), &item.at, item)),
                    _ => self.error(
                        &item.at,
                        "a party has no `name`",
                        "{ name = \"Upstream\", ranking = [2, 1, 3] }".to_owned(),
                    ),
                }
            }
        }
        for k in 1..parties.len() {
            if parties[..k].iter().any(|p| p.0 == parties[k].0) {
                let said = format!("the party `{}` stands there twice", parties[k].0);
                self.error(parties[k].1, said, "write its preferences once".to_owned());
            }
        }
        parties
    }

    /// The options with their owners, from a table by name or from a list.
    fn options(&mut self, root: &TomlNode, parties: &[String]) -> Vec<PartyOption> {
        let Some(node) = root.child("options") else { return Vec::new() };
        let mut found = Vec::new();
        let written: Vec<(String, &TomlNode)> = match &node.value {
            Value::List(items) => {
                let name = |item: &TomlNode| match item.child("name").map(|n| &n.value) {
                    Some(Value::Text(name)) => name.clone(),
                    _ => String::new(),
                };
                items.iter().map(|item| (name(item), item)).collect()
            }
            _ => self.entries(node).iter().map(|(name, _, node)| (name.clone(), node)).collect(),
        };
        for (name, node) in written {
            let owner = match &node.value {
                Value::Text(owner) => Some((owner.clone(), node.at.clone())),
                _ => ["by", "owner"].iter().find_map(|key| match node.child(key) {
                    Some(TomlNode { at, value: Value::Text(text) }) => {
                        Some((text.clone(), at.clone()))
                    }
                    _ => None,
                }),
            };
            if matches!(node.value, Value::Table(_)) {
                self.known(node, &["name", "by", "owner", "moves"]);
            }
            if name.is_empty() || self.options.contains(&name) {
                let said = format!("an option needs a name of its own, not `{name}`");
                self.error(&node.at, said, None);
            }
            let moves = node.child("moves").map(|n| self.way(n)).unwrap_or_default();
            self.options.push(name.clone());
            let Some((owner, at)) = owner else {
                let hint = format!("{name} = {{ by = \"{}\" }}", parties[0]);
                self.error(&node.at, format!("nobody owns the option `{name}`"), hint);
                continue;
            };
            match parties.iter().position(|p| *p == owner) {
                Some(owner) => found.push(PartyOption { owner, moves }),
                None => {
                    let hint = suggest(&owner, parties.iter().map(String::as_str));
                    let said = format!("`{owner}` owns `{name}` and has no preferences");
                    self.error(&at, said, hint);
                }
            }
        }
        if self.options.len() > MOST_OPTIONS {
            let n = self.options.len();
            let said = format!("there are {n} options: stability is analysed up to {MOST_OPTIONS}");
            self.error(&node.at, said, "leave out options that are never used".to_owned());
            self.options.truncate(MOST_OPTIONS);
        }
        found
    }

    /// Which way an option can be changed.
    fn way(&mut self, node: &TomlNode) -> OptionMoves {
        let text = match &node.value {
            Value::Text(text) => text.to_lowercase().replace(['_', ' '], "-"),
            _ => String::new(),
        };
        let same = |word: &str| {
            let long = text == word || format!("{text}-only") == word;
            long || matches!(
                (text.as_str(), word),
                ("both", "reversible") | ("none", "fixed") | ("irreversible", "no-to-yes-only")
            )
        };
        match OptionMoves::WORDS.iter().find(|(word, _)| same(word)) {
            Some((_, moves)) => *moves,
            None => {
                let hint = suggest(&text, OptionMoves::WORDS.map(|(word, _)| word));
                self.error(&node.at, format!("`{text}` is no way to change an option"), hint);
                OptionMoves::default()
            }
        }
    }

    /// The states and the moves between them.
    fn graph(
        &mut self,
        root: &TomlNode,
        parties: &[Party<'_>],
        options: Vec<PartyOption>,
    ) -> Option<ConflictGraph> {
        let written = root.child("states");
        if self.findings.failed() {
            return None;
        }
        let built = if options.is_empty() {
            let node = written.or_else(|| {
                let hint = "[options] with a line an option, or states = 5".to_owned();
                self.error(&root.at, "there are neither options nor states", hint);
                None
            })?;
            self.named_states(node);
            let moves = parties.iter().map(|(_, _, node)| self.moves(node)).collect();
            if self.findings.failed() {
                return None;
            }
            ConflictGraph::new(self.ids.len(), moves)
        } else {
            let rules = root.child("rules").map(|node| self.rules(node)).unwrap_or_default();
            let patterns = match written {
                Some(node) => self.patterns(node, &rules)?,
                None => match OptionForm::states(&options, &rules) {
                    Ok(patterns) => {
                        self.ids = (1..=patterns.len()).map(|k| k.to_string()).collect();
                        patterns
                    }
                    Err(error) => {
                        let at = root.child("options").unwrap_or(root).at.clone();
                        let hint = "exclude patterns under [rules], or analyse fewer options";
                        self.error(&at, error.to_string(), hint.to_owned());
                        return None;
                    }
                },
            };
            if self.findings.failed() {
                return None;
            }
            OptionForm::graph(parties.len(), options, patterns)
        };
        built.map_err(|error| self.error(&root.at, error.to_string(), None)).ok()
    }

    /// States that are only named: so many, or a list of ids.
    fn named_states(&mut self, node: &TomlNode) {
        match &node.value {
            Value::Number(n) if n.fract() == 0.0 && (1.0..=MOST_STATES as f64).contains(n) => {
                self.ids = (1..=*n as usize).map(|k| k.to_string()).collect();
            }
            Value::Table(entries) => {
                self.ids = entries.iter().map(|(key, _, _)| key.clone()).collect();
            }
            Value::List(items) => {
                for item in items {
                    match id(item) {
                        Some(id) if !self.ids.contains(&id) => self.ids.push(id),
                        _ => self.error(&item.at, "a state needs an id of its own", None),
                    }
                }
            }
            _ => {
                let hint = format!("a number up to {MOST_STATES}, or a list of ids");
                self.error(&node.at, "these are no states", hint);
            }
        }
    }

    /// The moves of a party as pairs of states.
    fn moves(&mut self, node: &TomlNode) -> Vec<(u32, u32)> {
        const HOW: &str = "moves = [[1, 2], [2, 1]]: from and to";
        let Some(node) = node.child("moves") else { return Vec::new() };
        let mut pairs = Vec::new();
        for item in self.items(node, "a list of moves") {
            match &item.value {
                Value::List(ends) if ends.len() == 2 => {
                    if let (Some(from), Some(to)) = (self.state(&ends[0]), self.state(&ends[1])) {
                        pairs.push((from as u32, to as u32));
                    }
                }
                _ => self.error(&item.at, "a move is a pair of states", HOW.to_owned()),
            }
        }
        pairs
    }

    /// States that are written as patterns, each a text or a list of them.
    fn patterns(&mut self, node: &TomlNode, rules: &StateRules) -> Option<Vec<Vec<u64>>> {
        let mut states: Vec<(Vec<PartialPattern>, WrittenAt)> = Vec::new();
        let single = |items: &'_ TomlNode| match &items.value {
            Value::List(items) => items.clone(),
            _ => vec![items.clone()],
        };
        let written: Vec<(Option<String>, Vec<TomlNode>, WrittenAt)> = match &node.value {
            Value::Table(entries) => entries
                .iter()
                .map(|(key, at, node)| (Some(key.clone()), single(node), at.clone()))
                .collect(),
            Value::List(items) => {
                items.iter().map(|item| (None, single(item), item.at.clone())).collect()
            }
            _ => {
                self.error(&node.at, "these are no states", "1 = \"YNN\"".to_owned());
                return None;
            }
        };
        for (k, (key, items, at)) in written.into_iter().enumerate() {
            let kinds: Vec<_> = items.iter().filter_map(|item| self.pattern(item)).collect();
            self.ids.push(key.unwrap_or_else(|| (k + 1).to_string()));
            states.push((kinds, at));
        }
        if self.findings.failed() {
            return None;
        }
        // Whole patterns first: an open one takes what no other state is.
        let width = self.options.len();
        let all = (1u64 << width) - 1;
        let mut patterns: Vec<Vec<u64>> = vec![Vec::new(); states.len()];
        let mut taken = std::collections::BTreeMap::new();
        for (s, (kinds, at)) in states.iter().enumerate() {
            for kind in kinds.iter().filter(|kind| kind.cares == all) {
                match taken.insert(kind.yes, s) {
                    Some(other) if other != s => {
                        let said = format!(
                            "the states `{}` and `{}` are one pattern",
                            self.ids[other], self.ids[s]
                        );
                        self.error(at, said, "give each state a pattern of its own".to_owned());
                    }
                    _ => patterns[s].push(kind.yes),
                }
            }
        }
        for (s, (kinds, at)) in states.iter().enumerate() {
            for kind in kinds.iter().filter(|kind| kind.cares != all) {
                let open = all & !kind.cares;
                if open.count_ones() > 16 {
                    let hint = "name more of its letters".to_owned();
                    self.error(at, "more than 16 letters are open in a pattern", hint);
                    continue;
                }
                // Every subset of the open letters, from none to all.
                let mut subset = 0u64;
                loop {
                    let pattern = kind.yes | subset;
                    let out = rules.infeasible.iter().any(|kind| kind.matches(pattern));
                    if !out && !taken.contains_key(&pattern) {
                        taken.insert(pattern, s);
                        patterns[s].push(pattern);
                    }
                    if subset == open {
                        break;
                    }
                    subset = subset.wrapping_sub(open) & open;
                }
            }
            if patterns[s].is_empty() {
                let said = format!("the state `{}` has no pattern of its own", self.ids[s]);
                self.error(at, said, None);
            }
            patterns[s].sort_unstable();
            patterns[s].dedup();
        }
        (!self.findings.failed()).then_some(patterns)
    }

    /// A pattern in letters.
    fn pattern(&mut self, node: &TomlNode) -> Option<PartialPattern> {
        let width = self.options.len();
        let how = format!("a letter an option: `Y`, `N`, or `-` for either, {width} in all");
        let Value::Text(text) = &node.value else {
            self.error(&node.at, format!("a pattern is text, not {}", node.kind()), how);
            return None;
        };
        let mut pattern = PartialPattern::default();
        let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let good = letters.len() == width
            && letters.iter().enumerate().all(|(k, letter)| {
                pattern.cares |= u64::from(!matches!(letter, '-' | '*' | '?')) << k;
                pattern.yes |= u64::from(matches!(letter, 'Y' | 'y' | '1')) << k;
                matches!(letter, 'Y' | 'y' | '1' | 'N' | 'n' | '0' | '-' | '*' | '?')
            });
        if !good {
            self.error(&node.at, format!("`{text}` is no pattern"), how);
            return None;
        }
        Some(pattern)
    }

    fn rules(&mut self, node: &TomlNode) -> StateRules {
        self.known(node, &RULES);
        let mut rules = StateRules::default();
        for (key, _, node) in self.entries(node) {
            for item in self.items(node, "a list") {
                match key.as_str() {
                    "exclusive" => rules.exclusive.extend(self.group(item)),
                    "at_least_one" => rules.at_least_one.extend(self.group(item)),
                    "infeasible" => rules.infeasible.extend(self.kind(item)),
                    "coalesce" => rules.coalesced.extend(self.kind(item)),
                    _ => {}
                }
            }
        }
        rules
    }

    /// A group of options, a bit each.
    fn group(&mut self, node: &TomlNode) -> Option<u64> {
        let mut bits = 0;
        for item in self.items(node, "a list of options") {
            bits |= 1 << self.option(item)?;
        }
        Some(bits)
    }

    fn option(&mut self, node: &TomlNode) -> Option<usize> {
        let name = id(node).unwrap_or_default();
        let found = self.options.iter().position(|o| *o == name).or_else(|| {
            let number = name.parse::<usize>().ok()?.checked_sub(1)?;
            (number < self.options.len()).then_some(number)
        });
        if found.is_none() {
            let hint = suggest(&name, self.options.iter().map(String::as_str));
            self.error(&node.at, format!("`{name}` is no option"), hint);
        }
        found
    }

    /// A kind of patterns, as letters or as a statement.
    fn kind(&mut self, node: &TomlNode) -> Option<PartialPattern> {
        let letters = |c: char| matches!(c, 'Y' | 'y' | 'N' | 'n' | '-' | '0' | '1' | ' ');
        let Value::Text(text) = &node.value else { return self.pattern(node) };
        if text.chars().filter(|c| *c != ' ').count() == self.options.len()
            && text.chars().all(letters)
        {
            return self.pattern(node);
        }
        let statement = self.statement(node)?;
        let kind = statement::as_pattern(&statement);
        if kind.is_none() {
            let hint =
                "a pattern such as `YN-`, or options joined by `and`, each with or without `not`";
            self.error(&node.at, format!("`{text}` is no kind of patterns"), hint.to_owned());
        }
        kind
    }

    fn statement(&mut self, node: &TomlNode) -> Option<Statement> {
        let text = id(node).unwrap_or_default();
        match statement::parse(&text, &self.options) {
            Ok(statement) => Some(statement),
            Err(why) => {
                self.error(&node.at, why, statement::HOW.to_owned());
                None
            }
        }
    }

    /// A state by its id, or by its pattern.
    fn state(&mut self, node: &TomlNode) -> Option<usize> {
        let name = id(node).unwrap_or_default();
        let found = self.ids.iter().position(|i| *i == name);
        if found.is_none() {
            let hint = match self.ids.len() {
                0..=24 => suggest(&name, self.ids.iter().map(String::as_str)),
                n => Some(format!("the ids run from {} to {}", self.ids[0], self.ids[n - 1])),
            };
            self.error(&node.at, format!("`{name}` is no state"), hint);
        }
        found
    }

    fn number(&mut self, node: &TomlNode) -> Option<f64> {
        match &node.value {
            Value::Number(x) if x.is_finite() && *x >= 0.0 => Some(*x),
            _ => {
                self.error(&node.at, "a number from 0 up is expected", "noise = 1".to_owned());
                None
            }
        }
    }

    fn responses(&mut self, node: &TomlNode) -> Option<ResponseRule> {
        let text = id(node).unwrap_or_default().replace(['_', ' '], "-");
        let found = ResponseRule::ALL.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let hint = suggest(&text, ResponseRule::ALL.map(|(name, _)| name));
            self.error(&node.at, format!("`{text}` are no responses"), hint);
        }
        found.map(|(_, rule)| *rule)
    }

    /// What a party prefers, and where draws of it come from.
    fn preferences(
        &mut self,
        graph: &ConflictGraph,
        at: &WrittenAt,
        node: &TomlNode,
        noise: f64,
    ) -> Option<(PartyRanking, PreferenceSource)> {
        let states = graph.states();
        let own = |ranking: PartyRanking, noise: f64| {
            let level = ranking.levels().to_vec();
            (ranking, PreferenceSource::Places { level, noise })
        };
        if let Value::List(_) = node.value {
            return Some(own(self.ranking(node, states)?, noise));
        }
        self.known(node, &PARTY);
        let noise = node.child("noise").and_then(|n| self.number(n)).unwrap_or(noise);
        let ways: Vec<&str> = ["ranking", "statements", "weights", "utilities"]
            .into_iter()
            .filter(|key| node.child(key).is_some())
            .collect();
        let (ranking, source) = match ways.as_slice() {
            ["ranking"] => own(self.ranking(node.child("ranking")?, states)?, noise),
            ["statements"] => own(self.by_statements(graph, node.child("statements")?)?, noise),
            ["weights"] => {
                let worth = self.by_weights(graph, node.child("weights")?)?;
                own(self.apart(PartyRanking::of_worth(&worth), &worth, node), noise)
            }
            ["utilities"] => {
                let dists = self.utilities(node.child("utilities")?, states)?;
                let worth: Vec<f64> = dists.iter().map(|d| d.central((-1e12, 1e12))).collect();
                let ranking = self.apart(PartyRanking::of_worth(&worth), &worth, node);
                (ranking, PreferenceSource::Worth(dists))
            }
            _ => {
                let said = match ways.len() {
                    0 => "it is not said what the party prefers".to_owned(),
                    _ => format!("the preferences are said in several ways: {}", ways.join(", ")),
                };
                let hint = "one of `ranking`, `statements`, `weights` and `utilities`".to_owned();
                self.error(at, said, hint);
                return None;
            }
        };
        let unknown = node.child("unknown").map(|node| self.groups(node)).unwrap_or_default();
        Some((ranking.unknown_within(&unknown), source))
    }

    /// With what is much better, where the file says from which difference on that is so.
    fn apart(&mut self, ranking: PartyRanking, worth: &[f64], node: &TomlNode) -> PartyRanking {
        match node.child("much").and_then(|node| self.number(node)) {
            Some(margin) if margin > 0.0 => ranking.with_margin(worth, margin),
            _ => ranking,
        }
    }

    fn groups(&mut self, node: &TomlNode) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        for item in self.items(node, "a list of groups of states") {
            let states = self.items(item, "a group of states");
            groups.push(states.iter().filter_map(|s| self.state(s)).collect());
        }
        groups
    }

    /// A ranking, the best first: ids, ties as lists, `>>` for a strong step.
    fn ranking(&mut self, node: &TomlNode, states: usize) -> Option<PartyRanking> {
        let before = self.findings.list.len();
        let mut steps = Vec::new();
        let mut seen = vec![false; states];
        for item in self.items(node, "a ranking") {
            if matches!(&item.value, Value::Text(text) if text.trim() == ">>") {
                steps.push(RankedStep::Much);
                continue;
            }
            let tied = match &item.value {
                Value::List(items) => items.as_slice(),
                _ => std::slice::from_ref(item),
            };
            let mut group = Vec::new();
            for one in tied {
                let Some(state) = self.state(one) else { continue };
                if std::mem::replace(&mut seen[state], true) {
                    let said = format!("the state `{}` is ranked twice", self.ids[state]);
                    self.error(&one.at, said, "leave one of the two out".to_owned());
                }
                group.push(state);
            }
            steps.push(RankedStep::Tied(group));
        }
        let left: Vec<String> =
            (0..states).filter(|s| !seen[*s]).map(|s| format!("`{}`", self.ids[s])).collect();
        if !left.is_empty() && self.findings.list.len() == before {
            let more = if left.len() > 8 { ", …" } else { "" };
            let first = left[..left.len().min(8)].join(", ");
            let said = format!("{} states are not ranked: {first}{more}", left.len());
            self.error(&node.at, said, "rank every state; ties as a list in the list".to_owned());
        }
        (self.findings.list.len() == before).then(|| PartyRanking::of_steps(states, &steps))
    }

    fn by_statements(&mut self, graph: &ConflictGraph, node: &TomlNode) -> Option<PartyRanking> {
        let before = self.findings.list.len();
        let items = self.items(node, "a list of statements");
        let all: Vec<Statement> = items.iter().filter_map(|item| self.statement(item)).collect();
        if self.findings.list.len() > before {
            return None;
        }
        let found = graph.form().and_then(|form| by_statements(form, graph.states(), &all));
        if found.is_none() {
            let said = "statements rank states that are made of options";
            let hint = format!("at most {MOST_STATEMENTS} statements about [options]");
            self.error(&node.at, said, hint);
        }
        found
    }

    fn by_weights(&mut self, graph: &ConflictGraph, node: &TomlNode) -> Option<Vec<f64>> {
        let before = self.findings.list.len();
        let mut weights = Vec::new();
        for (key, at, value) in self.entries(node) {
            let Value::Number(weight) = value.value else {
                self.error(&value.at, "a weight is a number", "release = 3".to_owned());
                continue;
            };
            let words = TomlNode { at: at.clone(), value: Value::Text(key.clone()) };
            if let Some(statement) = self.statement(&words) {
                weights.push((statement, weight));
            }
        }
        let Some(form) = graph.form() else {
            self.error(&node.at, "weights are put on [options]", None);
            return None;
        };
        let worth = by_weights(form, graph.states(), &weights);
        (self.findings.list.len() == before).then_some(worth)
    }

    fn utilities(&mut self, node: &TomlNode, states: usize) -> Option<Vec<Dist>> {
        let before = self.findings.list.len();
        let mut found: Vec<Option<Dist>> = vec![None; states];
        for (key, at, value) in self.entries(node) {
            let state = self.state(&TomlNode { at: at.clone(), value: Value::Text(key.clone()) });
            let dist = match &value.value {
                Value::Number(x) if x.is_finite() => Ok(Dist::Point(*x)),
                Value::Text(text) => match number::parse(text).map(|n| n.value) {
                    Ok(NumberValue::Dist(dist)) => Ok(dist),
                    Ok(NumberValue::Record) => Err("nothing is read off a record here".to_owned()),
                    Err(why) => Err(why.message),
                },
                _ => Err(format!("a utility is a number or a range, not {}", value.kind())),
            };
            match (state, dist) {
                (Some(state), Ok(dist)) => found[state] = Some(dist),
                (_, Err(why)) => self.error(&value.at, why, "3 or \"1..3..8\"".to_owned()),
                (None, Ok(_)) => {}
            }
        }
        let left = found.iter().position(Option::is_none);
        if let (Some(left), true) = (left, self.findings.list.len() == before) {
            let said = format!("the state `{}` has no utility", self.ids[left]);
            self.error(&node.at, said, "give every state one".to_owned());
        }
        (self.findings.list.len() == before).then(|| found.into_iter().flatten().collect())
    }

    /// What is asked backwards. In JSON the party may stand in a text that says which states are free.
    fn inverse(&mut self, node: &TomlNode, parties: &[String]) -> Option<InverseAsk> {
        self.known(node, &["party", "state", "free"]);
        let state = self.state(node.child("state").unwrap_or(node))?;
        let free = node.child("free");
        let said = match free.map(|n| &n.value) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let named = node.child("party").and_then(id);
        let party = match &named {
            Some(name) => parties.iter().position(|p| p == name),
            None => parties.iter().position(|p| said.contains(p.as_str())),
        };
        let Some(party) = party else {
            let hint = suggest(&named.unwrap_or(said), parties.iter().map(String::as_str));
            self.error(&node.at, "it is not said whose ranking is free", hint);
            return None;
        };
        let free = match free {
            Some(TomlNode { value: Value::List(items), .. }) => {
                items.iter().filter_map(|item| self.state(item)).collect()
            }
            _ => (0..self.ids.len()).collect(),
        };
        Some(InverseAsk { party, state, free })
    }
}

/// A word or a whole number as text.
fn id(node: &TomlNode) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(x) => Some(x.to_string()),
        _ => None,
    }
}

/// The name of a file without folders and ending.
fn short_name(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}
