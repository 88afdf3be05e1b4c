//! Where the sides stand, issue by issue, on the scale of each.

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{IssueStrip, PositionsChart, StandMark};
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Scale;
use super::text::{name, truncate, value, width};
use crate::words::percent;

/// Each side's position with its range, its factions as dots, its red lines as brackets, and the
/// terms every side would ratify as a bar, one row an issue.
pub fn positions(d: &PositionsChart) -> Figure {
    let open: Vec<&IssueStrip> = d.issues.iter().filter(|i| i.zone.is_some()).collect();
    let gap = |i: &IssueStrip| {
        let mids = i.sides.iter().map(|s| s.ideal[1]).filter(|m| m.is_finite());
        let (lo, hi) =
            mids.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), m| (a.min(m), b.max(m)));
        let span = (i.hi - i.lo).abs();
        if hi >= lo && span > 0.0 { (hi - lo) / span } else { 0.0 }
    };
    let widest = d.issues.iter().max_by(|a, b| gap(a).total_cmp(&gap(b)));
    let title = match widest {
        None => "No positions to show".to_owned(),
        Some(w) if d.issues.len() == 1 => match w.zone {
            Some((lo, hi)) => format!(
                "On {} every side would ratify terms from {} to {}",
                name(&w.name),
                value(lo),
                value(hi)
            ),
            None => format!("On {} there are no terms that every side would ratify", name(&w.name)),
        },
        Some(w) => {
            let apart = format!("The sides stand furthest apart on {}", name(&w.name));
            if w.sides.len() < 2 {
                match d.zone.and_then(percent) {
                    Some(share) => format!("Enough would accept some package in {share} of draws"),
                    None => "What is wanted, issue by issue".to_owned(),
                }
            } else if open.is_empty() {
                apart
            } else if let Some(share) = d.zone.and_then(percent) {
                // Terms on every issue, but of the draws with a deal alone.
                format!("{apart}; all would ratify some package in {share} of draws")
            } else {
                format!(
                    "{apart}; terms all would ratify exist on {} of {} issues",
                    open.len(),
                    d.issues.len()
                )
            }
        }
    };
    let mut table = FigureTable::new(&[
        "Issue",
        "Who",
        "Wants",
        "from",
        "to",
        "Nothing below",
        "Nothing above",
    ]);
    let opt = |x: Option<f64>| x.map(value).unwrap_or_default();
    for i in &d.issues {
        for s in &i.sides {
            table.row(vec![
                i.name.clone(),
                s.name.clone(),
                value(s.ideal[1]),
                value(s.ideal[0]),
                value(s.ideal[2]),
                opt(s.red_min),
                opt(s.red_max),
            ]);
            for f in &s.factions {
                let who = format!("{} ({})", f.name, s.name);
                let mut row = vec![i.name.clone(), who, value(f.at)];
                row.resize(7, String::new());
                table.row(row);
            }
        }
        if let Some((lo, hi)) = i.zone {
            let mut row = vec![i.name.clone(), "Terms all would ratify".to_owned(), opt(i.term)];
            row.extend([value(lo), value(hi), String::new(), String::new()]);
            table.row(row);
        }
    }
    let mut summary = format!("{title}.");
    if let Some(w) = widest {
        let stands: Vec<String> = w
            .sides
            .iter()
            .take(4)
            .map(|s| format!("{} {}", name(&s.name), value(s.ideal[1])))
            .collect();
        if !stands.is_empty() {
            summary.push_str(&format!(" There: {}.", stands.join(", ")));
        }
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: "Line and dot: what a side wants. White dots: factions. Bracket: red line. \
                   Grey: terms every side would ratify, dotted: their median. Each issue on its \
                   own scale"
            .to_owned(),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Positions(d.clone()),
    }
}

/// Height of one side's line, and of the rest of an issue.
const LINE: f64 = 22.0;

/// The same in a place among others, and of many issues, which share a page with their head and text.
const LOW: f64 = 18.0;

/// So many issues are drawn close together.
const MANY: usize = 5;

/// Room over the first line of an issue, and under the last.
const AROUND: (f64, f64) = (30.0, 24.0);

/// The same of many issues.
const CLOSE: (f64, f64) = (26.0, 20.0);

