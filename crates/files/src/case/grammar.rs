//! The grammar of `case.toml` as a table: every key, what it takes, and what it means.
//!
//! The reader in this folder decides what is accepted; a test holds the two against each other. The
//! reference page and the JSON schema are made from this table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use winset_model::case::{COEFFICIENTS, Coefficient, Ending, POOL, Role};
use winset_model::uncertain::Dist;

use super::number;
use super::tree::{self, TomlNode, WrittenAt};
use KeyDefault::{Else, Nothing, Required, RequiredOf, Value as Is};
use KeyKind::*;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyKind {
    /// The version of the grammar.
    Version,
    /// Text.
    Text,
    /// A day, ISO.
    Day,
    /// `true` or `false`.
    Flag,
    /// The id of something else in the case.
    Id,
    /// A rule of ratification.
    Rule,
    /// A number, range or distribution within two ends.
    Number(f64, f64),
    /// The same on the scale of its issue.
    OnScale,
    /// The same, or `"record"`.
    Position,
    /// A plain number within two ends.
    Fixed(f64, f64),
    /// A whole number within two ends.
    Whole(i32, i32),
    /// The role of an actor.
    Role,
    /// The kind of a calendar entry.
    CalendarKind,
    /// A list of endings.
    Endings,
    /// The two ends of a scale.
    Scale,
    /// A list of positions and what they mean.
    Marks,
    /// A list of per cents.
    Grid,
    /// A class of past negotiations, or a group in it.
    ClassName,
    /// The day a clock starts.
    ClockDay,
    /// A list of numbers.
    Numbers,
    /// A list of paths of inputs.
    Paths,
    /// A list of ids, each alone or with a name.
    Options,
    /// A list of ids of something else in the case.
    Ids,
    /// What the key that the rest of the path names takes.
    Leaf,
}

/// What holds where a key is not written. The reader takes it from here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyDefault {
    /// Nothing does: it must be written.
    Required,
    /// Nothing does, and some must write it: who, in words.
    RequiredOf(&'static str),
    /// This value, written as on a command line: `10`, `5..10..30`, `["agreement"]`.
    Value(&'static str),
    /// What follows from the rest of the case, in words.
    Else(&'static str),
    /// Nothing does, and nothing need.
    Nothing,
}

impl std::fmt::Display for KeyDefault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Required => f.write_str("required"),
            RequiredOf(whom) => write!(f, "required of {whom}"),
            Is(words) | Else(words) => f.write_str(words),
            Nothing => Ok(()),
        }
    }
}

/// A key of `case.toml`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Its dotted path; words in capitals stand for ids.
    pub path: &'static str,
    /// What it takes.
    pub kind: KeyKind,
    /// The unit of a number; empty where there is none.
    pub unit: &'static str,
    /// What holds where it is not written.
    pub default: KeyDefault,
    /// What it means, in one sentence without a full stop.
    pub meaning: &'static str,
}

const fn key(
    path: &'static str,
    kind: KeyKind,
    unit: &'static str,
    default: KeyDefault,
    meaning: &'static str,
) -> Key {
    Key { path, kind, unit, default, meaning }
}

/// The key of a coefficient, which the model knows.
const fn coefficient(path: &'static str, row: Coefficient, meaning: &'static str) -> Key {
    let (lo, hi) = row.scale;
    key(path, Number(lo, hi), row.unit, Is(row.default), meaning)
}

