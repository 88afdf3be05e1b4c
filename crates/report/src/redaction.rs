//! Names taken out of texts: whole words in whatever case and with whatever accents, parts of compound
//! names, names of sources; and the words that are left, for somebody to look at.

use std::collections::BTreeSet;
use std::ops::Range;

/// What a redacted brief still holds, on stderr.
#[derive(Clone, Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RedactionReport {
    /// `winset/redaction/1`.
    pub schema: &'static str,
    /// Words of the case that are left as they are and may name somebody: with a capital, in a script
    /// without case, or derived from a hidden name.
    pub left: Vec<String>,
}

impl RedactionReport {
    /// The words that are left.
    pub fn new(left: &[String]) -> Self {
        Self { schema: "winset/redaction/1", left: left.to_vec() }
    }

    /// The line a command prints on stderr.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Small words in names that name nobody.
const PARTICLES: &[&str] = &[
    "al", "el", "von", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la",
    "le", "bin", "ibn", "ben", "bint", "of", "the", "and", "ter", "zu", "af", "av", "y", "e",
];

/// Words that begin a sentence and name nobody.
const COMMON: &[&str] = &[
    "a", "about", "after", "all", "an", "and", "any", "as", "at", "before", "both", "but", "by",
    "can", "do", "does", "each", "for", "from", "has", "have", "how", "i", "if", "in", "is", "it",
    "its", "most", "no", "none", "not", "of", "on", "one", "only", "or", "some", "that", "the",
    "their", "there", "they", "this", "to", "two", "under", "until", "what", "when", "where",
    "which", "who", "will", "with", "without",
];

/// Letters and what they are without their marks; the first of each group is the plain one.
const PLAIN: &[&str] = &[
    "aàáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặά",
    "bḃɓ",
    "cçćĉċč",
    "dďđḋḍɗð",
    "eèéêëēĕėęěȅȇẹẻẽếềểễệ",
    "fḟ",
    "gĝğġģǧǵ",
    "hĥħḣḥḫ",
    "iìíîïĩīĭįıǐȉȋỉị",
    "jĵǰ",
    "kķǩḳ",
    "lĺļľŀłḷ",
    "mṁṃ",
    "nñńņňŉŋṅṇǹ",
    "oòóôõöøōŏőǒǫǿȍȏọỏốồổỗộớờởỡợơ",
    "pṗ",
    "rŕŗřṛȑȓ",
    "sśŝşšșṡṣ",
    "tţťŧțṫṭ",
    "uùúûüũūŭůűųưǔǖǘǚǜȕȗụủứừửữự",
    "vṽ",
    "wŵẁẃẅ",
    "yýÿŷȳỳỵỷỹ",
    "zźżžẓ",
    "αά",
    "εέ",
    "ηή",
    "ιίϊΐ",
    "οό",
    "υύϋΰ",
    "ωώ",
    "σς",
    "еёѐ",
    "иѝ",
    "ااأإآٱ",
    "يىئ",
    "هة",
    "وؤ",
];

/// A word without case and accents, so that `ERDOĞAN`, `Erdoğan` and `Erdogan` are one.
pub fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            // Marks that stand above or below the letter before: accents, vowel points, the tatweel.
            '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}' => {}
            'ß' => out.push_str("ss"),
            'æ' | 'ǽ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            c if c.is_ascii() => out.push(c),
            c => {
                let group = PLAIN.iter().find(|group| group.contains(c));
                out.push(group.and_then(|group| group.chars().next()).unwrap_or(c));
            }
        }
    }
    out
}

/// Whether a mark belongs to the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// Whether a letter has neither a small nor a large form.
fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

/// The words of a text: runs of letters, digits and their marks.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (k, c) in text.char_indices() {
        match (start, c.is_alphanumeric() || is_mark(c)) {
            (None, true) => start = Some(k),
            (Some(from), false) => {
                found.push(from..k);
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
}

/// A name that is hidden, in folded words, and what stands for it.
#[derive(Clone, Debug)]
struct HiddenName {
    words: Vec<String>,
    alias: String,
    /// Whether only a word with a capital is it: `X`, a source, is no `x`.
    capital: bool,
}

/// What is taken out of texts.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    names: Vec<HiddenName>,
    /// Names in scripts without case, which may stand inside a word.
    inside: Vec<(String, String)>,
}

