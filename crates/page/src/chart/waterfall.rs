//! What moved a probability from one forecast to the next.

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{Step, Waterfall};
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, nice};
use super::text::{capital, name, percent, tenths, width, wrap};

/// The earlier probability, what each cause added, and the later one, from top to bottom.
pub fn waterfall(d: &Waterfall) -> Figure {
    let event = if d.event.is_empty() { "the answer" } else { &d.event };
    let steps = steps(d);
    let way = (d.to - d.from).signum();
    let largest = steps
        .iter()
        .filter(|s| s.change.is_finite() && s.change * way > 0.0)
        .max_by(|a, b| a.change.abs().total_cmp(&b.change.abs()));
    let moved = tenths(d.to - d.from);
    // What stays in whole percent is not said to go from it to itself.
    let course = match percent(d.from) == percent(d.to) {
        true => format!("{} stays at {}", capital(&name(event)), percent(d.to)),
        false => format!("{} from {} to {}", capital(&name(event)), percent(d.from), percent(d.to)),
    };
    let title = match (moved.as_str(), largest) {
        ("0", _) => format!("The chance of {} did not move: {}", name(event), percent(d.to)),
        (_, Some(s)) if s.label != REST => {
            format!("{course}: {} did most ({} points)", name(&s.label), tenths(s.change))
        }
        _ => course,
    };
    let causes: Vec<String> =
        steps.iter().take(6).map(|s| format!("{} {}", name(&s.label), tenths(s.change))).collect();
    let mut summary = format!(
        "The chance of {} went from {} to {}.",
        name(event),
        percent(d.from),
        percent(d.to)
    );
    if !causes.is_empty() {
        summary.push_str(&format!(" In points: {}.", causes.join(", ")));
    }
    let mut table = FigureTable::new(&["What", "Points", "Then", "Why"]);
    table.row(vec![from_label(d), String::new(), percent(d.from), String::new()]);
    let mut at = d.from;
    for s in &steps {
        at += s.change;
        table.row(vec![
            s.label.clone(),
            tenths(s.change),
            percent(at.clamp(0.0, 1.0)),
            s.text.clone(),
        ]);
    }
    table.row(vec![to_label(d), String::new(), percent(d.to), String::new()]);
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!("What moved the chance of {}, in percentage points", name(event)),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Waterfall(d.clone()),
    }
}

const REST: &str = "Not attributed";

fn from_label(d: &Waterfall) -> String {
    if d.from_label.is_empty() { "Before".to_owned() } else { d.from_label.clone() }
}

fn to_label(d: &Waterfall) -> String {
    if d.to_label.is_empty() { "Now".to_owned() } else { d.to_label.clone() }
}

/// What a bar says: whose doing it is, and what that was.
fn said(s: &Step) -> String {
    match s.text.as_str() {
        text if text.is_empty() || text.starts_with(&s.label) => s.label.clone(),
        text => format!("{}: {text}", s.label),
    }
}

/// The causes that show, and what is left if it is a tenth of a point or more.
fn steps(d: &Waterfall) -> Vec<Step> {
    let shows = |s: &&Step| s.change.is_finite() && s.change.abs() >= 0.0005;
    let mut out: Vec<Step> = d.steps.iter().filter(shows).cloned().collect();
    for s in &mut out {
        s.change = s.change.clamp(-1.0, 1.0);
    }
    let rest =
        d.to.clamp(0.0, 1.0) - d.from.clamp(0.0, 1.0) - out.iter().map(|s| s.change).sum::<f64>();
    if rest.is_finite() && rest.abs() >= 0.0005 && !out.is_empty() {
        out.push(Step { label: REST.to_owned(), text: String::new(), change: rest });
    }
    out
}

