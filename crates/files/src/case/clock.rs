//! The class of past negotiations, the stages of a text, and what the record says of both.

use std::sync::LazyLock;

use winset_model::case::{
    CalendarEntry, CalendarKind, CaseClass, CaseClock, Constants, Stage, StageStart, TextPassed,
};
use winset_model::class::risk::Risk;
use winset_model::class::{PastCounts, ReferenceClass, UNKNOWN_SPLIT};
use winset_model::clock::lanes::FactorLaw;
use winset_model::record::{RecordEntry, TalksTurn};
use winset_model::uncertain::Dist;

use super::read::{CaseReader, Entries, KeyTable};
use super::tree::{TomlNode, Value, WrittenAt};
use crate::class::{SHIPPED, ShippedClass, read_table, shipped};
use crate::diagnostic::{Findings, suggest};

/// How far either side of a split its range goes, points. Judgement.
const SPLIT_RANGE: f64 = 10.0;

/// The name of no class: where none fits.
const NONE: &str = "none";

/// What of the constants a class says.
pub(super) struct ClassDefaults {
    /// The share of past cases with a zone; none where the rates are given.
    pub(super) zref: Option<Dist>,
    /// Breakdown, suspension, interim.
    pub(super) split: [Dist; 3],
}

/// The shipped classes, read once.
static CLASSES: LazyLock<Vec<ShippedClass>> =
    LazyLock::new(|| SHIPPED.iter().filter_map(|(name, _)| shipped(name)).collect());

fn split(shares: [f64; 3]) -> [Dist; 3] {
    if shares == UNKNOWN_SPLIT {
        // What nothing is known of has the wider range.
        return shares.map(|x| Dist::TwoPiece(0.5 * x, x, 1.5 * x));
    }
    shares.map(|x| Dist::TwoPiece((x - SPLIT_RANGE).max(0.0), x, (x + SPLIT_RANGE).min(100.0)))
}

/// A class by its numbers, in a group it may have.
fn class_of(name: &str, group: Option<&str>, class: &ReferenceClass, named: bool) -> CaseClass {
    let found = group.and_then(|group| class.group(group));
    let agreed = class.counts.agreed as u64;
    CaseClass {
        name: name.to_owned(),
        group: found.map(|group| group.name.clone()),
        counts: class.counts,
        agreement: class.agreement_in(group),
        other: class.other.clone(),
        factors: [
            FactorLaw::agreement(agreed, found.map(|group| group.agreed as u64)),
            FactorLaw::other(class.counts.others as u64),
        ],
        named,
    }
}

fn defaults_of(class: &ReferenceClass) -> ClassDefaults {
    let [lo, mode, hi] = class.zref;
    ClassDefaults { zref: Some(Dist::TwoPiece(lo, mode, hi)), split: split(class.split) }
}

