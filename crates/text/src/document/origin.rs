//! Which documents go back to one: copies of a wire report, reprints with a new headline.

use std::collections::{BTreeMap, BTreeSet};

/// Words of a shingle.
const WORDS: usize = 5;

/// The share of the shorter document's shingles that makes two documents one origin. Judgement:
/// reprints cut paragraphs and keep the others; two reports of one event share quotations, which are
/// less than half of a report.
const SHARED: f64 = 0.6;

/// For each text the place of the first one that it goes back to: its own, or an earlier one.
#[must_use]
pub fn origins(texts: &[&str]) -> Vec<usize> {
    let shingles: Vec<BTreeSet<u64>> = texts.iter().map(|text| shingles(text)).collect();
    let mut holders: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut origins = Vec::with_capacity(texts.len());
    for (k, own) in shingles.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for leader in own.iter().filter_map(|s| holders.get(s)).flatten() {
            *shared.entry(*leader).or_default() += 1;
        }
        let share = |(leader, n): (usize, usize)| {
            let least = own.len().min(shingles[leader].len()).max(1);
            (n as f64 / least as f64 >= SHARED).then_some(leader)
        };
        let origin = shared.into_iter().find_map(share).unwrap_or(k);
        if origin == k {
            for shingle in own {
                holders.entry(*shingle).or_default().push(k);
            }
        }
        origins.push(origin);
    }
    origins
}

/// Hashes of all runs of five words, in lower case and without punctuation; of a shorter text the
/// whole.
fn shingles(text: &str) -> BTreeSet<u64> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    let hash = |words: &[String]| {
        let hash = blake3::hash(words.join(" ").as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        u64::from_le_bytes(first)
    };
    words.windows(WORDS.min(words.len()).max(1)).map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reprint_goes_back_to_the_first_and_another_report_does_not() {
        let wire = "The two delegations met in the old town on Monday and parted without a result, \
                    two officials said. The minister called the offer an insult to the farmers of \
                    the valley and demanded a new one by the end of the month.";
        let reprint = format!("From our wires. {wire} Read more on page two.");
        let cut = &wire[..wire.find(" The minister").unwrap()];
        let other = "The minister called the offer an insult to the farmers of the valley, the \
                     radio reported. In the capital the opposition asked for a vote, and traders \
                     said that the price of grain had fallen for the third week.";
        assert_eq!(origins(&[wire, &reprint, other, cut, ""]), [0, 0, 2, 0, 4]);
        assert_eq!(origins(&[]), [0; 0]);
    }
}