/// Every key, in the order of a case.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key("winset", Version, "", Required, "the version of the grammar: 1"),
    key("title", Text, "", Is("\"Untitled\""), "what the case is called"),
    key("as_of", Day, "", Else("the last day an entry of the record was made"), "the day it is told from"),
    key("question.text", Text, "", Is("\"\""), "what is asked"),
    key("question.yes", Text, "", Is("\"\""), "how it will be seen that the answer is yes"),
    key("question.by", Day, "", Required, "the last day that counts, within the horizon"),
    key("question.stage", Id, "", RequiredOf("cases with stages"), "the stage that an agreement must have passed"),
    key("question.about", Id, "", Else("whatever may be agreed"), "the text that alone is on the table: take it or leave it"),
    key("question.counts", Endings, "", Is("[\"agreement\"]"), "the endings that count as yes"),
    key("issues.ISSUE.name", Text, "", Else("the id"), "what the issue is called"),
    key("issues.ISSUE.scale", Scale, "", Is("[0, 100]"), "the two ends of the scale, the lower first"),
    key("issues.ISSUE.options", Options, "", Else("none: it has a scale"), "what may be chosen, where that has no order: a venue, a formula; it is then named wherever a position would stand"),
    key("issues.ISSUE.now", OnScale, "of the scale", Required, "where the issue stays without a deal"),
    key("issues.ISSUE.marks", Marks, "of the scale", Is("[]"), "landmarks: a position and what it means"),
    key("issues.ISSUE.why", Text, "", Nothing, "a remark; each @reference in it must exist"),
    key("sides.SIDE.name", Text, "", Else("the id"), "what the side is called"),
    key("sides.SIDE.ratify", Rule, "", Required, "who must accept; or several rules, each with the chance in per cent that it is the one that holds"),
    key("sides.SIDE.rule", Number(0.0, 100.0), "%", Else("0..100 where `ratify` names several rules"), "which of several rules holds: where in their shares, one after the other, the draw falls"),
    key("sides.SIDE.negotiator", Id, "", Else("the leader; a side alone needs none"), "the member without whom the side accepts nothing"),
    key("sides.SIDE.position.ISSUE", OnScale, "of the scale", Else("each member has its own"), "what its members want"),
    key("sides.SIDE.worth.ISSUE.OPTION", Number(0.0, 100.0), "points", Else("each member has its own"), "what an option is worth to its members: 100 is all that could be had on the issue"),
    key("sides.SIDE.salience.ISSUE", Number(0.0, 100.0), "points", Else("each member has its own"), "how much the issue weighs among all issues"),
    key("sides.SIDE.discount", Number(0.0, 100.0), "% a year", Required, "how fast later gains lose worth; above 0"),
    key("sides.SIDE.cost", Number(0.0, f64::INFINITY), "points of utility", Is("0"), "what no deal costs as long as it lasts"),
    key("sides.SIDE.cost_later", Number(0.0, f64::INFINITY), "points of utility", Else("as cost"), "what no deal costs once it has lasted cost_days; it moves there evenly from the start of the clock"),
    key("sides.SIDE.cost_days", Number(1.0, 36500.0), "days", Else("365"), "over how many days of the clock the cost of no deal moves to cost_later"),
    key("sides.SIDE.without.ISSUE", OnScale, "of the scale", Else("now"), "where no deal leaves the issue, as its members have it"),
    key("sides.SIDE.noise", Number(0.0, 100.0), "points of utility", Else("from the incoherence of its messages"), "how uncertain the other side is about its reservation value"),
    key("sides.SIDE.why", Text, "", Nothing, "a remark"),
    key("actors.ACTOR.name", Text, "", Else("the id"), "what the actor is called"),
    key("actors.ACTOR.side", Id, "", RequiredOf("members"), "the side it is a member of"),
    key("actors.ACTOR.role", Role, "", Required, "leader, delegate and faction are members; ally, spoiler and mediator stand outside"),
    key("actors.ACTOR.of", Id, "", RequiredOf("allies"), "the side an ally stands by"),
    key("actors.ACTOR.capability", Number(0.0, f64::INFINITY), "weight", Is("100"), "its weight in shares of capability, its seats in a vote"),
    key("actors.ACTOR.turnout", Number(1.0, 100.0), "%", Is("100"), "in a vote: how many of its seats vote at all"),
    key("actors.ACTOR.rebels", Number(0.0, 50.0), "%", Is("0"), "in a vote: how many of its seats that vote do so against its line, whichever that is"),
    key("actors.ACTOR.abstains", Number(0.0, 99.0), "%", Is("0"), "in a vote: how many on its line abstain where it rejects, in place of voting against"),
    key("actors.ACTOR.position.ISSUE", Position, "of the scale", Else("that of the side"), "what it wants; \"record\" starts from the side's range"),
    key("actors.ACTOR.worth.ISSUE.OPTION", Number(0.0, 100.0), "points", Else("that of the side"), "what an option is worth to it"),
    key("actors.ACTOR.salience.ISSUE", Number(0.0, 100.0), "points", Else("that of the side"), "how much the issue weighs for it"),
    key("actors.ACTOR.red_min.ISSUE", Position, "of the scale", Else("none"), "the least it accepts; \"record\" is what its entries of the kind say"),
    key("actors.ACTOR.red_max.ISSUE", Position, "of the scale", Else("none"), "the most it accepts; \"record\" is what its entries of the kind say"),
    key("actors.ACTOR.demand.ISSUE", OnScale, "of the scale", Else("none"), "what it asked for in public"),
    key("actors.ACTOR.audience", Number(0.0, f64::INFINITY), "per cent", Is("0"), "how much each point given up beyond a public demand costs on top"),
    key("actors.ACTOR.cost", Number(0.0, f64::INFINITY), "points of utility", Else("that of the side"), "what no deal costs it as long as it lasts"),
    key("actors.ACTOR.cost_later", Number(0.0, f64::INFINITY), "points of utility", Else("that of the side"), "what no deal costs it once it has lasted cost_days"),
    key("actors.ACTOR.cost_days", Number(1.0, 36500.0), "days", Else("that of the side"), "over how many days of the clock its cost of no deal moves to cost_later"),
    key("actors.ACTOR.without.ISSUE", OnScale, "of the scale", Else("that of the side"), "where no deal leaves the issue, as it has it"),
    key("actors.ACTOR.why", Text, "", Nothing, "a remark"),
    key("force.FORCE.name", Text, "", Else("the id"), "what it is called"),
    key("force.FORCE.choice", Flag, "", Required, "true: an option its owner may decline; false: a hazard nobody at the table controls"),
    key("force.FORCE.by", Id, "", Required, "the side that owns the option; the actor or side behind the hazard"),
    key("force.FORCE.on", Id, "", Required, "the side it is used against"),
    key("force.FORCE.wins", Number(0.0, 100.0), "%", RequiredOf("options"), "the chance that it is won"),
    key("force.FORCE.wins_joined", Number(0.0, 100.0), "%", Else("as wins"), "the same if an ally joins"),
    key("force.FORCE.if_won.ISSUE", OnScale, "of the scale", Else("what the owner's negotiator wants"), "where the issue ends if it is won"),
    key("force.FORCE.if_lost.ISSUE", OnScale, "of the scale", Else("what the target's negotiator wants"), "where the issue ends if it is lost"),
    key("force.FORCE.cost.SIDE", Number(0.0, f64::INFINITY), "points of utility, once", Is("0"), "what it costs a side"),
    key("force.FORCE.cost_joined.SIDE", Number(0.0, f64::INFINITY), "points of utility, once", Else("as cost"), "the same if an ally joins"),
    key("force.FORCE.joins.ACTOR", Number(0.0, 100.0), "%", Is("0"), "the chance that an ally joins"),
    key("force.FORCE.press", Number(0.0, f64::INFINITY), "a year", Is("0"), "how often it is used while credible and without a zone"),
    key("force.FORCE.hazard", Number(0.0, f64::INFINITY), "a year", RequiredOf("hazards"), "how often it happens"),
    key("force.FORCE.reacts", Number(0.0, 50.0), "exponent", Is("0"), "how strongly the prospect of a deal hastens it"),
    key("force.FORCE.after.ISSUE", OnScale, "of the scale", Else("now"), "where the issue ends afterwards"),
    key("force.FORCE.ends_talks", Flag, "", Is("true"), "whether it ends the talks; if not they go on from what it leaves, and no deal is worth less for its costs"),
    key("force.FORCE.why", Text, "", Nothing, "a remark"),
    key("promises.PROMISE.name", Text, "", Else("the id"), "what it is called"),
    key("promises.PROMISE.by", Id, "", Required, "the side that promises"),
    key("promises.PROMISE.to", Id, "", Required, "the side that relies on it"),
    key("promises.PROMISE.breaks", Number(0.0, f64::INFINITY), "a year", Required, "how often such a promise is broken"),
    key("promises.PROMISE.exposed", Number(0.0, f64::INFINITY), "points of utility, once", Is("10"), "what having signed costs the one betrayed"),
    key("promises.PROMISE.once", Flag, "", Is("false"), "whether a breach costs what `exposed` says once, and not for ever"),
    key("promises.PROMISE.reopens", Number(0.0, f64::INFINITY), "a year", Else("never"), "how often talks reopen after a breach that costs once, and end in the same terms"),
    key("promises.PROMISE.lasts", Number(0.01, 1000.0), "years", Else("for ever"), "how long the deal lasts unbroken, on average"),
    key("promises.PROMISE.secured_by", Id, "", Else("none"), "the issue whose upper end binds the promise"),
    key("promises.PROMISE.secures", Number(0.0, 100.0), "%", Is("100"), "how much of the risk the upper end removes"),
    key("promises.PROMISE.verified_by", Id, "", Else("none"), "the issue whose upper end is full inspection"),
    key("promises.PROMISE.gain", Number(0.0, 100.0), "points of utility", Is("10"), "what undetected cheating gains"),
    key("promises.PROMISE.loss", Number(0.0, 100.0), "points of utility", Is("20"), "what being caught loses"),
    key("promises.PROMISE.miss", Number(0.0, 99.0), "%", Is("10"), "the chance that an inspection misses a breach"),
    key("promises.PROMISE.sunk.ISSUE", Number(0.0, 100.0), "%", Is("0"), "how much of a concession cannot be taken back"),
    key("promises.PROMISE.why", Text, "", Nothing, "a remark"),
    key("texts.TEXT.name", Text, "", Else("the id"), "what the text is called"),
    key("texts.TEXT.why", Text, "", Nothing, "a remark"),
    key("texts.TEXT.ISSUE", OnScale, "of the scale", Else("now"), "what the text says on an issue"),
    key("partial.PARTIAL.name", Text, "", Else("the id"), "what the deal is called"),
    key("partial.PARTIAL.why", Text, "", Nothing, "a remark"),
    key("partial.PARTIAL.issues", Ids, "", Else("all"), "the issues it deals with; the others stay where they are"),
    key("partial.PARTIAL.sides", Ids, "", Else("all"), "the sides that strike it, two or more; the others stay out"),
    key("partial.PARTIAL.keeps", Number(0.0, 100.0), "%", Else("100"), "how much of each change comes about without what is left out"),
    key("partial.PARTIAL.relief", Number(0.0, 100.0), "%", Else("100"), "how much of the cost of no deal it ends"),
    key("calendar.ENTRY.name", Text, "", Else("the id"), "what it is called"),
    key("calendar.ENTRY.on", Day, "", Required, "the day"),
    key("calendar.ENTRY.kind", CalendarKind, "", Required, "the start of the talks, a round, or a deadline"),
    key("calendar.ENTRY.known", Day, "", Else("the start of the talks"), "when it was announced; an earlier forecast does not see it"),
    key("calendar.ENTRY.mediated", Flag, "", Is("false"), "of a start: whether a third party mediates"),
    key("calendar.ENTRY.holds", Number(0.0, 100.0), "%", Is("100"), "of a round: the chance that it takes place"),
    key("calendar.ENTRY.decides", Flag, "", Is("false"), "of a round: whether it is meant to decide; it then settles as the constant says"),
    key("calendar.ENTRY.days", Whole(1, 14), "days", Else("1"), "of a round meant to decide: over how many last days"),
    key("calendar.ENTRY.hard", Flag, "", Is("false"), "of a deadline: whether missing it ends something"),
    key("calendar.ENTRY.cost.SIDE", Number(0.0, f64::INFINITY), "points of utility, once", Else("0"), "of a hard deadline: what missing it costs a side"),
    key("calendar.ENTRY.after.ISSUE", OnScale, "of the scale", Else("now"), "of a hard deadline: where the issue stays without a deal after it"),
    key("calendar.ENTRY.ends", Flag, "", Else("false"), "of a hard deadline: whether it ends what is open"),
    key("calendar.ENTRY.settles", Number(0.0, 99.0), "%", Else("the constant"), "of a hard deadline or a round meant to decide: the least chance that it settles what is open and has a zone"),
    key("calendar.ENTRY.put_off", Number(0.0, 100.0), "%", Is("0"), "of a hard deadline with a price: the chance that it is put off"),
    key("calendar.ENTRY.binds", Id, "", Else("the text"), "of a hard deadline: the stage that must have been passed by then"),
    key("calendar.ENTRY.why", Text, "", Nothing, "a remark"),
    key("clock.class", ClassName, "", RequiredOf("cases with a clock but without rates"), "the class of past negotiations: crisis, mediated, formation-election, formation-other, strike, none, or a table beside the case"),
    key("clock.group", ClassName, "", Else("none"), "the group in a shipped class: the country of a formation, the gravity of a crisis"),
    key("clock.start", ClockDay, "", RequiredOf("cases with a clock"), "the day its clock began: trigger, first day of mediation, election or resignation, walk-out"),
    coefficient("clock.pool", POOL, "the weight of the structure against the class: 100 is the structure alone"),
    key("clock.rates.agreement.shape", Fixed(0.01, 20.0), "exponent", Nothing, "the hazard of agreement in place of a class: times·(days/scale)^shape by some day"),
    key("clock.rates.agreement.scale", Fixed(0.001, 1e9), "days", Nothing, "its scale"),
    key("clock.rates.agreement.times", Fixed(0.0, 1e6), "factor", Else("1"), "what the hazard is multiplied by"),
    key("clock.rates.agreement.to", Numbers, "days", Nothing, "in place of shape and scale: the last day of each rate but the last"),
    key("clock.rates.agreement.rates", Numbers, "a day", Nothing, "the rates, one more than in to"),
    key("clock.rates.other.shape", Fixed(0.01, 20.0), "exponent", Nothing, "the hazard of every other ending; none where nothing of it is written"),
    key("clock.rates.other.scale", Fixed(0.001, 1e9), "days", Nothing, "its scale"),
    key("clock.rates.other.times", Fixed(0.0, 1e6), "factor", Else("1"), "what the hazard is multiplied by"),
    key("clock.rates.other.to", Numbers, "days", Nothing, "in place of shape and scale: the last day of each rate but the last"),
    key("clock.rates.other.rates", Numbers, "a day", Nothing, "the rates, one more than in to"),
    key("stages.STAGE.name", Text, "", Else("the id"), "what the stage is called; the first is the text"),
    key("stages.STAGE.takes", Number(0.0, 300.0), "days", RequiredOf("stages after the text without a day"), "how long it takes from the stage before"),
    key("stages.STAGE.on", Day, "", Else("as takes says"), "the day it is decided, in place of takes"),
    key("stages.STAGE.passes", Number(0.0, 100.0), "%", Is("100"), "the chance that the text passes"),
    key("stages.STAGE.tries", Whole(1, 20), "tries", Is("1"), "how often it may be tried"),
    key("stages.STAGE.again", Number(0.0, 300.0), "days", Else("as takes"), "how long each later try takes"),
    key("stages.STAGE.why", Text, "", Nothing, "a remark"),
    coefficient("constants.zref", COEFFICIENTS[0], "the share of past cases that had a zone; by default that of the class"),
    coefficient("constants.gref", COEFFICIENTS[1], "the room of a typical case with a zone"),
    coefficient("constants.gamma", COEFFICIENTS[2], "how strongly room moves the rate"),
    coefficient("constants.chi", COEFFICIENTS[3], "how much faster talks without a zone end otherwise"),
    coefficient("constants.window", COEFFICIENTS[4], "how far ahead a spoiler looks"),
    coefficient("constants.breakdown", COEFFICIENTS[5], "the share of breakdown; by default that of the class"),
    coefficient("constants.suspension", COEFFICIENTS[6], "the share of suspension; by default that of the class"),
    coefficient("constants.interim", COEFFICIENTS[7], "the share of interim understandings; by default that of the class"),
    coefficient("constants.reopens", COEFFICIENTS[8], "the part of zref that the share with a zone never falls below"),
    coefficient("constants.settles", COEFFICIENTS[9], "the least chance that a deadline with a price settles what is open and has a zone"),
    coefficient("constants.decides", COEFFICIENTS[10], "the same of a round meant to decide"),
    coefficient("constants.paused", COEFFICIENTS[11], "what a suspension leaves of the rate of agreement"),
    key("constants.horizon", Whole(1, 3650), "days", Is("365"), "how far ahead the calendar runs"),
    key("model.grid", Grid, "% of each scale", Else("none: solved exactly; with alpha above 1 every 5 %"), "the only positions looked at on every issue, beside ideals, red lines, demands and now"),
    key("model.alpha", Fixed(1.0, 4.0), "exponent", Is("1"), "the exponent of distance in utility"),
    key("model.known_win_set", Flag, "", Is("false"), "whether a side bargains as the member whose consent completes its ratification"),
    key("model.noisy_signals", Flag, "", Is("true"), "whether offers fail for want of information"),
    key("model.fragmented_authority", Flag, "", Is("false"), "whether the others deal with whoever on a side gives them most"),
    key("model.priced_ratification", Flag, "", Is("false"), "whether offers are priced so that doubt about a side's ratifiers does not fail them"),
    key("model.public_values", Flag, "", Is("false"), "whether the sides know what a package is worth to each: people then strike the most equal one half of the time"),
    key("model.scrambled", Flag, "", Is("false"), "whether draws are scrambled Sobol' points, which need fewer of them for the same error, instead of independent"),
    key("together.GROUP.inputs", Paths, "", Required, "the inputs that move together, by their paths; one with - before it moves the other way"),
    key("together.GROUP.r", Number(0.0, 100.0), "% of a rank correlation", Else("100"), "how closely they move together: 0 is not at all, 100 is one draw"),
    key("together.GROUP.why", Text, "", Nothing, "a remark"),
    key("since.ENTRY.PATH", Leaf, "that of the path", Nothing, "what holds at PATH since the entry of the record was said and entered: any number or rule of sides, actors, issues, force, promises, calendar, clock, stages or constants"),
    key("notes.NOTE", Text, "", Nothing, "what an @reference to it says"),
];

