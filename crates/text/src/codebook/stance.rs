//! The stance of a clause: wanted, demanded, refused, accepted, or nothing of these.

use super::clause::{Clause, ClauseRole};
use crate::statement::Act;

/// Where a speaker stands towards what a clause names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// It is wanted.
    Want,
    /// It is asked for.
    Demand,
    /// Nothing will be signed without it.
    Line,
    /// It could be lived with.
    Accept,
    /// It is refused.
    Refuse,
    /// It will not be given up.
    Keep,
    /// It is not negotiable: what is near one's own wish is kept, anything else refused.
    Fixed,
    /// A threat.
    Threat,
    /// It is denied that this was said or agreed to.
    Deny,
    /// Nothing of a position.
    None,
}

/// Verbs that mean the end of what they name: to refuse them is to keep it.
pub(crate) const GIVING_UP: &str = "give up|giving up|abandon|abandoning|surrender|surrendering|renounce|renouncing|relinquish|part with|forgo|scrap|stop|halt|end";

/// Who stops asking for something leaves it at nothing, unless a number says at how much.
pub(crate) const DROPPING: &str = "drop its demand|drop their demand|drop the demand|drop his demand|drop her demand|dropped its demand|dropped their demand|dropped the demand|dropped his demand|dropped her demand|dropping its demand|dropping their demand|withdraw its demand|withdrew its demand|withdrawn its demand|no longer demands|no longer demand|no longer insists on|no longer insist on";

/// Subjects of which the verb is said of nobody.
const NOBODY: &str = "nobody|no one|none of us|neither side|no side";

/// Nouns that mean the same of what stands behind them.
const AN_END: &str = "halt to|end to|stop to|freeze on|freeze of|suspension of|dismantling of|dismantlement of|abandonment of|surrender of|moratorium on|ban on";

const NEGATIONS: &str = "will not|would not|can not|cannot|could not|shall not|won't|wouldn't|can't|couldn't|will never|would never|can never|could never|never|does not|do not|don't|doesn't|did not|is not ready to|are not ready to|is not prepared to|are not prepared to|not willing to|unwilling to|not ready|not prepared";

const FIXED: &str = "not negotiable|not up for negotiation|not up for discussion|not open to negotiation|not for sale|non negotiable|nonnegotiable|cannot be discussed|can not be discussed|can't be discussed|not be discussed|cannot be negotiated|can not be negotiated|not be negotiated|not open to discussion|not open for discussion|not up for debate|not subject to negotiation|not a subject of negotiation";

const REFUSED: &str = "out of the question|unacceptable|not acceptable|off the table|not on the table|impossible|fantasy|an insult|insulting|a non starter|nonstarter|unthinkable|absurd|sink the talks|kill the talks|wreck the talks|end the talks|derail the talks|doom the talks|kill any deal|sink any deal|kill the deal|sink the deal|no room for|no way|too much|too little|too far|too low|too high|not enough|insufficient|a joke|a non-starter|unrealistic|not realistic|unworkable|not feasible|laughable|ridiculous|a provocation|confiscation|not going to happen|never going to happen";

const REFUSING: &str = "refuses|refuse|refused|refusing|rejects|reject|rejected|rejecting|opposes|oppose|opposed|rules out|rule out|ruled out|ruling out|dismisses|dismissed|against any|resists|resist";

/// A refusal that is denied.
const REFUSING_NOT: &str = "not opposed|not oppose|no longer opposed|no longer opposes|not rule out|never ruled out|not ruled out|not reject|not rejected|not against";

const ACCEPTED: &str = "readiness to|willingness to|can go to|would be fine|is fine|are fine|would be acceptable|go down to|come down to|go as far as|could go to|could come to|could live with|can live with|would live with|could accept|can accept|would accept|will accept|could agree|would agree|can agree|would settle for|could settle for|settle for|is prepared to|are prepared to|was prepared to|prepared to|is willing to|are willing to|willing to|is ready to|are ready to|ready to|open to|acceptable|would do|would be enough|is enough|are enough|sufficient|might accept|may accept|might agree|may agree|might live with|might be possible|could be possible|is possible|be possible|may stay|could stay|can stay|may keep|could keep|can keep|could imagine|can imagine|would consider|could consider|negotiable|would release|would allow|could allow|would be allowed|would agree|could be|would give|will pay|would pay|could pay|can pay|has no objection|have no objection|is sufficient|were sufficient|realistic|feasible|workable|doable|was enough|were enough|welcome|welcomes|welcomed|supports|support";

