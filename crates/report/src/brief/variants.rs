//! The case otherwise: other theories, dropped assumptions, and what can be seen, each on the same
//! random numbers as the case as it is.

use std::sync::atomic::AtomicBool;

use serde::Serialize;
use winset_model::case::{CalendarKind, Case, ForceKind, Input, Seat};
use winset_model::effort::Effort;
use winset_model::explain::{HeldColumns, HeldInputs, held, stages};
use winset_model::forecast::{
    Forecast, Frame, KeptRooms, OddsEstimate, References, Run, answers_beside,
};

use super::Settings;
use crate::forecast::sections::placed;
use crate::names::Names;

/// Another theory, or an assumption dropped.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Alternative {
    /// In words, as a clause: `if the parties knew each other's limits`.
    pub what: String,
    /// `theory`, `assumption` or `reference`.
    pub kind: &'static str,
    /// The answer then.
    pub p: f64,
    /// The answer then less the answer as it is, on the same draws.
    pub effect: f64,
    /// The Monte Carlo standard error of that.
    pub effect_error: f64,
    /// Where it comes from.
    pub source: String,
}

/// Something that can be seen, and how far it would move the answer.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Indicator {
    /// What is seen.
    pub what: String,
    /// When, if it is dated.
    pub on: Option<String>,
    /// The answer if it is seen.
    pub seen: f64,
    /// What its absence or contrary is.
    pub contrary: String,
    /// The answer then; `None` where nothing is asked of it.
    pub unseen: f64,
    /// The larger of the two changes, with its sign.
    pub moves: f64,
    /// The Monte Carlo standard error of that.
    pub moves_error: f64,
}

/// The answer of a variant.
#[derive(Clone, Copy)]
struct Variant {
    p: f64,
    /// What it adds to the answer as it is, and the error of that.
    effect: (f64, f64),
}

/// Effects below this are not worth a row.
const WORTH: f64 = 0.0005;

/// A case and how its variants are run.
pub(super) struct Compare<'a> {
    case: &'a Case,
    run: Run,
    effort: Effort<'a>,
    /// What the draws of earlier variants came to.
    rooms: KeptRooms,
    /// The answer on all draws, with its error: what a difference is added to, so that every P is beside the
    /// same one.
    answer: OddsEstimate,
}

impl<'a> Compare<'a> {
    pub(super) fn new(
        case: &'a Case,
        forecast: &Forecast,
        settings: &Settings,
        stop: &'a AtomicBool,
    ) -> Self {
        let draws = 0..settings.compared.max(1);
        let run = Run { seed: forecast.seed, draws };
        let effort = Effort::silent(settings.threads, stop);
        let (rooms, answer) = (KeptRooms::new(run.draws.end), forecast.answer.odds);
        Self { case, run, effort, rooms, answer }
    }

    /// Draws of each variant at most.
    pub(super) fn draws(&self) -> u64 {
        self.run.draws.end - self.run.draws.start
    }

    /// The answer of a variant, by what it says beside the case on as many of the compared draws as its
    /// error asks for; `None` if it was stopped.
    fn answer(&self, case: &Case) -> Option<Variant> {
        for draws in stages(self.draws()) {
            let of = |case| self.values(case, draws);
            let columns = HeldColumns { before: of(self.case)?, after: vec![of(case)?] };
            if draws == self.draws() || columns.is_fine() {
                return Some(self.read(&columns));
            }
        }
        None
    }

    /// What the first draws say of the answer of a case.
    fn values(&self, case: &Case, draws: u64) -> Option<Vec<f64>> {
        let run = Run { draws: 0..draws, ..self.run.clone() };
        let calendars = [&case.calendar[..]];
        answers_beside(case, &calendars, &run, &self.rooms, self.effort)?.pop()
    }

    /// What some columns say of their first change.
    fn read(&self, columns: &HeldColumns) -> Variant {
        let base = (self.answer.p, self.answer.mcse);
        let (p, _) = columns.answer(0, base);
        Variant { p, effect: (p - self.answer.p, columns.change(0, base).1) }
    }