/// The pattern of [`KEYS`] that a dotted path of a case follows.
///
/// # Errors
/// `None` for a path that is no key.
pub fn pattern(path: &str) -> Option<&'static Key> {
    if let Some((_, leaf)) = path.strip_prefix("since.").and_then(|rest| rest.split_once('.')) {
        let known = pattern(leaf).is_some_and(|key| key.kind.may_change());
        return KEYS.iter().find(|key| known && key.kind == Leaf);
    }
    KEYS.iter().find(|k| {
        let (mut pattern, mut parts) = (k.path.split('.'), path.split('.'));
        loop {
            match (pattern.next(), parts.next()) {
                (None, None) => return true,
                (Some(p), Some(part)) if p == part || is_id(p) => {}
                _ => return false,
            }
        }
    })
}

/// The row of a key in the table that a pattern names, such as `discount` in `sides.SIDE`.
pub(super) fn row(table: &str, key: &str) -> Option<&'static Key> {
    let length = if table.is_empty() { key.len() } else { table.len() + 1 + key.len() };
    let mut of_length = KEYS.iter().filter(|row| row.path.len() == length);
    of_length.find(|row| match table {
        "" => row.path == key,
        _ => row.path.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')) == Some(key),
    })
}

/// The values that hold by default, as the reader meets them where they are written.
static DEFAULTS: LazyLock<BTreeMap<&'static str, TomlNode>> = LazyLock::new(|| {
    let node = |text| TomlNode { at: WrittenAt::File(0..0), value: tree::value(text) };
    let given = KEYS.iter().filter_map(|key| match key.default {
        Is(text) => Some((key.path, node(text))),
        Required | RequiredOf(_) | Else(_) | Nothing => None,
    });
    given.collect()
});

