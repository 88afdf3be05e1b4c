//! A negotiation, resolved: every reference is an index, every number an [`Input`].
//!
//! A `Case` is made by the reader in `winset-files`, which has checked it; nothing here is optional
//! because it was forgotten.

mod clock;
mod constants;
mod day;
mod fingerprint;
mod rule;

pub use clock::{CaseClass, CaseClock, DeadlinePrice, Settling, Stage, StageStart, TextPassed};
pub use constants::{COEFFICIENTS, Coefficient, Constants, POOL};
pub use day::Day;
pub use rule::{Ballot, Rule, RuleDoubt, VoteQuota};

use serde::Serialize;

use crate::uncertain::{Dist, Points, Stream};

/// The index of an input in [`Case::inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputId(pub usize);

/// One uncertain number of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The dotted path: its identity everywhere, and the name its uniforms are drawn under.
    pub path: String,
    /// The hash of the path.
    pub stream: Stream,
    /// What is believed about it, in the units of the file.
    pub dist: Dist,
    /// What is believed about it at the horizon, where the record lets it drift; a draw takes the
    /// same uniform for both.
    pub later: Option<Dist>,
    /// The smallest and largest possible value, in the units of the file.
    pub scale: (f64, f64),
    /// What it rests on: ids of record entries and notes.
    pub rests_on: Vec<String>,
    /// Which of these say the number: see [`crate::support`].
    pub evidence: Vec<String>,
    /// Whether the table it stands in says why (`why`), which is a note behind each of its numbers.
    pub why: bool,
    /// Whether the file says it, or it is a default of the model.
    pub written: bool,
    /// Whether it only says what would hold without it: such a number is no part of what a case says.
    pub redundant: bool,
}

/// What a forecast is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Question {
    /// The question in words.
    pub text: String,
    /// What counts as yes.
    pub yes: String,
    /// The last day that counts.
    pub by: Day,
    /// The endings that count as yes; by default agreement alone.
    pub counts: Vec<Ending>,
    /// The stage that an agreement must have passed, by its place in [`Case::stages`]; 0 is the text.
    #[serde(skip)]
    pub stage: usize,
    /// The text it is about, by its place in [`Case::texts`]: that text alone is on the table.
    #[serde(skip)]
    pub about: Option<usize>,
    /// The id of the text that alone is on the table, where the question is about one.
    #[serde(rename = "about", skip_serializing_if = "Option::is_none")]
    pub about_id: Option<String>,
    /// Its id, where there are stages.
    #[serde(rename = "stage", skip_serializing_if = "Option::is_none")]
    pub stage_id: Option<String>,
}

/// How talks end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Ending {
    /// A text both sides sign.
    Agreement,
    /// A partial or interim understanding.
    Interim,
    /// The talks break down.
    Breakdown,
    /// Force is used, by a party or by an outsider.
    Force,
    /// The talks are suspended.
    Suspension,
}

impl Ending {
    /// Every ending, in the order of the output.
    pub const ALL: [Self; 5] =
        [Self::Agreement, Self::Interim, Self::Breakdown, Self::Force, Self::Suspension];

    /// The word used in files and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Interim => "interim",
            Self::Breakdown => "breakdown",
            Self::Force => "force",
            Self::Suspension => "suspension",
        }
    }
}

/// A scale the parties bargain over.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The ends of the scale, in the issue's own units.
    pub scale: (f64, f64),
    /// Where it stays without a deal.
    pub now: InputId,
    /// Landmarks: a position in the issue's own units, and what it means.
    pub marks: Vec<(f64, String)>,
    /// What may be chosen, where that has no order; the scale then only numbers the options from 0. Empty
    /// for an issue with a scale.
    pub options: Vec<IssueOption>,
}

/// One of several answers to an issue that have no order: a venue, a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueOption {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
}

impl Issue {
    /// A position in [0, 1] in the issue's own units.
    pub fn in_units(&self, x: f64) -> f64 {
        self.scale.0 + x * (self.scale.1 - self.scale.0)
    }

    /// Whether its answers have no order.
    pub fn is_unordered(&self) -> bool {
        !self.options.is_empty()
    }

    /// The option at a position in the issue's own units; none where the issue has a scale.
    pub fn option_at(&self, x: f64) -> Option<&IssueOption> {
        let last = self.options.len().checked_sub(1)?;
        self.options.get((x.round().max(0.0) as usize).min(last))
    }
}

