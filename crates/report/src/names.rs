//! What people are told things are called: actors, sides, issues, inputs, constraints, levers, endings;
//! and what stands for them where it is hidden who is who.

use std::collections::BTreeSet;

use winset_files::case::grammar;
use winset_model::case::{CalendarEntry, CalendarKind, Case, Ending, Role};
use winset_model::forecast::Endings;
use winset_model::record::Record;
use winset_page::text::{quoted, short};
use winset_page::words::Lexicon;

use crate::redaction::{Redaction, folded};

/// A longer name is cut: no line holds more.
const LONGEST: usize = 60;

/// The ICD 203 term of a probability.
pub fn term(p: f64) -> String {
    Lexicon::Icd203A.band(p).map_or_else(String::new, |b| b.term.to_owned())
}

/// What a case calls an agreement, as a noun: a council signs no treaty with anybody. What its question
/// asks about is [`counted`].
pub fn event(case: &Case) -> &'static str {
    if is_council(case) { "an agreement" } else { "a signed agreement" }
}

/// Whether one body decides by its rule, so that no other side has to ratify.
pub fn is_council(case: &Case) -> bool {
    case.sides.len() == 1
}

/// What a case calls an ending, as a noun; `None` is none so far.
pub fn ending(case: &Case, ending: Option<Ending>) -> &'static str {
    match ending {
        Some(Ending::Agreement) => event(case),
        Some(other) => other_ending(other),
        None => OPEN,
    }
}

/// What has not ended.
pub const OPEN: &str = "still open";

/// What an ending other than agreement is called in every case.
pub fn other_ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Interim => "an interim understanding",
        other => other.name(),
    }
}

/// What a case's question asks about, as one noun: the endings that count, and of agreement the stage.
pub fn counted(case: &Case) -> String {
    let noun = |e: &Ending| match e {
        Ending::Agreement => asked_stage(case),
        Ending::Breakdown => "a breakdown".to_owned(),
        Ending::Force => "the use of force".to_owned(),
        Ending::Suspension => "a suspension".to_owned(),
        other => ending(case, Some(*other)).to_owned(),
    };
    case.question.counts.iter().map(noun).collect::<Vec<_>>().join(" or ")
}

/// The stage asked, as a noun: the last is agreement itself.
fn asked_stage(case: &Case) -> String {
    let asked = case.question.stage;
    match case.stages.get(asked) {
        Some(_) if asked + 1 == case.stages.len() => event(case).to_owned(),
        Some(_) if asked == 0 => "an agreed text".to_owned(),
        Some(stage) => format!("passage of {}", quoted(&clipped(&clean(&stage.name)))),
        None => event(case).to_owned(),
    }
}

/// The ways in which the talks of a case can have ended, `None` for none, in the order of the output.
/// Where the case knows no force, nobody asks about it.
pub fn endings(case: &Case) -> Vec<Option<Ending>> {
    let known = |e: &Ending| *e != Ending::Force || !case.force.is_empty();
    Ending::ALL.into_iter().filter(known).map(Some).chain([None]).collect()
}

/// What became of a text otherwise than by an ending: the key in JSON, and what it is called.
pub const OF_TEXT: [(&str, &str); 3] = [
    ("rejected", "a text refused"),
    ("lapsed", "lapsed with a deadline"),
    ("under_way", "a text under way"),
];

/// Whether a text can come to that in a case: it has stages to pass, or a deadline ends the talks.
pub fn of_text(case: &Case, key: &str) -> bool {
    let ends = |e: &CalendarEntry| match &e.kind {
        CalendarKind::Deadline { price: Some(price), .. } => price.ends,
        _ => false,
    };
    !case.stages.is_empty() || key == "lapsed" && case.calendar.iter().any(ends)
}

/// Every share of how talks and their text can have ended, by its key in JSON. What is still open comes
/// last, and they add up to one.
pub fn shares(all: &Endings) -> Vec<(&'static str, f64)> {
    let of_text = OF_TEXT.into_iter().zip([all.rejected, all.lapsed, all.under_way]);
    let first = Ending::ALL.map(|e| (e.name(), all.get(e))).into_iter();
    first.chain(of_text.map(|((key, _), p)| (key, p))).chain([("open", all.open)]).collect()
}