impl Key {
    /// The value that holds by default.
    pub(super) fn default_node(&self) -> Option<&'static TomlNode> {
        DEFAULTS.get(self.path)
    }

    /// The same, as the distribution it is.
    pub(super) fn default_dist(&self) -> Option<Dist> {
        let Is(text) = self.default else { return None };
        number::dist(text)
    }

    /// The two ends of the numbers it takes, if it has its own.
    pub(super) fn ends(&self) -> Option<(f64, f64)> {
        match self.kind {
            Number(lo, hi) | Fixed(lo, hi) => Some((lo, hi)),
            Whole(lo, hi) => Some((f64::from(lo), f64::from(hi))),
            _ => None,
        }
    }
}

/// Whether a word of a pattern stands for an id.
pub(super) fn is_id(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_uppercase())
}

impl KeyKind {
    /// Whether an entry of the record may change it: numbers and rules may, and the class and its clock.
    pub fn may_change(self) -> bool {
        matches!(self, Number(..) | OnScale | Position | Rule | ClassName | ClockDay)
    }

    /// What may be written, in words.
    pub fn takes(self) -> String {
        let among = |words: &[&str]| words.join(", ");
        match self {
            Version => "1".to_owned(),
            Text => "text".to_owned(),
            Day => "a day".to_owned(),
            Flag => "true or false".to_owned(),
            Id => "an id".to_owned(),
            Rule => "a rule, or a list of [rule, share]".to_owned(),
            Number(lo, hi) if hi.is_infinite() => format!("number, from {lo}"),
            Number(lo, hi) => format!("number, {lo} to {hi}"),
            OnScale => "number, on the scale".to_owned(),
            Position => "number, on the scale, or \"record\"".to_owned(),
            Fixed(lo, hi) => format!("plain number, {lo} to {hi}"),
            Whole(lo, hi) => format!("whole number, {lo} to {hi}"),
            KeyKind::Role => among(&winset_model::case::Role::ALL.map(Role::name)),
            CalendarKind => among(&CALENDAR),
            Endings => format!("a list of {}", among(&Ending::ALL.map(Ending::name))),
            Scale => "two numbers".to_owned(),
            Marks => "a list of [position, text]".to_owned(),
            Grid => "a list of numbers, 0 to 100".to_owned(),
            ClassName => "a name".to_owned(),
            ClockDay => "a day".to_owned(),
            Numbers => "a list of numbers".to_owned(),
            Paths => "a list of paths".to_owned(),
            Options => "a list of ids, or of [id, name]".to_owned(),
            Ids => "a list of ids".to_owned(),
            Leaf => "what PATH takes".to_owned(),
        }
    }

