//! A tally as bytes and back: what a worker hands over.
//!
//! Numbers are LEB128 (seven bits a byte, the last with its top bit clear), signed ones in zigzag;
//! a list is its length and its items; a histogram is its occupied bins. One tally has one such
//! form, and two tallies have the same form only if they are equal. What the bytes are of (which
//! case, which draws) and whether they arrived whole is for whoever stores them to say.

use std::collections::BTreeMap;

use crate::case::Case;
use crate::clock::outcome::OutcomeSum;
use crate::clock::sums::FineSum;

use super::accumulate::{Histogram, Sum, Tally};
use super::ensemble::blank;

/// The version of the byte form of a tally.
pub const TALLY_FORMAT: u32 = 4;

/// The bytes are not a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not a tally")]
pub struct Unreadable;

/// No honest sum or count is larger; so many tallies of such numbers can be added without overflow.
const LARGEST_SUM: u128 = 1 << 120;
const LARGEST_COUNT: u64 = 1 << 50;

/// What stands before the counts of a search, where there was one ("search" in ASCII).
const SEARCHED: u64 = 0x7365_6172_6368;

/// What stands before the count of searches that did not end ("cut").
const UNENDED: u64 = 0x63_7574;

/// What stands before the sums by scrambling ("points").
const SCRAMBLED: u64 = 0x706f_696e_7473;

impl Tally {
    /// The tally as bytes, in the form [`TALLY_FORMAT`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        count(&mut out, self.draws);
        self.outcomes.iter().for_each(|sum| outcomes(&mut out, sum));
        fine(&mut out, &self.answer);
        list(&mut out, &self.nodes, |out, s| signed(out, s.0));
        list(&mut out, &self.node_text, |out, sums| list(out, sums, |out, s| signed(out, s.0)));
        self.node_endings.iter().for_each(|l| list(&mut out, l, |out, s| signed(out, s.0)));
        fine(&mut out, &[self.closed]);
        fine(&mut out, &self.varied_answer);
        signed(&mut out, self.room.0);
        self.zone.iter().for_each(|n| count(&mut out, *n));
        for counts in [&self.credible, &self.powered] {
            list(&mut out, counts, |out, n| count(out, *n));
        }
        list(&mut out, &self.interventions, |out, n| n.iter().for_each(|n| count(out, *n)));
        list(&mut out, &self.power, |out, s| s.iter().for_each(|s| signed(out, s.0)));
        list(&mut out, &self.coefficients, |out, s| s.iter().for_each(|s| fine(out, s)));
        for n in [self.explained, self.explored, self.varied] {
            count(&mut out, n);
        }
        for histograms in [&self.openings, &self.terms] {
            list(&mut out, histograms, histogram);
        }
        let conflicts: Vec<_> = self.conflicts.iter().collect();
        list(&mut out, &conflicts, |out, (set, n)| {
            unsigned(out, **set);
            count(out, **n);
        });
        let moved: Vec<_> = self.moved.iter().collect();
        list(&mut out, &moved, |out, ((member, issue, minimum), n)| {
            count(out, *member as u64);
            count(out, *issue as u64);
            count(out, u64::from(*minimum));
            count(out, **n);
        });
        // Nothing where nothing was searched: most cases have no such search.
        if self.searched[0] > 0 {
            count(&mut out, SEARCHED);
            self.searched.iter().for_each(|n| count(&mut out, *n));
            signed(&mut out, self.short.0);
        }
        if self.unended > 0 {
            count(&mut out, UNENDED);
            count(&mut out, self.unended);
        }
        if !self.scramblings.is_empty() {
            count(&mut out, SCRAMBLED);
            list(&mut out, &self.scramblings, |out, sums| fine(out, sums));
        }
        out
    }

    /// Reads what [`Tally::to_bytes`] wrote of a tally of this case.
    ///
    /// # Errors
    /// Anything else: too short, too long, numbers that no draws give, another number of days,
    /// members or issues. Reading never panics, and never takes much more memory than the bytes
    /// and a tally of the case do.
    pub fn from_bytes(case: &Case, bytes: &[u8]) -> Result<Self, Unreadable> {
        let shape = blank(case);
        let histograms = shape.openings.len().max(shape.terms.len());
        read(bytes, histograms).filter(|t| t.fits(&shape)).ok_or(Unreadable)
    }

    /// Whether the tally can be one of the case that gave a blank one: as many days, members,
    /// issues and levers, and no more counted in it than it has draws.
    fn fits(&self, shape: &Self) -> bool {
        let members = shape.interventions.len();
        let counts = [self.explained, self.explored, self.varied, self.unended];
        let mut counted = self
            .zone
            .iter()
            .chain(&counts)
            .chain(&self.credible)
            .chain(&self.powered)
            .chain(&self.searched)
            .chain(self.interventions.iter().flatten())
            .chain(self.conflicts.values())
            .chain(self.moved.values());
        let days = |sum: &OutcomeSum| {
            let all = &shape.outcomes[0].states;
            sum.states.len() <= all.len()
                && sum.states.iter().all(|(_, columns, _)| {
                    let one = all.first().map(|(_, columns, _)| columns);
                    columns
                        .iter()
                        .zip(one.into_iter().flatten())
                        .all(|(column, shape)| column.is_empty() || column.len() == shape.len())
                })
        };
        self.outcomes.iter().all(days)
            && self.scramblings.len() == shape.scramblings.len()
            && self.nodes.len() == shape.nodes.len()
            && self.node_text.len() == shape.node_text.len()
            && self.node_text.iter().zip(&shape.node_text).all(|(a, b)| a.len() == b.len())
            && [0, 1].iter().all(|k| self.node_endings[*k].len() == shape.node_endings[*k].len())
            && self.credible.len() == shape.credible.len()
            && self.interventions.len() == members
            && self.powered.len() == members
            && self.power.len() == members
            && self.coefficients.len() == shape.coefficients.len()
            && self.openings.len() == shape.openings.len()
            && self.terms.len() == shape.terms.len()
            && self.moved.keys().all(|m| m.0 < members && m.1 < shape.terms.len())
            && counted.all(|n| *n <= self.draws)
    }
}

