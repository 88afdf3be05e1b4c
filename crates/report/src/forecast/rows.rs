//! The numbers of a forecast under the names people read: what a brief holds, and what sentences and
//! tables are made from.

use serde::Serialize;
use winset_model::case::{Case, InputId};
use winset_model::forecast::{
    CoefficientRow, DateEffect, DatedOdds, FAILED_ROUNDS, Forecast, Opening, TermsRow, ZoneGain,
};
use winset_page::text::{quoted, spoken};

use super::sections::ClassShares;
use crate::names::{self, Names};

/// P of what is asked by a date.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DateRow {
    /// The date and P by it.
    #[serde(flatten)]
    pub odds: DatedOdds,
    /// Whether it is the question's date.
    pub asked: bool,
}

impl std::ops::Deref for DateRow {
    type Target = DatedOdds;

    fn deref(&self) -> &DatedOdds {
        &self.odds
    }
}

/// A named share.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedShare {
    /// Of what.
    pub name: String,
    /// How much, 0 to 1.
    pub p: f64,
}

/// Whether there is a zone of agreement.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ZoneShare {
    /// Share of draws with one.
    pub p: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Share of draws with none, now or at the horizon, weighted as `p` is: each draw counts once.
    pub closed: f64,
}

/// What a member does to the zone.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberRow {
    /// The actor.
    pub name: String,
    /// Its side.
    pub side: String,
    /// Its role: leader, delegate, faction.
    pub role: String,
    /// Share of draws it closes: no zone, but one if it accepted anything.
    pub block: f64,
    /// Share of draws it holds open: a zone, but none without it.
    pub walk: f64,
    /// Banzhaf index of the side's rule.
    pub power: f64,
}

/// Demands that cannot hold together.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConflictRow {
    /// In words.
    pub demands: Vec<String>,
    /// Share of draws.
    pub share: f64,
}

/// A change that opens the zone.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpeningRow {
    /// What changes: `the most that Donald Trump accepts on Enrichment in Iran`.
    pub what: String,
    /// Where it is.
    pub from: f64,
    /// What that means: the nearest landmark.
    pub from_mark: Option<Mark>,
    /// Where it would have to be.
    pub to: f64,
    /// What that means.
    pub to_mark: Option<Mark>,
    /// What that does to the zone.
    #[serde(flatten)]
    pub gain: ZoneGain,
}

impl std::ops::Deref for OpeningRow {
    type Target = ZoneGain;

    fn deref(&self) -> &ZoneGain {
        &self.gain
    }
}

/// A landmark on an issue's scale.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mark {
    /// Where it is, in the issue's units.
    pub at: f64,
    /// What it means.
    pub text: String,
}

/// An option of an issue without order.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OptionTerms {
    /// The option.
    pub name: String,
    /// Whether it is what holds without a deal.
    pub now: bool,
    /// Its share of the draws with a deal, weighted as terms are; `null` where no draw has a zone.
    pub p: Option<f64>,
    /// What it is worth to each side's negotiator, else its first member, at central values, 0–100.
    pub worth: Vec<f64>,
}

/// Feasible terms on an issue, in its units.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssueTerms {
    /// The issue.
    pub issue: String,
    /// The ends of its scale.
    pub scale: [f64; 2],
    /// Where it stays without a deal.
    pub now: f64,
    /// 5 %, median, 95 % of draws with a deal; `null` where no draw has a zone.
    pub quantiles: Option<[f64; 3]>,
    /// The landmark nearest to each of the three.
    pub near: Option<[Option<Mark>; 3]>,
    /// All landmarks.
    pub marks: Vec<Mark>,
    /// What each side wants.
    pub sides: Vec<SideStand>,
    /// What each member wants, and its red lines.
    pub positions: Vec<MemberStand>,
    /// How often each option is agreed where there is a deal; only of issues whose answers have no order, of
    /// which nobody has a position.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionTerms>,
}

