//! Packages in the plane of what they give two sides.

use std::collections::{BTreeMap, BTreeSet};

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{DealMap, PackageLink};
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Scale;
use super::text::{name, truncate, value, width};
use crate::text::thousands;

/// Packages as dots in the plane of the two sides' gains, with no deal, the Pareto frontier, and
/// named solutions.
pub fn deal_map(d: &DealMap) -> Figure {
    let all = finite(&d.packages);
    let better = all.iter().filter(|p| p[0] >= d.no_deal[0] && p[1] >= d.no_deal[1]).count();
    let [a, b] = [side(d, 0), side(d, 1)];
    let title = match (d.ratified, all.len(), better) {
        (Some([n, k]), ..) => {
            let n = thousands(n as u64);
            let k = if k == 0 { "None".to_owned() } else { thousands(k as u64) };
            format!("{k} of {n} packages would be ratified on both sides")
        }
        (None, 0, _) => "No packages to show".to_owned(),
        (None, n, 0) => format!("None of {n} packages is better than no deal for both {a} and {b}"),
        (None, n, k) if k == n => {
            format!("All of {n} packages are better than no deal for both sides")
        }
        (None, n, k) => {
            format!("{k} of {n} packages are better than no deal for both {a} and {b}")
        }
    };
    let coloured = if d.zone.is_empty() { "" } else { ", coloured where both sides ratify it" };
    let mut table = FigureTable::new(&["What", &a, &b, "Terms"]);
    table.row(vec!["No deal".into(), value(d.no_deal[0]), value(d.no_deal[1]), String::new()]);
    for m in &d.marks {
        table.row(vec![m.name.clone(), value(m.at[0]), value(m.at[1]), m.terms.clone()]);
    }
    for p in finite(&d.frontier) {
        table.row(vec!["Frontier".into(), value(p[0]), value(p[1]), String::new()]);
    }
    let marks: Vec<String> = d
        .marks
        .iter()
        .take(4)
        .map(|m| format!("{} at {} and {}", name(&m.name), value(m.at[0]), value(m.at[1])))
        .collect();
    let summary = if marks.is_empty() {
        format!("{title}.")
    } else {
        format!("{title}. {}.", marks.join("; "))
    };
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!(
            "Each dot a package{coloured}: what it gives {a} across and {b} up, in utility. The \
             shaded corner is better than no deal for both"
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::DealMap(d.clone()),
    }
}

fn side(d: &DealMap, k: usize) -> String {
    if d.sides[k].is_empty() { format!("side {}", k + 1) } else { name(&d.sides[k]) }
}

fn finite(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    points.iter().copied().filter(|p| p[0].is_finite() && p[1].is_finite()).collect()
}

/// Packages that both sides ratify. The colours of the first two places belong to the two sides.
const ZONE: Ink = Ink::Series(2);

/// The side of a place that a finger hits, px.
const PLACE: f64 = 24.0;

/// One link for each place that has packages: a named one, else one that both sides ratify, else any; of
/// several the one nearest to the middle of the place.
fn links(d: &DealMap, c: &mut Canvas, spot: impl Fn([f64; 2]) -> (f64, f64)) {
    let mut places: BTreeMap<(i64, i64), (&PackageLink, f64)> = BTreeMap::new();
    let inside = |l: &&PackageLink| l.at.iter().all(|v| v.is_finite());
    for link in d.links.iter().filter(inside) {
        let (x, y) = spot(link.at);
        let place = ((y / PLACE).floor() as i64, (x / PLACE).floor() as i64);
        let off = |v: f64, k: i64| (v / PLACE - k as f64 - 0.5).abs();
        let rank =
            f64::from(u8::from(!link.marked)) * 4.0 + f64::from(u8::from(!link.ratified)) * 2.0;
        let rank = rank + off(x, place.1) + off(y, place.0);
        let best = places.entry(place).or_insert((link, rank));
        if rank < best.1 {
            *best = (link, rank);
        }
    }
    for ((row, column), (link, _)) in places {
        let (left, top) = (column as f64 * PLACE, row as f64 * PLACE);
        let (x, y) = spot(link.at);
        c.link(&link.address, &link.terms, |c| {
            c.rect(left, top, PLACE, PLACE, Ink::Paper, 0.0);
            match link.ratified {
                true => c.dots(&[(x, y)], ZONE, 8.0, 0.9),
                false => c.dots(&[(x, y)], Ink::Muted, 7.0, 0.6),
            }
        });
    }
}

/// Dots drawn at most: more of them would only be darker.
const MOST: usize = 700;

