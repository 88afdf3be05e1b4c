//! The charts of a brief, each in the place of the text it belongs to.

use super::words::said;
use super::{BeliefPath, Brief, ReliabilityRow};
use crate::charts::landmarks;
use crate::names::{OF_TEXT, other_ending};
use winset_model::case::Ending;
use winset_model::forecast::{DatedOdds, OddsEstimate};
use winset_page::chart::{self, Figure};
use winset_page::text::{short, spoken, thousands};

/// The charts that the values allow, each with the id of its place in the text. Where there is
/// nothing to draw there is no chart.
pub fn figures(b: &Brief) -> Vec<(&'static str, Figure)> {
    let all = [
        ("answer", Some(answer(b))),
        ("course", course(b)),
        ("agreement", agreement(b)),
        ("endings", endings(b)),
        ("tree", tree(b)),
        ("positions", positions(b)),
        ("packages", packages(b)),
        ("states", b.without_deal.as_ref().map(crate::stability::figure)),
        ("moved", moved(b)),
        ("tornado", tornado(b)),
        ("timeline", timeline(b)),
        ("reliability", reliability(b)),
    ];
    let beliefs = b.beliefs.iter().enumerate().map(|(k, x)| ("belief", Some(belief(b, k, x))));
    all.into_iter().chain(beliefs).filter_map(|(id, figure)| Some((id, figure?))).collect()
}

/// Where a chart's numbers come from.
fn source(b: &Brief) -> String {
    let m = &b.method;
    format!(
        "Source: winset {}, {} draws, seed {}; told from {}.",
        m.version,
        thousands(m.draws),
        m.seed,
        spoken(&b.as_of)
    )
}

fn marks(b: &Brief) -> Vec<chart::DatedMark> {
    let kind = |k: &str| match k {
        "hard deadline" => chart::MarkKind::Hard,
        "deadline" => chart::MarkKind::Soft,
        _ => chart::MarkKind::Round,
    };
    b.calendar
        .iter()
        .filter(|c| c.kind != "start")
        .map(|c| chart::DatedMark {
            day: c.date.clone(),
            label: c.name.clone(),
            kind: kind(&c.kind),
        })
        .collect()
}

fn odds(d: &DatedOdds) -> chart::Odds {
    chart::Odds { day: d.date.to_string(), p: d.p, lo: d.lo, hi: d.hi }
}

/// What the probabilities are the chance of.
fn event(b: &Brief) -> String {
    format!("{} by {}", b.question.event, spoken(&b.question.by))
}

fn answer(b: &Brief) -> Figure {
    let OddsEstimate { p, lo, hi, .. } = b.answer;
    chart::answer(&chart::OddsScale {
        id: "figure-answer".to_owned(),
        source: source(b),
        event: event(b),
        odds: chart::Odds { day: b.as_of.clone(), p, lo, hi },
        before: b.changed.as_ref().map(|c| (format!("told from {}", spoken(&c.from)), c.p_from)),
    })
}

/// What was told before, with what was new on each day.
fn course(b: &Brief) -> Option<Figure> {
    let news = |day: &str| -> Vec<chart::Note> {
        let all = b.changed.iter().flat_map(|c| &c.news);
        let note = |n: &super::NewsItem| chart::Note {
            day: n.seen.clone(),
            label: n.speaker.clone().unwrap_or_else(|| match n.text.as_str() {
                "" => "an entry".to_owned(),
                text => text.to_owned(),
            }),
            text: n.text.clone(),
        };
        all.filter(|n| n.seen == day).map(note).collect()
    };
    let day = |d: &crate::forecast::DateRow| {
        let odds = odds(&d.odds);
        chart::CourseDay { news: news(&odds.day), odds }
    };
    (b.history.len() > 1).then(|| {
        chart::course(&chart::Course {
            id: "figure-course".to_owned(),
            source: source(b),
            event: event(b),
            days: b.history.iter().map(day).collect(),
        })
    })
}

