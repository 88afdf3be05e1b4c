//! Two forecasts of one chance by date, one over the other.

use std::collections::BTreeMap;

use super::agreement::{percent_grid, time_axis};
use super::canvas::{Anchor, Canvas, Ink, Style, thin};
use super::data::{Odds, Overlay};
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, top};
use super::text::{capital, name, percent, points, truncate};

/// The chance by each date as A and as B tell it, each with its band. A is drawn whole, B dashed:
/// colour alone says nothing.
pub fn overlay(d: &Overlay) -> Figure {
    let event = if d.event.is_empty() { "agreement" } else { &d.event };
    let by = day::spoken(&d.question);
    let ends = [0, 1].map(|k| at(&d.curves[k], &d.question));
    let names = [0, 1].map(|k| called(d, k));
    let title = match ends {
        [Some(a), Some(b)] if percent(a.p) == percent(b.p) => format!(
            "{} by {by}: {} in {} as in {}",
            capital(&name(event)),
            percent(b.p),
            names[1],
            names[0]
        ),
        [Some(a), Some(b)] => format!(
            "{} by {by}: {} in {}, {} in {}",
            capital(&name(event)),
            percent(a.p),
            names[0],
            percent(b.p),
            names[1]
        ),
        _ => format!("Nothing to compare yet of the chance of {}", name(event)),
    };
    let summary = match (ends, widest(d)) {
        ([Some(a), Some(b)], Some((on, gap))) => format!(
            "By {by} the chance of {} is {} in {}, with a band from {} to {}, and {} in {}, with \
             a band from {} to {}. The two are farthest apart by {}: {} points.",
            name(event),
            percent(a.p),
            names[0],
            percent(a.lo),
            percent(a.hi),
            percent(b.p),
            names[1],
            percent(b.lo),
            percent(b.hi),
            day::spoken_in_full(&on),
            points(gap)
        ),
        _ => "There are no two forecasts to draw.".to_owned(),
    };
    let heads = names.each_ref().map(|n| [n.clone(), format!("{n} from"), format!("{n} to")]);
    let columns: Vec<&str> = heads.iter().flatten().map(String::as_str).collect();
    let mut table = FigureTable::new(&[&["Day"], &columns[..]].concat());
    let mut rows: BTreeMap<&str, [Option<&Odds>; 2]> = BTreeMap::new();
    for (k, curve) in d.curves.iter().enumerate() {
        for o in curve {
            rows.entry(&o.day).or_default()[k] = Some(o);
        }
    }
    for (day, told) in rows {
        let numbers = told.iter().flat_map(|o| match o {
            Some(o) => [o.p, o.lo, o.hi].map(percent),
            None => [const { String::new() }; 3],
        });
        table.row(std::iter::once(day.to_owned()).chain(numbers).collect());
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!(
            "Chance of {} by each date, in percent, with its band: {} whole, {} dashed",
            name(event),
            names[0],
            names[1]
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Overlay(d.clone()),
    }
}

/// What a curve is called; letters where it has no name.
fn called(d: &Overlay, k: usize) -> String {
    match d.names[k].trim() {
        "" => ["A", "B"][k].to_owned(),
        _ => name(&d.names[k]),
    }
}

/// The last of a curve that is not after a day.
fn at<'a>(curve: &'a [Odds], date: &str) -> Option<&'a Odds> {
    let by = day::number(date)?;
    let upto = |o: &&Odds| day::number(&o.day).is_some_and(|n| n <= by) && o.p.is_finite();
    curve.iter().rfind(upto)
}

/// The day on which B is farthest from A, and how far.
fn widest(d: &Overlay) -> Option<(String, f64)> {
    let gap = |b: &Odds| {
        let a = d.curves[0].iter().find(|a| a.day == b.day && a.p.is_finite())?;
        b.p.is_finite().then(|| (b.day.clone(), b.p - a.p))
    };
    d.curves[1].iter().filter_map(gap).max_by(|x, y| x.1.abs().total_cmp(&y.1.abs()))
}

/// Day, probability, and the ends of its band.
type Point = (f64, f64, f64, f64);

const INKS: [Ink; 2] = [Ink::Series(0), Ink::Series(1)];
const DASHES: [&str; 2] = ["", "7 4"];