/// A party whose members ratify under one rule.
#[derive(Clone, Debug)]
pub struct Side {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// Who must accept; where that is in doubt, what holds at the middle of the shares.
    pub rule: Rule,
    /// The rules of which one holds, where it is not known which.
    pub doubt: Option<RuleDoubt>,
    /// The actor who negotiates and always has a veto; a council alone at the table has none.
    pub negotiator: Option<usize>,
    /// Discount rate, per cent a year.
    pub discount: InputId,
    /// Running cost of no deal, utility points.
    pub cost: InputId,
    /// What that cost comes to, and over how many days of the clock, where it moves.
    pub cost_later: Option<(InputId, InputId)>,
    /// How uncertain the other side is about this side's reservation, utility points.
    pub noise: Option<InputId>,
    /// Spread of the side's messages on each issue, as a share of the scale: what stands in for
    /// `noise` where that is not written. Empty without a record.
    pub incoherence: Vec<f64>,
    /// Members, as indices of actors, in the order of their ids.
    pub members: Vec<usize>,
}

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Decides for a side.
    Leader,
    /// Speaks for a side.
    Delegate,
    /// A camp within a side.
    Faction,
    /// May join a war on a side's part.
    Ally,
    /// Wants no deal.
    Spoiler,
    /// Carries messages.
    Mediator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Leader, Self::Delegate, Self::Faction, Self::Ally, Self::Spoiler, Self::Mediator];

    /// The word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Delegate => "delegate",
            Self::Faction => "faction",
            Self::Ally => "ally",
            Self::Spoiler => "spoiler",
            Self::Mediator => "mediator",
        }
    }
}

/// A person, camp or state.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// What it wants, if it is a member of a side.
    pub member: Option<Member>,
    /// The side an ally stands by.
    pub ally_of: Option<usize>,
}

/// Where a member's ideal on an issue comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ideal {
    /// The input.
    pub input: InputId,
    /// Whether it is its own, and not its side's.
    pub own: bool,
    /// Whether the record says it.
    pub recorded: bool,
}

/// The preferences of a member of a side; one entry an issue.
#[derive(Clone, Debug)]
pub struct Member {
    /// The index of its side.
    pub side: usize,
    /// Its weight in rules that count capability; its seats in those that count votes.
    pub capability: InputId,
    /// The share of its seats that vote, per cent, where not all do.
    pub turnout: Option<InputId>,
    /// The share of its seats that vote against its line, per cent.
    pub rebels: Option<InputId>,
    /// The share of those on its line that abstain where it rejects, per cent.
    pub abstains: Option<InputId>,
    /// Its ideal on each issue.
    pub ideal: Vec<Ideal>,
    /// How much it cares for each issue, 0–100.
    pub salience: Vec<InputId>,
    /// The least it can accept.
    pub red_min: Vec<Option<InputId>>,
    /// The most it can accept.
    pub red_max: Vec<Option<InputId>>,
    /// What it has demanded in public.
    pub demand: Vec<Option<InputId>>,
    /// The audience cost of settling for less than demanded, per cent of the loss.
    pub audience: Option<InputId>,
    /// Its own running cost of no deal, utility points; that of its side where it is not said.
    pub cost: Option<InputId>,
    /// What its running cost comes to, and over how many days of the clock, where it moves.
    pub cost_later: Option<(InputId, InputId)>,
    /// Where no deal leaves each issue, as it has it; at `now` where it is not said.
    pub without: Partial,
    /// What each option of each issue is worth to it, 0–100; nothing on issues with a scale.
    pub worth: Vec<Vec<InputId>>,
}

impl Member {
    /// Whether no deal is something else to it than to others of its side, or grows.
    pub fn has_own_no_deal(&self) -> bool {
        self.cost.is_some() || self.cost_later.is_some() || self.without.iter().any(Option::is_some)
    }
}

/// A text that is named: terms that may be asked about.
#[derive(Clone, Debug)]
pub struct NamedText {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// Its terms; issues it does not name stay where they are.
    pub terms: Partial,
}

/// A change of some issues; those not named stay at the status quo.
pub type Partial = Vec<Option<InputId>>;

/// Force: an option its owner may decline, or an event nobody at the table controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Force {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// An option or an event.
    pub kind: ForceKind,
    /// The side it is used on.
    pub target: usize,
    /// The one-off cost to each side, utility points.
    pub cost: Vec<Option<InputId>>,
    /// Where the talks go on after it, what says when it first happens.
    pub goes_on: Option<WhileTalking>,
}

/// Force that hurts and does not end the talks: when it is first used in a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhileTalking {
    /// Which part of all that may come first does: 0 is at once, 100 never.
    pub first: InputId,
    /// Of an option: whether it is won, where this falls below the chance.
    pub falls: Option<InputId>,
}

