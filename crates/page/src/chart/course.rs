//! A probability as it was told from day to day, and the news that came in between.

use super::agreement::time_axis;
use super::canvas::{Anchor, Canvas, Ink, Style, thin};
use super::data::{Course, CourseDay};
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, top};
use super::text::{capital, name, percent, tenths, truncate};
use crate::words::{Band, Lexicon};

/// What the number was on each day, with its band; days with news are dots, the largest steps by name.
pub fn course(d: &Course) -> Figure {
    let event = if d.event.is_empty() { "agreement" } else { &d.event };
    let (first, last) = (d.days.first(), d.days.last());
    let title = match (first, last) {
        (Some(a), Some(b)) if d.days.len() > 1 => format!(
            "{}: from {} on {} to {} on {}",
            capital(&name(event)),
            percent(a.odds.p),
            day::spoken(&a.odds.day),
            percent(b.odds.p),
            day::spoken(&b.odds.day)
        ),
        (Some(a), _) => format!(
            "{}: {} on {}, the first day it is told from",
            capital(&name(event)),
            percent(a.odds.p),
            day::spoken(&a.odds.day)
        ),
        _ => format!("Nothing to show yet of the chance of {}", name(event)),
    };
    let mut summary = format!("{title}.");
    if let Some((k, by)) = steps(d).into_iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) {
        summary.push_str(&format!(
            " The largest step from one day to the next is {} points, on {}.",
            tenths(by),
            day::spoken_in_full(&d.days[k].odds.day)
        ));
    }
    let mut table = FigureTable::new(&["Told from", "Chance", "Band from", "to", "New"]);
    for told in &d.days {
        let news: Vec<String> = told.news.iter().map(said).collect();
        let o = &told.odds;
        table.row(vec![o.day.clone(), percent(o.p), percent(o.lo), percent(o.hi), news.join("; ")]);
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!(
            "Chance of {} in percent as told from each day, with its band; a dot is a day with news",
            name(event)
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Course(d.clone()),
    }
}

/// A piece of news in full, or by its label.
fn said(note: &super::data::Note) -> String {
    match note.text.as_str() {
        "" => note.label.clone(),
        text => text.to_owned(),
    }
}

/// The change from the day before, of every day but the first.
fn steps(d: &Course) -> Vec<(usize, f64)> {
    let pairs = d.days.windows(2).enumerate();
    let steps = pairs.map(|(k, w)| (k + 1, w[1].odds.p - w[0].odds.p));
    steps.filter(|s| s.1.is_finite()).collect()
}

pub(crate) fn draw(d: &Course, c: &mut Canvas) {
    let height = c.height(if c.narrow() { 250.0 } else { 160.0 });
    c.begin(height);
    let days: Vec<(f64, &CourseDay)> = d
        .days
        .iter()
        .filter(|told| told.odds.p.is_finite())
        .filter_map(|told| Some((day::number(&told.odds.day)?, told)))
        .collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No history to draw");
        return;
    };
    let end = |x: f64, p: f64| if x.is_finite() { x } else { p };
    let most = days.iter().map(|(_, t)| end(t.odds.hi, t.odds.p)).fold(0.0, f64::max);
    let (left, right, over, under) = (6.0, c.w - 44.0, 16.0, height - 30.0);
    let x = Scale::new(first.0, last.0, left + 6.0, right - 8.0);
    let y = Scale::new(0.0, top(most), under, over);
    stripes(c, &y, (left, right));
    time_axis(c, &x, under);
    let at = |t: &(f64, &CourseDay), p: f64| (x.at(t.0), y.at(p));
    let upper = days.iter().map(|t| at(t, end(t.1.odds.hi, t.1.odds.p))).collect();
    let lower = days.iter().map(|t| at(t, end(t.1.odds.lo, t.1.odds.p))).collect();
    let outline: Vec<_> =
        thin(upper, 2.0).into_iter().chain(thin(lower, 2.0).into_iter().rev()).collect();
    c.fill(&outline, Ink::Band, 1.0);
    let line = thin(days.iter().map(|t| at(t, t.1.odds.p)).collect(), 1.5);
    c.path(&line, Ink::Accent, 2.5, "");
    c.block_path(&line);
    terms(c, &y, (left, right));
    // As many as the keyboard should have to pass, the latest of them.
    for t in days.iter().rev().take(40) {
        dot(c, t, at(t, t.1.odds.p), t.0 == last.0);
    }
    let (ax, ay) = at(last, last.1.odds.p);
    let places = [
        (c.w - 2.0, ay - 12.0, Anchor::End),
        (c.w - 2.0, ay + 24.0, Anchor::End),
        (ax - 8.0, ay - 14.0, Anchor::End),
    ];
    c.place(&places, Style::new(17.0, Ink::Accent).bold(), &percent(last.1.odds.p));
    labels(d, c, &days, &x, &y, (over, under));
}