pub(crate) fn draw(d: &DealMap, c: &mut Canvas) {
    let narrow = c.narrow();
    let (left, right) = (44.0, c.w - 18.0);
    let (over, under) = (26.0, 26.0 + (right - left).min(430.0) * if narrow { 1.0 } else { 0.6 });
    c.begin(under + 42.0);
    let mut all = finite(&d.packages);
    all.extend(finite(&d.zone));
    let shown: Vec<[f64; 2]> = finite(&d.marks.iter().map(|m| m.at).collect::<Vec<_>>());
    all.extend(&shown);
    all.extend(finite(&d.frontier));
    all.extend(finite(&[d.no_deal]));
    if all.iter().all(|p| *p == d.no_deal) {
        c.text(0.0, 20.0, Style::label(Ink::Muted), "No packages to draw");
        return;
    }
    let range = |k: usize| {
        let (lo, hi) = all
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| (a.min(p[k]), b.max(p[k])));
        let pad = if hi > lo { 0.04 * (hi - lo) } else { 0.5 };
        (lo - pad, hi + pad)
    };
    let ((x0, x1), (y0, y1)) = (range(0), range(1));
    let x = Scale::new(x0, x1, left, right);
    let y = Scale::new(y0, y1, under, over);
    if d.no_deal[0].is_finite() && d.no_deal[1].is_finite() {
        let (nx, ny) = (x.at(d.no_deal[0]), y.at(d.no_deal[1]));
        c.rect(nx, over, right - nx, ny - over, Ink::Band, 0.55);
    }
    for t in y.ticks(6) {
        c.line((left, y.at(t)), (right, y.at(t)), Ink::Line, 1.0, "");
        c.text(left - 6.0, y.at(t) + 4.0, Style::axis().end(), &value(t));
    }
    for t in x.ticks(if narrow { 4 } else { 6 }) {
        c.line((x.at(t), over), (x.at(t), under), Ink::Line, 1.0, "");
        c.text(x.at(t), under + 16.0, Style::axis().middle(), &value(t));
    }
    let [a, b] = [side(d, 0), side(d, 1)];
    let above = if d.zone.is_empty() { c.w - 4.0 } else { 0.5 * c.w };
    c.cut(0.0, 12.0, Style::label(Ink::Muted).bold(), &format!("↑ better for {b}"), above);
    if !d.zone.is_empty() {
        let words = "Both sides ratify";
        let s = Style::new(11.0, ZONE).bold().end();
        c.text(c.w - 2.0, 12.0, s, words);
        c.dot(c.w - 10.0 - width(words, 11.5), 8.0, 3.5, ZONE, true);
    }
    let s = Style::label(Ink::Muted).bold().end();
    c.cut(c.w - 2.0, under + 35.0, s, &format!("better for {a} →"), c.w - 6.0);
    // One dot a place: packages that fall on one pixel are one.
    let places = |points: &[[f64; 2]]| -> Vec<(f64, f64)> {
        let pixels: BTreeSet<(i64, i64)> = finite(points)
            .iter()
            .map(|p| ((x.at(p[0]) * 0.5).round() as i64, (y.at(p[1]) * 0.5).round() as i64))
            .collect();
        let stride = pixels.len().div_ceil(MOST).max(1);
        pixels.iter().step_by(stride).map(|p| (2.0 * p.0 as f64, 2.0 * p.1 as f64)).collect()
    };
    if d.links.is_empty() {
        c.dots(&places(&d.packages), Ink::Muted, 4.0, 0.45);
        c.dots(&places(&d.zone), ZONE, 5.0, 0.9);
    }
    let mut edge = finite(&d.frontier);
    edge.sort_by(|p, q| p[0].total_cmp(&q[0]).then(q[1].total_cmp(&p[1])));
    let edge: Vec<(f64, f64)> = edge.iter().map(|p| (x.at(p[0]), y.at(p[1]))).collect();
    c.path(&super::canvas::thin(edge.clone(), 2.0), Ink::Text, 1.5, "");
    c.block_path(&edge);
    let mut points: Vec<((f64, f64), String, String, Ink)> = Vec::new();
    if d.no_deal.iter().all(|v| v.is_finite()) {
        let at = (x.at(d.no_deal[0]), y.at(d.no_deal[1]));
        points.push((at, "No deal".to_owned(), String::new(), Ink::Text));
    }
    for m in d.marks.iter().filter(|m| m.at.iter().all(|v| v.is_finite())) {
        let at = (x.at(m.at[0]), y.at(m.at[1]));
        points.push((at, m.name.clone(), m.terms.clone(), Ink::Accent));
    }
    links(d, c, |at| (x.at(at[0]), y.at(at[1])));
    for (at, label, terms, ink) in &points {
        // What stands under it opens it.
        if !d.links.is_empty() && *ink == Ink::Accent {
            c.dot(at.0, at.1, 5.5, *ink, true);
            continue;
        }
        let text = if terms.is_empty() { label.clone() } else { format!("{label}: {terms}") };
        c.mark(&text, |c| c.dot(at.0, at.1, 5.5, *ink, true));
    }
    for ((px, py), label, _, ink) in &points {
        let short = truncate(label, 12.0, if narrow { 120.0 } else { 200.0 });
        let mut spots = vec![
            (px + 10.0, py - 6.0, Anchor::Start),
            (px + 10.0, py + 4.0, Anchor::Start),
            (px - 10.0, py + 4.0, Anchor::End),
            (*px, py - 11.0, Anchor::Middle),
            (px + 6.0, py + 19.0, Anchor::Start),
            (px - 6.0, py + 19.0, Anchor::End),
        ];
        for k in 1..5 {
            let dy = 15.0 * f64::from(k);
            spots.push((px + 12.0, py - 6.0 - dy, Anchor::Start));
            spots.push((px - 12.0, py + 4.0 + dy, Anchor::End));
            spots.push((px - 12.0, py - 6.0 - dy, Anchor::End));
        }
        if c.place_cut(&spots, Style::label(*ink).bold(), &short, label) {
            c.lead((*px, *py), *ink);
        }
    }
    // The frontier is named where it begins, if there is room.
    if let Some((fx, fy)) = edge.first().filter(|_| edge.len() > 1) {
        let spots = [
            (fx - 8.0, fy - 6.0, Anchor::End),
            (fx + 8.0, fy - 8.0, Anchor::Start),
            (*fx, fy - 10.0, Anchor::Middle),
        ];
        c.place_free(&spots, Style::axis(), "Pareto frontier", "Pareto frontier");
    }
}
