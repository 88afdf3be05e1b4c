//! Two people changed the same file: both sides, and how to go on without losing either.

use maud::{Markup, html};

/// A line and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Both(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The lines of two texts, matched by their longest common subsequence where they differ.
fn differ<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y);
    let tail = tail.count();
    let (x, y) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut lines: Vec<Line<'_>> = a[..head].iter().map(|l| Line::Both(l)).collect();
    // A table of this size is made in no time; larger changes are shown as a whole.
    if x.len() * y.len() <= 1_000_000 {
        let width = y.len() + 1;
        let mut longest = vec![0_u32; (x.len() + 1) * width];
        for i in (0..x.len()).rev() {
            for j in (0..y.len()).rev() {
                longest[i * width + j] = if x[i] == y[j] {
                    longest[(i + 1) * width + j + 1] + 1
                } else {
                    longest[(i + 1) * width + j].max(longest[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < x.len() || j < y.len() {
            if i < x.len() && j < y.len() && x[i] == y[j] {
                lines.push(Line::Both(x[i]));
                (i, j) = (i + 1, j + 1);
            } else if j == y.len()
                || (i < x.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
            {
                lines.push(Line::Gone(x[i]));
                i += 1;
            } else {
                lines.push(Line::New(y[j]));
                j += 1;
            }
        }
    } else {
        lines.extend(x.iter().map(|l| Line::Gone(l)));
        lines.extend(y.iter().map(|l| Line::New(l)));
    }
    lines.extend(a[a.len() - tail..].iter().map(|l| Line::Both(l)));
    lines
}

/// Only what differs, with a line around it.
fn around<'a, 'b>(lines: &'b [Line<'a>]) -> Vec<&'b Line<'a>> {
    let changed = |k: usize| !matches!(lines.get(k), None | Some(Line::Both(_)));
    (0..lines.len())
        .filter(|k| changed(*k) || changed(k + 1) || k.checked_sub(1).is_some_and(changed))
        .map(|k| &lines[k])
        .collect()
}

/// The page: what changed on disk, what was to be written, and a form that writes it on top.
pub(crate) fn content(
    file: &str,
    seen: Option<&str>,
    now: &str,
    mine: &[String],
    again: Markup,
) -> Markup {
    html! {
        p {
            "Nothing was written. " code { (file) } " has changed on disk since this page was made. \
             Both sides are below; your change can be written on top of theirs."
        }
        div class="sides" {
            section id="theirs" {
                h2 { "On disk now" }
                @match seen {
                    Some(seen) => {
                        @let lines = differ(seen, now);
                        pre tabindex="0" { code {
                            @for line in around(&lines) {
                                @match line {
                                    Line::Both(text) => { "  " (text) "\n" }
                                    Line::Gone(text) => { del { "− " (text) } "\n" }
                                    Line::New(text) => { ins { "+ " (text) } "\n" }
                                }
                            }
                        } }
                    }
                    None => { pre tabindex="0" { code { (now) } } }
                }
            }
            section id="mine" {
                h2 { "Yours, not yet written" }
                pre tabindex="0" { code { @for line in mine { (line) "\n" } } }
                (again)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_found() {
        let lines = differ("a\nb\nc\nd", "a\nx\nc\ny\nd");
        let expected = [
            Line::Both("a"),
            Line::Gone("b"),
            Line::New("x"),
            Line::Both("c"),
            Line::New("y"),
            Line::Both("d"),
        ];
        assert_eq!(lines, expected);
        assert_eq!(around(&differ("a\nb\nc\nd\ne", "a\nb\nc\nd\nf")).len(), 3);
        assert!(around(&differ("a", "a")).is_empty());
        assert_eq!(differ("", "a"), [Line::New("a")]);
    }
}