const DEMANDED: &str = "must|needs|need|has to|have to|had to|needs to|need to|demands|demand|demanded|insists|insist|insisted|requires|require|should|ought to|calls for|call for|called for|asks for|asked for|urges|urge|expects|expect";

const WANTED: &str = "wants|want|wanted|seeks|seek|seeking|asking for|aims for|suggests|suggested|floats|floated|tabled|hopes for|prefers|prefer|would like|our goal|our aim|favours|favors|plans|aims|proposes|propose|proposed|offers|offer|offered";

/// The stance of a clause, with what its statement does.
pub(crate) fn stance(clause: &Clause, act: Option<Act>) -> Stance {
    match clause.role {
        ClauseRole::Required => return Stance::Demand,
        ClauseRole::Condition if clause.threatened => return Stance::Refuse,
        ClauseRole::Condition => return Stance::None,
        ClauseRole::Main => {}
    }
    // "Without X there will be no Y", "there is no deal without X": X is the line.
    if clause.has("without") {
        let none =
            clause.has("no|not|never|cannot|nothing|won't|impossible") || act == Some(Act::Refusal);
        if none || clause.words.first().is_some_and(|w| w.low == "without") {
            return Stance::Line;
        }
    }
    let own = words_alone(clause);
    match act {
        Some(Act::Denial) => Stance::Deny,
        Some(Act::Threat) => Stance::Threat,
        Some(Act::Refusal) if begins(clause, "rule out|reject|exclude") => Stance::Accept,
        Some(Act::Refusal) if begins(clause, GIVING_UP) || begins(clause, AN_END) => Stance::Keep,
        Some(Act::Refusal) => Stance::Refuse,
        Some(Act::Demand) if own == Stance::Line => Stance::Line,
        Some(Act::Demand) if negated_object(clause) => Stance::Refuse,
        Some(Act::Demand) => Stance::Demand,
        Some(Act::Want) if negated_object(clause) => Stance::Refuse,
        Some(Act::Want) => Stance::Want,
        Some(Act::Openness) => Stance::Accept,
        Some(Act::Decision) if own == Stance::None => Stance::Want,
        _ => own,
    }
}

/// The stance that the words of a clause have by themselves.
fn words_alone(clause: &Clause) -> Stance {
    if clause.has("red line|red lines|bottom line") {
        return Stance::Line;
    }
    if denies(clause) || clause.has("no such|nothing of the kind|nothing of the sort") {
        return Stance::Deny;
    }
    if clause.has("any deal must|any agreement must|any deal needs|a deal must|any treaty must|any accord must|any deal has to|condition for|precondition") {
        return Stance::Line;
    }
    if clause.has(FIXED) {
        return Stance::Fixed;
    }
    // "Is not opposed to it", "refused to rule it out".
    if clause.has(REFUSING_NOT) {
        return Stance::Accept;
    }
    if clause.has(REFUSED) || clause.has(REFUSING) {
        return if clause.has(AN_END) { Stance::Keep } else { Stance::Refuse };
    }
    if let Some(behind) = clause.find(NEGATIONS) {
        let gives_up = (behind..behind + 2).any(|at| clause.at(at, GIVING_UP).is_some());
        return if gives_up { Stance::Keep } else { Stance::Refuse };
    }
    if clause.has("nothing will|nothing can|nobody will|no one will|not before")
        || begins(clause, "no")
    {
        return Stance::Refuse;
    }
    if gives_nothing(clause) {
        return Stance::Refuse;
    }
    if clause.has(ACCEPTED) || clause.has(DROPPING) || ends_yes(clause) {
        // "Nobody could accept it."
        return if begins(clause, NOBODY) { Stance::Refuse } else { Stance::Accept };
    }
    if clause.has(DEMANDED) {
        return Stance::Demand;
    }
    if begins(clause, NOBODY) {
        return Stance::None;
    }
    if clause.has(WANTED) || clause.has("on the table") {
        return Stance::Want;
    }
    if clause.has("no more than|no further than|no higher than|no lower than|no longer than|at most|not more than|at least|no less than|up to") {
        return Stance::Accept;
    }
    Stance::None
}