/// The same with what a case calls each, without what it cannot come to there.
pub fn shares_in(case: &Case, all: &Endings) -> Vec<(&'static str, &'static str, f64)> {
    let known = endings(case);
    let name = |key: &str| match OF_TEXT.iter().find(|(of_text, _)| *of_text == key) {
        Some((_, name)) => of_text(case, key).then_some(*name),
        None => known.iter().find(|e| ending_key(**e) == key).map(|e| ending(case, *e)),
    };
    shares(all).into_iter().filter_map(|(key, p)| Some((key, name(key)?, p))).collect()
}

/// The word for an ending in paths and files.
pub fn ending_key(ending: Option<Ending>) -> &'static str {
    ending.map_or("open", Ending::name)
}

/// An input's path in words, short: `Iran’s discount rate`.
pub fn input(case: &Case, path: &str) -> String {
    Names::new(case).input(path)
}

/// The names of a case.
pub struct Names<'a> {
    case: &'a Case,
    /// The shown name of each actor.
    actors: Vec<String>,
    /// What must not be shown; nothing where all may be.
    redaction: Option<Redaction>,
}

impl<'a> Names<'a> {
    /// The names of a case as they are.
    pub fn new(case: &'a Case) -> Self {
        let actors = case.actors.iter().map(|a| clipped(&clean(&a.name))).collect();
        Self { case, actors, redaction: None }
    }

    /// The names of a case with roles in place of actors, and no names of its sources.
    pub fn redacted(case: &'a Case, record: &Record) -> Self {
        let actors = aliases(case);
        let redaction = Some(redaction(case, record, &actors));
        Self { case, actors, redaction }
    }

    /// What is hidden, if anything is to be.
    pub fn redaction(&self) -> Option<&Redaction> {
        self.redaction.as_ref()
    }

    /// The case.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// Whether names and sources are hidden.
    pub fn is_redacted(&self) -> bool {
        self.redaction.is_some()
    }

    /// A text of the case without what must not be shown.
    pub fn text(&self, text: &str) -> String {
        let text = clean(text);
        isolated(self.redaction.as_ref().map_or_else(|| text.clone(), |r| r.text(&text)))
    }

    /// A text cut to the length of a name.
    pub fn clip(&self, text: &str) -> String {
        clipped(text)
    }

    /// An actor.
    pub fn actor(&self, id: &str) -> String {
        match self.case.actors.iter().position(|a| a.id == id) {
            Some(k) => self.by_index(k),
            None if self.is_redacted() => "an actor".to_owned(),
            None => id.to_owned(),
        }
    }

    /// A part of a rule as it is written, with names for ids: `50 % of (Pete Hegseth, JD Vance)`.
    pub fn rule(&self, written: &str) -> String {
        let (mut out, mut word) = (String::new(), String::new());
        let named = |word: &str| match self.case.actors.iter().any(|a| a.id == word) {
            true => self.actor(word),
            false => word.to_owned(),
        };
        for c in written.chars() {
            match c {
                c if c.is_alphanumeric() || c == '_' || c == '-' => word.push(c),
                '%' => out += &format!("{} %", named(&std::mem::take(&mut word))),
                c => {
                    out += &named(&std::mem::take(&mut word));
                    out.push(c);
                }
            }
        }
        out + &named(&word)
    }

    /// The actor of an index.
    pub fn by_index(&self, actor: usize) -> String {
        self.actors.get(actor).cloned().map_or_else(String::new, isolated)
    }