pub(crate) fn draw(d: &PositionsChart, c: &mut Canvas) {
    if d.issues.is_empty() {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No positions to draw");
        return;
    }
    let narrow = c.narrow();
    let names = d.issues.iter().flat_map(|i| i.sides.iter().map(|s| width(&s.name, 12.0)));
    let column = names.fold(60.0, f64::max).min(if narrow { 84.0 } else { 170.0 }) + 12.0;
    let many = d.issues.len() >= MANY && !narrow && c.height(0.0) == 0.0;
    let line = if many || c.height(0.0) > 0.0 { LOW } else { LINE };
    let (over, under) = if many { CLOSE } else { AROUND };
    let between = if many { 0.0 } else { (line / 3.0).floor() };
    let height_of = |i: &IssueStrip| {
        over + under
            + between
            + line * i.sides.len().max(1) as f64
            + if narrow { 12.0 } else { 0.0 }
    };
    c.begin(d.issues.iter().map(height_of).sum::<f64>() + 4.0);
    let mut top = 0.0;
    let mut order: Vec<&str> = Vec::new();
    for i in &d.issues {
        for s in &i.sides {
            if !order.contains(&s.name.as_str()) {
                order.push(&s.name);
            }
        }
    }
    for i in &d.issues {
        issue(i, c, (top, over), (column, line), &order);
        top += height_of(i);
    }
}

fn issue(
    i: &IssueStrip,
    c: &mut Canvas,
    (top, over): (f64, f64),
    (column, row): (f64, f64),
    order: &[&str],
) {
    let (left, right) = (column + 8.0, c.w - 16.0);
    let x = Scale::new(i.lo, i.hi, left, right);
    let first = top + over;
    let base = first + row * i.sides.len().max(1) as f64;
    if top > 0.0 {
        c.line((0.0, top), (c.w, top), Ink::Line, 1.0, "");
    }
    c.cut(0.0, first - 12.0, Style::new(13.0, Ink::Text).bold(), &i.name, c.w * 0.53);
    // A system font may be a good deal wider than the one that is reckoned with.
    c.block(0.0, first - 24.0, 1.15 * width(&i.name, 13.0).min(c.w * 0.53), 16.0);
    if let Some((lo, hi)) = i.zone.filter(|z| z.0.is_finite() && z.1.is_finite()) {
        let (a, b) = (x.at(lo.min(hi)), x.at(hi.max(lo)));
        let span = (b - a).max(3.0);
        let title = format!("{}: every side would ratify {} to {}", i.name, value(lo), value(hi));
        c.mark(&title, |c| c.rect(a, first - 4.0, span, base - first + 4.0, Ink::Muted, 0.18));
        let range = if value(lo) == value(hi) {
            value(lo)
        } else {
            format!("{}–{}", value(lo), value(hi))
        };
        let text = format!("all would ratify {range}");
        let y = first - 11.0;
        let mid = (a + b) / 2.0;
        let spots = [
            (mid, y, Anchor::Middle),
            (b, y, Anchor::End),
            (a, y, Anchor::Start),
            (c.w - 2.0, y, Anchor::End),
        ];
        if !c.place(&spots, Style::axis(), &text) {
            c.place(&spots, Style::axis(), &range);
        }
        if let Some(t) = i.term.filter(|t| x.holds(*t)) {
            let title = format!("{}: likeliest term {}", i.name, value(t));
            c.mark(&title, |c| {
                c.line((x.at(t), first - 4.0), (x.at(t), base), Ink::Text, 1.5, "2 2");
            });
        }
    }
    c.line((left, base), (right, base), Ink::Muted, 1.0, "");
    for (k, s) in i.sides.iter().enumerate() {
        let y = first + row * (k as f64 + 0.5);
        let ink = Ink::Series(order.iter().position(|o| *o == s.name).unwrap_or(k));
        c.line((left, y), (right, y), Ink::Line, 1.0, "");
        c.trim(0.0, y + 4.0, Style::label(ink).bold(), &s.name, column);
        let [lo, mid, hi] = s.ideal;
        let reds = [(s.red_min, 5.0, "nothing below"), (s.red_max, -5.0, "nothing above")];
        let reds: Vec<(f64, f64, &str)> = reds
            .into_iter()
            .filter_map(|(r, tip, words)| r.filter(|r| r.is_finite()).map(|r| (r, tip, words)))
            .collect();
        let ranged = lo.is_finite() && hi.is_finite();
        let mut title = format!("{}, {}", i.name, s.name);
        if ranged {
            let (lo, hi) = (value(lo), value(hi));
            title.push_str(&format!(": wants {}, range {lo} to {hi}", value(mid)));
        }
        for (r, _, words) in &reds {
            title.push_str(&format!("; accepts {words} {}", value(*r)));
        }
        c.mark(&title, |c| {
            for (r, tip, _) in &reds {
                let (at, tip) = (x.at(*r), x.at(*r) + tip);
                let reach = (0.375 * row).round();
                let bracket =
                    [(tip, y - reach), (at, y - reach), (at, y + reach), (tip, y + reach)];
                c.path(&bracket, ink, 2.0, "");
            }
            if ranged {
                c.path(&[(x.at(lo), y), (x.at(hi), y)], ink, 3.0, "");
            }
            if mid.is_finite() {
                c.dot(x.at(mid), y, 6.0, ink, true);
            }
        });
        factions(s, c, &x, y, ink);
    }
    landmarks(i, c, &x, base);
}