impl Redaction {
    /// Hides a person or body: the whole name and every word of it with a capital or in a script without
    /// case, whatever its length, parts of compounds too (`al-Sharaa`, `Sharaa`). A word of `public`,
    /// folded, is kept.
    pub fn actor(&mut self, name: &str, alias: &str, public: &BTreeSet<String>) {
        let ranges = words(name);
        let all: Vec<String> = ranges.iter().map(|r| folded(&name[r.clone()])).collect();
        // A name in small letters is a name all the same; its longer words are.
        let small = !name.chars().any(|c| c.is_uppercase() || is_caseless(c));
        for (range, word) in ranges.iter().zip(&all) {
            let first = name[range.clone()].chars().next().unwrap_or(' ');
            let named = !first.is_lowercase() || small && word.chars().count() >= 4;
            let number = word.chars().all(char::is_numeric);
            let particle = PARTICLES.contains(&word.as_str()) && all.len() > 1;
            if named && !number && !particle && !public.contains(word) {
                self.push(vec![word.clone()], alias, false);
            }
        }
        // `al-Sharaa` goes with its particle.
        for k in 1..all.len() {
            let between = &name[ranges[k - 1].end..ranges[k].start];
            if PARTICLES.contains(&all[k - 1].as_str())
                && between == "-"
                && !public.contains(&all[k])
            {
                self.push(all[k - 1..=k].to_vec(), alias, false);
            }
        }
        if !all.iter().all(|word| public.contains(word)) {
            self.whole(name, &all, alias);
        }
    }

    /// Hides a source by its whole name, with or without `The`; a name of one word of two letters or less
    /// only where it has a capital.
    pub fn source(&mut self, name: &str, alias: &str, public: &BTreeSet<String>) {
        let all: Vec<String> = words(name).iter().map(|r| folded(&name[r.clone()])).collect();
        if all.is_empty() || all.iter().all(|word| public.contains(word)) {
            return;
        }
        let short = all.len() == 1 && all[0].chars().count() <= 2;
        if all.len() > 1 && all[0] == "the" {
            self.push(all[1..].to_vec(), alias, false);
        }
        if short {
            self.push(all, alias, true);
        } else {
            self.whole(name, &all, alias);
        }
    }

    fn whole(&mut self, name: &str, words: &[String], alias: &str) {
        let letters = name.chars().filter(|c| is_caseless(*c)).count();
        if letters >= 2 && name.chars().all(|c| is_caseless(c) || !c.is_alphanumeric()) {
            self.inside.push((name.trim().to_owned(), alias.to_owned()));
        }
        self.push(words.to_vec(), alias, false);
    }

    fn push(&mut self, words: Vec<String>, alias: &str, capital: bool) {
        if words.is_empty() || self.names.iter().any(|n| n.words == words) {
            return;
        }
        self.names.push(HiddenName { words, alias: alias.to_owned(), capital });
        // The longest first.
        self.names.sort_by_key(|n| std::cmp::Reverse(n.words.len()));
        self.inside.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    }

