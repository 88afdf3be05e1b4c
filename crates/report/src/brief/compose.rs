//! The order of a brief: the document a set of values makes.

use super::Brief;
use super::{basis, figures, front, sections, standards};
use winset_page::document::{Document, Section};
use winset_page::text::spoken;

/// Says a brief in words. A section for which the case has nothing is left out.
pub fn compose(b: &Brief) -> Document {
    let m = &b.method;
    let mut facts = vec![
        ("As of".to_owned(), spoken(&b.as_of)),
        ("Question".to_owned(), b.question.text.clone()),
    ];
    if !b.question.yes.is_empty() {
        facts.push(("Counts as yes".to_owned(), b.question.yes.clone()));
    }
    if b.redacted {
        let hidden =
            "names of actors, sources and what they said are hidden; roles and numbers stay";
        facts.push(("Redacted".to_owned(), hidden.to_owned()));
    }
    let sections: Vec<Option<Section>> = vec![
        sections::changed(b),
        Some(sections::makeup(b)),
        Some(sections::by_when(b)),
        Some(sections::endings(b)),
        Some(sections::blockers(b)),
        Some(sections::terms(b)),
        b.without_deal.as_ref().map(crate::stability::brief_section),
        sections::alternatives(b),
        basis::indicators(b),
        Some(basis::assumptions(b)),
        basis::beliefs(b),
        basis::sources(b),
        Some(basis::method(b)),
        basis::score(b),
        Some(standards::checklist(b)),
    ];
    Document {
        title: b.title.clone(),
        facts,
        marking: b.marking.clone(),
        front: front::page(b),
        sections: sections.into_iter().flatten().collect(),
        figures: figures::figures(b),
        version: m.version.clone(),
        values: None,
    }
}