/// What a side wants on an issue.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideStand {
    /// The side.
    pub side: String,
    /// 5 %, median, 95 % of what its negotiator wants, or its first member where it has none.
    pub ideal: [f64; 3],
}

/// Where a member stands on an issue, at central values.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemberStand {
    /// The actor.
    pub name: String,
    /// Its side.
    pub side: String,
    /// What it wants.
    pub ideal: f64,
    /// The least it can accept.
    pub least: Option<f64>,
    /// The most it can accept.
    pub most: Option<f64>,
}

/// An assumption and its leverage.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assumption {
    /// What is assumed; its range is 10 % and 90 % where every input was weighed.
    #[serde(flatten)]
    pub row: CoefficientRow,
    /// What was tried: `halved, raised by half`, or `at 10 %, at 90 % of its range`.
    pub tried: &'static str,
    /// Share of the variance of the answer it takes part in: the estimate, 5 %, 95 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variance: Option<[f64; 3]>,
    /// The Monte Carlo standard error of the difference between both effects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_error: Option<f64>,
}

impl std::ops::Deref for Assumption {
    type Target = CoefficientRow;

    fn deref(&self) -> &CoefficientRow {
        &self.row
    }
}

/// What the calendar's constants are put to, one at a time.
pub const VARIED: &str = "halved, raised by half";

/// P of what is asked by the days that are shown, the question's own among them.
pub fn dates(case: &Case, f: &Forecast) -> Vec<DateRow> {
    let curve = f.curve();
    let horizon = curve.len();
    let by = case.question.by.since(case.as_of).max(0) as usize;
    let mut at: Vec<usize> =
        [30, 60, 90, 180, 365, by].into_iter().filter(|t| (1..=horizon).contains(t)).collect();
    at.sort_unstable();
    at.dedup();
    at.iter()
        .map(|t| {
            let row = &curve[t - 1];
            DateRow { odds: **row, asked: *t == by }
        })
        .collect()
}

/// How the talks have first ended by the question's date.
pub fn endings(case: &Case, f: &Forecast) -> Vec<NamedShare> {
    let rows = names::shares_in(case, &f.endings).into_iter();
    rows.map(|(_, name, p)| NamedShare { name: name.to_owned(), p }).collect()
}

/// What is said of the class, and of the structure beside it.
pub fn class(names: &Names<'_>, f: &Forecast) -> ClassShares {
    let (case, a, c) = (names.case(), &f.answer, &f.class);
    let shipped = winset_files::class::shipped(&c.name);
    let effect = |d: &DateEffect| NamedShare { name: dated(names, &d.entry), p: d.effect };
    let passed = case.clock.passed.map(|passed| {
        let name = case.stages.get(passed.stage).map_or("", |stage| stage.name.as_str());
        let on = spoken(&passed.on.to_string());
        let refused = match passed.failed {
            0 => String::new(),
            1 => ", and was refused once since".to_owned(),
            n => format!(", and was refused {n} times since"),
        };
        format!("{} was passed on {on}{refused}", quoted(&names.text(name)))
    });
    ClassShares {
        name: c.name.clone(),
        group: c.group.clone(),
        title: shipped.map(|s| format!("{}, {}", s.title, s.period)),
        cases: c.n,
        agreed: c.agreed,
        always: c.n.is_some() && c.others == Some(0),
        start: c.start.to_string(),
        elapsed: c.elapsed,
        unnamed: c.name_reason,
        pool: c.pool,
        table: a.table,
        class: a.class,
        structure: a.structure,
        answer: a.odds,
        types: a.if_none.zip(a.if_zone).map(|(none, zone)| [none, zone]),
        typical: c.types.map(|t| [t.zone, t.if_none, t.if_zone]),
        zone: f.zone.now,
        room: f.zone.room,
        gref: case.input(case.constants.gref).dist.central((0.0, 100.0)) / 100.0,
        // The class knows no force: all of it is the structure's.
        force: if c.pool > 0.0 { (f.endings.force / c.pool).min(1.0) } else { 0.0 },
        dates: f.date_effects.iter().map(effect).collect(),
        passed,
    }
}

