//! Words of a text with their places, and what makes two of them one.

use crate::TextSpan;

/// A word with its place.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// In lower case, without a possessive.
    pub(crate) low: String,
    /// Whether it begins with a capital.
    pub(crate) capital: bool,
    /// Whether it is a possessive: "Calder's", "Greens'".
    pub(crate) owns: bool,
    /// The character right before it, a blank at the head of a text.
    pub(crate) before: char,
    /// The marks between it and the next word, without blanks.
    pub(crate) marks: String,
    /// Where it stands, without the possessive.
    pub(crate) span: TextSpan,
}

/// The words in a part of a text. Numbers keep their points, abbreviations such as "U.S." are one.
pub(crate) fn words(text: &str, part: TextSpan) -> Vec<Word> {
    let piece = part.of(text);
    let mut found: Vec<Word> = Vec::new();
    let mut start = None;
    let lead = text[..part.start].chars().next_back().unwrap_or(' ');
    let chars: Vec<(usize, char)> = piece.char_indices().chain([(piece.len(), ' ')]).collect();
    for (k, &(at, c)) in chars.iter().enumerate() {
        let next = chars.get(k + 1).map_or(' ', |n| n.1);
        let before = k.checked_sub(1).map_or(' ', |k| chars[k].1);
        let inner = c.is_alphanumeric()
            || (matches!(c, '\'' | '’') && before.is_alphanumeric())
            || (matches!(c, '.' | ',') && before.is_ascii_digit() && next.is_ascii_digit())
            || (c == '.' && before.is_uppercase() && next.is_uppercase());
        match (inner, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let raw = &piece[from..at];
                let (number, short) = raw.split_at(amount(raw));
                let before = piece[..from].chars().next_back().unwrap_or(lead);
                let behind = part.start + from + number.len();
                found.extend(word(number, part.start + from).map(|w| Word { before, ..w }));
                found.extend(shortened(short, behind));
                start = None;
            }
            _ => {}
        }
        if !inner
            && !c.is_whitespace()
            && let Some(last) = found.last_mut()
        {
            last.marks.push(c);
        }
    }
    found
}

/// What stands right behind a number, short for a word: "£1.6m", "40bn", "12km".
const SHORT: [(&str, &str); 12] = [
    ("m", "million"),
    ("mn", "million"),
    ("bn", "billion"),
    ("tn", "trillion"),
    ("k", "thousand"),
    ("km", "kilometres"),
    ("kg", "kilograms"),
    ("mw", "megawatts"),
    ("ha", "hectares"),
    ("pc", "percent"),
    ("pct", "percent"),
    ("t", "tonnes"),
];

/// How many bytes of a word are a number with something of [`SHORT`] behind it; all of them, if it is
/// none.
fn amount(raw: &str) -> usize {
    let digits = raw.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
    let short = |at: &usize| *at > 0 && SHORT.iter().any(|s| raw[*at..].eq_ignore_ascii_case(s.0));
    digits.filter(short).unwrap_or(raw.len())
}

/// The word that something of [`SHORT`] stands for.
fn shortened(raw: &str, start: usize) -> Option<Word> {
    let (_, low) = SHORT.iter().find(|(short, _)| raw.eq_ignore_ascii_case(short))?;
    Some(Word { low: (*low).to_owned(), ..word(raw, start)? })
}

fn word(raw: &str, start: usize) -> Option<Word> {
    let bare = raw.trim_end_matches(['\'', '’']);
    let stem = ["'s", "’s", "'S", "’S"].iter().find_map(|s| bare.strip_suffix(s)).unwrap_or(bare);
    if stem.is_empty() {
        return None;
    }
    let number = stem.starts_with(|c: char| c.is_ascii_digit());
    let low = stem.to_lowercase().replace('’', "'");
    Some(Word {
        low: if number { low } else { low.replace('.', "") },
        capital: stem.starts_with(char::is_uppercase),
        owns: stem.len() < bare.len() || (bare.len() < raw.len() && bare.ends_with('s')),
        before: ' ',
        marks: String::new(),
        span: TextSpan { start, end: start + stem.len() },
    })
}

/// Endings that a word may take without becoming another.
const ENDINGS: [&str; 34] = [
    "", "s", "es", "ed", "d", "e", "ing", "ings", "er", "ers", "or", "ors", "al", "als", "ment",
    "ments", "ation", "ations", "ion", "ions", "ive", "led", "ling", "ied", "ies", "ication",
    "ated", "ating", "ate", "ly", "ned", "ning", "ting", "ted",
];