fn agreement(b: &Brief) -> Option<Figure> {
    (b.days.len() > 1).then(|| {
        chart::agreement(&chart::Agreement {
            id: "figure-agreement".to_owned(),
            source: source(b),
            event: b.question.event.clone(),
            as_of: b.as_of.clone(),
            question: b.question.by.clone(),
            curve: b.days.iter().map(|d| odds(&d.odds)).collect(),
            calendar: marks(b),
            ..chart::Agreement::default()
        })
    })
}

fn endings(b: &Brief) -> Option<Figure> {
    (b.days.len() > 1).then(|| {
        let layer = |name: &str, share: Vec<f64>| chart::Layer { name: name.to_owned(), share };
        let other = |k: usize| b.days.iter().map(|d| [&d.other[..], &d.text].concat()[k]).collect();
        let names = Ending::ALL.into_iter().filter(|e| *e != Ending::Agreement).map(other_ending);
        let names = names.chain(OF_TEXT.map(|(_, name)| name));
        let mut layers =
            vec![layer(&b.question.agreement, b.days.iter().map(|d| d.agreement).collect())];
        layers.extend(
            names
                .enumerate()
                .filter(|(_, name)| b.endings.iter().any(|e| e.name == *name))
                .map(|(k, name)| layer(name, other(k))),
        );
        chart::endings(&chart::EndingsChart {
            id: "figure-endings".to_owned(),
            source: source(b),
            as_of: b.as_of.clone(),
            days: b.days.iter().map(|d| d.odds.date.to_string()).collect(),
            layers,
        })
    })
}

/// The sides in the order of the case, which is that of the positions; members are sorted by how often
/// they block.
fn sides(b: &Brief) -> Vec<String> {
    let mut sides: Vec<String> = Vec::new();
    let stands = b.terms.iter().flat_map(|t| t.sides.iter().map(|s| &s.side));
    for side in stands.chain(b.members.iter().map(|m| &m.side)) {
        if !sides.contains(side) {
            sides.push(side.clone());
        }
    }
    sides
}

fn tree(b: &Brief) -> Option<Figure> {
    let branch = |side: String| chart::Branch {
        actors: b
            .members
            .iter()
            .filter(|m| m.side == side)
            .map(|m| chart::Leaf {
                name: m.name.clone(),
                role: m.role.clone(),
                shares: [m.block, m.walk],
            })
            .collect(),
        name: side,
    };
    (b.members.len() > 1).then(|| {
        chart::tree(&chart::Tree {
            id: "figure-tree".to_owned(),
            source: source(b),
            sides: sides(b).into_iter().map(branch).collect(),
        })
    })
}

fn positions(b: &Brief) -> Option<Figure> {
    crate::charts::positions("figure-positions", source(b), &b.terms, b.zone.p)
}

fn packages(b: &Brief) -> Option<Figure> {
    let source = format!(
        "Source: winset {}, every input at its central value; told from {}.",
        b.method.version,
        spoken(&b.as_of)
    );
    Some(super::packages::figure(b.packages.as_ref()?, "figure-packages", &source))
}

fn moved(b: &Brief) -> Option<Figure> {
    let c = b.changed.as_ref()?;
    let time = c.time?;
    let step = |label: &str, text: &str, change: f64| chart::Step {
        label: label.to_owned(),
        text: text.to_owned(),
        change,
    };
    let mut steps = vec![step("Days passing", "nothing new", time)];
    steps.extend(c.news.iter().filter_map(|n| {
        let part = n.part.filter(|p| p.abs() >= 0.0005)?;
        // News without a speaker goes by what it says, unless that is hidden.
        let said = || if n.text.is_empty() { spoken(&n.seen) } else { n.text.clone() };
        let label = n.speaker.clone().unwrap_or_else(said);
        Some(step(&label, &n.text, part))
    }));
    Some(chart::waterfall(&chart::Waterfall {
        id: "figure-moved".to_owned(),
        source: source(b),
        event: event(b),
        from_label: format!("Told from {}", spoken(&c.from)),
        from: c.p_from,
        to_label: format!("Told from {}", spoken(&b.as_of)),
        to: c.p_to,
        steps,
    }))
}

