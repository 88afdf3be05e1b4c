//! Why the number is what it is, and what would change it: functions of "the forecast on variant
//! inputs". Nothing here knows where the variants come from.

pub mod coalitions;
pub mod drivers;
pub mod flip;
pub mod groups;
mod held;
pub mod ideals;
pub mod moved;
mod rows;
mod shift;
pub mod sobol;
pub mod through;

mod diff;
mod sweep;

pub use diff::{
    BlockerChange, Change, Compared, Diff, EndingChange, InputChange, Paired, PairedChange,
    TermsChange, Variant, changes, compare, written,
};
pub use held::{HeldColumns, HeldInputs, fixed, held, stages};
pub use shift::{KeptDraws, Shift};
pub use sweep::{Sweep, SweepRow, sweep};
