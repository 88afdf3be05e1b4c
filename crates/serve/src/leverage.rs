//! What each input does to the answer over its own range: computed once for the case as it stands,
//! while nobody waits, so that what matters stands first.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use winset_model::forecast::Forecast;
use winset_model::uncertain::Dist;

use super::Server;
use super::desk::{Told, hold};
use super::http::Stop;
use super::state::State;

/// Draws at each end: enough to rank by, on the same random numbers.
const DRAWS: u64 = 200;

/// An input's effect on the answer.
#[derive(Clone, Debug)]
pub(super) struct Leverage {
    pub(super) path: String,
    /// The answer with it at its 5 % and at its 95 %.
    pub(super) ends: [f64; 2],
}

/// What is known, and of which case.
#[derive(Default)]
pub(super) struct Known {
    /// The key of the case, and the effects once they are all there.
    of: Mutex<(String, Option<Arc<Vec<Leverage>>>)>,
    /// Told when they are.
    pub(super) done: watch::Sender<u64>,
}

/// The effects in a case without changes; if they are not known, they are begun.
pub(super) fn of(server: &Arc<Server>, base: &Told, state: &State) -> Option<Arc<Vec<Leverage>>> {
    let known = &server.leverage;
    let mut of = hold(&known.of);
    if of.0 == base.key {
        return of.1.clone();
    }
    *of = (base.key.clone(), None);
    drop(of);
    let (server, base, seed) = (Arc::clone(server), base.clone(), state.seed);
    tokio::spawn(async move {
        let stop = Stop::default();
        let mut all = Vec::new();
        for (k, input) in base.loaded.case.inputs.iter().enumerate() {
            if input.dist.is_point() {
                continue;
            }
            let mut ends = [0.0; 2];
            for (end, u) in ends.iter_mut().zip([0.05, 0.95]) {
                let mut case = base.loaded.case.clone();
                let input = &mut case.inputs[k];
                input.dist = Dist::Point(input.dist.quantile(u, input.scale));
                input.later = None;
                let Ok(tally) = server.desk.work.lean(case.clone(), seed, DRAWS, &stop).await
                else {
                    return;
                };
                *end = Forecast::new(&case, seed, &tally, &|_| String::new()).answer.p;
            }
            // The files have changed meanwhile: whoever asks next begins anew.
            if hold(&server.leverage.of).0 != base.key {
                return;
            }
            all.push(Leverage { path: input.path.clone(), ends });
        }
        let mut of = hold(&server.leverage.of);
        if of.0 == base.key {
            of.1 = Some(Arc::new(all));
            drop(of);
            server.leverage.done.send_modify(|n| *n += 1);
        }
    });
    None
}