/// "Had never spoken of", "has not agreed": a denial of words, not a refusal.
fn denies(clause: &Clause) -> bool {
    let past = clause.find("had never|has never|have never|had not|has not|have not|never");
    past.is_some_and(|at| {
        (at..at + 2).any(|k| {
            clause.at(k, "spoken|said|agreed|promised|offered|called|claimed|suggested|demanded|asked|wanted|been").is_some()
        })
    })
}

/// "Would pay no tolls": a modal verb, a verb and "no".
pub(super) fn gives_nothing(clause: &Clause) -> bool {
    let modal = clause.find("will|would|can|could|shall");
    let verb = |at: usize| clause.words.get(at).is_some_and(|w| w.low != "be");
    modal.is_some_and(|at| verb(at) && clause.at(at + 1, "no").is_some())
        && !clause.has("no more than|no less than|no fewer than|no longer than|no later than|no further than|no higher than|no lower than|no longer|no objection")
}

/// "Monitors, yes."
fn ends_yes(clause: &Clause) -> bool {
    clause.words.last().is_some_and(|w| w.low == "yes")
}

/// What may stand before the words that matter.
const LEADS: [&str; 8] = ["to", "that", "and", "but", "any", "a", "an", "the"];

fn begins(clause: &Clause, phrases: &str) -> bool {
    let lead = clause.words.iter().take_while(|w| LEADS.contains(&w.low.as_str())).count();
    clause.at(lead, phrases).is_some()
}

/// "Insists that there be no", "wants no".
fn negated_object(clause: &Clause) -> bool {
    begins(clause, "no|not") || clause.has("be no|not be|never be|is no|not to")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextSpan;
    use crate::codebook::clauses;

    fn of(text: &str, act: Option<Act>) -> Stance {
        let found = clauses(text, &[TextSpan { start: 0, end: text.len() }]);
        stance(&found[0], act)
    }

    #[test]
    fn the_words_of_a_clause_have_a_stance() {
        for (text, wanted) in [
            ("we could live with the river", Stance::Accept),
            ("they will not sign any text", Stance::Refuse),
            ("the leader would never give up the port", Stance::Keep),
            ("zero growth is not negotiable", Stance::Fixed),
            ("but the question of the port cannot be discussed", Stance::Fixed),
            ("they reject any end to fishing", Stance::Keep),
            ("they reject any end of the talks", Stance::Refuse),
            ("seven years is our red line", Stance::Line),
            ("there will be no deal without the port", Stance::Line),
            ("any deal must include the port", Stance::Line),
            ("the islands must be returned", Stance::Demand),
            ("we want the islands", Stance::Want),
            ("the weather was fine", Stance::None),
            ("they would pay no tolls at all", Stance::Refuse),
            ("there will be no talks", Stance::None),
            ("he had never spoken of the islands", Stance::Deny),
            ("that no such promise about the islands had been made", Stance::Deny),
            ("nobody wants the islands", Stance::None),
            ("they are not opposed to the islands", Stance::Accept),
            ("they might accept the islands", Stance::Accept),
            ("nobody could accept the islands", Stance::Refuse),
            ("they would drop their demand for the islands", Stance::Accept),
            ("sixty days was unrealistic", Stance::Refuse),
        ] {
            assert_eq!(of(text, None), wanted, "{text}");
        }
    }

    #[test]
    fn what_a_statement_does_goes_before_its_words() {
        assert_eq!(of("the islands", Some(Act::Refusal)), Stance::Refuse);
        assert_eq!(of("to give up the islands", Some(Act::Refusal)), Stance::Keep);
        assert_eq!(of("to rule out the islands", Some(Act::Refusal)), Stance::Accept);
        assert_eq!(of("any halt to fishing", Some(Act::Refusal)), Stance::Keep);
        assert_eq!(of("no bases on the islands", Some(Act::Want)), Stance::Refuse);
        assert_eq!(of("that it agreed to the islands", Some(Act::Denial)), Stance::Deny);
    }
}