/// A dot a faction; many of them are one mark, so that the keyboard has not to pass them all.
fn factions(s: &StandMark, c: &mut Canvas, x: &Scale, y: f64, ink: Ink) {
    let all: Vec<_> = s.factions.iter().filter(|f| f.at.is_finite()).collect();
    if all.len() > 4 {
        let names: Vec<String> =
            all.iter().map(|f| format!("{} {}", name(&f.name), value(f.at))).collect();
        let at: Vec<(f64, f64)> = all.iter().map(|f| (x.at(f.at), y)).collect();
        c.mark(&format!("Factions of {}: {}", s.name, names.join(", ")), |c| {
            c.dots(&at, ink, 7.5, 1.0);
            c.dots(&at, Ink::Paper, 4.5, 1.0);
        });
        return;
    }
    for f in all {
        let title = format!("{} ({}): wants {}", f.name, s.name, value(f.at));
        c.mark(&title, |c| c.dot(x.at(f.at), y, 3.2, ink, false));
    }
}

/// Named points of the scale under its axis; round ticks where there is room for them.
fn landmarks(i: &IssueStrip, c: &mut Canvas, x: &Scale, base: f64) {
    let lines = if c.narrow() { 2 } else { 1 };
    let named: Vec<_> = i.landmarks.iter().filter(|l| x.holds(l.at)).collect();
    let strokes: Vec<_> =
        named.iter().map(|l| ((x.at(l.at), base), (x.at(l.at), base + 5.0))).collect();
    c.strokes(&strokes, Ink::Muted);
    // Ends of the scale first, then whatever fits between them.
    let mut order: Vec<usize> = (0..named.len()).collect();
    order.sort_by(|a, b| {
        let inner = |k: usize| (0.5 - (named[k].at - i.lo) / (i.hi - i.lo)).abs();
        inner(*b).total_cmp(&inner(*a))
    });
    for k in order {
        let l = named[k];
        let at = x.at(l.at);
        let text = format!("{} ({})", l.label, value(l.at));
        let mut spots = Vec::new();
        for line in 0..lines {
            let y = base + 17.0 + 13.0 * f64::from(line);
            spots.extend([
                (at, y, Anchor::Middle),
                (at - 3.0, y, Anchor::Start),
                (at + 4.0, y, Anchor::End),
            ]);
        }
        let rooms = if lines == 2 { [160.0, 104.0] } else { [190.0, 120.0] };
        for room in rooms {
            let short = truncate(&text, 11.0, room);
            if c.place_cut(&spots, Style::axis(), &short, &text) {
                break;
            }
        }
    }
    if named.is_empty() {
        for t in x.ticks(if c.narrow() { 3 } else { 5 }) {
            let at = x.at(t);
            c.line((at, base), (at, base + 5.0), Ink::Muted, 1.0, "");
            let y = base + 17.0;
            let spots = [(at, y, Anchor::Middle), (c.w - 1.0, y, Anchor::End)];
            c.place(&spots, Style::axis(), &value(t));
        }
    }
}
