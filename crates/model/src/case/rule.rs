//! Ratification rules: who must accept before a side has said yes.

use super::InputId;

/// Rules of which one holds, and it is not known which.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDoubt {
    /// Each rule and its share, per cent; shares sum to 100.
    pub rules: Vec<(Rule, f64)>,
    /// Where in the shares, one after the other, the draw falls: 0–100.
    pub pick: InputId,
}

impl RuleDoubt {
    /// The place of the rule that holds where a draw falls.
    pub fn at(&self, pick: f64) -> usize {
        let mut up_to = 0.0;
        let within = |(_, share): &(Rule, f64)| {
            up_to += share;
            pick < up_to
        };
        // The last takes what rounding leaves.
        self.rules.iter().position(within).unwrap_or(self.rules.len().saturating_sub(1))
    }
}

/// A monotone rule over actors (indices of [`super::Case::actors`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// One actor.
    Actor(usize),
    /// Every part.
    All(Vec<Rule>),
    /// At least one part.
    Any(Vec<Rule>),
    /// At least this many parts.
    AtLeast(usize, Vec<Rule>),
    /// Actors who hold at least this percentage of the listed actors' capability.
    Percent(f64, Vec<usize>),
    /// A vote of a chamber: capability is a number of seats, and who votes counts.
    Votes(VoteQuota, Vec<usize>),
    /// Actors whose weights sum to a quota, as a vote comes to in one draw: see [`Rule::counted`].
    Weighed(Vec<(usize, i128)>, i128),
}

/// What a vote needs to pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VoteQuota {
    /// So many votes for it, a fixed number of seats.
    Seats(f64),
    /// At least this percentage of the votes cast.
    Cast(f64),
    /// More votes for it than against.
    Majority,
}

/// How the seats of an actor vote, in whole millionths of a seat.
///
/// # Model
/// Of `seats` a share `turnout` votes at all. A share b, its rebels, votes against the line of the
/// camp: against a text the camp accepts, for one it rejects. Where the camp rejects, a share a of
/// those on its line abstains in place of voting against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    /// Votes for the text and against it where the actor accepts.
    pub accepts: [i64; 2],
    /// The same where it rejects.
    pub rejects: [i64; 2],
}

impl Ballot {
    /// The ballot of some seats (millionths), with turnout, rebels and abstention as shares.
    pub fn new(seats: i64, turnout: f64, rebels: f64, abstains: f64) -> Self {
        let of = |share: f64| (seats as f64 * turnout * share).round() as i64;
        Self {
            accepts: [of(1.0 - rebels), of(rebels)],
            rejects: [of(rebels), of((1.0 - rebels) * (1.0 - abstains))],
        }
    }

    /// Seats that all vote as their camp decides.
    pub fn whole(seats: i64) -> Self {
        Self { accepts: [seats, 0], rejects: [0, seats] }
    }
}