pub(crate) fn draw(d: &Overlay, c: &mut Canvas) {
    let height = if c.narrow() { 300.0 } else { 340.0 };
    c.begin(height);
    let known = d.curves.each_ref().map(|curve| -> Vec<Point> {
        curve
            .iter()
            .filter(|o| o.p.is_finite())
            .filter_map(|o| {
                let end = |x: f64| if x.is_finite() { x } else { o.p };
                day::number(&o.day).map(|n| (n, o.p, end(o.lo), end(o.hi)))
            })
            .collect()
    });
    let days = || known.iter().flatten().map(|p| p.0);
    let (first, last) =
        (days().fold(f64::INFINITY, f64::min), days().fold(f64::NEG_INFINITY, f64::max));
    if first > last {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No forecasts to draw");
        return;
    }
    let most = known.iter().flatten().map(|p| p.3.max(p.1)).fold(0.0, f64::max);
    let (left, right, over, under) = (6.0, c.w - 44.0, 44.0, height - 30.0);
    let x = Scale::new(first, last.max(first + 1.0), left, right);
    let y = Scale::new(0.0, top(most), under, over);
    percent_grid(c, &y, (left, right));
    time_axis(c, &x, under);
    for (k, points) in known.iter().enumerate() {
        let edge = |of: fn(&Point) -> f64| {
            thin(points.iter().map(|p| (x.at(p.0), y.at(of(p)))).collect(), 2.5)
        };
        let (upper, lower) = (edge(|p| p.3), edge(|p| p.2));
        let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        c.fill(&outline, INKS[k], 0.14);
    }
    for (k, points) in known.iter().enumerate() {
        let line = thin(points.iter().map(|p| (x.at(p.0), y.at(p.1))).collect(), 2.0);
        c.path(&line, INKS[k], 2.5, DASHES[k]);
        c.block_path(&line);
    }
    ends(d, c, &x, &y);
}

/// The question's date, and each curve's name and answer there.
fn ends(d: &Overlay, c: &mut Canvas, x: &Scale, y: &Scale) {
    let Some(by) = day::number(&d.question).filter(|n| x.holds(*n)) else { return };
    let ax = x.at(by);
    let answers = [0, 1].map(|k| at(&d.curves[k], &d.question));
    c.line((ax, y.at(0.0)), (ax, y.ends().1.1), Ink::Muted, 1.0, "3 3");
    let above = match answers {
        [Some(a), Some(b)] => usize::from(b.p > a.p),
        _ => 0,
    };
    for k in [above, 1 - above] {
        let Some(o) = answers[k] else { continue };
        let name = called(d, k);
        let (lo, hi) = (percent(o.lo), percent(o.hi));
        let by = day::spoken_in_full(&d.question);
        let title = format!("{name} by {by}: {} (band {lo} to {hi})", percent(o.p));
        let ay = y.at(o.p);
        c.mark(&title, |c| c.dot(ax, ay, 5.0, INKS[k], k == 0));
        let style = Style::new(14.0, INKS[k]).bold();
        let text =
            truncate(&format!("{name} {}", percent(o.p)), 14.0, (c.w / 2.0 - 60.0).max(60.0));
        let mut places = Vec::new();
        for step in 0..6 {
            let dy = 16.0 * f64::from(step);
            let up = if k == above { ay - 12.0 - dy } else { ay + 24.0 + dy };
            places.push((ax - 9.0, up, Anchor::End));
            places.push((ax + 9.0, up, Anchor::Start));
        }
        if c.place_cut(&places, style, &text, &format!("{name} {}", percent(o.p))) {
            c.lead((ax, ay), INKS[k]);
        }
    }
    let top = y.ends().1.1;
    let when = format!("by {}", day::spoken(&d.question));
    let places = [
        (ax, top - 10.0, Anchor::Middle),
        (ax - 4.0, top - 10.0, Anchor::Start),
        (ax + 4.0, top - 10.0, Anchor::End),
    ];
    c.place(&places, Style::axis(), &when);
    // Further marks, so that the keyboard reaches each curve along its way.
    for (k, curve) in d.curves.iter().enumerate() {
        let Some(o) = curve.iter().rfind(|o| o.p.is_finite()) else { continue };
        let Some(n) = day::number(&o.day).filter(|n| x.holds(*n) && *n > by) else { continue };
        let title =
            format!("{} by {}: {}", called(d, k), day::spoken_in_full(&o.day), percent(o.p));
        c.mark(&title, |c| c.dot(x.at(n), y.at(o.p), 3.0, INKS[k], k == 0));
    }
}
