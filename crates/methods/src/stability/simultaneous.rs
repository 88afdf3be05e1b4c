//! Simultaneous stability: what comes out if several move at once.

use super::ranking::PreferenceReading;
use super::set::StateSet;
use super::{GraphModel, StabilityConcept, StabilityLaws};

/// More changes at once than this are not looked through: then the concept has no answer.
const MOST_JOINT: usize = 1 << 20;

/// Simultaneous stability.
///
/// # Model
/// An improvement of party i from s, to a pattern p, is deterred if others could improve from s at the
/// same time so that what all of them choose together is a feasible state that i does not prefer to s.
/// Each of the others stays or makes an improvement of its own, at least one of them moves; what is
/// chosen together is each mover's options as in its own goal and all else as in s. So it is defined
/// only for states made of options. A coalesced state is asked from each of its patterns.
///
/// # Reference
/// Fraser & Hipel 1984, "Conflict Analysis: Models and Resolutions", ch. 2 (simultaneous sanctioning
/// for two players); for more than two the product above, after Fang, Hipel & Kilgour 1993, ch. 3.
#[derive(Debug)]
pub struct Simultaneous;

impl StabilityConcept for Simultaneous {
    fn id(&self) -> &'static str {
        "sim"
    }

    fn title(&self) -> &'static str {
        "Simultaneous"
    }

    fn reference(&self) -> &'static str {
        "Fraser & Hipel 1984, Conflict Analysis, North-Holland"
    }

    fn laws(&self) -> StabilityLaws {
        StabilityLaws { contains: &["nash"], monotone: true }
    }

    fn stable(
        &self,
        conflict: &GraphModel<'_>,
        party: usize,
        reading: PreferenceReading,
    ) -> Option<StateSet> {
        let (graph, form) = (conflict.graph, conflict.graph.form()?);
        let lens = conflict.rankings[party].lens(reading);
        let mut stable = StateSet::none(graph.states());
        let (mut joint, mut more) = (Vec::new(), Vec::new());
        for s in 0..graph.states() {
            let better = |t: &&u32| lens.gains(s, **t as usize);
            let mut open: Vec<u32> = graph.from(party, s).iter().filter(better).copied().collect();
            for &from in form.patterns(s) {
                if open.is_empty() {
                    break;
                }
                // Every change that some of the others could make at once.
                joint.clear();
                joint.push(0u64);
                for other in (0..graph.parties()).filter(|other| *other != party) {
                    let own = conflict.rankings[other].as_seen(reading);
                    more.clear();
                    for &t in graph.from(other, s).iter().filter(|t| own.gains(s, **t as usize)) {
                        for &to in form.patterns(t as usize) {
                            if form.step(other, from, to) {
                                more.push(from ^ to);
                            }
                        }
                    }
                    let before = joint.len();
                    if before.saturating_mul(more.len() + 1) > MOST_JOINT {
                        return None;
                    }
                    for change in &more {
                        joint.extend_from_within(..before);
                        let at = joint.len() - before;
                        joint[at..].iter_mut().for_each(|c| *c |= change);
                    }
                }
                let deters = |to: u64| {
                    joint.iter().skip(1).any(|change| {
                        let together = form.state(to ^ change);
                        together.is_some_and(|u| lens.value[u] <= lens.limit[s])
                    })
                };
                open.retain(|t| {
                    let goals = form.patterns(*t as usize).iter().copied();
                    !goals.filter(|to| form.step(party, from, *to)).any(deters)
                });
            }
            if open.is_empty() {
                stable.insert(s);
            }
        }
        Some(stable)
    }
}
