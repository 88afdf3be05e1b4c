//! The charts of a forecast: its values as the charts take them, for the workbench and for Python.

use winset_model::case::{CalendarKind, Case};
use winset_model::explain::through::Divided;
use winset_model::forecast::{Forecast, OddsEstimate, VERSION};
use winset_page::chart::{
    self, Agreement, Branch, Course, CourseDay, DatedMark, EndingsChart, Faction, Figure,
    IssueStrip, Landmark, Layer, Leaf, MarkKind, Note, Odds, OddsScale, Overlay, PositionsChart,
    StandMark, Step, Swing, Tornado, Tree, Waterfall,
};
use winset_page::text::{short, spoken, thousands};

use crate::drivers::DriversReport;
use crate::forecast::{self, IssueTerms, Mark};
use crate::history::{HistoryReport, HistoryRow};
use crate::moved::{DatedAnswer, MovedReport};
use crate::names::{self, counted};

fn source(f: &Forecast) -> String {
    let draws = thousands(f.draws);
    format!("winset {}, {draws} draws, seed {}, case {:.12}", f.version, f.seed, f.fingerprint)
}

fn curve(f: &Forecast) -> Vec<Odds> {
    let odds = |a: &winset_model::forecast::AgreementDay| Odds {
        day: a.date.to_string(),
        p: a.p,
        lo: a.lo,
        hi: a.hi,
    };
    f.curve().iter().map(odds).collect()
}

/// P of what is asked by day, with the band of the odds and the calendar.
pub fn agreement(case: &Case, f: &Forecast) -> Figure {
    agreement_of(case, f, Vec::new(), false)
}

fn agreement_of(case: &Case, f: &Forecast, ghost: Vec<Odds>, whole: bool) -> Figure {
    let calendar = case.calendar.iter().filter_map(|e| {
        let kind = match e.kind {
            CalendarKind::Round { .. } => MarkKind::Round,
            CalendarKind::Deadline { hard: true, .. } => MarkKind::Hard,
            CalendarKind::Deadline { hard: false, .. } => MarkKind::Soft,
            CalendarKind::Start { .. } => return None,
        };
        (e.on > case.as_of).then(|| DatedMark {
            day: e.on.to_string(),
            label: e.name.clone(),
            kind,
        })
    });
    chart::agreement(&Agreement {
        id: "agreement".to_owned(),
        source: source(f),
        event: counted(case),
        as_of: f.as_of.to_string(),
        question: f.question.by.to_string(),
        curve: curve(f),
        calendar: calendar.collect(),
        ghost,
        whole,
        ..Agreement::default()
    })
}

/// P of what is asked by day of two forecasts, one over the other.
pub fn overlay(case: &Case, a: &Forecast, b: &Forecast) -> Figure {
    chart::overlay(&Overlay {
        id: "overlay".to_owned(),
        source: format!("{}; B: case {:.12}", source(a), b.fingerprint),
        event: counted(case),
        question: b.question.by.to_string(),
        names: ["A".to_owned(), "B".to_owned()],
        curves: [curve(a), curve(b)],
    })
}

/// First endings by day, stacked; the chart itself says what is still open.
pub fn endings(case: &Case, f: &Forecast) -> Figure {
    let by_day: Vec<_> =
        f.endings_by_day.iter().map(|day| names::ending_shares(case, day)).collect();
    // The last is what is still open.
    let known = by_day.first().map_or(&[][..], |ways| &ways[..ways.len().saturating_sub(1)]);
    chart::endings(&EndingsChart {
        id: "endings".to_owned(),
        source: source(f),
        as_of: f.as_of.to_string(),
        days: f.agreement.iter().map(|a| a.date.to_string()).collect(),
        layers: (known.iter().enumerate())
            .map(|(k, (_, name, _))| Layer {
                name: (*name).to_owned(),
                share: by_day.iter().map(|ways| ways[k].2).collect(),
            })
            .collect(),
    })
}

/// Points of a scale that have names, as charts take them.
pub(crate) fn landmarks(marks: &[Mark]) -> Vec<Landmark> {
    marks.iter().map(|m| Landmark { at: m.at, label: m.text.clone() }).collect()
}

/// Where the sides stand, issue by issue, with red lines and the terms of a deal; `None` without issues.
pub fn positions(id: &str, source: String, terms: &[IssueTerms], zone: f64) -> Option<Figure> {
    let issue = |t: &IssueTerms| IssueStrip {
        name: t.issue.clone(),
        lo: t.scale[0],
        hi: t.scale[1],
        landmarks: landmarks(&t.marks),
        sides: t
            .sides
            .iter()
            .map(|s| {
                let own: Vec<_> = t.positions.iter().filter(|p| p.side == s.side).collect();
                let bound = |f: fn(f64, f64) -> f64, v: Vec<f64>| v.into_iter().reduce(f);
                StandMark {
                    name: s.side.clone(),
                    ideal: s.ideal,
                    // The line that binds first.
                    red_min: bound(f64::max, own.iter().filter_map(|p| p.least).collect()),
                    red_max: bound(f64::min, own.iter().filter_map(|p| p.most).collect()),
                    factions: own
                        .iter()
                        .filter(|p| (p.ideal - s.ideal[1]).abs() > 1e-9)
                        .map(|p| Faction { name: p.name.clone(), at: p.ideal })
                        .collect(),
                }
            })
            .collect(),
        zone: t.quantiles.map(|q| (q[0], q[2])),
        term: t.quantiles.map(|q| q[1]),
    };
    // Options without order have no place on a scale.
    let scales: Vec<_> = terms.iter().filter(|t| t.options.is_empty()).collect();
    (!scales.is_empty()).then(|| {
        chart::positions(&PositionsChart {
            id: id.to_owned(),
            source,
            issues: scales.into_iter().map(issue).collect(),
            zone: Some(zone),
        })
    })
}

