//! A probability on the whole scale, among the words that stand for its bands.

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::OddsScale;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Scale;
use super::text::{capital, name, percent, width};
use crate::words::{Band, Lexicon, phrase};

/// The chance with its band from nothing to certain, over the bands of the words for it.
pub fn answer(d: &OddsScale) -> Figure {
    let event = if d.event.is_empty() { "agreement" } else { &d.event };
    let known = d.odds.p.is_finite();
    let ends = [d.odds.lo, d.odds.hi].map(percent);
    let title = match known {
        true => format!(
            "{}: {}, odds from {} to {}",
            capital(&name(event)),
            percent(d.odds.p),
            ends[0],
            ends[1]
        ),
        false => format!("Nothing to show yet of the chance of {}", name(event)),
    };
    let mut summary = match phrase(Lexicon::Icd203A, d.odds.p) {
        Some(words) => format!("{title}; in words {words}."),
        None => format!("{title}."),
    };
    let mut table = FigureTable::new(&["What", "Chance", "from", "to"]);
    table.row(vec!["now".into(), percent(d.odds.p), ends[0].clone(), ends[1].clone()]);
    if let Some((label, p)) = &d.before {
        summary.push_str(&format!(" {}: {}.", capital(&name(label)), percent(*p)));
        table.row(vec![label.clone(), percent(*p), String::new(), String::new()]);
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!(
            "Chance of {} in percent with the band of the odds, over the words of ICD 203",
            name(event)
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Answer(d.clone()),
    }
}

/// Top and bottom of the row of words.
const WORDS: (f64, f64) = (54.0, 78.0);

pub(crate) fn draw(d: &OddsScale, c: &mut Canvas) {
    c.begin(120.0);
    let x = Scale::new(0.0, 1.0, 12.0, c.w - 12.0);
    let own = Lexicon::Icd203A.band(d.odds.p);
    for (k, band) in Lexicon::Icd203A.bands().iter().enumerate() {
        stripe(d, c, &x, (k, band, own == Some(*band)));
    }
    for at in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let label = if at == 0.0 { "0".to_owned() } else { format!("{:.0}\u{a0}%", 100.0 * at) };
        let places = [
            (x.at(at), WORDS.1 + 15.0, Anchor::Middle),
            (12.0, WORDS.1 + 15.0, Anchor::Start),
            (c.w - 2.0, WORDS.1 + 15.0, Anchor::End),
        ];
        c.place(&places, Style::axis(), &label);
    }
    // A word too long for its stripe stands below it, where there is room.
    for band in Lexicon::Icd203A.bands() {
        if !fits(band, &x) {
            let (a, b) = edges(band, &x);
            let places = [
                ((a + b) / 2.0, WORDS.1 + 33.0, Anchor::Middle),
                (a.max(12.0), WORDS.1 + 33.0, Anchor::Start),
                (b.min(c.w - 2.0), WORDS.1 + 33.0, Anchor::End),
            ];
            c.place(&places, Style::axis(), band.term);
        }
    }
    number(d, c, &x);
}

/// The pixels of a band; the outermost reach to the ends of the scale.
fn edges(band: &Band, x: &Scale) -> (f64, f64) {
    let lo = if band.lo <= 1 { 0.0 } else { f64::from(band.lo) / 100.0 };
    let hi = if band.hi >= 99 { 1.0 } else { f64::from(band.hi) / 100.0 };
    (x.at(lo), x.at(hi))
}

fn fits(band: &Band, x: &Scale) -> bool {
    let (a, b) = edges(band, x);
    width(band.term, 11.0) + 8.0 <= b - a
}

fn stripe(d: &OddsScale, c: &mut Canvas, x: &Scale, (k, band, own): (usize, &Band, bool)) {
    let (a, b) = edges(band, x);
    let (top, height) = (WORDS.0, WORDS.1 - WORDS.0);
    if own {
        let words = phrase(Lexicon::Icd203A, d.odds.p).unwrap_or_default();
        let title = format!("{}: {words}", name(&d.event));
        c.mark(&title, |c| c.rect(a, top, b - a, height, Ink::Band, 1.0));
    } else if k.is_multiple_of(2) {
        c.rect(a, top, b - a, height, Ink::Panel, 1.0);
    }
    c.line((b, top), (b, top + height + 4.0), Ink::Line, 1.0, "");
    if k == 0 {
        c.line((a, top), (a, top + height + 4.0), Ink::Line, 1.0, "");
    }
    if fits(band, x) {
        let ink = if own { Ink::Text } else { Ink::Muted };
        let style = Style::new(11.0, ink).middle();
        let style = if own { style.bold() } else { style };
        c.text((a + b) / 2.0, top + 16.0, style, band.term);
    }
}

fn number(d: &OddsScale, c: &mut Canvas, x: &Scale) {
    let Some(p) = Some(d.odds.p).filter(|p| p.is_finite()) else {
        c.text(12.0, 24.0, Style::label(Ink::Muted), "No forecast to draw");
        return;
    };
    let or = |end: f64| if end.is_finite() { end } else { p };
    let (lo, hi) = (or(d.odds.lo), or(d.odds.hi));
    let (y, at) = (42.0, x.at(p));
    let title = format!("{}: band from {} to {}", name(&d.event), percent(lo), percent(hi));
    c.mark(&title, |c| {
        c.path(&[(x.at(lo), y), (x.at(hi), y)], Ink::Accent, 5.0, "");
    });
    c.mark(&format!("{}: {}", name(&d.event), percent(p)), |c| {
        // On paper no text has a rim: the line leaves room for a word in its way.
        let parts = match c.is_clear(at, WORDS.0, WORDS.1) {
            true => vec![(y, WORDS.1)],
            false => vec![(y, WORDS.0 + 4.0), (WORDS.1 - 4.0, WORDS.1)],
        };
        for (from, to) in parts {
            c.line((at, from), (at, to), Ink::Accent, 1.5, "");
        }
        c.dot(at, y, 7.0, Ink::Accent, true);
    });
    let places = [
        (at, 27.0, Anchor::Middle),
        (at - 8.0, 27.0, Anchor::Start),
        (at + 8.0, 27.0, Anchor::End),
    ];
    c.place(&places, Style::new(20.0, Ink::Accent).bold(), &percent(p));
    if let Some((label, before)) = d.before.as_ref().filter(|b| b.1.is_finite()) {
        let at = x.at(*before);
        let said = format!("{label}: {}", percent(*before));
        c.mark(&said, |c| c.dot(at, y, 5.0, Ink::Muted, false));
        let places = [
            (at, 26.0, Anchor::Middle),
            (at + 10.0, 26.0, Anchor::Start),
            (at - 10.0, 26.0, Anchor::End),
            (at + 44.0, 26.0, Anchor::Start),
            (at - 44.0, 26.0, Anchor::End),
            (c.w - 2.0, 12.0, Anchor::End),
        ];
        c.place(&places, Style::axis(), &said);
    }
    let places = [(x.at(hi) + 8.0, y + 4.0, Anchor::Start), (x.at(lo) - 8.0, y + 4.0, Anchor::End)];
    c.place(&places, Style::axis(), &format!("band {}\u{2013}{}", whole(lo), percent(hi)));
}

/// Whole percent without the sign.
fn whole(p: f64) -> String {
    percent(p).trim_end_matches("\u{a0}%").to_owned()
}