    /// A text without the names that are hidden.
    pub fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, alias) in &self.inside {
            text = text.replace(name.as_str(), alias);
        }
        let found = words(&text);
        let plain: Vec<String> = found.iter().map(|r| folded(&text[r.clone()])).collect();
        let mut out = String::with_capacity(text.len());
        let (mut k, mut done) = (0, 0);
        // What the text so far ends with, if that is an alias.
        let mut last: Option<&str> = None;
        while k < found.len() {
            let Some(name) = self.names.iter().find(|n| Self::stands(n, &text, &found, &plain, k))
            else {
                last = None;
                k += 1;
                continue;
            };
            let (start, end) = (found[k].start, found[k + name.words.len() - 1].end);
            let between = &text[done..start];
            // Two parts of one name beside each other are one.
            let again = last == Some(name.alias.as_str()) && between.chars().all(joins);
            if !again {
                out.push_str(between);
                out.push_str(&name.alias);
            }
            last = Some(&name.alias);
            done = end;
            k += name.words.len();
        }
        out.push_str(&text[done..]);
        out
    }

    /// Whether a name begins with a word of a text.
    fn stands(
        name: &HiddenName,
        text: &str,
        found: &[Range<usize>],
        plain: &[String],
        k: usize,
    ) -> bool {
        let n = name.words.len();
        k + n <= plain.len()
            && plain[k..k + n] == name.words[..]
            && (1..n).all(|i| text[found[k + i - 1].end..found[k + i].start].chars().all(joins))
            && (!name.capital || text[found[k].clone()].starts_with(char::is_uppercase))
    }

    /// Of the words of a case, those that still stand in what was written and may name somebody: with a
    /// capital, in a script without case, or derived from a hidden name (`Plivokian` of `Plivok`).
    /// In order, each once.
    pub fn left<'t>(
        &self,
        case: impl Iterator<Item = &'t str>,
        written: impl Iterator<Item = &'t str>,
    ) -> Vec<String> {
        let mut there = BTreeSet::new();
        for text in written {
            there.extend(words(text).into_iter().map(|r| text[r].to_owned()));
        }
        let mut left = BTreeSet::new();
        for text in case {
            for word in words(text).into_iter().map(|r| &text[r]) {
                let plain = folded(word);
                let capital = word.chars().any(|c| c.is_uppercase() || is_caseless(c));
                let letters = word.chars().any(char::is_alphabetic);
                let named = capital && !COMMON.contains(&plain.as_str());
                if letters && (named || self.derives(&plain)) && there.contains(word) {
                    left.insert(word.to_owned());
                }
            }
        }
        left.into_iter().collect()
    }

    /// Whether a folded word begins with a hidden one of four letters or more.
    fn derives(&self, plain: &str) -> bool {
        let of = |n: &HiddenName| {
            n.words.len() == 1 && n.words[0].chars().count() >= 4 && plain.starts_with(&n.words[0])
        };
        self.names.iter().any(of)
    }
}

/// Whether a character may stand between two words of one name.
fn joins(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '.' | '\'' | '’' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction() -> Redaction {
        let public: BTreeSet<String> = ["iran", "states"].map(str::to_owned).into();
        let mut r = Redaction::default();
        r.actor("Xi Jinping", "Member 1", &public);
        r.actor("Recep Tayyip Erdoğan", "Member 2", &public);
        r.actor("Ahmed al-Sharaa", "Member 3", &public);
        r.actor("Ünderdog", "Member 4", &public);
        r.actor("Plivok", "Member 5", &public);
        r.actor("Parliament of Iran", "Member 6", &public);
        r.actor("习近平", "Member 7", &public);
        r.actor("ludwig van beethoven", "Member 8", &public);
        r.source("The New York Times", "a source", &public);
        r.source("X", "a source", &public);
        r
    }

    #[test]
    fn names_go_in_every_form() {
        let r = redaction();
        for (text, want) in [
            (
                "Will Xi sign? ERDOĞAN, Erdogan and Sharaa on it",
                "Will Member 1 sign? Member 2, Member 2 and Member 3 on it",
            ),
            ("xi, XI JINPING, Jinping's", "Member 1, Member 1, Member 1's"),
            ("Recep Erdoğan met al-Sharaa", "Member 2 met Member 3"),
            ("AHMED AL-SHARAA; Al Sharaa", "Member 3; Member 3"),
            ("Erdog\u{306}an", "Member 2"),
            ("ünderdog UNDERDOG", "Member 4"),
            ("习近平会签吗", "Member 7会签吗"),
            ("Iran's Parliament", "Iran's Member 6"),
            ("by Beethoven", "by Member 8"),
            (
                "told the new york times and New York Times, on X; 3 x",
                "told a source and a source, on a source; 3 x",
            ),
            ("taxi, existing, Plivokian", "taxi, existing, Plivokian"),
        ] {
            assert_eq!(r.text(text), want, "{text}");
        }
    }

    #[test]
    fn what_is_left_is_listed() {
        let r = redaction();
        let case = "The Plivokian deal of Iran with plivokism, 北京 and Xi; will";
        let written = r.text(case);
        let left = r.left([case].into_iter(), [written.as_str()].into_iter());
        assert_eq!(left, ["Iran", "Plivokian", "plivokism", "北京"]);
    }
}