/// A date that moves the class, in words.
fn dated(names: &Names<'_>, entry: &str) -> String {
    match names.case().calendar.iter().find(|e| e.id == entry) {
        Some(e) => format!("{} on {}", quoted(&names.date(entry)), spoken(&e.on.to_string())),
        None if entry == FAILED_ROUNDS => "the rounds that failed".to_owned(),
        None => "the suspension of the talks".to_owned(),
    }
}

/// Options to use force, with the share of draws in which each is a credible threat.
pub fn force(names: &Names<'_>, f: &Forecast) -> Vec<NamedShare> {
    let share = f.force.iter().map(|r| NamedShare { name: names.force(&r.option), p: r.credible });
    share.collect()
}

/// Events nobody at the table controls, with the chance that each ends the talks first.
pub fn events(names: &Names<'_>, f: &Forecast) -> Vec<NamedShare> {
    f.events.iter().map(|e| NamedShare { name: names.force(&e.event), p: e.p }).collect()
}

/// Whether there is a zone.
pub fn zone(f: &Forecast) -> ZoneShare {
    ZoneShare {
        p: f.zone.share(),
        mcse: f.zone.mcse.unwrap_or(f64::NAN),
        closed: f.zone.shut.unwrap_or(0.0),
    }
}

/// The members and what each does to the zone.
pub fn members(names: &Names<'_>, f: &Forecast) -> Vec<MemberRow> {
    let role = |id: &str| {
        let actor = names.case().actors.iter().find(|a| a.id == id);
        actor.map_or_else(String::new, |a| a.role.name().to_owned())
    };
    f.blockers
        .iter()
        .map(|m| MemberRow {
            name: names.actor(&m.actor),
            side: names.side(&m.side),
            role: role(&m.actor),
            block: m.block,
            walk: m.walk,
            power: m.banzhaf,
        })
        .collect()
}

/// What cannot hold together, most frequent first.
pub fn conflicts(names: &Names<'_>, f: &Forecast) -> Vec<ConflictRow> {
    f.conflicts
        .iter()
        .map(|c| ConflictRow {
            demands: c.constraints.iter().map(|p| names.constraint(p)).collect(),
            share: c.share,
        })
        .collect()
}

/// Changes that open at least half a point more, the widest first.
pub fn opens(f: &Forecast) -> impl Iterator<Item = &Opening> {
    f.opens.iter().filter(|o| o.zone_without >= f.zone.share() + 0.005)
}

/// The same in words.
pub fn openings(names: &Names<'_>, f: &Forecast) -> Vec<OpeningRow> {
    let case = names.case();
    opens(f)
        .map(|o| {
            let issue =
                o.path.rsplit('.').next().and_then(|j| case.issues.iter().find(|i| i.id == j));
            let red = o.path.starts_with("actors.");
            let mark = |x: f64| issue.filter(|_| red).and_then(|i| nearest(names, &i.marks, x));
            OpeningRow {
                what: names.lever(&o.path),
                from: o.from,
                from_mark: mark(o.from),
                to: o.to,
                to_mark: mark(o.to),
                gain: o.gain,
            }
        })
        .collect()
}

/// The landmark nearest to a position.
pub fn nearest(names: &Names<'_>, marks: &[(f64, String)], x: f64) -> Option<Mark> {
    marks
        .iter()
        .min_by(|a, b| (a.0 - x).abs().total_cmp(&(b.0 - x).abs()))
        .map(|(at, text)| Mark { at: *at, text: names.text(text) })
}