    /// A forecast that asks nothing of the draws: its difference has the error of the answer.
    fn apart(&self, p: f64) -> Variant {
        Variant { p, effect: (p - self.answer.p, self.answer.mcse) }
    }

    fn changed(&self, change: impl FnOnce(&mut Case)) -> Option<Variant> {
        let mut case = self.case.clone();
        change(&mut case);
        self.answer(&case)
    }

    /// An input held at a value within its range; nothing where the case has no such input.
    fn at(&self, path: &str, value: f64) -> HeldInputs {
        let inputs = self.case.inputs.iter().enumerate().filter(|(_, input)| input.path == path);
        inputs.map(|(k, input)| (k, value.clamp(input.scale.0, input.scale.1))).collect()
    }

    /// The answer with inputs held at values, for each of many changes; `None` if it was stopped.
    fn held(&self, changes: &[HeldInputs]) -> Vec<Option<Variant>> {
        let groups: Vec<Vec<HeldInputs>> = changes.iter().map(|c| vec![c.clone()]).collect();
        let run = (self.draws(), self.run.seed);
        let found = held(&Frame::new(self.case), &groups, run, self.effort);
        match found.filter(|_| !self.effort.stopped()) {
            Some(columns) => columns.iter().map(|c| Some(self.read(c))).collect(),
            None => vec![None; changes.len()],
        }
    }

    fn input(&self, path: &str) -> Option<&Input> {
        self.case.inputs.iter().find(|i| i.path == path)
    }

    fn alternative(
        &self,
        kind: &'static str,
        what: String,
        source: &str,
        variant: Option<Variant>,
    ) -> Option<Alternative> {
        let Variant { p, effect: (effect, effect_error) } = variant?;
        Some(Alternative { what, kind, p, effect, effect_error, source: source.to_owned() })
    }
}

/// A switch of contested theory.
struct Theory {
    holds: fn(&Case) -> bool,
    set: fn(&mut Case, bool),
    /// The row where the switch is turned on, and where it is turned off.
    with: &'static str,
    without: &'static str,
    source: &'static str,
}

fn seat(case: &mut Case, seat: Seat, taken: bool) {
    case.switches.seat = if taken { seat } else { Seat::Negotiator };
}

const THEORIES: [Theory; 4] = [
    Theory {
        holds: |case| case.switches.noisy_signals,
        set: |case, on| case.switches.noisy_signals = on,
        with: "offers failing for want of information",
        without: "every side knowing what the other can accept",
        source: "Fearon 1995; Tarar 2001",
    },
    Theory {
        holds: |case| case.switches.seat == Seat::Pivotal,
        set: |case, on| seat(case, Seat::Pivotal, on),
        with: "each side bargaining as the member who decides at home",
        without: "each side bargaining as its negotiator, whoever decides at home",
        source: "Schelling 1960; Putnam 1988",
    },
    Theory {
        holds: |case| case.switches.seat == Seat::Willing,
        set: |case, on| seat(case, Seat::Willing, on),
        with: "each side dealing with whoever on the other gives it most",
        without: "each side dealing with the other’s negotiator alone",
        source: "Posner, Spier & Vermeule 2010; Cunningham 2011",
    },
    Theory {
        holds: |case| case.switches.priced_ratification,
        set: |case, on| case.switches.priced_ratification = on,
        with: "offers generous enough for the doubt about the other’s home",
        without: "offers that take no account of the doubt about the other’s home",
        source: "Iida 1996",
    },
];

