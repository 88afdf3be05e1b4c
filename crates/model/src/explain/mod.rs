//! Why the number is what it is, and what would change it: functions of "the forecast on variant
//! inputs". Nothing here knows where the variants come from.

mod diff;

pub use diff::{
    BlockerChange, Change, Compared, Diff, EndingChange, InputChange, Measured, Paired,
    TermsChange, Variant, changes, compare, written,
};