/// The same of a forecast.
pub fn terms(case: &Case, f: &Forecast) -> Option<Figure> {
    let names = names::Names::new(case);
    positions("positions", source(f), &forecast::terms(&names, f), forecast::zone(f).p)
}

/// The answer among the words for it, with what it was before.
pub fn answer(case: &Case, f: &Forecast, before: Option<(String, f64)>) -> Figure {
    let OddsEstimate { p, lo, hi, .. } = f.answer.odds;
    chart::answer(&OddsScale {
        id: "answer".to_owned(),
        source: source(f),
        event: asked(case),
        odds: Odds { day: f.as_of.to_string(), p, lo, hi },
        before,
    })
}

/// The same curve over what it was before a change, on an axis that no change moves.
pub fn agreement_since(case: &Case, f: &Forecast, before: Option<&Forecast>) -> Figure {
    let ghost = before.map_or_else(Vec::new, curve);
    agreement_of(case, f, ghost, true)
}

/// What was told from day to day, with the news.
pub fn course(h: &HistoryReport, event: &str) -> Figure {
    let day = |told: &HistoryRow| CourseDay {
        odds: Odds { day: told.date.to_string(), p: told.p, lo: told.lo, hi: told.hi },
        news: told
            .entries
            .iter()
            .map(|e| Note {
                day: told.date.to_string(),
                label: e.speaker.clone().unwrap_or_else(|| e.text.clone()),
                text: match &e.speaker {
                    Some(who) => format!("{who}: {}", e.text),
                    None => e.text.clone(),
                },
            })
            .collect(),
    };
    chart::course(&Course {
        id: "course".to_owned(),
        source: format!("winset {VERSION}, {} draws a day, seed {}", thousands(h.draws), h.seed),
        event: format!("{event} by {}", spoken(&h.by.to_string())),
        days: h.days.iter().map(day).collect(),
    })
}

/// Actors by side, and what each closes.
pub fn blockers(case: &Case, f: &Forecast) -> Figure {
    let leaf = |actor: &usize| {
        let actor = &case.actors[*actor];
        let row = f.blockers.iter().find(|b| b.actor == actor.id)?;
        let role = actor.role.name().to_owned();
        Some(Leaf { name: actor.name.clone(), role, shares: [row.block, row.walk] })
    };
    let sides = case.sides.iter().map(|side| Branch {
        name: side.name.clone(),
        actors: side.members.iter().filter_map(leaf).collect(),
    });
    chart::tree(&Tree { id: "blockers".to_owned(), source: source(f), sides: sides.collect() })
}

/// What the probabilities of a case are the chance of, by the question's day.
fn asked(case: &Case) -> String {
    format!("{} by {}", counted(case), spoken(&case.question.by.to_string()))
}

/// What moved the number between two days.
pub fn moved(case: &Case, m: &MovedReport) -> Figure {
    let told = |day: &DatedAnswer| format!("Told from {}", spoken(&day.date.to_string()));
    let time = Step { label: "Time passing".to_owned(), text: String::new(), change: m.time.part };
    let news = m.entries.iter().filter(|n| n.counts).map(|n| Step {
        label: n.speaker.clone().unwrap_or_else(|| n.text.clone()),
        text: format!("{} ({})", n.text, n.id),
        change: n.part,
    });
    let draws = thousands(m.draws);
    chart::waterfall(&Waterfall {
        id: "moved".to_owned(),
        source: format!(
            "winset {VERSION}, {draws} draws, seed {}, case {:.12}",
            m.seed, m.to.fingerprint
        ),
        event: asked(case),
        from_label: told(&m.from),
        from: m.from.p,
        to_label: told(&m.to),
        to: m.to.p,
        steps: std::iter::once(time).chain(news).collect(),
    })
}

/// Through which inputs new entries move the number.
pub fn through(case: &Case, d: &Divided, names: &dyn Fn(&str) -> String) -> Figure {
    let steps = d.parts.iter().map(|p| Step {
        label: p.path.as_deref().map_or_else(|| "All else".to_owned(), names),
        text: match p.path {
            Some(_) => format!("{} → {}", p.from, p.to),
            None => String::new(),
        },
        change: p.part,
    });
    chart::waterfall(&Waterfall {
        id: "why".to_owned(),
        source: format!(
            "winset {VERSION}, {} draws on the same random numbers",
            thousands(d.draws)
        ),
        event: asked(case),
        from_label: "Without the entries".to_owned(),
        from: d.from,
        to_label: "With them".to_owned(),
        to: d.to,
        steps: steps.collect(),
    })
}

/// So many bars of a tornado are drawn.
const BARS: usize = 10;

/// What each input could do to the answer.
pub fn tornado(case: &Case, r: &DriversReport) -> Figure {
    let bars = r.tornado.iter().take(BARS).map(|b| Swing {
        label: b.name.clone(),
        low: b.p_low,
        high: b.p_high,
        low_label: short(b.low),
        high_label: short(b.high),
    });
    let draws = thousands(r.head.answer.draws);
    chart::tornado(&Tornado {
        id: "tornado".to_owned(),
        source: format!(
            "winset {}, {draws} draws, seed {}, case {:.12}; low and high end: 10 % and 90 %",
            r.head.version, r.head.seed, r.head.fingerprint
        ),
        event: asked(case),
        base: r.head.answer.p.unwrap_or(f64::NAN),
        bars: bars.collect(),
    })
}
