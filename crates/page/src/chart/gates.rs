//! Who must say yes: the rules of the sides as gates, lit or dark.

use super::canvas::{Canvas, Ink, Style};
use super::data::{GateMark, Gates};
use super::figure::{Drawing, Figure, FigureTable};
use super::text::{name, percent, width};
use crate::text::and;

/// The rules of the sides as a machine of gates: lit what says yes to a text in at least half of the draws.
pub fn gates(d: &Gates) -> Figure {
    let dark: Vec<String> = d.sides.iter().filter(|s| !lit(s.p)).map(|s| name(&s.name)).collect();
    let state = match dark.len() {
        _ if d.sides.is_empty() => "no side is asked".to_owned(),
        0 => "every side is lit".to_owned(),
        1 => format!("{} is dark", and(&dark)),
        _ => format!("{} are dark", and(&dark)),
    };
    let title = format!("“{}” is ratified in {} of draws: {state}", name(&d.text), percent(d.p));
    let mut table = FigureTable::new(&["Side", "Level", "Who", "Says yes", "Weight"]);
    for s in &d.sides {
        table.row(vec![s.name.clone(), "0".into(), s.name.clone(), percent(s.p), String::new()]);
        for g in &s.gates {
            let level = (g.depth + 1).to_string();
            let weight = percent(g.shares[1]);
            table.row(vec![s.name.clone(), level, g.name.clone(), percent(g.shares[0]), weight]);
        }
    }
    let refusing = d.sides.iter().flat_map(|s| &s.gates).filter(|g| g.actor && !lit(g.shares[0]));
    let refusing: Vec<String> =
        refusing.map(|g| format!("{} ({})", name(&g.name), percent(g.shares[0]))).collect();
    let summary = match refusing.is_empty() {
        true => format!("{title}. Every actor says yes in at least half of the draws."),
        false => format!(
            "{title}. Dark, with the share of draws in which they say yes: {}.",
            and(&refusing)
        ),
    };
    Figure {
        id: d.id.clone(),
        title,
        subtitle: "Lit: says yes in at least half of the draws, asked alone. Squares are gates, and what \
                   each asks stands under it; dots are actors, their area the weight they have there"
            .to_owned(),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Gates(d.clone()),
    }
}

fn lit(p: f64) -> bool {
    p >= 0.5
}

/// A share; nothing where it is no number.
fn unit(v: f64) -> f64 {
    if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 }
}

const ROW: f64 = 26.0;
const HEAD: f64 = 36.0;
/// How far a level stands in, px.
const STEP: f64 = 22.0;

pub(crate) fn draw(d: &Gates, c: &mut Canvas) {
    let rows: usize = d.sides.iter().map(|s| s.gates.len()).sum();
    if d.sides.is_empty() {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No side to draw");
        return;
    }
    c.begin(24.0 + HEAD * d.sides.len() as f64 + ROW * rows as f64 + 8.0);
    let bars = if c.narrow() { 0.36 * c.w } else { (0.45 * c.w).min(420.0) };
    let left = c.w - bars;
    c.text(left, 14.0, Style::axis().bold(), "Says yes");
    let mut y = 24.0;
    for (k, s) in d.sides.iter().enumerate() {
        let ink = Ink::Series(k);
        c.line((0.0, y), (c.w, y), Ink::Line, 1.0, "");
        let whole = GateMark { name: s.name.clone(), shares: [s.p, 1.0], ..GateMark::default() };
        row(c, &whole, &s.name, (8.0, y + 18.0), left, ink);
        // By level, where the twigs to what stands under it begin.
        let mut stems = vec![(8.0, y + 26.0)];
        let mut twigs = Vec::new();
        y += HEAD;
        for g in &s.gates {
            let depth = g.depth.min(6).min(stems.len() - 1);
            let (x, mid) = (8.0 + STEP * (depth + 1) as f64, y + ROW / 2.0 - 4.0);
            let stem = stems[depth];
            twigs.push((stem, (stem.0, mid)));
            twigs.push(((stem.0, mid), (x - 9.0, mid)));
            stems[depth].1 = mid;
            stems.truncate(depth + 1);
            stems.push((x, mid + 8.0));
            row(c, g, &s.name, (x, mid), left, ink);
            y += ROW;
        }
        c.strokes(&twigs, Ink::Muted);
    }
}

/// A gate or an actor at a place, and how often it says yes.
fn row(c: &mut Canvas, g: &GateMark, side: &str, (x, mid): (f64, f64), left: f64, ink: Ink) {
    let on = lit(g.shares[0]);
    let state = if on { "lit" } else { "dark" };
    let title =
        format!("{} ({side}): {state}, says yes in {} of draws", g.name, percent(g.shares[0]));
    c.mark(&title, |c| match g.actor {
        // Area, not radius, grows with the weight.
        true => c.dot(x, mid, 2.5 + 5.5 * unit(g.shares[1]).sqrt(), ink, on),
        false => {
            c.rect(x - 7.0, mid - 7.0, 14.0, 14.0, ink, 1.0);
            if !on {
                c.rect(x - 5.5, mid - 5.5, 11.0, 11.0, Ink::Paper, 1.0);
            }
        }
    });
    let bold = Style::new(12.0, if g.actor { Ink::Text } else { ink });
    let style = if g.actor { bold } else { bold.bold() };
    c.trim(x + 14.0, mid + 4.0, style, &g.name, left - x - 22.0);
    let share = unit(g.shares[0]);
    let text = percent(g.shares[0]);
    let room = c.w - left - width("<100 %", 12.0) - 6.0;
    c.rect(left, mid - 5.0, (room * share).max(1.0), 10.0, ink, if on { 1.0 } else { 0.4 });
    c.text(left + (room * share).max(1.0) + 4.0, mid + 4.0, Style::new(11.0, Ink::Text), &text);
}
