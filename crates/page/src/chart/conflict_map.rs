//! States of a conflict and who could move between them.

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{ConflictMap, StateMark};
use super::figure::{Drawing, Figure, FigureTable};
use super::text::{name, width};
use crate::text::thousands;

/// States on a ring with the moves that gain, an arrow each in its party's colour and dash; those nobody
/// would leave full, the status quo with a ring. Where no states are given, how many hold by concept.
pub fn conflict_map(d: &ConflictMap) -> Figure {
    let held: Vec<&StateMark> = d.states.iter().filter(|s| !s.held.is_empty()).collect();
    let all = thousands(d.all as u64);
    let title = match (d.states.is_empty(), held.as_slice()) {
        (true, _) => format!("{all} states, too many to draw"),
        (false, []) => format!("No state of {all} holds under any concept"),
        (false, [one]) => format!("Of {all} states one holds: {}", name(&one.id)),
        (false, more) => format!("Of {all} states {} hold under some concept", more.len()),
    };
    let counts: Vec<String> = d.counts.iter().map(|(c, n)| format!("{c} {n}")).collect();
    let summary = format!("{title}. States that hold by concept: {}.", counts.join(", "));
    let table = match d.states.is_empty() {
        true => {
            let mut table = FigureTable::new(&["Concept", "States that hold"]);
            d.counts.iter().for_each(|(c, n)| table.row(vec![c.clone(), n.to_string()]));
            table
        }
        false => {
            let mut table =
                FigureTable::new(&["State", "Pattern", "Holds under", "Gains by moving"]);
            for (k, s) in d.states.iter().enumerate() {
                let gains: Vec<String> = d
                    .arcs
                    .iter()
                    .filter(|a| a.gains && a.ends[0] == k)
                    .filter_map(|a| {
                        let to = d.states.get(a.ends[1])?;
                        Some(format!("{} to {}", d.parties.get(a.by)?, to.id))
                    })
                    .collect();
                table.row(vec![
                    s.id.clone(),
                    s.pattern.clone(),
                    s.held.join(", "),
                    gains.join("; "),
                ]);
            }
            table
        }
    };
    let subtitle = match d.states.is_empty() {
        true => "States that hold for every party, by concept".to_owned(),
        false => "An arrow is a move that gains for the party in whose colour and stroke it is drawn; \
                  faint lines are its other moves. Full dots hold under some concept, the double ring is \
                  the status quo"
            .to_owned(),
    };
    Figure {
        id: d.id.clone(),
        title,
        subtitle,
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::ConflictMap(d.clone()),
    }
}

/// The strokes of the parties: colour alone tells nobody apart.
const DASHES: [&str; 4] = ["", "6 3", "2 3", "8 3 2 3"];
/// Faint lines beyond which only gains are drawn.
const FAINT: usize = 120;

pub(crate) fn draw(d: &ConflictMap, c: &mut Canvas) {
    if d.states.is_empty() {
        return bars(d, c);
    }
    let rows = legend_rows(d, c.w);
    let top = 22.0 * rows + 18.0;
    let radius = (c.w / 2.0 - 46.0).clamp(60.0, 150.0);
    let (cx, cy) = (c.w / 2.0, top + radius + 24.0);
    c.begin(cy + radius + 34.0);
    legend(d, c);
    let n = d.states.len() as f64;
    let at = |k: usize| {
        // From the top, clockwise.
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * k as f64 / n);
        (cx + radius * sin, cy - radius * cos)
    };
    let inside = |k: &usize| *k < d.states.len();
    let arcs = || d.arcs.iter().filter(|a| a.ends.iter().all(inside) && a.ends[0] != a.ends[1]);
    let others: Vec<_> = arcs()
        .filter(|a| !a.gains && !arcs().any(|b| b.gains && b.ends == [a.ends[1], a.ends[0]]))
        .filter(|a| a.ends[0] < a.ends[1])
        .map(|a| (at(a.ends[0]), at(a.ends[1])))
        .collect();
    if others.len() <= FAINT {
        c.strokes(&others, Ink::Line);
    }
    for a in arcs().filter(|a| a.gains) {
        arrow(c, at(a.ends[0]), at(a.ends[1]), a.by);
    }
    for (k, s) in d.states.iter().enumerate() {
        let (x, y) = at(k);
        let held = !s.held.is_empty();
        let under = if held {
            format!("holds under {}", s.held.join(", "))
        } else {
            "does not hold".to_owned()
        };
        let quo = if s.quo { ", the status quo" } else { "" };
        let words = format!("{} {}{quo}: {under}", s.id, s.pattern);
        c.mark(&words, |c| {
            if s.quo {
                c.dot(x, y, 11.0, Ink::Text, false);
            }
            c.dot(x, y, 7.5, if held { Ink::Accent } else { Ink::Muted }, held);
        });
    }
    for (k, s) in d.states.iter().enumerate() {
        let (x, y) = at(k);
        let (dx, dy) = ((x - cx) / radius, (y - cy) / radius);
        let short = super::text::truncate(&s.id, 12.0, 40.0);
        let anchor = match dx {
            dx if dx > 0.3 => Anchor::Start,
            dx if dx < -0.3 => Anchor::End,
            _ => Anchor::Middle,
        };
        let spots = [
            (x + 15.0 * dx, y + 17.0 * dy + 4.0, anchor),
            (x + 17.0 * dx, y + 22.0 * dy + 4.0, anchor),
            (x, y - 14.0, Anchor::Middle),
            (x, y + 22.0, Anchor::Middle),
        ];
        let style = Style::label(Ink::Text);
        let style = if s.held.is_empty() { style } else { style.bold() };
        c.place_cut(&spots, style, &short, &s.id);
    }
}