    /// A side.
    pub fn side(&self, id: &str) -> String {
        let found = self.case.sides.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// An issue.
    pub fn issue(&self, id: &str) -> String {
        let found = self.case.issues.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A text that is named.
    pub fn named_text(&self, id: &str) -> String {
        let found = self.case.texts.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A deal over some issues, or among some sides.
    pub fn partial(&self, id: &str) -> String {
        let found = self.case.partial.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A stage after the text.
    pub fn stage(&self, id: &str) -> String {
        let found = self.case.stages.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A position on an issue: a number of its scale, or the option it stands for.
    pub fn value(&self, issue: &winset_model::case::Issue, x: f64) -> String {
        issue.option_at(x).map_or_else(|| short(x), |option| self.text(&option.name))
    }

    /// An option of an issue without order.
    pub fn option(&self, issue: &str, id: &str) -> String {
        let found = self.case.issues.iter().find(|x| x.id == issue);
        let found = found.and_then(|x| x.options.iter().find(|o| o.id == id));
        found.map_or_else(|| id.to_owned(), |option| self.text(&option.name))
    }

    /// A use of force, by a party or an outsider.
    pub fn force(&self, id: &str) -> String {
        let found = self.case.force.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A promise.
    pub fn promise(&self, id: &str) -> String {
        let found = self.case.promises.iter().find(|x| x.id == id);
        self.known(found.map(|x| x.name.as_str()), id)
    }

    /// A name of the case; what the case does not know goes by its id.
    fn known(&self, name: Option<&str>, id: &str) -> String {
        match name {
            Some(name) => clipped(&self.text(name)),
            None if self.is_redacted() => String::new(),
            None => id.to_owned(),
        }
    }

    /// A dated entry of the calendar.
    pub fn date(&self, id: &str) -> String {
        let mut dates = self.case.calendar.iter().chain(&self.case.unseen).enumerate();
        match dates.find(|(_, e)| e.id == id) {
            // A place says who hosts, so it is hidden too.
            Some((k, _)) if self.is_redacted() => format!("no. {}", k + 1),
            Some((_, e)) => clipped(&self.text(&e.name)),
            None => String::new(),
        }
    }

    fn central(&self, path: &str) -> Option<f64> {
        let input = self.case.inputs.iter().find(|i| i.path == path)?;
        Some(input.dist.central(input.scale))
    }

    /// A constraint in words: `Donald Trump accepts at most 35 on Enrichment in Iran`.
    pub fn constraint(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["participation", id] => format!("{} must gain from the deal", self.actor(id)),
            ["actors", id, kind @ ("red_min" | "red_max"), issue] => {
                let bound = if *kind == "red_min" { "at least" } else { "at most" };
                let value = self.central(path).map_or_else(|| "its line".to_owned(), tenths);
                format!("{} accepts {bound} {value} on {}", self.actor(id), self.issue(issue))
            }
            _ => "a constraint of the case".to_owned(),
        }
    }

    /// Whose an input of `actors` is, and on which issue.
    pub fn stand(&self, path: &str) -> (String, String) {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["actors", id, _, issue] => (self.actor(id), self.issue(issue)),
            _ => (self.meaning(path), String::new()),
        }
    }

    /// A lever in words: `the most that Donald Trump accepts on Enrichment in Iran`.
    pub fn lever(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["participation", id] => format!("a side payment to {}, in points", self.actor(id)),
            ["promises", id, leaf] => {
                let name = self.promise(id);
                match *leaf {
                    "secures" => {
                        format!("how far a guarantee of “{name}” binds the terms, per cent")
                    }
                    "exposed" => format!("what is lost if “{name}” is broken, in points"),
                    _ => format!("how often a year “{name}” is broken"),
                }
            }
            _ => self.meaning(path),
        }
    }

    /// A red line in words, the same wherever it is named.
    fn red_line(&self, parts: &[&str]) -> Option<String> {
        let (end, who, on) = match *parts {
            ["actors", id, "red_min", j] => ("least", self.actor(id), self.issue(j)),
            ["actors", id, "red_max", j] => ("most", self.actor(id), self.issue(j)),
            _ => return None,
        };
        Some(format!("the {end} that {who} accepts on {on}"))
    }

    /// An input in words: whose it is, and what the grammar says it means.
    pub fn meaning(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        if let Some(line) = self.red_line(&parts) {
            return line;
        }
        let meaning = grammar::pattern(path).map_or("a number of the case", |k| k.meaning);
        let meaning = meaning.split(';').next().unwrap_or(meaning);
        let of = match parts.as_slice() {
            ["actors", id, ..] => self.actor(id),
            ["sides", id, ..] => self.side(id),
            ["force", id, ..] => self.force(id),
            ["promises", id, ..] => self.promise(id),
            ["calendar", id, ..] => self.date(id),
            ["partial", id, ..] => self.partial(id),
            ["texts", id, j] => {
                return format!("what “{}” says on {}", self.named_text(id), self.issue(j));
            }
            ["issues", id, ..] => self.issue(id),
            ["constants", name] => return format!("{meaning} ({name})"),
            _ => return meaning.to_owned(),
        };
        match parts.get(3).filter(|j| self.case.issues.iter().any(|x| x.id == **j)) {
            Some(issue) => format!("{of}: {meaning}, {}", self.issue(issue)),
            None => format!("{of}: {meaning}"),
        }
    }

    /// An input in words, short: `Iran’s discount rate`.
    pub fn input(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let who = |section: &str, id: &str| match section {
            "sides" => self.side(id),
            _ => self.actor(id),
        };
        if let Some(line) = self.red_line(&parts) {
            return line;
        }
        match parts.as_slice() {
            ["issues", id, "now"] => format!("where {} stays without a deal", self.issue(id)),
            ["sides", id, "discount"] => format!("{}’s discount rate", self.side(id)),
            ["sides", id, "cost"] => format!("{}’s running cost of no deal", self.side(id)),
            [section @ ("sides" | "actors"), id, "cost_later"] => {
                format!("{}’s running cost of no deal later", who(section, id))
            }
            [section @ ("sides" | "actors"), id, "cost_days"] => {
                format!("days until {}’s cost of no deal is that", who(section, id))
            }
            ["actors", id, "cost"] => format!("{}’s running cost of no deal", self.actor(id)),
            [section @ ("sides" | "actors"), id, "worth", j, option] => {
                let (issue, option) = (self.issue(j), self.option(j, option));
                format!("what {option} ({issue}) is worth to {}", who(section, id))
            }
            ["sides", id, "noise"] => {
                format!("how unsure others are of {}’s limits", self.side(id))
            }
            ["sides", id, "rule"] => format!("which rule of {} holds", self.side(id)),
            ["actors", id, "turnout"] => format!("{}’s turnout", self.actor(id)),
            ["actors", id, "rebels"] => format!("{}’s rebels", self.actor(id)),
            ["actors", id, "abstains"] => format!("{}’s abstentions", self.actor(id)),
            ["actors", id, "capability"] => format!("{}’s weight", self.actor(id)),
            ["actors", id, "audience"] => format!("{}’s audience cost", self.actor(id)),
            [section @ ("sides" | "actors"), id, key, j] => {
                let what = match *key {
                    "position" => "ideal on",
                    "salience" => "salience of",
                    "demand" => "demand on",
                    "without" => "view of no deal on",
                    key => key,
                };
                format!("{}’s {what} {}", who(section, id), self.issue(j))
            }
            ["force", id, rest @ ..] => {
                let name = self.force(id);
                let what = match rest {
                    ["wins"] => "chance of winning".to_owned(),
                    ["wins_joined"] => "chance of winning if joined".to_owned(),
                    ["press"] => "uses a year while credible".to_owned(),
                    ["hazard"] => "hazard a year".to_owned(),
                    ["reacts"] => "reaction to the prospect of a deal".to_owned(),
                    ["joins", id] => format!("chance that {} joins", self.actor(id)),
                    ["cost", id] => format!("cost to {}", self.side(id)),
                    ["cost_joined", id] => format!("cost to {} if joined", self.side(id)),
                    ["if_won", j] => format!("{} if won", self.issue(j)),
                    ["if_lost", j] => format!("{} if lost", self.issue(j)),
                    ["after", j] => format!("{} after it", self.issue(j)),
                    ["first"] => "when it first happens".to_owned(),
                    ["falls"] => "whether it is won".to_owned(),
                    rest => rest.join(" "),
                };
                format!("{name}: {what}")
            }
            ["promises", id, rest @ ..] => {
                let name = self.promise(id);
                let what = match rest {
                    ["breaks"] => "exits a year".to_owned(),
                    ["exposed"] => "cost of having signed".to_owned(),
                    ["reopens"] => "times a year that talks reopen after a breach".to_owned(),
                    ["lasts"] => "years it lasts unbroken".to_owned(),
                    ["secures"] => "how far it can be bound".to_owned(),
                    ["gain"] => "gain from cheating".to_owned(),
                    ["loss"] => "loss if caught".to_owned(),
                    ["miss"] => "chance that cheating is missed".to_owned(),
                    ["sunk", j] => format!("{} that cannot be taken back", self.issue(j)),
                    rest => rest.join(" "),
                };
                format!("“{name}”: {what}")
            }
            ["calendar", id, "holds"] => {
                let name = self.date(id);
                format!("chance that the round {name} is held")
            }
            ["calendar", id, rest @ ..] => {
                let name = self.date(id);
                match rest {
                    ["settles"] => format!("chance that {name} settles"),
                    ["put_off"] => format!("chance that {name} is put off"),
                    ["goes"] => format!("whether {name} is put off"),
                    ["cost", side] => format!("{name}: cost to {}", self.side(side)),
                    ["after", j] => format!("{name}: {} afterwards", self.issue(j)),
                    rest => format!("{name}: {}", rest.join(" ")),
                }
            }
            ["together", id] => format!("what moves together as “{id}”"),
            ["together", id, "r"] => format!("how closely “{id}” move together"),
            ["texts", id, j] => format!("“{}” on {}", self.named_text(id), self.issue(j)),
            ["partial", id, "keeps"] => format!("how much of “{}” comes about", self.partial(id)),
            ["partial", id, "relief"] => {
                format!("how much of the cost of no deal “{}” ends", self.partial(id))
            }
            ["clock", "pool"] => "weight of the structure against the class".to_owned(),
            ["constants", key] => match *key {
                "zref" => "share of past cases with a zone",
                "gref" => "room of a typical case with a zone",
                "gamma" => "how strongly room moves the hazard",
                "chi" => "how much faster talks end without a zone",
                "window" => "how far a spoiler looks ahead",
                "breakdown" => "share of breakdowns among other endings",
                "suspension" => "share of suspensions among other endings",
                "interim" => "share of interim deals among other endings",
                "reopens" => "least share with a zone",
                "settles" => "chance that a priced deadline settles",
                "decides" => "chance that a deciding round settles",
                "paused" => "what a suspension leaves of the hazard",
                key => key,
            }
            .to_owned(),
            _ => path.to_owned(),
        }
    }

    /// What a coefficient rests on, without ids where they are hidden.
    pub fn support(&self, source: &str) -> String {
        match source.split_once(':') {
            Some(("the case", _)) if self.is_redacted() => "the case".to_owned(),
            _ => source.to_owned(),
        }
    }
}

/// A number with at most one digit behind the point.
fn tenths(x: f64) -> String {
    format!("{}", (x * 10.0).round() / 10.0)
}

/// Roles and sides in place of names: `Member 2 of United States`, `Ally 1 of Iran`.
fn aliases(case: &Case) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    case.actors
        .iter()
        .map(|a| {
            let side = |k: usize| case.sides.get(k).map_or_else(String::new, |s| clean(&s.name));
            let (what, of) = match (&a.member, a.ally_of) {
                (Some(m), _) => ("Member", Some(side(m.side))),
                (None, Some(k)) => ("Ally", Some(side(k))),
                (None, None) => (
                    match a.role {
                        Role::Mediator => "Mediator",
                        Role::Spoiler => "Spoiler",
                        _ => "Outsider",
                    },
                    None,
                ),
            };
            let key = format!("{what} {}", of.clone().unwrap_or_default());
            let n = counts.entry(key).or_default();
            *n += 1;
            match of {
                Some(of) => format!("{what} {n} of {}", clipped(&of)),
                None => format!("{what} {n}"),
            }
        })
        .collect()
}

/// What is hidden of a case: actors, but for the words that sides are called by, and sources.
fn redaction(case: &Case, record: &Record, aliases: &[String]) -> Redaction {
    let words = case.sides.iter().flat_map(|s| s.name.split(|c: char| !c.is_alphanumeric()));
    let public: BTreeSet<String> = words.map(folded).filter(|word| !word.is_empty()).collect();
    let mut redaction = Redaction::default();
    for (actor, alias) in case.actors.iter().zip(aliases) {
        redaction.actor(&clean(&actor.name), alias, &public);
    }
    for entry in &record.entries {
        redaction.source(&clean(&entry.source), "a source", &public);
    }
    redaction
}

/// The texts of a case and its record, in which names may stand.
pub fn texts<'t>(case: &'t Case, record: &'t Record) -> Vec<&'t str> {
    let mut all = vec![case.title.as_str(), &case.question.text, &case.question.yes];
    all.extend(case.sides.iter().map(|s| s.name.as_str()));
    all.extend(case.actors.iter().map(|a| a.name.as_str()));
    all.extend(case.force.iter().map(|f| f.name.as_str()));
    all.extend(case.promises.iter().map(|p| p.name.as_str()));
    all.extend(case.calendar.iter().map(|e| e.name.as_str()));
    all.extend(case.stages.iter().map(|s| s.name.as_str()));
    for issue in &case.issues {
        all.push(&issue.name);
        all.extend(issue.marks.iter().map(|(_, text)| text.as_str()));
    }
    for entry in &record.entries {
        all.extend([entry.text.as_str(), &entry.note, &entry.source, &entry.origin]);
        all.extend([entry.channel.as_str(), &entry.audience, &entry.link]);
    }
    all
}

/// One line, without marks that turn the direction of what follows.
fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let text: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

fn clipped(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", head.trim_end())
}

/// A text with letters written from right to left, set apart so that it turns nothing around it.
fn isolated(text: String) -> String {
    let right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    if text.starts_with('\u{2068}') || !text.chars().any(right_to_left) {
        return text;
    }
    format!("\u{2068}{text}\u{2069}")
}
