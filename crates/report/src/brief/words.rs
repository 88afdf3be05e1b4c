//! Numbers, names and dates as the brief writes them.

use super::view::{Estimate, Mark};
use winset_page::text::{pc, short, spoken};
use winset_page::words::{Lexicon, phrase, phrase_with_interval};

/// A probability in words, `unlikely (20–45 %; model 31 %)`.
pub(super) fn likely(p: f64) -> String {
    with_model(phrase(Lexicon::Icd203A, p).unwrap_or_else(|| "no probability".to_owned()), p)
}

/// Names the model where the phrase gives the number alone, below 1 % and above 99 %.
fn with_model(words: String, p: f64) -> String {
    match words.strip_suffix(')') {
        Some(open) if !open.contains("model") => format!("{open}; model {})", pc(p)),
        _ => words,
    }
}

/// A probability in words, both bands where `lo` and `hi` lie in different ones.
pub(super) fn likely_between(p: f64, lo: f64, hi: f64) -> String {
    phrase_with_interval(Lexicon::Icd203A, p, lo, hi)
        .map_or_else(|| likely(p), |w| with_model(w, p))
}

/// A probability and its interval in words; both bands where the interval straddles them.
pub(super) fn likely_within(e: &Estimate) -> String {
    let words = likely_between(e.p, e.lo, e.hi);
    match words.strip_suffix(')') {
        Some(open) => format!("{open}, {})", range(e.lo, e.hi)),
        None => words,
    }
}

/// `18–46 %`.
pub(super) fn range(lo: f64, hi: f64) -> String {
    let (a, b) = (pc(lo), pc(hi));
    if a == b { a } else { format!("{}–{b}", a.trim_end_matches(" %")) }
}

/// A change in percentage points: `−4.2 points`.
pub(super) fn change(p: f64) -> String {
    format!("{} points", signed(p))
}

/// The same without the unit.
pub(super) fn signed(p: f64) -> String {
    let x = (1000.0 * p).round() / 10.0;
    if x < 0.0 {
        format!("−{:.1}", -x)
    } else if x > 0.0 {
        format!("+{x:.1}")
    } else {
        "±0.0".to_owned()
    }
}

/// `raises P by 4.2 points to 35 %`.
pub(super) fn moves_to(effect: f64, p: f64) -> String {
    let x = (1000.0 * effect).round() / 10.0;
    if x == 0.0 {
        format!("leaves P at {}", pc(p))
    } else if x > 0.0 {
        format!("raises P by {x:.1} points to {}", pc(p))
    } else {
        format!("lowers P by {:.1} points to {}", -x, pc(p))
    }
}

/// Points of an error.
pub(super) fn points(p: f64) -> String {
    format!("{:.1} points", 100.0 * p)
}

/// A position by its nearest landmark: `43 (8 above “limited, for energy”)`.
pub(super) fn position(x: f64, mark: Option<&Mark>) -> String {
    match mark {
        Some(m) if (m.at - x).abs() < 1e-9 => format!("{} ({})", short(x), quoted(&m.text)),
        Some(m) => {
            let apart = (x - m.at).abs();
            // As many digits as the position itself has.
            let apart = if x.abs() >= 10.0 { apart.round() } else { apart };
            let way = if x > m.at { "above" } else { "below" };
            format!("{} ({} {way} {})", short(x), short(apart), quoted(&m.text))
        }
        None => short(x),
    }
}

/// Somebody else's words in quotation marks, none inside.
pub(super) fn quoted(text: &str) -> String {
    let inside: String =
        text.chars().map(|c| if matches!(c, '“' | '”' | '"') { '\'' } else { c }).collect();
    format!("“{inside}”")
}

/// A date of the record as people say it: `by 12 April 2025`, `about 18 April 2025`, `March 2025`.
pub(super) fn said(written: &str) -> String {
    let bare = written.trim_end_matches(['~', '?', '%']);
    let one = |text: &str| match text.split('-').count() {
        // A month stands as its first day without the day.
        2 => spoken(&format!("{text}-01"))
            .split_once(' ')
            .map_or(text.to_owned(), |d| d.1.to_owned()),
        _ => spoken(text),
    };
    let text = match bare.split_once('/') {
        Some((".." | "", end)) => format!("by {}", one(end)),
        Some((start, end)) => format!("{} to {}", one(start), one(end)),
        None => one(bare),
    };
    if bare.len() < written.len() { format!("about {text}") } else { text }
}

/// `2025-06-30` as `30 June 2025`.
pub(super) fn day(iso: &str) -> String {
    spoken(iso)
}

/// A list in words: `a, b and c`.
pub(super) fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 entry`, `3 entries`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A whole number with its thousands apart.
pub(super) fn thousands(n: u64) -> String {
    winset_page::text::thousands(n)
}

/// The same sentence with a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What is negotiated, as a subject.
pub(super) fn subject(council: bool) -> &'static str {
    if council { "the matter" } else { "the talks" }
}