    /// The JSON schema of what may be written.
    fn schema(self) -> Value {
        let number = |lo: f64, hi: f64| {
            let mut plain = json!({ "type": "number", "minimum": lo });
            if hi.is_finite() {
                plain["maximum"] = json!(hi);
            }
            json!({ "anyOf": [plain, { "type": "string", "minLength": 1 }] })
        };
        match self {
            Version => json!({ "const": 1 }),
            Text | ClassName => json!({ "type": "string" }),
            Day | ClockDay => json!({ "type": "string", "format": "date" }),
            Numbers => json!({ "type": "array", "items": { "type": "number", "minimum": 0 } }),
            Paths => json!({ "type": "array", "items": { "type": "string", "minLength": 1 } }),
            Ids => {
                json!({ "type": "array", "minItems": 1, "items": { "type": "string", "pattern": ID } })
            }
            Options => {
                json!({ "type": "array", "minItems": 2, "maxItems": 16, "items": { "anyOf": [
                { "type": "string", "pattern": ID },
                {
                    "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }],
                    "minItems": 2, "maxItems": 2
                }
            ] } })
            }
            Flag => json!({ "type": "boolean" }),
            Id => json!({ "type": "string", "pattern": ID }),
            Rule => json!({ "anyOf": [{ "type": "string", "minLength": 1 }, {
                "type": "array", "minItems": 1, "maxItems": 16, "items": {
                    "type": "array",
                    "prefixItems": [{ "type": "string" }, { "type": "number" }],
                    "minItems": 2, "maxItems": 2
                }
            }] }),
            Number(lo, hi) => number(lo, hi),
            OnScale | Position => {
                json!({ "anyOf": [{ "type": "number" }, { "type": "string", "minLength": 1 }] })
            }
            Fixed(lo, hi) => json!({ "type": "number", "minimum": lo, "maximum": hi }),
            Whole(lo, hi) => json!({ "type": "integer", "minimum": lo, "maximum": hi }),
            KeyKind::Role => json!({ "enum": winset_model::case::Role::ALL.map(Role::name) }),
            CalendarKind => json!({ "enum": CALENDAR }),
            Endings => {
                json!({ "type": "array", "items": { "enum": Ending::ALL.map(Ending::name) } })
            }
            Scale => json!({
                "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2
            }),
            Marks => json!({ "type": "array", "items": {
                "type": "array",
                "prefixItems": [{ "type": "number" }, { "type": "string" }],
                "minItems": 2, "maxItems": 2
            } }),
            Grid => json!({
                "type": "array", "items": { "type": "number", "minimum": 0, "maximum": 100 }
            }),
            Leaf => json!({ "anyOf": [
                { "type": "number" }, { "type": "string", "minLength": 1 }
            ] }),
        }
    }
}