impl Rule {
    /// Everybody the rule names, sorted, once.
    pub fn actors(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect(&self, into: &mut Vec<usize>) {
        match self {
            Self::Actor(i) => into.push(*i),
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|p| p.collect(into));
            }
            Self::Percent(_, actors) | Self::Votes(_, actors) => into.extend(actors),
            Self::Weighed(weights, _) => into.extend(weights.iter().map(|w| w.0)),
        }
    }

    /// The same rule over other indices: `place[i]` stands for actor `i`.
    #[must_use]
    pub fn renumbered(&self, place: &dyn Fn(usize) -> usize) -> Self {
        let each = |parts: &[Self]| parts.iter().map(|p| p.renumbered(place)).collect();
        match self {
            Self::Actor(i) => Self::Actor(place(*i)),
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::AtLeast(n, parts) => Self::AtLeast(*n, each(parts)),
            Self::Percent(p, actors) => {
                Self::Percent(*p, actors.iter().map(|i| place(*i)).collect())
            }
            Self::Votes(quota, actors) => {
                Self::Votes(*quota, actors.iter().map(|i| place(*i)).collect())
            }
            Self::Weighed(weights, quota) => {
                Self::Weighed(weights.iter().map(|(i, w)| (place(*i), *w)).collect(), *quota)
            }
        }
    }

    /// Whether it says of an actor, as itself or as a part of a whole, that nothing goes without it.
    pub fn needs(&self, actor: usize) -> bool {
        match self {
            Self::Actor(i) => *i == actor,
            Self::All(parts) => parts.iter().any(|part| part.needs(actor)),
            _ => false,
        }
    }

    /// Whether it holds a vote, so that what passes depends on how seats vote.
    pub fn votes(&self) -> bool {
        match self {
            Self::Actor(_) | Self::Percent(..) | Self::Weighed(..) => false,
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts.iter().any(Self::votes)
            }
            Self::Votes(..) => true,
        }
    }

    /// The same rule with every vote counted at some ballots: who accepts then passes or not by
    /// weights alone.
    ///
    /// # Model
    /// With Y votes for a text and N against it a vote passes if `Y ≥ seats`, if
    /// `(100 − P)·Y ≥ P·N`, or if `Y > N`. Each is a sum over actors of one number if the actor accepts
    /// and another if it rejects; the weight of the actor is the difference, and what they add up to
    /// if all reject goes to the quota. A weight is at least 0: consent never costs a text votes (it
    /// could where nearly all who reject abstain and rebels are many).
    #[must_use]
    pub fn counted(&self, ballots: &[Ballot]) -> Self {
        let each = |parts: &[Self]| parts.iter().map(|p| p.counted(ballots)).collect();
        match self {
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::AtLeast(n, parts) => Self::AtLeast(*n, each(parts)),
            Self::Votes(quota, actors) => {
                let (weights, least) = quota.weights(actors, |i| ballots[i]);
                Self::Weighed(weights, least)
            }
            Self::Actor(_) | Self::Percent(..) | Self::Weighed(..) => self.clone(),
        }
    }

    /// Whether the actors whose bit is set in `accepts` suffice. `capability` holds whole millionths,
    /// so that a quota that is met exactly is met.
    pub fn passes(&self, accepts: u64, capability: &[i64]) -> bool {
        match self {
            Self::Actor(i) => accepts >> i & 1 == 1,
            Self::All(parts) => parts.iter().all(|p| p.passes(accepts, capability)),
            Self::Any(parts) => parts.iter().any(|p| p.passes(accepts, capability)),
            Self::AtLeast(n, parts) => {
                parts.iter().filter(|p| p.passes(accepts, capability)).count() >= *n
            }
            Self::Percent(percent, actors) => {
                let all: i128 = actors.iter().map(|i| i128::from(capability[*i])).sum();
                let yes: i128 = actors
                    .iter()
                    .filter(|i| accepts >> **i & 1 == 1)
                    .map(|i| i128::from(capability[*i]))
                    .sum();
                // The percentage in millionths too: all integers, no rounding at the quota.
                let quota = (percent * 1e6).round() as i128;
                yes * 100_000_000 >= quota * all
            }
            // Before seats are drawn everybody votes, as its camp decides.
            Self::Votes(quota, actors) => {
                let (weights, least) = quota.weights(actors, |i| Ballot::whole(capability[i]));
                weighed(&weights, least, accepts)
            }
            Self::Weighed(weights, least) => weighed(weights, *least, accepts),
        }
    }
}

fn weighed(weights: &[(usize, i128)], least: i128, accepts: u64) -> bool {
    let there = weights.iter().filter(|(i, _)| accepts >> *i & 1 == 1);
    there.map(|(_, w)| w).sum::<i128>() >= least
}

impl VoteQuota {
    /// The weight of each actor, and what they must sum to.
    fn weights(
        self,
        actors: &[usize],
        ballot: impl Fn(usize) -> Ballot,
    ) -> (Vec<(usize, i128)>, i128) {
        // A percentage in millionths, so that a quota that is met exactly is met.
        let tally = |[yes, no]: [i64; 2]| {
            let (yes, no) = (i128::from(yes), i128::from(no));
            match self {
                Self::Seats(_) => yes,
                Self::Cast(percent) => {
                    let share = (percent * 1e6).round() as i128;
                    (100_000_000 - share) * yes - share * no
                }
                Self::Majority => yes - no,
            }
        };
        let mut least = match self {
            Self::Seats(seats) => (seats * 1e6).round() as i128,
            Self::Cast(_) => 0,
            Self::Majority => 1,
        };
        let mut weights = Vec::with_capacity(actors.len());
        for i in actors {
            let Ballot { accepts, rejects } = ballot(*i);
            let (accepts, rejects) = (tally(accepts), tally(rejects));
            least -= rejects.min(accepts);
            weights.push((*i, (accepts - rejects).max(0)));
        }
        (weights, least)
    }
}
