//! The phrase: the word, its band and the model's number, in brackets beside it.

use super::lexicon::{Band, Lexicon};
use super::whole_percent;

/// A probability in whole per cent: `68 %`, `<1 %`, `>99 %`; `None` if it is no probability.
pub fn percent(p: f64) -> Option<String> {
    Some(match whole_percent(p)? {
        0 => "<1 %".to_string(),
        100 => ">99 %".to_string(),
        n => format!("{n} %"),
    })
}

/// The words for a probability: `likely (55–80 %; model 68 %)`; `None` if it is no probability.
///
/// Outside ICD 203's outermost bands the number takes the band's place: `almost no chance (<1 %)`.
pub fn phrase(lexicon: Lexicon, p: f64) -> Option<String> {
    let band = lexicon.band(p)?;
    let number = percent(p)?;
    Some(match holds(&band, p) {
        false if is_icd(lexicon) => format!("{} ({number})", band.term),
        _ => format!("{} ({}; model {number})", band.term, band.range),
    })
}

/// The words for a probability with an interval.
///
/// If `lo` and `hi` fall into different bands both are printed, `unlikely (20–45 %) to likely
/// (55–80 %; model 50 %)`; else it is the plain [`phrase`]. `None` unless `0 ≤ lo ≤ p ≤ hi ≤ 1`.
pub fn phrase_with_interval(lexicon: Lexicon, p: f64, lo: f64, hi: f64) -> Option<String> {
    if !(lo <= p && p <= hi && lo >= 0.0 && hi <= 1.0) {
        return None;
    }
    match (between(lexicon, lo, hi), percent(p)) {
        (Some(bands), Some(number)) => {
            Some(format!("{}; model {number})", bands.strip_suffix(')')?))
        }
        _ => phrase(lexicon, p),
    }
}

/// The bands of two probabilities that fall into different ones: `unlikely (20–45 %) to likely (55–80 %)`.
fn between(lexicon: Lexicon, lo: f64, hi: f64) -> Option<String> {
    let (low, high) = (lexicon.band(lo)?, lexicon.band(hi)?);
    if low == high {
        return None;
    }
    let range = |band: &Band, end: f64| match holds(band, end) {
        false if is_icd(lexicon) => percent(end),
        _ => Some(band.range.to_string()),
    };
    Some(format!("{} ({}) to {} ({})", low.term, range(&low, lo)?, high.term, range(&high, hi)?))
}

/// In the words of ICD 203, the bands that the ends of an interval fall into; `None` if it is one.
pub fn bands_between(lo: f64, hi: f64) -> Option<String> {
    between(Lexicon::Icd203A, lo, hi)
}

/// A probability in the words of ICD 203, with the model's number even where the phrase has no room
/// for a band: `almost no chance (<1 %; model <1 %)`.
pub fn likely(p: f64) -> String {
    with_model(phrase(Lexicon::Icd203A, p).unwrap_or_else(|| "no probability".to_owned()), p)
}

/// The same with both bands where `lo` and `hi` lie in different ones.
pub fn likely_between(p: f64, lo: f64, hi: f64) -> String {
    phrase_with_interval(Lexicon::Icd203A, p, lo, hi)
        .map_or_else(|| likely(p), |words| with_model(words, p))
}

/// Names the model where the phrase gives the number alone, below 1 % and above 99 %.
fn with_model(words: String, p: f64) -> String {
    match (words.strip_suffix(')'), percent(p)) {
        (Some(open), Some(number)) if !open.contains("model") => format!("{open}; model {number})"),
        _ => words,
    }
}

fn is_icd(lexicon: Lexicon) -> bool {
    matches!(lexicon, Lexicon::Icd203A | Lexicon::Icd203B)
}

fn holds(band: &Band, p: f64) -> bool {
    whole_percent(p).is_some_and(|n| (band.lo..=band.hi).contains(&n))
}