/// The ends of a band of the words, px from below.
fn ends(y: &Scale, band: &Band) -> (f64, f64) {
    let lo = if band.lo <= 1 { 0.0 } else { f64::from(band.lo) / 100.0 };
    let hi = if band.hi >= 99 { 1.0 } else { f64::from(band.hi) / 100.0 };
    (y.at(lo), y.at(hi))
}

/// The names of the words in their bands, on the left or else on the right of the line.
fn terms(c: &mut Canvas, y: &Scale, (left, right): (f64, f64)) {
    for band in Lexicon::Icd203A.bands() {
        let (below, above) = ends(y, band);
        if below - above > 15.0 {
            let level = above + 12.0;
            let low = below - 4.0;
            let places = [
                (left + 4.0, level, Anchor::Start),
                (left + 4.0, low, Anchor::Start),
                (right - 4.0, level, Anchor::End),
                (right - 4.0, low, Anchor::End),
            ];
            c.place(&places, Style::axis(), band.term);
        }
    }
}

/// The bands of the words as stripes with their edges on the right.
fn stripes(c: &mut Canvas, y: &Scale, (left, right): (f64, f64)) {
    for (k, band) in Lexicon::Icd203A.bands().iter().enumerate() {
        let (below, above) = ends(y, band);
        if below - above < 1.0 {
            continue;
        }
        if k.is_multiple_of(2) {
            c.rect(left, above, right - left, below - above, Ink::Panel, 1.0);
        }
        let lowest = band.lo <= 1;
        let ink = if lowest { Ink::Text } else { Ink::Line };
        c.line((left, below), (right, below), ink, 1.0, "");
        let label = if lowest { "0".to_owned() } else { format!("{}\u{a0}%", band.lo) };
        c.text(c.w - 2.0, below + 4.0, Style::axis().end(), &label);
    }
}

/// A day: full where something was new.
fn dot(c: &mut Canvas, (n, told): &(f64, &CourseDay), (x, y): (f64, f64), last: bool) {
    let news: Vec<String> = told.news.iter().map(said).collect();
    let mut title = format!("{}: {}", day::brief(*n), percent(told.odds.p));
    if !news.is_empty() {
        title.push_str(&format!("; new: {}", news.join("; ")));
    }
    let radius = if last {
        5.5
    } else if news.is_empty() {
        2.2
    } else {
        4.0
    };
    c.mark(&title, |c| c.dot(x, y, radius, Ink::Accent, true));
}

/// The largest steps by what was new on their day.
fn labels(
    d: &Course,
    c: &mut Canvas,
    days: &[(f64, &CourseDay)],
    x: &Scale,
    y: &Scale,
    (over, under): (f64, f64),
) {
    let mut steps = steps(d);
    steps.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let most = if c.narrow() { 3 } else { 6 };
    let moved = steps.into_iter().filter(|s| s.1.abs() >= 0.005).take(most);
    for (k, by) in moved {
        let told = &d.days[k];
        let Some(note) = told.news.first() else { continue };
        let Some((n, _)) = days.iter().find(|t| t.1.odds.day == told.odds.day) else { continue };
        let (ax, ay) = (x.at(*n), y.at(told.odds.p));
        let more = match told.news.len() {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        // Whose doing it was says little: what was said does.
        let full = format!("{}: {}{more}", tenths(by), note.text);
        // In a column there is no room for who said it as well.
        let speaker = format!("{}: ", note.label);
        let words = note.text.strip_prefix(&speaker).unwrap_or(&note.text);
        let (label, room) = if c.narrow() { (words, 150.0) } else { (&*note.text, 230.0) };
        let short = truncate(&format!("{}: {label}{more}", tenths(by)), 11.0, room);
        let mut spots = Vec::new();
        for row in 0..7 {
            let dy = 14.0 * f64::from(row);
            for (level, sign) in [(ay - 12.0, -1.0), (ay + 20.0, 1.0)] {
                let level = level + sign * dy;
                for (dx, anchor) in
                    [(0.0, Anchor::Middle), (4.0, Anchor::End), (-4.0, Anchor::Start)]
                {
                    spots.push((ax + dx, level, anchor));
                }
            }
        }
        // A text that lies between a day and its label would be struck through.
        let edge = |level: f64| if level < ay { level + 4.0 } else { level - 12.0 };
        spots.retain(|s| s.1 > over + 6.0 && s.1 < under - 6.0 && c.is_clear(ax, ay, edge(s.1)));
        if c.place_free(&spots, Style::new(11.0, Ink::Text), &short, &full) {
            c.lead((ax, ay), Ink::Muted);
        }
    }
}