/// The two kinds of force.
#[derive(Clone, Debug, PartialEq)]
pub enum ForceKind {
    /// An outside option of a side at the table.
    Choice {
        /// The side that owns it.
        owner: usize,
        /// Chance of winning alone against the target, per cent.
        wins: InputId,
        /// Chance of winning if an ally of the target joins, per cent.
        wins_joined: Option<InputId>,
        /// Where issues end if it is won; `None` means the owner's negotiator's ideals.
        if_won: Option<Partial>,
        /// Where issues end if it is lost; `None` means the target's negotiator's ideals.
        if_lost: Option<Partial>,
        /// The one-off cost to each side if an ally joins.
        cost_joined: Vec<Option<InputId>>,
        /// Chance that each ally joins, per cent.
        joins: Vec<(usize, InputId)>,
        /// How often a year it would be used while it is credible.
        press: InputId,
    },
    /// A hazard.
    Event {
        /// The name of whoever causes it.
        by: String,
        /// How often a year.
        hazard: InputId,
        /// How strongly the hazard reacts to the prospect of a deal.
        reacts: InputId,
        /// Where issues go after it.
        after: Partial,
    },
}

/// One side's promise to another, and how it may be broken.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The side that promises.
    pub by: usize,
    /// The side that relies on it.
    pub to: usize,
    /// Exits a year.
    pub breaks: InputId,
    /// What the other loses by having signed, utility points.
    pub exposed: InputId,
    /// Whether a breach costs that once, and not for ever.
    pub once: bool,
    /// How often a year talks reopen after a breach that costs once, and end in the same terms.
    pub reopens: Option<InputId>,
    /// How many years the deal lasts, on average, unbroken; for ever where it is not said.
    pub lasts: Option<InputId>,
    /// The issue that binds the promise, and by how many per cent at its full value.
    pub secured_by: Option<(usize, InputId)>,
    /// The issue whose terms let the other see a breach.
    pub verified_by: Option<Verification>,
    /// The share of a concession on each issue that cannot be taken back, per cent.
    pub sunk: Vec<Option<InputId>>,
}

/// The inspection game behind a promise.
#[derive(Clone, Copy, Debug)]
pub struct Verification {
    /// The issue that sets the inspection rate.
    pub issue: usize,
    /// Gain from cheating, utility points.
    pub gain: InputId,
    /// Loss if caught, utility points.
    pub loss: InputId,
    /// Chance that an inspection misses a breach, per cent.
    pub miss: InputId,
}

/// A dated entry of the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarEntry {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// When it is.
    pub on: Day,
    /// When it was announced; a forecast as of an earlier day does not see it.
    pub known: Day,
    /// What it is.
    pub kind: CalendarKind,
}

/// What a calendar entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum CalendarKind {
    /// The talks began; without a class of its own the clock of the case starts here.
    Start {
        /// Whether somebody mediates, which then selects the class.
        mediated: bool,
    },
    /// A round.
    Round {
        /// The chance in per cent that it is held.
        holds: InputId,
        /// The least chance that it settles what is open, of a round meant to decide.
        settles: Option<Settling>,
        /// Over how many last days it may settle, from 1.
        days: i32,
    },
    /// A deadline.
    Deadline {
        /// Whether missing it costs something both know.
        hard: bool,
        /// The stage that must have been passed by then, where one is named; 0 is the text.
        binds: Option<usize>,
        /// What happens by itself on the day, where the file says it.
        price: Option<DeadlinePrice>,
    },
}

/// With whom on each side the others bargain, in effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// The negotiator; what its home would not ratify only bounds the zone.
    #[default]
    Negotiator,
    /// M1: the member who, the willing counted first, completes the side's ratification. Its win-set
    /// is known to be narrow, and its negotiator's hands are tied.
    Pivotal,
    /// M3: the member who would give the others most. Authority is fragmented, and the others pick
    /// whom they deal with.
    Willing,
}

/// Switches of contested theory.
#[derive(Clone, Debug)]
pub struct Switches {
    /// Nodes on every issue, in per cent of the scale, besides those drawn; `None` solves exactly.
    pub grid: Option<Vec<f64>>,
    /// The exponent of distance in utilities, at least 1.
    pub alpha: f64,
    /// With whom on each side the others bargain: M1, M3, or neither.
    pub seat: Seat,
    /// M2: parties do not know each other's reservation (step 11).
    pub noisy_signals: bool,
    /// M4: offers are priced so that what is not known of a side's ratifiers does not fail them.
    pub priced_ratification: bool,
    /// Both sides know what a package is worth to each: half of the deals are the most equal package.
    pub public_values: bool,
}

/// A deal over some issues, or among some sides without the others.
#[derive(Clone, Debug)]
pub struct PartialDeal {
    /// The id in paths.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The issues it deals with, in rising order; the others stay where they are.
    pub issues: Vec<usize>,
    /// The sides that strike it, in rising order; at least two.
    pub sides: Vec<usize>,
    /// How much of each change comes about, per cent; all of it where it is not said.
    pub keeps: Option<InputId>,
    /// How much of the running cost of no deal it ends, per cent; all of it where it is not said.
    pub relief: Option<InputId>,
}

