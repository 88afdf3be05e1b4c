//! A class read as a mixture of negotiations with and without a zone.

use libm::pow;

use super::exponential::log_shares;
use crate::class::risk::ClassRates;

/// The bounds on room relative to that of a typical structure: judgement.
pub const ROOM_BOUNDS: (f64, f64) = (0.25, 4.0);

/// The largest daily chance of another ending without a zone.
const SUREST: f64 = 1.0 - 1e-9;

/// How much faster a structure agrees than the class's own with a zone:
/// `f = min(4, max(¼, G/gref))^γ`, clock (5).
pub fn room_factor(room: f64, gref: f64, gamma: f64) -> f64 {
    pow((room / gref).clamp(ROOM_BOUNDS.0, ROOM_BOUNDS.1), gamma)
}

/// The class's hazards split by type, for elapsed days 1, 2, …: together, in the shares carried
/// along, the two types have exactly the hazards of the class on every day.
///
/// # Model
/// With shares of those still open μ with a zone and `μ_0 = 1 − μ` without, `μ_0(0) = 1 − z`, and
/// p_a, p_o, L of the class, clock (4)–(8):
///
/// - openings `ν = max(0, 1 − (1 − φz)L/μ_0)`, `μ_0 ← (1 − ν)μ_0`
/// - endings `o_0 = χp_o/(μ + χμ_0)`, `h = p_a/μ`, `o = (p_o − o_0μ_0)/μ`,
///   `μ_0 ← μ_0(1 − o_0)/L`
/// - rates with a zone `R = −ln(1 − h − o)`, `R_a(1) = Rh/(h + o)`, `R_o = Ro/(h + o)`; without
///   `R_o = −ln(1 − o_0)`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mixture {
    /// ν: the chance that a zone opens where there was none.
    pub opens: Vec<f64>,
    /// R_a(1): the rate of agreement with a zone of typical room.
    pub agreement: Vec<f64>,
    /// R_o with a zone.
    pub other: Vec<f64>,
    /// R_o without a zone.
    pub other_none: Vec<f64>,
    /// μ at the end of the day.
    pub share: Vec<f64>,
    /// μ at the start of the clock, z.
    pub start: f64,
    /// h + o, and −ln(1 − x)/x of what is at hand.
    ended: Vec<f64>,
    per_chance: Vec<f64>,
}

impl Mixture {
    /// Splits the class: z the share with a zone at the start (0.01–0.99), χ how much faster those
    /// without end otherwise, φ the part of z that the share never falls below (above 0).
    pub fn fill(&mut self, class: &ClassRates, zref: f64, chi: f64, reopens: f64) {
        let Self { opens, agreement, other, other_none, share, start, ended, per_chance } = self;
        let days = class.days();
        for column in [&mut *opens, agreement, other, other_none, share, ended, per_chance] {
            column.resize(days, 0.0);
        }
        *start = zref;
        let mut none = 1.0 - zref;
        let rows = opens.iter_mut().zip(&mut *agreement).zip(&mut *other).zip(&mut *other_none);
        let rows = rows.zip(&mut *share).zip(&mut *ended).zip(class.by_day());
        for ((((((nu, h), o), o_none), share), ended), (p_a, p_o, per_left)) in rows {
            // What the next day waits for is one division: the others run beside it.
            let left = 1.0 - p_a - p_o;
            // (6)
            let most = (1.0 - reopens * zref) * left;
            *nu = if none > most { 1.0 - most / none } else { 0.0 };
            none = if none > most { most } else { none };
            let zone = 1.0 - none;
            // (7)
            *o_none = SUREST.min(chi * p_o / (zone + chi * none));
            let per_zone = 1.0 / zone;
            *h = p_a * per_zone;
            *o = (p_o - *o_none * none) * per_zone;
            none = none * (1.0 - *o_none) * per_left;
            *ended = *h + *o;
            *share = 1.0 - none;
        }
        // (8): all days at once, several side by side.
        let to_rates = |chances: &mut [f64], per_chance: &[f64]| {
            chances.iter_mut().zip(per_chance).for_each(|(chance, per)| *chance *= per);
        };
        log_shares(ended, per_chance);
        to_rates(agreement, per_chance);
        to_rates(other, per_chance);
        log_shares(other_none, per_chance);
        to_rates(other_none, per_chance);
    }

    /// μ at the end of an elapsed day.
    pub fn share_on(&self, day: i32) -> f64 {
        match usize::try_from(day) {
            Ok(day) if day > 0 && !self.share.is_empty() => {
                self.share[day.min(self.share.len()) - 1]
            }
            _ => self.start,
        }
    }
}