pub(crate) fn draw(d: &Waterfall, c: &mut Canvas) {
    if !(d.from.is_finite() && d.to.is_finite()) {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No move to draw");
        return;
    }
    let steps = steps(d);
    let (from, to) = (d.from.clamp(0.0, 1.0), d.to.clamp(0.0, 1.0));
    let narrow = c.narrow();
    let ends = [from_label(d), to_label(d)];
    // What was said has two lines.
    let half = steps.iter().map(|s| width(&said(s), 12.0) * 0.55);
    let whole = ends.iter().chain(steps.iter().map(|s| &s.label)).map(|l| width(l, 12.0));
    let widest = half.chain(whole).fold(60.0, f64::max);
    let column = (widest + 14.0).min(if narrow { 132.0 } else { c.w * 0.42 });
    let row = if narrow { 36.0 } else { 30.0 };
    let height = 26.0 + row * (steps.len() + 2) as f64 + 6.0;
    c.begin(height);
    let mut levels = vec![from];
    for s in &steps {
        levels.push(levels.last().copied().unwrap_or(0.0) + s.change);
    }
    levels.push(to);
    let lo = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let hi = levels.iter().copied().fold(0.0, f64::max);
    // From zero where that costs little; otherwise the totals are dots, not bars, so that no bar
    // lies about its length.
    let from_zero = lo <= 0.5 * hi || lo < 0.0;
    let (lo, hi) = nice(if from_zero { lo.min(0.0) } else { lo }, hi.max(lo + 0.05), 5);
    let x = Scale::new(lo, hi, column + 10.0, c.w - 44.0);
    for t in x.ticks(if narrow { 3 } else { 6 }) {
        c.line((x.at(t), 20.0), (x.at(t), height - 4.0), Ink::Line, 1.0, "");
        let mut label = super::text::value(100.0 * t);
        label.push_str("\u{a0}%");
        c.text(x.at(t), 13.0, Style::axis().middle(), &label);
    }
    let mut y = 26.0;
    let total = |c: &mut Canvas, label: &str, v: f64, y: f64| {
        let mid = y + row / 2.0;
        lines(c, label, Style::label(Ink::Text).bold(), column, mid);
        let base = if from_zero { x.at(0.0) } else { x.at(v) };
        c.mark(&format!("{label}: {}", percent(v)), |c| {
            if from_zero {
                c.rect(base, mid - 8.0, (x.at(v) - base).max(1.5), 16.0, Ink::Muted, 1.0);
            } else {
                c.dot(x.at(v), mid, 6.0, Ink::Muted, true);
            }
        });
        c.text(x.at(v) + 9.0, mid + 4.5, Style::new(13.0, Ink::Text).bold(), &percent(v));
    };
    total(c, &ends[0], from, y);
    let mut at = from;
    for s in &steps {
        y += row;
        let mid = y + row / 2.0;
        let (a, b) = (x.at(at), x.at(at + s.change));
        c.line((a, y - row / 2.0 + 8.0), (a, mid + 8.0), Ink::Muted, 1.0, "");
        lines(c, &said(s), Style::label(Ink::Text), column, mid);
        let up = s.change >= 0.0;
        let ink = match (s.label == REST, up) {
            (true, _) => Ink::Series(5),
            (false, true) => Ink::Series(0),
            (false, false) => Ink::Series(1),
        };
        let title = format!("{}: {} points", said(s), tenths(s.change));
        c.mark(&title, |c| {
            c.rect(a.min(b), mid - 8.0, (a - b).abs().max(1.5), 16.0, ink, 1.0);
        });
        c.block(a.min(b), mid - 8.0, (a - b).abs().max(1.5), 16.0);
        let spots = if up {
            [(b + 5.0, mid + 4.0, Anchor::Start), (a - 5.0, mid + 4.0, Anchor::End)]
        } else {
            [(b - 5.0, mid + 4.0, Anchor::End), (a + 5.0, mid + 4.0, Anchor::Start)]
        };
        c.place(&spots, Style::label(ink).bold(), &tenths(s.change));
        at += s.change;
    }
    y += row;
    c.line((x.at(at), y - row / 2.0 + 8.0), (x.at(at), y + row / 2.0), Ink::Muted, 1.0, "");
    total(c, &ends[1], to, y);
}

/// A label right-aligned in the first column, on one line or two.
pub(crate) fn lines(c: &mut Canvas, text: &str, style: Style, column: f64, mid: f64) {
    let parts = wrap(text, style.size, column, 2);
    match parts.as_slice() {
        [one] => {
            c.cut(column, mid + 4.0, style.end(), one, column);
        }
        [one, two] => {
            c.cut(column, mid - 3.0, style.end(), one, column);
            c.cut(column, mid + 11.5, style.end(), two, column);
        }
        _ => {}
    }
}