/// Inputs that move together.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// The id in paths.
    pub id: String,
    /// The inputs, and whether each moves the other way.
    pub inputs: Vec<(InputId, bool)>,
    /// Their rank correlation, per cent.
    pub r: InputId,
}

/// A negotiation as of a day.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is called.
    pub title: String,
    /// The day it is told from.
    pub as_of: Day,
    /// What is asked.
    pub question: Question,
    /// What is bargained over; at least one.
    pub issues: Vec<Issue>,
    /// Who must ratify; at least one.
    pub sides: Vec<Side>,
    /// Everybody, in the order of the file.
    pub actors: Vec<Actor>,
    /// Force options and uncontrolled events.
    pub force: Vec<Force>,
    /// Promises.
    pub promises: Vec<Promise>,
    /// Texts that are named.
    pub texts: Vec<NamedText>,
    /// Deals over some issues, or among some sides.
    pub partial: Vec<PartialDeal>,
    /// The calendar, as known on `as_of`.
    pub calendar: Vec<CalendarEntry>,
    /// Entries of the calendar that `as_of` does not see yet; nothing is computed from them.
    pub unseen: Vec<CalendarEntry>,
    /// The class of past negotiations, and how far this one has come.
    pub clock: CaseClock,
    /// What a text has to pass, the text first; empty where the text is the agreement.
    pub stages: Vec<Stage>,
    /// Constants of the calendar.
    pub constants: Constants,
    /// Theory switches.
    pub switches: Switches,
    /// Where the uniforms of draws come from.
    pub points: Points,
    /// Every number.
    pub inputs: Vec<Input>,
    /// Inputs that move together; each is in one group at most.
    pub together: Vec<Together>,
    /// Notes by key.
    pub notes: Vec<(String, String)>,
}

/// Who bargains over what: the parts of a case that a record is read against, also while the case is
/// being resolved.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// What is bargained over.
    pub issues: &'a [Issue],
    /// Who must ratify.
    pub sides: &'a [Side],
    /// Everybody, in the order of the file.
    pub actors: &'a [Actor],
    /// Every number.
    pub inputs: &'a [Input],
}

impl Parties<'_> {
    /// The members of all sides, in the order of their ids.
    pub fn members(&self) -> Vec<usize> {
        let mut members: Vec<usize> =
            (0..self.actors.len()).filter(|i| self.actors[*i].member.is_some()).collect();
        members.sort_by(|a, b| self.actors[*a].id.cmp(&self.actors[*b].id));
        members
    }
}

impl Case {
    /// The input behind an index.
    pub fn input(&self, id: InputId) -> &Input {
        &self.inputs[id.0]
    }

    /// Who bargains over what, without the rest.
    pub fn parties(&self) -> Parties<'_> {
        let Self { issues, sides, actors, inputs, .. } = self;
        Parties { issues, sides, actors, inputs }
    }

    /// The members of all sides, in the order of their ids: the order everything is computed in,
    /// so that the order of the file changes no byte.
    pub fn members(&self) -> Vec<usize> {
        self.parties().members()
    }

    /// The issues with a scale, each with its place.
    pub fn ordered_issues(&self) -> impl Iterator<Item = (usize, &Issue)> {
        self.issues.iter().enumerate().filter(|(_, issue)| !issue.is_unordered())
    }

    /// Whether some issue is one of options without order.
    pub fn has_options(&self) -> bool {
        self.issues.iter().any(Issue::is_unordered)
    }

    /// Days on the clock of the case's class by `as_of`, τ0; below 0 before it starts.
    pub fn elapsed(&self) -> i32 {
        self.as_of.since(self.clock.start)
    }

    /// What is said of a case that names no class: what it is priced as.
    pub fn unnamed_class(&self) -> Option<&'static str> {
        let class = &self.clock.class;
        (!class.named).then_some(match class.name.as_str() {
            "mediated" => "priced as mediated talks between states: no class named",
            _ => "priced as an interstate crisis: no class named",
        })
    }

    /// The coefficients and their inputs, in the order of the output.
    pub fn coefficients(&self) -> impl Iterator<Item = (&'static Coefficient, InputId)> {
        let pool = [(&POOL, self.clock.pool)];
        COEFFICIENTS.iter().zip(self.constants.inputs()).chain(pool)
    }

    /// Whether every input that matters is a point, so that every draw is the same.
    pub fn is_point_valued(&self) -> bool {
        self.inputs.iter().all(|i| i.dist.is_point())
    }
}
