//! Votes of a chamber against a count of the votes, coalition by coalition, over 200 random ones.

use winset_model::case::{Ballot, InputId, Rule, RuleDoubt, VoteQuota};
use winset_model::theory::power::{power, rule_power};

use crate::dice::Dice;

/// A camp in whole numbers: seats and per cents.
#[derive(Clone, Copy)]
struct Camp {
    seats: i128,
    turnout: i128,
    rebels: i128,
    abstains: i128,
}

impl Camp {
    fn random(d: &mut Dice) -> Self {
        let some =
            |d: &mut Dice, most: u64| if d.below(2) == 0 { 0 } else { d.below(most) as i128 };
        let turnout = if d.below(2) == 0 { 100 } else { 1 + d.below(100) as i128 };
        // Abstentions few enough that consent never costs votes: the clamp has its own test.
        let (rebels, abstains) = (some(d, 30), some(d, 50));
        Self { seats: 1 + d.below(300) as i128, turnout, rebels, abstains }
    }

    fn ballot(self) -> Ballot {
        let share = |x: i128| x as f64 / 100.0;
        let seats = i64::try_from(self.seats * 1_000_000).unwrap();
        Ballot::new(seats, share(self.turnout), share(self.rebels), share(self.abstains))
    }

    /// Votes for and against, in millionths of a seat: per cents of per cents are whole there.
    fn votes(self, accepts: bool) -> [i128; 2] {
        let voting = self.seats * self.turnout;
        let (loyal, rebels) = (100 - self.rebels, self.rebels);
        match accepts {
            true => [voting * loyal * 100, voting * rebels * 100],
            false => [voting * rebels * 100, voting * loyal * (100 - self.abstains)],
        }
    }
}

/// Whether a coalition passes a vote, by counting the votes.
fn passes(quota: VoteQuota, camps: &[Camp], coalition: u64) -> bool {
    let (mut yes, mut no) = (0, 0);
    for (i, camp) in camps.iter().enumerate() {
        let [y, n] = camp.votes(coalition >> i & 1 == 1);
        yes += y;
        no += n;
    }
    match quota {
        VoteQuota::Seats(seats) => yes >= seats as i128 * 1_000_000,
        VoteQuota::Cast(percent) => yes * 100 >= percent as i128 * (yes + no),
        VoteQuota::Majority => yes > no,
    }
}

fn quota(d: &mut Dice, camps: &[Camp]) -> VoteQuota {
    let seats: i128 = camps.iter().map(|c| c.seats).sum();
    match d.below(3) {
        0 => VoteQuota::Seats(1.0 + d.below(seats as u64) as f64),
        1 => VoteQuota::Cast(1.0 + d.below(99) as f64),
        _ => VoteQuota::Majority,
    }
}

/// By brute force: every coalition of 200 random chambers passes where its votes say so, more seats
/// asked never help, more consent never harms, and power counted by weights is that of all coalitions.
#[test]
fn a_vote_passes_where_its_votes_say_so() {
    let mut swings = 0;
    for seed in 0..200 {
        let mut d = Dice(seed * 7_919 + 1);
        let n = 2 + d.below(6) as usize;
        let camps: Vec<Camp> = (0..n).map(|_| Camp::random(&mut d)).collect();
        let ballots: Vec<Ballot> = camps.iter().map(|c| c.ballot()).collect();
        let quota = quota(&mut d, &camps);
        let rule = Rule::Votes(quota, (0..n).collect()).counted(&ballots);
        for c in 0..1u64 << n {
            let there = rule.passes(c, &[]);
            assert_eq!(there, passes(quota, &camps, c), "seed {seed}, coalition {c:b}, {quota:?}");
            for i in 0..n {
                assert!(!there || rule.passes(c | 1 << i, &[]), "seed {seed}: consent of {i}");
                swings += usize::from(!there && rule.passes(c | 1 << i, &[]));
            }
            let more = match quota {
                VoteQuota::Seats(k) => VoteQuota::Seats(k + 1.0),
                VoteQuota::Cast(p) => VoteQuota::Cast((p + 1.0).min(100.0)),
                VoteQuota::Majority => VoteQuota::Majority,
            };
            let harder = Rule::Votes(more, (0..n).collect()).counted(&ballots);
            assert!(there || !harder.passes(c, &[]), "seed {seed}: more votes needed helps");
        }
        let players: Vec<usize> = (0..n).collect();
        let counted = rule_power(&rule, None, &vec![0; n], |_| 0.5);
        assert_eq!(counted, power(&players, |c| rule.passes(c, &[])), "seed {seed}");
    }
    assert!(swings > 1_000, "{swings}");
}

/// With nobody absent, abstaining or rebelling, a share of the votes is a share of capability.
#[test]
fn where_all_vote_a_share_of_votes_is_a_share_of_seats() {
    for seed in 0..200 {
        let mut d = Dice(seed + 1);
        let n = 2 + d.below(6) as usize;
        let seats: Vec<i64> = (0..n).map(|_| d.below(100) as i64 * 1_000_000).collect();
        let percent = 1.0 + d.below(100) as f64;
        let share = Rule::Percent(percent, (0..n).collect());
        let votes = Rule::Votes(VoteQuota::Cast(percent), (0..n).collect());
        for c in 0..1u64 << n {
            assert_eq!(share.passes(c, &seats), votes.passes(c, &seats), "seed {seed}, {c:b}");
        }
    }
}

#[test]
fn a_tie_is_no_majority_and_a_quota_met_exactly_is_met() {
    let majority = Rule::Votes(VoteQuota::Majority, vec![0, 1]);
    assert!(!majority.passes(0b01, &[320_000_000, 320_000_000]));
    assert!(majority.passes(0b01, &[320_000_001, 320_000_000]));
    assert!(!majority.passes(0b01, &[242_000_000, 391_000_000]));
    let seats = Rule::Votes(VoteQuota::Seats(320.0), vec![0, 1]);
    assert!(seats.passes(0b01, &[320_000_000, 330_000_000]));
    assert!(!seats.passes(0b01, &[319_999_999, 330_000_001]));
}

/// Where all who reject but the rebels abstain, consent would lose votes: it then counts for nothing.
#[test]
fn consent_never_costs_a_text_votes() {
    let ballots = [Ballot::new(100_000_000, 1.0, 0.4, 0.99), Ballot::whole(90_000_000)];
    let rule = Rule::Votes(VoteQuota::Cast(90.0), vec![0, 1]).counted(&ballots);
    for c in 0..2u64 {
        assert!(!rule.passes(c << 1, &[]) || rule.passes(c << 1 | 1, &[]));
    }
    let Rule::Weighed(weights, _) = rule else { panic!("a vote is counted") };
    assert_eq!(weights[0].1, 0);
}

#[test]
fn a_draw_picks_the_rule_whose_share_it_falls_into() {
    let rules = [60.0, 30.0, 10.0].iter().zip(0..).map(|(s, i)| (Rule::Actor(i), *s)).collect();
    let doubt = RuleDoubt { rules, pick: InputId(0) };
    let at = [0.0, 59.9, 60.0, 89.9, 90.0, 99.9, 100.0].map(|u| doubt.at(u));
    assert_eq!(at, [0, 0, 1, 1, 2, 2, 2]);
}