fn fine(out: &mut Vec<u8>, sums: &[FineSum]) {
    sums.iter().for_each(|sum| signed(out, sum.0));
}

fn outcomes(out: &mut Vec<u8>, sum: &OutcomeSum) {
    fine(out, &[sum.weight, sum.squares]);
    list(out, &sum.states, |out, (weight, columns, lapsed)| {
        fine(out, &[*weight, *lapsed]);
        columns.iter().for_each(|column| list(out, column, |out, s| signed(out, s.0)));
    });
}

fn unsigned(out: &mut Vec<u8>, mut n: u128) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn signed(out: &mut Vec<u8>, n: i128) {
    unsigned(out, ((n << 1) ^ (n >> 127)) as u128);
}

fn count(out: &mut Vec<u8>, n: u64) {
    unsigned(out, u128::from(n));
}

fn list<T>(out: &mut Vec<u8>, items: &[T], each: impl Fn(&mut Vec<u8>, &T)) {
    count(out, items.len() as u64);
    items.iter().for_each(|item| each(out, item));
}

/// The occupied bins: how many bins lie between, weight, smallest position, how far the largest is.
fn histogram(out: &mut Vec<u8>, h: &Histogram) {
    let occupied: Vec<_> =
        h.bins().iter().enumerate().filter(|(_, bin)| **bin != Histogram::EMPTY).collect();
    let mut next = 0;
    count(out, occupied.len() as u64);
    for (k, (weight, lo, hi)) in occupied {
        count(out, (k - next) as u64);
        unsigned(out, *weight);
        signed(out, i128::from(*lo));
        signed(out, i128::from(*hi) - i128::from(*lo));
        next = k + 1;
    }
}

