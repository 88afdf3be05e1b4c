//! What people are shown of a comparison of two cases.

pub mod text;

use crate::diff::text as view;
use winset_model::case::{Case, Ending};
use winset_model::explain::{Diff, Measured};

use crate::names;

/// The names of the cases on the numbers of their comparison.
pub fn view_of(a: &Case, b: &Case, d: &Diff) -> view::View {
    let ending = |key: &str| {
        let found = Ending::ALL.into_iter().find(|e| e.name() == key);
        names::ending(b, found).to_owned()
    };
    let issue = |id: &str| {
        let found = a.issues.iter().chain(&b.issues).find(|j| j.id == id);
        found.map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    let actor = |id: &str| {
        b.actors.iter().find(|x| x.id == id).map_or_else(|| id.to_owned(), |x| x.name.clone())
    };
    let measured =
        |m: &Measured| view::Measured { a: m.a, b: m.b, change: m.change, error: m.error };
    let force = !(a.force.is_empty() && b.force.is_empty());
    view::View {
        titles: [d.a.case.clone(), d.b.case.clone()],
        as_of: [d.a.as_of.to_string(), d.b.as_of.to_string()],
        event: names::event(b).to_owned(),
        by: [d.a.by.to_string(), d.b.by.to_string()],
        inputs: d.inputs.iter().map(|i| (i.path.clone(), i.from.clone(), i.to.clone())).collect(),
        answer: measured(&d.answer),
        zone: measured(&d.zone),
        endings: d
            .endings
            .iter()
            .filter(|e| force || e.ending != "force")
            .map(|e| (ending(e.ending), [e.p.a, e.p.b]))
            .collect(),
        terms: d.terms.iter().map(|t| (issue(&t.issue), [t.a, t.b])).collect(),
        blockers: d
            .blockers
            .iter()
            .map(|x| (actor(&x.actor), [x.block.a, x.block.b], [x.walk.a, x.walk.b]))
            .collect(),
        draws: d.draws,
        seed: d.seed,
        fingerprints: [d.a.fingerprint.clone(), d.b.fingerprint.clone()],
        version: d.version.to_owned(),
    }
}