/// Each contested theory the model can switch, each assumption it can do without, and the forecasts
/// that know nothing of the parties.
pub(super) fn alternatives(c: &Compare<'_>, names: &Names<'_>, r: &References) -> Vec<Alternative> {
    let case = c.case;
    let mut rows = Vec::new();
    if case.sides.iter().filter(|side| side.negotiator.is_some()).count() > 1 {
        for theory in &THEORIES {
            let on = (theory.holds)(case);
            let what = if on { theory.without } else { theory.with };
            let p = c.changed(|x| (theory.set)(x, !on));
            rows.push(c.alternative("theory", what.to_owned(), theory.source, p));
        }
    }
    for force in &case.force {
        let name = names.force(&force.id);
        let (what, source) = match force.kind {
            ForceKind::Choice { .. } => {
                (format!("no threat of “{name}”"), "Powell 1999; the option taken out of the case")
            }
            ForceKind::Event { .. } => {
                (format!("no “{name}”"), "Kydd & Walter 2002; the event taken out of the case")
            }
        };
        let p = c.changed(|x| x.force.retain(|f| f.id != force.id));
        rows.push(c.alternative("assumption", what, source, p));
    }
    let mut dropped: Vec<(String, &str, HeldInputs)> = Vec::new();
    for promise in &case.promises {
        let what = format!("“{}” never broken", names.promise(&promise.id));
        let change = c.at(&format!("promises.{}.breaks", promise.id), 0.0);
        dropped.push((what, "Fearon 1995; breaks held at 0", change));
    }
    let audience = case.inputs.iter().filter(|i| i.path.ends_with(".audience"));
    let audience: HeldInputs = audience.flat_map(|i| c.at(&i.path, 0.0)).collect();
    if !audience.is_empty() {
        let what = "public demands costing nothing to give up".to_owned();
        dropped.push((what, "Fearon 1994; audience costs held at 0", audience));
    }
    let changes: Vec<HeldInputs> = dropped.iter().map(|d| d.2.clone()).collect();
    for ((what, source, _), p) in dropped.into_iter().zip(c.held(&changes)) {
        rows.push(c.alternative("assumption", what, source, p));
    }
    let drifts = case.inputs.iter().any(|i| i.later.is_some());
    if drifts {
        let what = "positions staying where the record has them".to_owned();
        let p = c.changed(|x| x.inputs.iter_mut().for_each(|i| i.later = None));
        rows.push(c.alternative("assumption", what, "no drift after the last entry", p));
    }
    let what = "counting on the calendar and a typical case’s zone alone".to_owned();
    rows.push(c.alternative(
        "reference",
        what,
        "nothing of what anybody wants",
        Some(c.apart(r.zone_free)),
    ));
    if let Some(base) = r.base_rate {
        let what = "counting on the class of past negotiations alone".to_owned();
        rows.push(c.alternative("reference", what, "the case’s class", Some(c.apart(base))));
    }
    rows.into_iter().flatten().collect()
}

