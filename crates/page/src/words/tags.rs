//! Machine tags: likelihood, confidence and grades as other software exchanges them.
//!
//! The names are those of the MISP taxonomies `estimative-language` and `admiralty-scale`.

use super::lexicon::Lexicon;

/// `estimative-language:likelihood-probability="likely"`; `None` if `p` is no probability.
///
/// The taxonomy knows the first row of ICD 203 only, so the tag is the same in every lexicon.
pub fn likelihood_tag(p: f64) -> Option<String> {
    let term = Lexicon::Icd203A.band(p)?.term.replace(' ', "-");
    Some(format!("estimative-language:likelihood-probability=\"{term}\""))
}

/// `estimative-language:confidence-in-analytic-judgment="moderate"`; `None` unless the level is
/// `low`, `moderate` or `high`.
pub fn confidence_tag(level: &str) -> Option<String> {
    let known = matches!(level, "low" | "moderate" | "high");
    known.then(|| format!("estimative-language:confidence-in-analytic-judgment=\"{level}\""))
}

/// `admiralty-scale:source-reliability="b"`; `None` unless the letter is A to F.
pub fn reliability_tag(letter: char) -> Option<String> {
    let letter = letter.to_ascii_lowercase();
    matches!(letter, 'a'..='f').then(|| format!("admiralty-scale:source-reliability=\"{letter}\""))
}

/// `admiralty-scale:information-credibility="2"`; `None` unless the digit is 1 to 6.
pub fn credibility_tag(digit: u8) -> Option<String> {
    matches!(digit, 1..=6).then(|| format!("admiralty-scale:information-credibility=\"{digit}\""))
}
