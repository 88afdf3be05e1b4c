//! Why the number is what it is, and what would change it: functions of "the forecast on variant
//! inputs". Nothing here knows where the variants come from.

mod diff;
mod sweep;

pub use diff::{
    BlockerChange, Change, Compared, Diff, EndingChange, InputChange, Measured, Paired,
    TermsChange, Variant, changes, compare, written,
};
pub use sweep::{Sweep, SweepRow, sweep};