/// The tally that all of the bytes are, with at most so many histograms in a list.
fn read(bytes: &[u8], histograms: usize) -> Option<Tally> {
    let mut from = Reader(bytes);
    from.tally(histograms).filter(|_| from.0.is_empty())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn unsigned(&mut self) -> Option<u128> {
        let mut n = 0u128;
        for shift in (0..128).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u128::from(byte & 0x7f);
            if shift > 0 && *byte == 0 || bits << shift >> shift != bits {
                // Not the one way to write the number.
                return None;
            }
            n |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i128> {
        let n = self.unsigned().filter(|n| *n <= 2 * LARGEST_SUM)?;
        Some((n >> 1) as i128 ^ -((n & 1) as i128))
    }

    fn sum(&mut self) -> Option<Sum> {
        Some(Sum(self.signed()?))
    }

    fn fine<const N: usize>(&mut self) -> Option<[FineSum; N]> {
        let mut sums = [FineSum::default(); N];
        for sum in &mut sums {
            sum.0 = self.signed()?;
        }
        Some(sums)
    }

    fn fines(&mut self) -> Option<Vec<FineSum>> {
        self.list(|from| Some(FineSum(from.signed()?)))
    }

    fn outcomes(&mut self) -> Option<OutcomeSum> {
        let [weight, squares] = self.fine()?;
        let states = self.list(|from| {
            let [weight, lapsed] = from.fine()?;
            let columns = [from.fines()?, from.fines()?, from.fines()?, from.fines()?];
            Some((weight, columns, lapsed))
        })?;
        Some(OutcomeSum { weight, squares, states })
    }

    fn count(&mut self) -> Option<u64> {
        u64::try_from(self.unsigned()?).ok().filter(|n| *n <= LARGEST_COUNT)
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.count()?;
        // Every item takes at least a byte: a length beyond the rest is a lie.
        if n > self.0.len() as u64 {
            return None;
        }
        (0..n).map(|_| each(self)).collect()
    }

    fn position(&mut self) -> Option<i32> {
        i32::try_from(self.signed()?).ok()
    }

    fn histogram(&mut self) -> Option<Histogram> {
        let mut h = Histogram::default();
        let occupied = self.count()?;
        let mut k = 0usize;
        for _ in 0..occupied {
            k = k.checked_add(usize::try_from(self.count()?).ok()?)?;
            let weight = self.unsigned().filter(|w| *w <= LARGEST_SUM)?;
            let lo = self.position()?;
            let hi = lo.checked_add(self.position()?)?;
            let bin = h.bin(k).filter(|_| lo <= hi)?;
            *bin = (weight, lo, hi);
            k += 1;
        }
        Some(h)
    }

    /// Each takes 4096 bins however few of them are occupied, hence the limit.
    fn histograms(&mut self, most: usize) -> Option<Vec<Histogram>> {
        let n = self.count().filter(|n| *n <= most as u64)?;
        (0..n).map(|_| self.histogram()).collect()
    }

    fn map<K: Ord>(&mut self, key: impl Fn(&mut Self) -> Option<K>) -> Option<BTreeMap<K, u64>> {
        let pairs = self.list(|from| Some((key(from)?, from.count()?)))?;
        let rising = pairs.windows(2).all(|w| w[0].0 < w[1].0);
        rising.then(|| pairs.into_iter().collect())
    }

    fn tally(&mut self, histograms: usize) -> Option<Tally> {
        let place = |from: &mut Self| usize::try_from(from.count()?).ok();
        let truth = |from: &mut Self| match from.count()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        };
        // The order of the fields is the order of the bytes.
        let mut tally = Tally {
            draws: self.count()?,
            outcomes: [self.outcomes()?, self.outcomes()?],
            answer: self.fine()?,
            nodes: self.fines()?,
            node_text: self.list(Self::fines)?,
            node_endings: [self.fines()?, self.fines()?],
            closed: FineSum(self.signed()?),
            varied_answer: self.fine()?,
            room: self.sum()?,
            zone: [self.count()?, self.count()?, self.count()?],
            credible: self.list(Self::count)?,
            powered: self.list(Self::count)?,
            interventions: self
                .list(|from| Some([from.count()?, from.count()?, from.count()?, from.count()?]))?,
            power: self.list(|from| Some([from.sum()?, from.sum()?, from.sum()?, from.sum()?]))?,
            coefficients: self.list(|from| Some([from.fine()?, from.fine()?]))?,
            explained: self.count()?,
            explored: self.count()?,
            varied: self.count()?,
            openings: self.histograms(histograms)?,
            terms: self.histograms(histograms)?,
            conflicts: self.map(Self::unsigned)?,
            moved: self.map(|from| Some((place(from)?, place(from)?, truth(from)?)))?,
            ..Tally::default()
        };
        let mut next = self.mark()?;
        if next == Some(SEARCHED) {
            tally.searched = [self.count()?, self.count()?];
            tally.short = self.sum()?;
            // What searched nothing is not written.
            (tally.searched[0] > 0).then_some(())?;
            next = self.mark()?;
        }
        if next == Some(UNENDED) {
            tally.unended = self.count()?;
            (tally.unended > 0).then_some(())?;
            next = self.mark()?;
        }
        if next == Some(SCRAMBLED) {
            tally.scramblings = self.list(Self::fine)?;
            (!tally.scramblings.is_empty()).then_some(())?;
            next = None;
        }
        next.is_none().then_some(tally)
    }

    /// What is said to come next; nothing at the end.
    fn mark(&mut self) -> Option<Option<u64>> {
        if self.0.is_empty() { Some(None) } else { self.count().map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally(numbers: &[i64]) -> Tally {
        let at = |k: usize| numbers[k % numbers.len()];
        let sum = |k: usize| Sum(i128::from(at(k)) << (k % 30));
        let fine = |k: usize| FineSum(sum(k).0);
        let outcomes = |k: usize| OutcomeSum {
            weight: fine(k),
            squares: fine(k + 1),
            states: vec![(fine(k + 2), [0, 1, 2, 3].map(|n| vec![fine(k + n); n]), fine(k + 3))],
        };
        let n = |k: usize| at(k).unsigned_abs() % 1_000_000;
        let filled = |k: usize| {
            let mut h = Histogram::default();
            for i in 0..5 {
                h.add((at(k + i) % 1_000_001) as i32, (n(i) % 7) as f64 / 7.0);
            }
            h
        };
        Tally {
            draws: n(0),
            outcomes: [outcomes(0), outcomes(5)],
            answer: [fine(1), fine(2), fine(3)],
            nodes: (3..14).map(fine).collect(),
            node_text: vec![(0..6).map(fine).collect(), Vec::new()],
            node_endings: [(2..8).map(fine).collect(), Vec::new()],
            closed: fine(11),
            zone: [n(1), n(2), n(3)],
            credible: vec![n(4)],
            interventions: vec![[n(5), n(6), n(7), n(8)]],
            power: vec![[sum(7), sum(8), sum(9), sum(10)]],
            openings: vec![filled(0), Histogram::default()],
            terms: vec![filled(2)],
            conflicts: (0..4).map(|k| (u128::from(at(k).unsigned_abs()) << 60, n(k))).collect(),
            moved: (0..4).map(|k| ((k, k + 1, k % 2 == 0), n(k))).collect(),
            searched: if at(5) % 2 == 0 { [0, 0] } else { [n(1) + 1, n(2)] },
            unended: if at(5) % 2 == 0 { 0 } else { n(3) + 1 },
            short: if at(5) % 2 == 0 { Sum::default() } else { sum(3) },
            scramblings: if at(7) % 2 != 0 { Vec::new() } else { vec![[fine(4), fine(6)]; 8] },
            ..Tally::default()
        }
    }

    #[test]
    fn small_numbers_are_written_as_leb128_and_zigzag_say() {
        // The examples of the DWARF standard (version 5, 7.6) and of Protocol Buffers' encoding.
        let bytes = |n| {
            let mut out = Vec::new();
            unsigned(&mut out, n);
            out
        };
        assert_eq!(bytes(2), [2]);
        assert_eq!(bytes(127), [0x7f]);
        assert_eq!(bytes(128), [0x80, 1]);
        assert_eq!(bytes(12_857), [0x39 + 0x80, 100]);
        for (n, zigzag) in [(0, 0), (-1, 1), (1, 2), (-2, 3), (0x7fff_ffff, 0xffff_fffe)] {
            let mut out = Vec::new();
            signed(&mut out, n);
            assert_eq!(out, bytes(zigzag), "{n}");
        }
    }

    proptest! {
        #[test]
        fn bytes_give_the_tally_back(numbers in prop::collection::vec(any::<i64>(), 8..40)) {
            let t = tally(&numbers);
            let bytes = t.to_bytes();
            prop_assert_eq!(read(&bytes, 2), Some(t.clone()));
            prop_assert_eq!(read(&bytes, 1), None);
        }

        #[test]
        fn what_can_be_read_is_written_the_same_way(
            numbers in prop::collection::vec(any::<i64>(), 8..12),
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
        ) {
            let mut bytes = tally(&numbers).to_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Some(t) = read(&bytes, 2) {
                prop_assert_eq!(t.to_bytes(), bytes);
            }
        }

        #[test]
        fn no_prefix_and_no_noise_is_a_tally(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            let bytes = tally(&[3, -5, 8, 13, -21, 34, 55, 89]).to_bytes();
            assert_eq!(read(&bytes, 2).map(|t| t.searched), Some([0, 0]));
            let cut = noise.len() * 7 % bytes.len();
            prop_assert_eq!(read(&bytes[..cut], 2), None);
            let longer = [&bytes[..], &noise[..], &[0]].concat();
            prop_assert_eq!(read(&longer, 2), None);
            // Whatever noise is read as, it is read without a panic.
            let _ = read(&noise, 2);
        }
    }
}
