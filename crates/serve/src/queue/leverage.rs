//! What each input does to the answer over its own range: computed once for the case as it stands,
//! while nobody waits, so that what matters stands first.

use std::sync::{Arc, Mutex};

use tokio::sync::watch;
use winset_model::forecast::Forecast;
use winset_model::uncertain::Dist;

use crate::Server;
use crate::http::Stop;
use crate::link::LinkState;
use crate::store::{LoadedCase, hold};

/// Draws at each end: enough to rank by, on the same random numbers.
const DRAWS: u64 = 200;

/// An input's effect on the answer.
#[derive(Clone, Debug)]
pub(crate) struct InputLeverage {
    pub(crate) path: String,
    /// The answer with it at its 5 % and at its 95 %.
    pub(crate) ends: [f64; 2],
}

/// The effects that are known, and of which case.
#[derive(Default)]
pub(crate) struct LeverageCache {
    /// The key of the case, and the effects once they are all there.
    of: Mutex<(String, Option<Arc<Vec<InputLeverage>>>)>,
    /// Told when they are.
    pub(crate) done: watch::Sender<u64>,
}

/// The effects in a case without changes; if they are not known, they are begun.
pub(crate) fn leverage(
    server: &Arc<Server>,
    base: &LoadedCase,
    state: &LinkState,
) -> Option<Arc<Vec<InputLeverage>>> {
    let mut of = hold(&server.leverage.of);
    if of.0 == base.key {
        return of.1.clone();
    }
    *of = (base.key.clone(), None);
    drop(of);
    let (server, base, seed) = (Arc::clone(server), base.clone(), state.seed);
    tokio::spawn(async move {
        let stop = Stop::default();
        let mut all = Vec::new();
        for (k, input) in base.case().inputs.iter().enumerate() {
            if input.dist.is_point() {
                continue;
            }
            let mut ends = [0.0; 2];
            for (end, u) in ends.iter_mut().zip([0.05, 0.95]) {
                let mut case = base.case().clone();
                let input = &mut case.inputs[k];
                input.dist = Dist::Point(input.dist.quantile(u, input.scale));
                input.later = None;
                let Ok(tally) = server.queue.lean(case.clone(), seed, DRAWS, &stop).await else {
                    return;
                };
                *end = Forecast::new(&case, seed, &tally, &|_| String::new()).answer.p;
            }
            // The files have changed meanwhile: whoever asks next begins anew.
            if hold(&server.leverage.of).0 != base.key {
                return;
            }
            all.push(InputLeverage { path: input.path.clone(), ends });
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
