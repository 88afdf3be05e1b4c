//! What a reported statement does, once its negation and the statements around it count.

use crate::TextSpan;
use crate::statement::{Act, ReportedStatement};

/// Whether what a statement says is what somebody else said, whose words are read by themselves: "Lee
/// said Ruiz had told her that …".
pub(crate) fn told_by_another(all: &[ReportedStatement], at: usize) -> bool {
    let length = |parts: &[TextSpan]| parts.iter().map(|p| p.end - p.start).sum::<usize>();
    all[at].act == Act::Saying
        && all.iter().any(|s| {
            s.within == Some(at)
                && s.act == Act::Saying
                && s.source.is_some()
                && 2 * length(&s.content) > length(&all[at].content)
        })
}

/// Whether a statement stands in what another denies: "denied reports that …".
pub(crate) fn denied(all: &[ReportedStatement], at: usize) -> bool {
    let outer = all[at].within.map(|w| &all[w]);
    outer.is_some_and(|o| o.act == Act::Denial && !o.negated)
}

/// What a statement does once its negation is counted in; `None` inside for what is only said, and
/// `None` for what says nothing of where somebody stands.
#[allow(clippy::option_option)]
pub(crate) fn effective(statement: &ReportedStatement, text: &str) -> Option<Option<Act>> {
    let act = match (statement.act, statement.negated) {
        (Act::Saying, false) if asks_amount(statement, text) => Act::Demand,
        (Act::Saying | Act::Belief, false) => return Some(by_cue(statement.cue.of(text))),
        (Act::Refusal, true) => Act::Openness,
        (Act::Want | Act::Openness | Act::Decision, true) => Act::Refusal,
        (Act::Denial, _) | (_, true) => return None,
        (act, false) => act,
    };
    Some(Some(act))
}

/// Whether an amount is asked: "is asking $9 a dose".
fn asks_amount(statement: &ReportedStatement, text: &str) -> bool {
    let asks =
        statement.cue.of(text).split_whitespace().any(|w| w.to_lowercase().starts_with("ask"));
    let first = statement.content.first().and_then(|p| p.of(text).chars().next());
    asks && first.is_some_and(|c| c.is_ascii_digit() || "$£€¥".contains(c))
}

/// What is done by a cue that says more than that something was said.
fn by_cue(cue: &str) -> Option<Act> {
    let cue = cue.to_lowercase();
    let has =
        |stems: &[&str]| cue.split_whitespace().any(|w| stems.iter().any(|s| w.starts_with(s)));
    if has(&[
        "imagin", "consider", "accept", "welcom", "support", "favor", "favour", "endors", "back",
    ]) {
        return Some(Act::Openness);
    }
    if has(&["ask"]) && cue.ends_with(" for") {
        return Some(Act::Demand);
    }
    if has(&["suggest", "propos", "float"]) {
        return Some(Act::Want);
    }
    has(&["oppos", "object", "resist"]).then_some(Act::Refusal)
}
