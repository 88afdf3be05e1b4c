//! Words for probabilities: lexicons, the phrase with its band, machine tags.
//!
//! Readers keep to a standard twice as often when the band stands in brackets beside the word
//! (66 % against 32 %), and not when it hides in a tooltip: Wintle, Fraser, Wills, Nicholson &
//! Fidler (2019), *PLOS ONE* 14(4):e0213522. So no phrase comes without it.

mod lexicon;
mod phrase;
mod tags;

pub use lexicon::{Band, Lexicon};
pub use phrase::{bands_between, likely, likely_between, percent, phrase, phrase_with_interval};
pub use tags::{confidence_tag, credibility_tag, likelihood_tag, reliability_tag};

/// A probability as a whole per cent, halves away from zero; `None` if it is none.
pub(crate) fn whole_percent(p: f64) -> Option<u8> {
    // In range, so the cast is exact.
    (0.0..=1.0).contains(&p).then(|| (100.0 * p).round() as u8)
}
