//! Stability as the textbooks define it, state by state and sequence by sequence: slow, and plain.

use std::collections::BTreeSet;

use winset_methods::stability::{GraphModel, ResponseRule};

type States = BTreeSet<usize>;

/// A conflict as lists.
pub(crate) struct Textbook<'a> {
    pub(crate) conflict: GraphModel<'a>,
}

impl Textbook<'_> {
    fn parties(&self) -> usize {
        self.conflict.graph.parties()
    }

    fn level(&self, i: usize, s: usize) -> u32 {
        self.conflict.rankings[i].levels()[s]
    }

    /// R_i(s), and R_i⁺(s).
    fn from(&self, i: usize, s: usize, better: bool) -> States {
        let all = self.conflict.graph.from(i, s).iter().map(|t| *t as usize);
        all.filter(|t| !better || self.level(i, *t) > self.level(i, s)).collect()
    }

    /// R_H(s): everything reached, by following every sequence that the rule allows.
    pub(crate) fn reach(&self, group: &[usize], s: usize, better: bool) -> States {
        let mut found = States::new();
        let mut seen = BTreeSet::new();
        self.follow(group, s, None, &[], better, &mut found, &mut seen);
        found
    }

    #[allow(clippy::too_many_arguments, reason = "a recursion that keeps its whole history")]
    fn follow(
        &self,
        group: &[usize],
        s: usize,
        last: Option<usize>,
        moved: &[usize],
        better: bool,
        found: &mut States,
        seen: &mut BTreeSet<(usize, Option<usize>, Vec<usize>)>,
    ) {
        for i in group {
            let may = match self.conflict.responses {
                ResponseRule::OneStep => moved.is_empty(),
                ResponseRule::EachOnce => !moved.contains(i),
                ResponseRule::LegalSequences => last != Some(*i),
            };
            if !may {
                continue;
            }
            for t in self.from(*i, s, better) {
                found.insert(t);
                // Legal sequences may be long: who moved before the last does not matter to them.
                let legal = self.conflict.responses == ResponseRule::LegalSequences;
                let mut history = if legal { Vec::new() } else { moved.to_vec() };
                history.push(*i);
                history.sort_unstable();
                if seen.insert((t, Some(*i), history.clone())) {
                    self.follow(group, t, Some(*i), &history, better, found, seen);
                }
            }
        }
    }

    /// Whether a state is stable for a party.
    pub(crate) fn stable(&self, id: &str, i: usize, s: usize) -> bool {
        let others: Vec<usize> = (0..self.parties()).filter(|j| *j != i).collect();
        let here = self.level(i, s);
        self.from(i, s, true).into_iter().all(|t| {
            let worse = |u: &usize| self.level(i, *u) <= here;
            let stuck = |u: &usize| self.from(i, *u, false).iter().all(worse);
            match id {
                "nash" => false,
                "gmr" => self.reach(&others, t, false).iter().any(worse),
                "smr" => self.reach(&others, t, false).iter().any(|u| worse(u) && stuck(u)),
                "seq" => self.reach(&others, t, true).iter().any(worse),
                "sseq" => self.reach(&others, t, true).iter().any(|u| worse(u) && stuck(u)),
                "sim" => self.at_once(i, s, t),
                other => panic!("{other} is in no textbook"),
            }
        })
    }

    /// Whether something that others could do at the same time as `s → t` leaves i no better off.
    fn at_once(&self, i: usize, s: usize, t: usize) -> bool {
        let form = self.conflict.graph.form().unwrap();
        let pattern = |s: usize| form.patterns(s)[0];
        let mut together = vec![(pattern(t), false)];
        for j in (0..self.parties()).filter(|j| *j != i) {
            let own = form.own(j);
            for (base, _) in together.clone() {
                for u in self.from(j, s, true) {
                    together.push((base & !own | pattern(u) & own, true));
                }
            }
        }
        together.iter().any(|(p, moved)| {
            *moved && form.state(*p).is_some_and(|u| self.level(i, u) <= self.level(i, s))
        })
    }
}