/// Whether two words in lower case have one stem: "dismantled" and "dismantlement".
pub(crate) fn akin(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let common = a.char_indices().zip(b.chars()).take_while(|((_, x), y)| x == y).last();
    let Some(((at, last), _)) = common else { return false };
    let common = at + last.len_utf8();
    if common < 4 || a.starts_with(|c: char| c.is_ascii_digit()) {
        // Short words only differ in number.
        let plural = |a: &str, b: &str| common >= 3 && a.strip_suffix('s') == Some(b);
        return plural(a, b)
            || plural(b, a)
            || (common >= 3
                && (a.strip_suffix("es") == Some(b) || b.strip_suffix("es") == Some(a)));
    }
    // The stem may be a letter or two shorter than what they share: "verif-ied", "verif-ication".
    (0..=2).any(|less| {
        let stem = common.saturating_sub(less);
        let fits = |w: &str| w.get(stem..).is_some_and(|rest| ENDINGS.contains(&rest));
        stem >= 4 && fits(a) && fits(b)
    })
}

/// How many words the first phrase has that stands at a place, of phrases set apart by "|" whose words
/// are set apart by one blank; `low` gives the words from there on, empty behind the last. Every clause
/// is held against long lists, so nothing is cut into pieces for it.
pub(crate) fn phrase_at<'w>(phrases: &str, low: impl Fn(usize) -> &'w str) -> Option<usize> {
    let first = low(0);
    if first.is_empty() {
        return None;
    }
    let mut rest = phrases;
    loop {
        // Most phrases differ in the first letter.
        if rest.as_bytes().first() == first.as_bytes().first()
            && let Some(used) = begins_with(rest, &low)
        {
            return Some(used);
        }
        rest = &rest[rest.find('|')? + 1..];
    }
}

/// How many words the first of some phrases has, if it stands there.
fn begins_with<'w>(phrases: &str, low: &impl Fn(usize) -> &'w str) -> Option<usize> {
    let (mut rest, mut used) = (phrases, 0);
    loop {
        let word = low(used);
        rest = rest.strip_prefix(word).filter(|_| !word.is_empty())?;
        used += 1;
        match rest.as_bytes().first() {
            None | Some(b'|') => return Some(used),
            Some(b' ') => rest = &rest[1..],
            Some(_) => return None,
        }
    }
}

/// Words that say nothing of a thing.
pub(crate) const EMPTY: [&str; 44] = [
    "a", "an", "the", "of", "for", "to", "in", "on", "and", "or", "by", "at", "it", "its", "as",
    "is", "be", "too", "with", "all", "no", "none", "any", "from", "that", "this", "time", "other",
    "new", "than", "more", "less", "their", "his", "her", "our", "not", "so", "up", "out", "what",
    "when", "will", "would",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_phrase_that_stands_whole_is_found() {
        let at = |phrases: &str, text: &str| {
            let all: Vec<&str> = text.split(' ').collect();
            phrase_at(phrases, |k| all.get(k).copied().unwrap_or(""))
        };
        assert_eq!(at("not|no more than|no", "no more than six"), Some(3));
        assert_eq!(at("no|no more than", "no more than six"), Some(1));
        assert_eq!(at("no more than|none", "no more"), None);
        assert_eq!(at("nothing|not", "no"), None);
        assert_eq!(at("a|b", "b"), Some(1));
        assert_eq!(at("a|b", ""), None);
    }

    #[test]
    fn words_of_one_stem_are_akin() {
        for (a, b) in [
            ("dismantled", "dismantlement"),
            ("enrichment", "enrich"),
            ("verification", "verified"),
            ("sanctions", "sanction"),
            ("monitors", "monitoring"),
            ("withdrawal", "withdraw"),
            ("tax", "taxes"),
            ("fill", "filled"),
            ("inspectors", "inspections"),
        ] {
            assert!(akin(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("treaty", "treat"),
            ("coal", "coalition"),
            ("sun", "sunday"),
            ("term", "terror"),
            ("2030", "2036"),
        ] {
            assert!(!akin(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_short_behind_a_number_is_a_word_of_its_own() {
        let text = "£1.6m, 40bn; 12km 5pm 4th 3";
        let all = words(text, TextSpan { start: 0, end: text.len() });
        let lows: Vec<&str> = all.iter().map(|w| w.low.as_str()).collect();
        assert_eq!(
            lows,
            ["1.6", "million", "40", "billion", "12", "kilometres", "5pm", "4th", "3"]
        );
        assert_eq!((all[0].span.of(text), all[1].span.of(text)), ("1.6", "m"));
        assert_eq!(all[1].marks, ",");
    }

    #[test]
    fn words_have_their_places() {
        let text = "Calder’s U.S. envoy, 36-hour; 1,200 Greens' 2.5";
        let words = words(text, TextSpan { start: 0, end: text.len() });
        let found: Vec<(&str, bool)> = words.iter().map(|w| (w.low.as_str(), w.owns)).collect();
        let wanted = [
            ("calder", true),
            ("us", false),
            ("envoy", false),
            ("36", false),
            ("hour", false),
            ("1,200", false),
            ("greens", true),
            ("2.5", false),
        ];
        assert_eq!(found, wanted);
        assert_eq!(words[0].span.of(text), "Calder");
        assert_eq!(words[1].span.of(text), "U.S");
    }
}
