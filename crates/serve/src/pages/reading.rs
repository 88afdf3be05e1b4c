//! A sentence or an article that somebody pastes: its statements marked, each a proposed entry.

use maud::{Markup, html};
use winset_model::case::Case;

use crate::http::{Pairs, first};
use crate::link::LinkState;
use crate::reader::{ReadDocument, ReadEntry};

/// A document that was read, and which of its entries the form holds.
pub(crate) struct ReadingView {
    pub(crate) document: ReadDocument,
    /// The text as it came.
    pub(crate) came: String,
    pub(crate) chosen: usize,
    /// Whether statements were looked for at all.
    pub(crate) reads: bool,
}

/// The place to paste.
pub(crate) fn paste(state: &LinkState, revision: &str, text: &str) -> Markup {
    html! {
        details open[!text.is_empty()] id="read" {
            summary { "Paste a sentence or an article" }
            form method="post" action="/record#document" {
                input type="hidden" name="revision" value=(revision);
                input type="hidden" name="state" value=(state.query());
                label for="pasted" { "What was said, as it stands there" }
                textarea id="pasted" name="document" rows="5" required { (text) }
                div class="actions" { button type="submit" name="do" value="read" { "Find the statements" } }
            }
        }
    }
}

/// The document with its statements marked; each mark puts its entry into the form.
pub(crate) fn marked(case: &Case, state: &LinkState, revision: &str, read: &ReadingView) -> Markup {
    let d = &read.document;
    html! {
        form method="post" action="/record#document" class="document" id="document" {
            h2 { "The document" }
            input type="hidden" name="revision" value=(revision);
            input type="hidden" name="state" value=(state.query());
            input type="hidden" name="document" value=(read.came);
            @if !read.reads {
                p class="note" {
                    "This build of winset reads no documents, so the form holds the words alone. One that does is built with "
                    code { "cargo build --release --features documents" } "."
                }
            } @else if d.entries.is_empty() {
                p { "No statement of somebody in the case was found. The form holds the words; who said them, on which issue and where it stands is for you to say." }
            } @else {
                p class="note" { "Each mark is a proposed entry. Choose one, correct it, see what it would do; nothing is saved before you do." }
            }
            div class="words" dir="auto" {
                @for (text, entry) in pieces(d) {
                    @match entry {
                        Some(k) => button type="submit" name="take" value=(k) class="mark" aria-pressed=(if k == read.chosen { "true" } else { "false" }) { (text) },
                        None => (text),
                    }
                }
            }
            @if d.entries.len() > 1 {
                ol {
                    @for (k, entry) in d.entries.iter().enumerate() {
                        li { button type="submit" name="take" value=(k) aria-pressed=(if k == read.chosen { "true" } else { "false" }) { (said(case, entry)) } }
                    }
                }
            }
        }
    }
}

/// The text cut at its statements; of two that overlap the first is marked, and the list has both.
fn pieces(d: &ReadDocument) -> Vec<(&str, Option<usize>)> {
    let mut order: Vec<usize> = (0..d.entries.len()).collect();
    order.sort_by_key(|k| (d.entries[*k].start, std::cmp::Reverse(d.entries[*k].end)));
    let (mut out, mut at) = (Vec::new(), 0);
    for k in order {
        let ReadEntry { start, end, .. } = d.entries[k];
        let (Some(before), Some(words)) = (d.text.get(at..start), d.text.get(start..end)) else {
            continue;
        };
        out.push((before, None));
        out.push((words, Some(k)));
        at = end;
    }
    out.push((d.text.get(at..).unwrap_or_default(), None));
    out.retain(|(text, _)| !text.is_empty());
    out
}

/// An entry in a line: who, on what, which kind of position, where.
fn said(case: &Case, entry: &ReadEntry) -> String {
    let of = |name: &str| first(&entry.fields, name).unwrap_or_default().to_owned();
    let named = |id: String, known: Option<&String>| known.cloned().unwrap_or(id);
    let actor = |id: &String| case.actors.iter().find(|a| a.id == *id).map(|a| &a.name);
    let issue = |id: &String| case.issues.iter().find(|j| j.id == *id).map(|j| &j.name);
    let (speaker, about) = (of("speaker"), of("issue"));
    let parts: [String; 4] = [
        named(speaker.clone(), actor(&speaker)),
        named(about.clone(), issue(&about)),
        of("kind"),
        of("value"),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What stands in the form where nothing reads documents, or found no statement: the words themselves.
pub(crate) fn words_alone(case: &Case, document: &ReadDocument) -> Pairs {
    let text = document.text.trim().to_owned();
    let cells = [("said", case.as_of.to_string()), ("text", text), ("link", document.link.clone())];
    let filled = cells.into_iter().filter(|(_, text)| !text.is_empty());
    filled.map(|(column, text)| (column.to_owned(), text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(start: usize, end: usize) -> ReadEntry {
        ReadEntry { fields: Vec::new(), start, end }
    }

    #[test]
    fn a_text_is_cut_at_its_statements_and_nothing_of_it_is_lost() {
        let text = "Vor der Sitzung: „kein Öl“, hieß es.".to_owned();
        let (start, end) = (text.find('„').unwrap(), text.find(", hieß").unwrap());
        // One inside another, and one that cuts through a letter, are not marked.
        let inside = entry(start + 3, end);
        let d = ReadDocument {
            text,
            entries: vec![inside, entry(start, end), entry(start + 1, end)],
            ..ReadDocument::default()
        };
        let cut = pieces(&d);
        assert_eq!(cut.iter().map(|p| p.0).collect::<String>(), d.text);
        assert_eq!(cut.iter().filter_map(|p| p.1).collect::<Vec<_>>(), [1]);
        assert_eq!(cut[1].0, "„kein Öl“");
    }
}
