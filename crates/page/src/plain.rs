//! The one door to a terminal: whatever a case says is shown and not obeyed. Control characters are
//! pictures, marks that turn the direction of a line are gone, and words written from right to left
//! stand apart, so that they turn nothing around them.

use std::borrow::Cow;

/// First strong isolate: what follows is set apart, in its own direction.
const ISOLATE: char = '\u{2068}';
/// Pop directional isolate: what was set apart ends.
const END: char = '\u{2069}';

/// Whether a letter is written from right to left.
pub(crate) fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a character turns the direction of a line and shows nothing; the two isolates that are
/// written here are not among them.
fn turns(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}'
    )
}

/// Whether a character may do something to a terminal; line ends and tabs are wanted.
fn controls(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The picture of a control character, as wide as it.
fn picture(c: char) -> char {
    match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '␡',
        _ => '\u{fffd}',
    }
}

/// A text of any number of lines as a terminal may have it: control characters as pictures (`␛`), no
/// marks of direction, and every isolate closed on its own line.
pub fn shown(text: &str) -> Cow<'_, str> {
    let odd = |c: char| controls(c) || turns(c) || c == ISOLATE || c == END;
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    // Of `\r\n` the end of the line stays.
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len() + 16);
    let mut open = 0usize;
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        // A name that was broken over two lines is set apart on both.
        out.extend(std::iter::repeat_n(ISOLATE, open));
        for c in body.chars() {
            match c {
                ISOLATE if open < 8 => {
                    open += 1;
                    out.push(c);
                }
                END if open > 0 => {
                    open -= 1;
                    out.push(c);
                }
                ISOLATE | END => {}
                c if turns(c) => {}
                c if controls(c) => out.push(picture(c)),
                c => out.push(c),
            }
        }
        out.extend(std::iter::repeat_n(END, open));
        out.push_str(end);
    }
    Cow::Owned(out)
}

/// One line with its words from right to left set apart by isolates; what is apart stays so. Numbers
/// and wide gaps end such a run: they belong to the line.
pub fn isolated(line: &str) -> Cow<'_, str> {
    if !line.contains(is_right_to_left) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len() + 16);
    let mut depth = 0usize;
    let chars: Vec<char> = line.chars().collect();
    let mut k = 0;
    while k < chars.len() {
        let c = chars[k];
        match c {
            ISOLATE => depth += 1,
            END => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 || !is_right_to_left(c) {
            out.push(c);
            k += 1;
            continue;
        }
        let end = run(&chars, k);
        out.push(ISOLATE);
        out.extend(&chars[k..end]);
        out.push(END);
        k = end;
    }
    Cow::Owned(out)
}

/// A text of any number of lines as people read it on a terminal: [`isolated`], then [`shown`].
pub fn lines(text: &str) -> String {
    let each = text.split_inclusive('\n').map(|line| isolated(line).into_owned());
    shown(&each.collect::<String>()).into_owned()
}

/// The end of the run of right-to-left words that begins at a letter.
fn run(chars: &[char], from: usize) -> usize {
    let mut end = from + 1;
    for k in from + 1..chars.len() {
        let (c, before) = (chars[k], chars[k - 1]);
        if is_right_to_left(c) {
            end = k + 1;
        } else if c.is_alphanumeric()
            || c == ISOLATE
            || c == END
            || c.is_whitespace() && before.is_whitespace()
        {
            break;
        }
    }
    end
}

/// The parts of a text for a writer that marks isolates otherwise: whether each is one, and its text.
pub fn parts(text: &str) -> Vec<(bool, String)> {
    let line = isolated(text);
    let mut parts = vec![(false, String::new())];
    let mut depth = 0usize;
    for c in line.chars() {
        match c {
            ISOLATE => {
                if depth == 0 {
                    parts.push((true, String::new()));
                }
                depth += 1;
            }
            END => {
                if depth == 1 {
                    parts.push((false, String::new()));
                }
                depth = depth.saturating_sub(1);
            }
            c if turns(c) => {}
            c => {
                if let Some(last) = parts.last_mut() {
                    last.1.push(c);
                }
            }
        }
    }
    parts.retain(|part| !part.1.is_empty());
    parts
}

/// A text of which places are shown, with what a terminal could obey replaced by as many bytes, so that
/// every place stays where it is. Characters below a space are left to whoever shows the places.
pub fn placed(text: &str) -> Cow<'_, str> {
    let odd =
        |c: char| (controls(c) || turns(c) || c == ISOLATE || c == END) && u32::from(c) > 0x7f;
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let same = |c: char| match (odd(c), c.len_utf8()) {
        (true, 2) => '¿',
        (true, _) => '\u{fffd}',
        (false, _) => c,
    };
    Cow::Owned(text.chars().map(same).collect())
}

/// JSON that means the same, with every character escaped that a terminal could obey.
pub fn json(text: &str) -> Cow<'_, str> {
    let odd = |c: char| controls(c) || turns(c) || c == ISOLATE || c == END;
    // Outside its strings JSON has none of them.
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match odd(c) && c != '\r' {
            true => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        let hostile = "a\u{1b}]0;PWNED\u{7}b\u{9b}2Jc\u{202e}d\u{7f}\r\ne\rf\tg";
        assert_eq!(shown(hostile), "a␛]0;PWNED␇b\u{fffd}2Jcd␡\ne␍f\tg");
        assert!(matches!(shown("plain – text, Ω 北\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn isolates_end_where_their_line_ends() {
        assert_eq!(
            shown("\u{2068}a\nb\u{2069}\nc\u{2069}"),
            "\u{2068}a\u{2069}\n\u{2068}b\u{2069}\nc"
        );
    }

    #[test]
    fn words_from_right_to_left_turn_no_number() {
        assert_eq!(isolated("نفط وغاز 30 (11–50)"), "\u{2068}نفط وغاز\u{2069} 30 (11–50)");
        assert_eq!(isolated("\u{2068}نفط 2\u{2069} x"), "\u{2068}نفط 2\u{2069} x");
        assert_eq!(isolated("نفط  غاز"), "\u{2068}نفط\u{2069}  \u{2068}غاز\u{2069}");
        assert_eq!(
            parts("on نفط: 3"),
            [(false, "on ".to_owned()), (true, "نفط".to_owned()), (false, ": 3".to_owned())]
        );
    }

    #[test]
    fn json_means_the_same() {
        let value = "a\u{9b}\u{202e}\u{7f}\u{1b}ü";
        let written = serde_json::to_string_pretty(&[value]).unwrap();
        let safe = json(&written);
        assert!(!safe.contains(|c: char| c != '\n' && controls(c) || turns(c)), "{safe}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&safe).unwrap(), [value]);
    }
}
