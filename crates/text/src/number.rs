//! Numbers as texts write them, in digits and in words.

const UNITS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that a word in lower case, and perhaps the next, writes; and how many words it took.
pub(crate) fn of(word: &str, next: &str) -> Option<(f64, usize)> {
    let unit = |word: &str| UNITS.iter().position(|u| *u == word);
    if let Some(tens) = TENS.iter().position(|t| !t.is_empty() && *t == word) {
        let more = unit(next).filter(|n| (1..10).contains(n));
        return Some(((tens * 10 + more.unwrap_or(0)) as f64, 1 + usize::from(more.is_some())));
    }
    if let Some(n) = unit(word) {
        return Some((n as f64, 1));
    }
    if word == "hundred" {
        return Some((100.0, 1));
    }
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Commas set thousands apart where three digits follow each.
    let groups: Vec<&str> = word.split(',').collect();
    let thousands = groups.len() > 1 && groups[1..].iter().all(|g| g.len() == 3);
    let plain = if thousands { groups.concat() } else { word.to_owned() };
    plain.parse().ok().filter(|n: &f64| n.is_finite()).map(|n| (n, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_and_digits_are_read() {
        for (word, next, number, used) in [
            ("seven", "years", 7.0, 1),
            ("thirty", "five", 35.0, 2),
            ("forty", "billion", 40.0, 1),
            ("12.5", "", 12.5, 1),
            ("1,200", "", 1200.0, 1),
        ] {
            assert_eq!(of(word, next), Some((number, used)), "{word}");
        }
        assert_eq!(of("many", ""), None);
        assert_eq!(of("4th", ""), None);
    }
}