/// Terms by issue, and where everybody stands.
pub fn terms(names: &Names<'_>, f: &Forecast) -> Vec<IssueTerms> {
    let case = names.case();
    let central = |id: InputId| {
        let input = case.input(id);
        input.dist.central(input.scale)
    };
    case.issues
        .iter()
        .enumerate()
        .zip(&f.terms)
        .map(|((j, issue), row)| {
            let quantiles = row.q05.zip(row.q50).zip(row.q95).map(|((a, b), c)| [a, b, c]);
            let ordered = !issue.is_unordered();
            let positions = case.actors.iter().filter(|_| ordered).filter_map(|a| {
                let m = a.member.as_ref()?;
                Some(MemberStand {
                    name: names.actor(&a.id),
                    side: names.side(&case.sides[m.side].id),
                    ideal: central(m.ideal[j].input),
                    least: m.red_min[j].map(central),
                    most: m.red_max[j].map(central),
                })
            });
            let marks = issue.marks.iter();
            IssueTerms {
                issue: names.issue(&issue.id),
                scale: [issue.scale.0, issue.scale.1],
                now: central(issue.now),
                quantiles,
                near: quantiles.map(|q| q.map(|x| nearest(names, &issue.marks, x))),
                sides: if ordered { stands(names, j) } else { Vec::new() },
                options: option_terms(names, j, row),
                marks: marks.map(|(at, text)| Mark { at: *at, text: names.text(text) }).collect(),
                positions: positions.collect(),
            }
        })
        .collect()
}

/// The options of an issue without order, in the order of the file.
fn option_terms(names: &Names<'_>, j: usize, row: &TermsRow) -> Vec<OptionTerms> {
    let case = names.case();
    let central = |id: InputId| {
        let input = case.input(id);
        input.dist.central(input.scale)
    };
    let judges: Vec<_> = case
        .sides
        .iter()
        .filter_map(|side| {
            let who = side.negotiator.or(side.members.first().copied())?;
            case.actors.get(who)?.member.as_ref()
        })
        .collect();
    let issue = &case.issues[j];
    let now = issue.option_at(central(issue.now)).map(|option| &option.id);
    let terms = |(k, option): (usize, &winset_model::case::IssueOption)| OptionTerms {
        name: names.option(&issue.id, &option.id),
        now: now == Some(&option.id),
        p: row.options.iter().find(|share| share.option == option.id).map(|share| share.p),
        worth: judges.iter().filter_map(|m| m.worth[j].get(k).copied().map(central)).collect(),
    };
    issue.options.iter().enumerate().map(terms).collect()
}

/// What each side wants on an issue: its negotiator, else its first member.
fn stands(names: &Names<'_>, issue: usize) -> Vec<SideStand> {
    let case = names.case();
    case.sides
        .iter()
        .filter_map(|side| {
            let who = side.negotiator.or(side.members.first().copied())?;
            let ideal = case.actors.get(who)?.member.as_ref()?.ideal.get(issue)?;
            let input = case.input(ideal.input);
            let q = |u| input.dist.quantile(u, input.scale);
            Some(SideStand { side: names.side(&side.id), ideal: [q(0.05), q(0.5), q(0.95)] })
        })
        .collect()
}

/// The calendar's constants that move the answer, the one that moves it most first.
pub fn constants(names: &Names<'_>, f: &Forecast) -> Vec<Assumption> {
    let mut rows: Vec<Assumption> = f
        .coefficients
        .iter()
        .map(|c| Assumption {
            row: CoefficientRow {
                name: names.meaning(&format!("constants.{}", c.name)),
                source: names.support(&c.source),
                ..c.clone()
            },
            tried: VARIED,
            variance: None,
            effect_error: None,
        })
        .collect();
    let size = |a: &Assumption| a.effect[0].abs().max(a.effect[1].abs());
    rows.retain(|a| size(a) >= 0.0005);
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    rows
}

/// Paths of the inputs that the case writes with neither an entry nor a note behind them; the `why` of a
/// table is a note behind each of its numbers.
pub fn unsupported(case: &Case) -> impl Iterator<Item = &str> {
    let judged = |i: &&winset_model::case::Input| {
        i.written && i.rests_on.is_empty() && !i.why && !i.path.starts_with("constants.")
    };
    case.inputs.iter().filter(judged).map(|i| i.path.as_str())
}

/// How many inputs the case writes.
pub fn written(case: &Case) -> usize {
    case.inputs.iter().filter(|i| i.written).count()
}