/// The kinds of calendar entries.
pub(super) const CALENDAR: [&str; 3] = ["start", "round", "deadline"];

/// The pattern of an id.
const ID: &str = "^[a-z][a-z0-9-]*$";

/// The JSON schema of `case.toml`, for editors that complete TOML.
pub fn schema() -> Value {
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A case of winset",
        "type": "object",
    });
    let mut since = json!({ "type": "object" });
    for key in KEYS.iter().filter(|key| key.kind != Leaf) {
        let words: Vec<&str> = key.path.split('.').collect();
        let mut leaf = key.kind.schema();
        leaf["description"] = json!(key.meaning);
        if key.kind.may_change() {
            place(&mut since, &words, key, leaf.clone());
        }
        place(&mut root, &words, key, leaf);
    }
    let meaning = KEYS.iter().find(|key| key.kind == Leaf).map(|key| key.meaning);
    root["properties"]["since"] = json!({
        "type": "object", "description": meaning, "additionalProperties": since,
    });
    root
}

/// Puts a leaf at a path, making the objects on the way.
fn place(object: &mut Value, words: &[&str], key: &Key, leaf: Value) {
    let Some((word, rest)) = words.split_first() else { return };
    let (group, name) = match is_id(word) {
        // Notes may be called anything.
        true if key.path.starts_with("notes.") => ("additionalProperties", None),
        true => ("patternProperties", Some(ID)),
        false => ("properties", Some(*word)),
    };
    if object.get("additionalProperties").is_none() {
        object["additionalProperties"] = json!(false);
    }
    let slot = match name {
        None => {
            object[group] = leaf;
            return;
        }
        Some(name) => {
            if object.get(group).is_none() {
                object[group] = Value::Object(Map::new());
            }
            &mut object[group][name]
        }
    };
    if rest.is_empty() {
        *slot = leaf;
        // Only where every case has the table: what is required of some is left to the reader.
        let everywhere = words.len() == 1 && !key.path.contains(char::is_uppercase);
        if key.default == Required && everywhere {
            let list = object["required"].as_array().cloned().unwrap_or_default();
            let list = list.into_iter().chain([json!(word)]).collect();
            object["required"] = Value::Array(list);
        }
    } else {
        if slot.is_null() {
            *slot = json!({ "type": "object" });
        }
        place(slot, rest, key, leaf);
    }
}

/// The page that lists every key.
pub fn page() -> String {
    let mut page = String::from(
        "# The keys of a case\n\nWritten by `cargo xtask gen` from the table that the reader is \
         tested against. Words in capitals stand\nfor ids of your own. A *number* is a plain \
         number, a range, a distribution, each with references to what\nit rests on; see \
         [Write a case](../guide/case.md). The same table as a JSON schema, for editors:\n\
         [case.schema.json](case.schema.json).\n",
    );
    let mut section = "";
    for key in KEYS {
        let head = match key.path.split_once('.') {
            Some((head, _)) => head,
            None => "the first lines",
        };
        if head != section {
            section = head;
            let title =
                if key.path.contains('.') { format!("`[{head}]`") } else { head.to_owned() };
            page.push_str(&format!(
                "\n## {title}\n\n| key | takes | unit | default | meaning |\n|---|---|---|---|---|\n"
            ));
        }
        let default = match key.default {
            Required => "**required**".to_owned(),
            other => other.to_string(),
        };
        page.push_str(&format!(
            "| `{}` | {} | {} | {default} | {} |\n",
            key.path,
            key.kind.takes(),
            key.unit,
            key.meaning
        ));
    }
    page
}