/// What can be seen before the question's date, and how far each would move the answer; the largest
/// move first.
pub(super) fn indicators(c: &Compare<'_>, names: &Names<'_>, f: &Forecast) -> Vec<Indicator> {
    let case = c.case;
    let put = |path: &str, x: f64| placed(names, path, x.round());
    let mut rows: Vec<Watched> = Vec::new();
    for entry in &case.calendar {
        let ahead = entry.on > case.as_of && entry.on <= case.question.by;
        if let (CalendarKind::Round { holds, .. }, true) = (&entry.kind, ahead) {
            let path = &case.input(*holds).path;
            let mut round = Watched::new(
                format!("the round “{}” is held", names.date(&entry.id)),
                "it is not held".to_owned(),
                c.at(path, 100.0),
                Contrary::Held(c.at(path, 0.0)),
            );
            round.row.on = Some(entry.on.to_string());
            rows.push(round);
        }
    }
    let mut lines: Vec<&str> = f
        .opens
        .iter()
        .map(|o| o.path.as_str())
        .chain(f.conflicts.iter().take(4).flat_map(|x| x.constraints.iter().map(String::as_str)))
        .filter(|p| p.contains(".red_m"))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    lines.retain(|p| seen.insert(*p));
    for path in lines.into_iter().take(4) {
        let Some(input) = c.input(path) else { continue };
        let q = |u| input.dist.quantile(u, input.scale);
        let most = path.contains(".red_max.");
        let (soft, hard) = if most { (q(0.95), q(0.05)) } else { (q(0.05), q(0.95)) };
        let (soft_words, hard_words) =
            if most { ("up to", "no more than") } else { ("as little as", "no less than") };
        let (who, on) = names.stand(path);
        rows.push(Watched::new(
            format!("{who} accepts {soft_words} {} on {on}", put(path, soft)),
            format!("{hard_words} {}", put(path, hard)),
            c.at(path, soft),
            Contrary::Held(c.at(path, hard)),
        ));
    }
    for side in &case.sides {
        for issue in &case.issues {
            let path = format!("sides.{}.position.{}", side.id, issue.id);
            let Some(input) = c.input(&path).filter(|i| !i.dist.is_point()) else { continue };
            let q = |u| input.dist.quantile(u, input.scale);
            rows.push(Watched::new(
                format!(
                    "{} wants {} on {}",
                    names.side(&side.id),
                    put(&path, q(0.95)),
                    names.issue(&issue.id)
                ),
                format!("it wants {}", put(&path, q(0.05))),
                c.at(&path, q(0.95)),
                Contrary::Held(c.at(&path, q(0.05))),
            ));
        }
    }
    for force in &case.force {
        let name = names.force(&force.id);
        match &force.kind {
            ForceKind::Choice { .. } => {
                // Off the table, and credible at once: at both ends of what it would gain.
                let wins = format!("force.{}.wins", force.id);
                let Some(input) = c.input(&wins) else { continue };
                let high = input.dist.quantile(0.95, input.scale);
                rows.push(Watched::new(
                    format!("signs that “{name}” would succeed {} times in a hundred", whole(high)),
                    format!("“{name}” taken off the table"),
                    c.at(&wins, high),
                    Contrary::WithoutForce(&force.id),
                ));
            }
            ForceKind::Event { hazard, .. } => {
                let input = case.input(*hazard);
                let q = |u| input.dist.quantile(u, input.scale);
                rows.push(Watched::new(
                    format!("signs that put “{name}” at {} a year", tenth(q(0.95))),
                    format!("signs that put it at {} a year", tenth(q(0.05))),
                    c.at(&input.path, q(0.95)),
                    Contrary::Held(c.at(&input.path, q(0.05))),
                ));
            }
        }
    }
    let mut rows = asked(c, rows);
    rows.sort_by(|a, b| b.moves.abs().total_cmp(&a.moves.abs()).then(a.what.cmp(&b.what)));
    rows
}

/// Something that can be seen, before it is asked what it would do.
struct Watched<'a> {
    /// Its words; the numbers are not known yet.
    row: Indicator,
    held: HeldInputs,
    against: Contrary<'a>,
}

impl<'a> Watched<'a> {
    fn new(what: String, contrary: String, held: HeldInputs, against: Contrary<'a>) -> Self {
        Self { row: Indicator { what, contrary, ..Indicator::default() }, held, against }
    }
}

/// What stands against something that is seen.
enum Contrary<'a> {
    Held(HeldInputs),
    WithoutForce(&'a str),
}

/// What each would do to the answer, those that move it; all that hold inputs on the same draws at once.
fn asked(c: &Compare<'_>, watched: Vec<Watched<'_>>) -> Vec<Indicator> {
    let held = |w: &Watched<'_>| match &w.against {
        Contrary::Held(change) => vec![w.held.clone(), change.clone()],
        Contrary::WithoutForce(_) => vec![w.held.clone()],
    };
    let changes: Vec<HeldInputs> = watched.iter().flat_map(held).collect();
    let mut found = c.held(&changes).into_iter();
    let mut rows = Vec::new();
    for Watched { mut row, against, .. } in watched {
        let seen = found.next().flatten();
        let unseen = match &against {
            Contrary::Held(_) => found.next().flatten(),
            Contrary::WithoutForce(id) => c.changed(|x| x.force.retain(|f| f.id != *id)),
        };
        let (Some(seen), Some(unseen)) = (seen, unseen) else { continue };
        let larger = if seen.effect.0.abs() >= unseen.effect.0.abs() { seen } else { unseen };
        (row.moves, row.moves_error) = larger.effect;
        (row.seen, row.unseen) = (seen.p, unseen.p);
        if row.moves.abs() >= WORTH {
            rows.push(row);
        }
    }
    rows
}

fn whole(x: f64) -> String {
    format!("{}", x.round())
}

fn tenth(x: f64) -> String {
    format!("{:.1}", x)
}
