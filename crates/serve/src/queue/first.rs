//! A first number at once: what a change adds to the answer, on draws of the case that are kept.

use std::sync::Arc;

use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::KeptDraws;
use winset_model::forecast::Forecast;

use super::{Job, Queue, Stopped};
use crate::http::Stop;
use crate::link::{DRAWS, LinkState};
use crate::store::{LoadedCase, hold};

/// Draws that are kept: as many as some ten milliseconds solve.
const KEPT_DRAWS: u64 = 256;

/// Draws of a case in memory, and of which case and seed.
pub(super) type KeptCase = ((String, u64), Arc<KeptDraws>);

/// The number of a changed case before the rest of its forecast.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstNumber {
    /// The answer.
    pub(crate) p: f64,
    /// What the change adds to it.
    pub(crate) change: f64,
    /// Monte Carlo error of the answer.
    pub(crate) mcse: f64,
    /// Draws the change was asked on.
    pub(crate) draws: u64,
}

impl Queue {
    /// The answer of a changed case: that of the case itself, as finely as it is known, and what the
    /// change adds on few draws, the same for both. None where nothing is known of the case, or it has
    /// other inputs.
    pub(crate) async fn first_number(
        &self,
        base: &LoadedCase,
        changed: Case,
        state: &LinkState,
        stop: &Stop,
    ) -> Result<Option<FirstNumber>, Stopped> {
        let Some(known) = self.finest(base, state) else { return Ok(None) };
        let Some(kept) = self.kept_draws(base, state.seed, stop).await? else { return Ok(None) };
        let waits = self.priority.wait();
        let shift = self.step(stop, move |threads, stop| {
            // Until it is there, wherever it is computed.
            let _waits = waits;
            kept.shift(&changed, Effort::silent(threads, stop))
        });
        let answer = &known.answer;
        Ok(shift.await?.map(|shift| FirstNumber {
            p: (answer.p + shift.change).clamp(0.0, 1.0),
            change: shift.change,
            mcse: (answer.mcse * answer.mcse + shift.mcse * shift.mcse).sqrt(),
            draws: shift.draws,
        }))
    }

    /// The finest forecast of a case that is known.
    pub(crate) fn finest(&self, base: &LoadedCase, state: &LinkState) -> Option<Arc<Forecast>> {
        let jobs = [Job::Forecast(DRAWS), Job::Glance];
        let known = jobs.iter().find_map(|job| self.known_forecast(base, state, job));
        known.map(|known| known.forecast)
    }

    /// The draws that are kept of a case; solved now if they are of another.
    pub(crate) async fn kept_draws(
        &self,
        base: &LoadedCase,
        seed: u64,
        stop: &Stop,
    ) -> Result<Option<Arc<KeptDraws>>, Stopped> {
        let of = (base.key.clone(), seed);
        if let Some((_, kept)) = hold(&self.kept_case).as_ref().filter(|(known, _)| *known == of) {
            return Ok(Some(Arc::clone(kept)));
        }
        let (inner, waits) = (Arc::clone(&base.inner), self.priority.wait());
        let solved = self.step(stop, move |threads, stop| {
            let _waits = waits;
            KeptDraws::new(&inner.case, seed, KEPT_DRAWS, Effort::silent(threads, stop))
        });
        let Some(kept) = solved.await?.map(Arc::new) else { return Ok(None) };
        *hold(&self.kept_case) = Some((of, Arc::clone(&kept)));
        Ok(Some(kept))
    }
}
