//! Events that a text reports in its own voice: meetings, laws, rounds without result, deadlines.

use crate::TextSpan;
use crate::word::{Word, words};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happening {
    Meeting,
    NoResult,
    Law,
    Deadline,
    Agreement,
}

impl Happening {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::NoResult => "no result",
            Self::Law => "law",
            Self::Deadline => "deadline",
            Self::Agreement => "agreement",
        }
    }
}

/// Words that make a sentence one about negotiations.
const TALKS: [&str; 34] = [
    "talks",
    "negotiations",
    "negotiators",
    "negotiator",
    "round",
    "rounds",
    "delegations",
    "delegation",
    "parties",
    "sides",
    "meeting",
    "summit",
    "session",
    "mediator",
    "mediators",
    "ministers",
    "leaders",
    "envoys",
    "ceasefire",
    "truce",
    "agreement",
    "treaty",
    "deal",
    "conference",
    "consultations",
    "parliament",
    "senate",
    "congress",
    "teams",
    "pact",
    "accord",
    "capitals",
    "governments",
    "proposal",
];

const PATTERNS: [(Happening, &str); 5] = [
    (
        Happening::NoResult,
        "without result|without a result|without results|without a breakthrough|without breakthrough|without agreement|without an agreement|without a deal|without progress|broke off|broken off|collapsed|broke down|ended in failure|no agreement was reached|failed to agree|failed to reach",
    ),
    (
        Happening::Deadline,
        "deadline of|deadline for|set a deadline|a deadline|an ultimatum|have until|has until|had until|parties until|given until|sides until|days to agree",
    ),
    (
        Happening::Law,
        "passed a law|passed a bill|signs the law|signed the law|signed a law|signed into law|ratified|approved a law|adopted a law|adopted a resolution|passed a resolution|voted by|voted to|voted for|voted against|approved the",
    ),
    (
        Happening::Agreement,
        "agreed on|agreed to|signed a|signed an|signed the|reached a deal|reached an agreement|struck a deal|initialled",
    ),
    (
        Happening::Meeting,
        "met in|met on|met for|met at|met with|met again|met the|have met|had met|will meet|would meet|to meet|meet again|meet in|spoke by telephone|spoke by phone|spoke on the phone|invited both|invited the parties|invited the sides|invited both sides|held talks|held a meeting|hold talks|talks resume|talks resumed|talks will resume|talks begin|talks began|talks continue|talks are to resume|round is expected|round of talks|round will|round began|round ended|round was held|talks will continue|are to meet|is to meet|returned to the table|negotiations resume|negotiations began|negotiations begin",
    ),
];

/// What a sentence reports, where it is about negotiations; `named` says whether it names somebody of
/// the case.
pub(crate) fn happening(text: &str, sentence: TextSpan, named: bool) -> Option<Happening> {
    let words = words(text, sentence);
    let talks = |w: &Word| TALKS.contains(&w.low.as_str());
    let about = named || words.iter().any(talks);
    let lows: Vec<&str> = words.iter().map(|w| w.low.as_str()).collect();
    let stands = |phrase: &str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        lows.windows(parts.len()).any(|w| w == parts)
    };
    let negated =
        |phrase: &str| ["not", "never", "nor"].iter().any(|n| stands(&format!("{n} {phrase}")));
    let (what, _) = PATTERNS
        .iter()
        .find(|(_, phrases)| phrases.split('|').any(|phrase| stands(phrase) && !negated(phrase)))?;
    // A deadline is set by whoever sets it.
    (about || *what == Happening::Deadline).then_some(*what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_reports_is_told_by_its_verbs() {
        let of = |text: &str| happening(text, TextSpan { start: 0, end: text.len() }, false);
        assert_eq!(of("The negotiators met in Bern on Monday."), Some(Happening::Meeting));
        assert_eq!(of("The talks ended without result."), Some(Happening::NoResult));
        assert_eq!(of("Parliament passed a law on borders."), Some(Happening::Law));
        assert_eq!(of("The mediator set a deadline of August 1."), Some(Happening::Deadline));
        assert_eq!(of("The parties agreed to share the water."), Some(Happening::Agreement));
        assert_eq!(of("The parties have not agreed to share the water."), None);
        assert_eq!(of("She met in a café with an old friend."), None);
        assert_eq!(of("The delegation had lunch."), None);
    }
}