/// A line from one dot to another with a head at the second.
fn arrow(c: &mut Canvas, a: (f64, f64), b: (f64, f64), party: usize) {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let long = (dx * dx + dy * dy).sqrt();
    if long < 30.0 {
        return;
    }
    let (ux, uy) = (dx / long, dy / long);
    // A little to the side, so that moves both ways do not lie on each other.
    let (ox, oy) = (-uy * 2.0, ux * 2.0);
    let from = (a.0 + 13.0 * ux + ox, a.1 + 13.0 * uy + oy);
    let to = (b.0 - 13.0 * ux + ox, b.1 - 13.0 * uy + oy);
    let ink = Ink::Series(party);
    c.line(from, to, ink, 1.5, DASHES[party % DASHES.len()]);
    let side = |k: f64| (to.0 - 7.0 * ux - k * uy, to.1 - 7.0 * uy + k * ux);
    c.fill(&[to, side(3.5), side(-3.5)], ink, 1.0);
}

/// Where each party stands in the legend: column and row.
fn legend_places(d: &ConflictMap, w: f64) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut places = Vec::new();
    for party in &d.parties {
        let long = 34.0 + width(party, 12.0).min(w - 40.0) + 18.0;
        if x > 0.0 && x + long > w {
            (x, y) = (0.0, y + 1.0);
        }
        places.push((x, y));
        x += long;
    }
    places
}

fn legend_rows(d: &ConflictMap, w: f64) -> f64 {
    legend_places(d, w).last().map_or(0.0, |(_, y)| y + 1.0)
}

fn legend(d: &ConflictMap, c: &mut Canvas) {
    for (k, ((x, row), party)) in legend_places(d, c.w).into_iter().zip(&d.parties).enumerate() {
        let y = 14.0 + 22.0 * row;
        let ink = Ink::Series(k);
        c.line((x, y - 4.0), (x + 24.0, y - 4.0), ink, 2.0, DASHES[k % DASHES.len()]);
        c.cut(x + 30.0, y, Style::label(ink).bold(), party, c.w - x - 36.0);
    }
}

/// How many states hold, a bar a concept.
fn bars(d: &ConflictMap, c: &mut Canvas) {
    const ROW: f64 = 26.0;
    c.begin(16.0 + ROW * d.counts.len().max(1) as f64 + 8.0);
    if d.counts.is_empty() {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No states to draw");
        return;
    }
    let left = 72.0;
    let room = c.w - left - 70.0;
    for (k, (concept, n)) in d.counts.iter().enumerate() {
        let y = 16.0 + ROW * k as f64;
        let share = if d.all == 0 { 0.0 } else { (*n as f64 / d.all as f64).clamp(0.0, 1.0) };
        c.cut(0.0, y + 12.0, Style::label(Ink::Text), concept, left - 8.0);
        c.mark(&format!("{concept}: {n} of {} states hold", d.all), |c| {
            c.rect(left, y, (room * share).max(1.0), 16.0, Ink::Accent, 1.0);
        });
        c.text(left + room * share + 6.0, y + 12.0, Style::label(Ink::Text), &n.to_string());
    }
}