fn tornado(b: &Brief) -> Option<Figure> {
    let bars: Vec<chart::Swing> = b
        .assumptions
        .iter()
        .take(8)
        .map(|a| {
            // The ends themselves where the range was walked, what was done where it was not.
            let (low, high) = match (b.leverage, a.tried.split_once(", ")) {
                (None, Some((low, high))) => (low.to_owned(), high.to_owned()),
                _ => (short(a.range[0]), short(a.range[1])),
            };
            chart::Swing {
                label: a.name.clone(),
                low: (b.answer.p + a.effect[0]).clamp(0.0, 1.0),
                high: (b.answer.p + a.effect[1]).clamp(0.0, 1.0),
                low_label: low,
                high_label: high,
            }
        })
        .collect();
    (!bars.is_empty()).then(|| {
        chart::tornado(&chart::Tornado {
            id: "figure-tornado".to_owned(),
            source: source(b),
            event: event(b),
            base: b.answer.p,
            bars,
        })
    })
}

/// How the log's probabilities came true, from the second resolved question on: one scores nothing.
fn reliability(b: &Brief) -> Option<Figure> {
    let s = b.score.as_ref().filter(|s| s.means.len() > 1)?;
    let bin = |b: &ReliabilityRow| chart::ReliabilityBin {
        forecast: b.frequency.forecast,
        observed: b.frequency.observed,
        count: b.frequency.n,
        bar: [b.bar.bar_lo, b.bar.bar_hi],
    };
    Some(chart::reliability(&chart::ReliabilityChart {
        id: "figure-reliability".to_owned(),
        source: format!("Source: the log, {} resolved questions.", s.means.len()),
        resolved: s.means.iter().map(|m| (m.p, m.happened)).collect(),
        bins: s.bins.iter().map(bin).collect(),
    }))
}

fn belief(b: &Brief, k: usize, x: &BeliefPath) -> Figure {
    chart::belief(&chart::Belief {
        id: format!("figure-belief-{}", k + 1),
        source: format!(
            "Source: winset {}, from the record as of {}.",
            b.method.version,
            spoken(&b.as_of)
        ),
        actor: x.actor.clone(),
        issue: x.issue.clone(),
        lo: x.scale[0],
        hi: x.scale[1],
        landmarks: landmarks(&x.marks),
        path: x
            .points
            .iter()
            .map(|p| chart::PathPoint { day: p.date.clone(), mean: p.mean, sd: p.sd })
            .collect(),
        statements: x
            .statements
            .iter()
            .map(|s| chart::StatementMark {
                day: s.said.clone(),
                value: s.value,
                label: s.id.clone(),
                text: s.text.clone(),
                weight: s.weight,
                reversal: x.reversal.is_some_and(|[_, to]| (to - s.value).abs() < 1e-9),
            })
            .collect(),
    })
}

fn timeline(b: &Brief) -> Option<Figure> {
    let entries: Vec<chart::Lane> = b
        .record
        .iter()
        .map(|e| {
            let who = e.speaker.clone().unwrap_or_else(|| "Event".to_owned());
            let text = if e.text.is_empty() { who.clone() } else { format!("{who}: {}", e.text) };
            chart::Lane {
                lane: e.side.clone().unwrap_or_else(|| "Others".to_owned()),
                note: chart::Note {
                    day: e.on.clone(),
                    label: e.id.clone(),
                    text: format!("{}, {text}", said(&e.said)),
                },
            }
        })
        .collect();
    (!entries.is_empty()).then(|| {
        chart::timeline(&chart::Timeline {
            id: "figure-timeline".to_owned(),
            source: format!(
                "Source: the record, {} entries as of {}.",
                entries.len(),
                spoken(&b.as_of)
            ),
            span: [b.as_of.clone(), b.question.by.clone()],
            sides: sides(b),
            entries,
            calendar: marks(b),
        })
    })
}