impl CaseReader<'_> {
    /// The clock of the case, and what its class says of the constants.
    pub(super) fn clock(
        &mut self,
        node: Option<&TomlNode>,
        calendar: &[CalendarEntry],
    ) -> (CaseClock, ClassDefaults) {
        let started = calendar.iter().find_map(|e| match e.kind {
            CalendarKind::Start { mediated } => Some((e.on, mediated)),
            _ => None,
        });
        let empty = TomlNode::empty_table(WrittenAt::File(0..0));
        let at = node.map_or(WrittenAt::File(0..0), |node| node.at.clone());
        let mut t = self.table(node.unwrap_or(&empty), "clock", "clock");
        let as_of = self.as_of;
        let (class, defaults, start) = match node {
            Some(_) => {
                let hint = "the day the clock of the class began: `start = 2025-04-12`";
                self.required(&mut t, &at, "start", hint);
                let start = self.day(&mut t, "start");
                self.starts(&t, start, started.map(|s| s.0));
                let (class, defaults) = self.class(&mut t, &at);
                (class, defaults, start.unwrap_or(as_of))
            }
            None => {
                let (start, mediated) = started.unwrap_or((as_of, false));
                let name = if mediated { "mediated" } else { "crisis" };
                let (class, defaults) = self.shipped_class(name, None, false);
                (class, defaults, start)
            }
        };
        let pool = if class.name == NONE {
            t.know(&["pool"]);
            let hint = "a class of past negotiations is what the structure is weighed against";
            self.idle(&t, "pool", "is not read: the class is `none`", hint);
            self.push("clock.pool".to_owned(), Dist::Point(100.0), (0.0, 100.0), Vec::new(), false)
        } else {
            self.number_of(&mut t, "pool")
        };
        self.finish(&t);
        let mut clock = CaseClock {
            class,
            start,
            pool,
            moved: self.beside.moved,
            failed: Vec::new(),
            suspended: false,
            passed: None,
        };
        self.turns(&mut clock);
        (clock, defaults)
    }

    /// Whether the clock starts on a day the case can be told from.
    fn starts(
        &mut self,
        t: &KeyTable<'_>,
        start: Option<winset_model::case::Day>,
        talks: Option<winset_model::case::Day>,
    ) {
        let Some(start) = start else { return };
        let at = t.place(&["start"], &WrittenAt::File(0..0));
        if let Some(own) = self.own_day.filter(|own| start > *own) {
            let message =
                format!("the clock starts on {start}, after the day the case is told from, {own}");
            let hint =
                "the clock starts with the trigger, the mediation, the election or the walk-out"
                    .to_owned();
            self.error("clock-start", &at, message, Some(hint)).about("clock.start");
        } else if let Some(talks) = talks.filter(|talks| *talks != start) {
            let message =
                format!("the clock starts on {start}, and the calendar's start is on {talks}");
            let hint = "the clock counts; `kind = \"start\"` is not needed beside it".to_owned();
            self.warning("two-starts", &at, message, Some(hint)).about("clock.start");
        }
    }

    /// The class that the table names, or its rates.
    fn class(&mut self, t: &mut KeyTable<'_>, at: &WrittenAt) -> (CaseClass, ClassDefaults) {
        let group = self.text_of(t, "group");
        if let Some(node) = t.get("rates") {
            let mut both = false;
            for key in ["class", "group"] {
                if let Some(other) = t.get(key) {
                    let message = format!("`clock.{key}` beside `[clock.rates]`");
                    let hint = "a class, or rates of your own: not both".to_owned();
                    self.error("clock", &other.at, message, Some(hint));
                    both = true;
                }
            }
            let given = self.rates(node);
            // With a class as well its share stands in for the one that rates ask for.
            return if both { self.shipped_class("crisis", None, true) } else { given };
        }
        let known = SHIPPED.iter().map(|(name, _)| *name).chain([NONE]);
        let hint = format!(
            "one of: {}, or a table beside the case",
            known.clone().collect::<Vec<_>>().join(", ")
        );
        let node = self.required(t, at, "class", &hint);
        let name = node.and_then(|_| self.text_of(t, "class"));
        let Some((node, name)) = node.zip(name) else {
            return self.shipped_class("crisis", None, false);
        };
        if name.ends_with(".csv") {
            if let Some(other) = t.get("group") {
                let message = "an own table has no groups".to_owned();
                let hint = "leave `group` out, or keep only the rows of the group".to_owned();
                self.error("group", &other.at, message, Some(hint));
            }
            return self.own_table(node, &name);
        }
        if !known.clone().any(|shipped| shipped == name) {
            let hint = suggest(&name, known).or(Some(hint));
            let message = format!("`{name}` is not a class of past negotiations");
            self.error("class", &node.at, message, hint);
            return self.shipped_class("crisis", None, false);
        }
        let (mut class, defaults) = self.shipped_class(&name, group.as_deref(), true);
        if let (Some(group), Some(node)) = (&group, t.get("group"))
            && class.group.is_none()
        {
            let shipped = CLASSES.iter().find(|c| c.name == name);
            let groups = shipped.and_then(|c| c.class.grouped.as_ref());
            let names: Vec<&str> = groups
                .map_or_else(Vec::new, |g| g.groups.iter().map(|g| g.name.as_str()).collect());
            let message = format!("the class `{name}` has no group `{group}`: priced without it");
            let hint = match names.is_empty() {
                true => Some("this class has no groups".to_owned()),
                false => suggest(group, names.iter().copied())
                    .or_else(|| Some(format!("one of: {}", names.join(", ")))),
            };
            self.warning("group", &node.at, message, hint).about("clock.group");
        }
        class.named = true;
        (class, defaults)
    }

    /// A shipped class; `none` has the numbers of mediated talks.
    fn shipped_class(
        &mut self,
        name: &str,
        group: Option<&str>,
        named: bool,
    ) -> (CaseClass, ClassDefaults) {
        let numbers = if name == NONE { "mediated" } else { name };
        match CLASSES.iter().find(|class| class.name == numbers) {
            Some(found) => (class_of(name, group, &found.class, named), defaults_of(&found.class)),
            None => (
                rated(name, Risk::Steps { to: vec![], rates: vec![0.0], times: 1.0 }, None),
                ClassDefaults { zref: None, split: split(UNKNOWN_SPLIT) },
            ),
        }
    }

    /// The class of a table beside the case, as it is seen on the day the case is told from.
    fn own_table(&mut self, node: &TomlNode, name: &str) -> (CaseClass, ClassDefaults) {
        let Some((_, source)) = self.beside.tables.iter().find(|(known, _)| known == name) else {
            let message = format!("there is no table `{name}` beside the case");
            let hint = "a CSV with `start,end,ending` or `days,ending` in the folder of the case"
                .to_owned();
            self.error("class", &node.at, message, Some(hint));
            return self.shipped_class("crisis", None, true);
        };
        let mut found = Findings::default();
        let table = read_table(source, &mut found);
        let class = table.and_then(|table| table.fit(&source.name, Some(self.as_of), &mut found));
        self.findings.list.append(&mut found.list);
        match class {
            Some(class) => (class_of(name, None, &class, true), defaults_of(&class)),
            None => self.shipped_class("crisis", None, true),
        }
    }

    /// Rates that are given, exact as written.
    fn rates(&mut self, node: &TomlNode) -> (CaseClass, ClassDefaults) {
        let mut t = self.table(node, "clock.rates", "clock.rates");
        let hint =
            "`agreement = { shape = 1.06, scale = 440 }`, or `{ to = [30], rates = [.01, .02] }`";
        self.required(&mut t, &node.at, "agreement", hint);
        let agreement =
            t.get("agreement").and_then(|node| self.risk(node, "clock.rates.agreement"));
        let other = t.get("other").and_then(|node| self.risk(node, "clock.rates.other"));
        self.finish(&t);
        let never = Risk::Steps { to: vec![], rates: vec![0.0], times: 1.0 };
        let class = rated("rates", agreement.unwrap_or(never), other);
        (class, ClassDefaults { zref: None, split: split(UNKNOWN_SPLIT) })
    }

    fn risk(&mut self, node: &TomlNode, path: &'static str) -> Option<Risk> {
        let mut t = self.table(node, path, path);
        let number = |node: Option<&TomlNode>| match node.map(|node| &node.value) {
            Some(Value::Number(x)) if x.is_finite() && *x >= 0.0 => Some(*x),
            _ => None,
        };
        let numbers = |node: Option<&TomlNode>| match node.map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().map(|item| number(Some(item))).collect(),
            _ => None,
        };
        let times = if t.has("times") { number(t.get("times")) } else { Some(1.0) };
        let (shape, scale) = (number(t.get("shape")), number(t.get("scale")));
        let to: Option<Vec<f64>> = numbers(t.get("to"));
        let rates: Option<Vec<f64>> = numbers(t.get("rates"));
        let (weibull, steps) = (t.has("shape") || t.has("scale"), t.has("to") || t.has("rates"));
        t.know(&["times"]);
        self.finish(&t);
        let rising = |to: &[f64]| to.windows(2).all(|w| w[0] < w[1]);
        let risk = match (weibull, steps, times) {
            (true, false, Some(times)) => shape
                .zip(scale)
                .filter(|(p, b)| *p > 0.0 && *b > 0.0)
                .map(|(shape, scale)| Risk::Weibull { shape, scale, times }),
            (false, true, Some(times)) => to
                .zip(rates)
                .filter(|(to, rates)| rates.len() == to.len() + 1 && rising(to))
                .map(|(to, rates)| Risk::Steps { to, rates, times }),
            _ => None,
        };
        if risk.is_none() {
            let message = format!("`{path}` is no hazard");
            let hint = "`{ shape = 1.06, scale = 440 }`, or `{ to = [30, 90], rates = [.009, .005, .003] }` with one rate more; both take `times`".to_owned();
            self.error("rates", &node.at, message, Some(hint));
        }
        risk
    }

    /// Other endings divide somehow, where the class has any.
    pub(super) fn splits(&mut self, constants: &Constants, clock: &CaseClock, at: &WrittenAt) {
        let shares = [constants.breakdown, constants.suspension, constants.interim];
        let zero = |id: &winset_model::case::InputId| matches!(self.inputs[id.0].dist, Dist::Point(x) if x <= 0.0);
        if clock.class.other.is_some() && shares.iter().all(zero) {
            let message = "`breakdown`, `suspension` and `interim` are all 0, but the class has other endings";
            let hint = "say how they divide: per cents, such as 40, 40 and 20".to_owned();
            self.error("splits", at, message.to_owned(), Some(hint)).about("constants.breakdown");
        }
    }

    /// The stages a text has to pass, in the order of the file.
    pub(super) fn stages(
        &mut self,
        entries: Entries<'_>,
        calendar: &[CalendarEntry],
        dates: Entries<'_>,
    ) -> Vec<Stage> {
        let mut stages = Vec::new();
        for (k, (id, at, node)) in entries.iter().enumerate() {
            self.id(id, at, "a stage");
            let mut t = self.table(node, &format!("stages.{id}"), "stages.STAGE");
            let name = self.name(&mut t, id);
            let stage = if k == 0 {
                let first = StageStart::Takes(Dist::Point(0.0));
                let passes = Dist::Point(100.0);
                Stage { id: id.clone(), name, first, again: None, passes, tries: 1 }
            } else {
                self.later_stage(&mut t, id, name, at)
            };
            self.why(&mut t);
            self.finish(&t);
            stages.push(stage);
        }
        for entry in calendar {
            let CalendarKind::Deadline { binds: Some(binds), .. } = entry.kind else { continue };
            for stage in stages.iter().take(binds + 1) {
                let StageStart::On(day) = stage.first else { continue };
                if day <= entry.on {
                    continue;
                }
                let found = dates.iter().find(|(id, _, _)| *id == entry.id);
                let at = found.map_or(WrittenAt::File(0..0), |(_, at, _)| at.clone());
                let message = format!(
                    "`stages.{}` is decided on {day}, after the deadline `calendar.{}` that binds it",
                    stage.id, entry.id
                );
                let hint = "bind an earlier stage, or correct one of the two days".to_owned();
                self.error("stage-day", &at, message, Some(hint))
                    .about(format!("stages.{}.on", stage.id));
            }
        }
        stages
    }

    fn later_stage(
        &mut self,
        t: &mut KeyTable<'_>,
        id: &str,
        name: String,
        at: &WrittenAt,
    ) -> Stage {
        let on = self.day(t, "on");
        if let Some(takes) = t.get("takes").filter(|_| t.has("on")) {
            let message = format!("`stages.{id}` has both `on` and `takes`");
            let hint = "a fixed day, or days from the stage before".to_owned();
            self.error("stage-day", &takes.at, message, Some(hint));
        } else if !t.has("on") {
            let hint = "days from the stage before: `takes = \"3..4..8\"`, or a fixed day `on`";
            self.required(t, at, "takes", hint);
        }
        let takes = self.law(t, "takes");
        let again = self.law(t, "again");
        let passes = self.law(t, "passes").unwrap_or(Dist::Point(100.0));
        let tries = self.plain_number(
            t,
            "tries",
            |x| x.fract() == 0.0,
            |t| {
                let (lo, hi) = t.ends("tries");
                ("is not a number of tries".to_owned(), format!("a whole number from {lo} to {hi}"))
            },
        );
        let refused = self.seen().iter().any(|e| match e.turn {
            Some(TalksTurn::Refused(stage)) => self.stage_id(stage) == Some(id),
            _ => false,
        });
        if t.has("on") && !t.has("again") && (tries > 1.0 || refused) {
            let message = format!("`stages.{id}` on a fixed day needs `again`");
            let hint = match refused {
                true => "the record has a refusal: how long does the next try take?",
                false => "how long does each later try take? `again = \"20..30..50\"`",
            };
            self.error("stage-again", at, message, Some(hint.to_owned())).about(t.path_of("again"));
        }
        let first = match (on, takes) {
            (Some(day), _) => StageStart::On(day),
            (None, Some(law)) => StageStart::Takes(law),
            (None, None) => StageStart::Takes(Dist::Point(0.0)),
        };
        Stage { id: id.to_owned(), name, first, again, passes, tries: tries as u32 }
    }

    /// A law that is integrated inside the draw, and so no input.
    fn law(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> Option<Dist> {
        let before = self.inputs.len();
        let id = self.optional_number(t, key)?;
        let dist = self.inputs[id.0].dist.clone();
        self.inputs.truncate(before);
        Some(dist)
    }

    /// The entries of the record that the telling sees.
    fn seen(&self) -> Vec<&RecordEntry> {
        let hidden = &self.beside.hidden.entries;
        let all = self.record.map_or_else(Vec::new, |r| r.as_of(self.as_of).collect());
        all.into_iter().filter(|e: &&RecordEntry| !hidden.contains(&e.id)).collect()
    }

    /// What the record says of how the talks and their text have gone on.
    fn turns(&mut self, clock: &mut CaseClock) {
        let mut seen = self.seen();
        seen.sort_by_key(|e| e.said.latest);
        let passed = seen.iter().filter_map(|e| match e.turn {
            Some(TalksTurn::Passed(stage)) => Some((stage, e.said.latest)),
            _ => None,
        });
        // Of one stage the day it was first said to be passed.
        let passed = passed.fold(None, |last: Option<(usize, _)>, (stage, day)| match last {
            Some((known, on)) if known >= stage => Some((known, on)),
            _ => Some((stage, day)),
        });
        clock.passed = passed.map(|(stage, on)| {
            let refused: Vec<_> = seen
                .iter()
                .filter(|e| e.turn == Some(TalksTurn::Refused(stage + 1)))
                .map(|e| e.said.latest)
                .collect();
            let last = refused.iter().copied().max().unwrap_or(on);
            TextPassed { stage, on, failed: refused.len() as u32, last }
        });
        for entry in &seen {
            match entry.turn {
                Some(TalksTurn::Suspended) => clock.suspended = true,
                Some(TalksTurn::Resumed) => clock.suspended = false,
                Some(TalksTurn::Failed(rounds)) => clock.failed.push((entry.said.latest, rounds)),
                _ => {}
            }
        }
    }

    fn stage_id(&self, stage: usize) -> Option<&str> {
        self.stage_ids().get(stage).copied()
    }

    fn stage_ids(&self) -> Vec<&str> {
        match self.root().child("stages").map(|node| &node.value) {
            Some(Value::Table(entries)) => entries.iter().map(|(id, _, _)| id.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A class that is given by its rates: no past cases, nothing that could vary.
fn rated(name: &str, agreement: Risk, other: Option<Risk>) -> CaseClass {
    CaseClass {
        name: name.to_owned(),
        group: None,
        counts: PastCounts::default(),
        agreement,
        other,
        factors: [FactorLaw::ONE; 2],
        named: true,
    }
}
