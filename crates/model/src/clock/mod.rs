//! The clock: from a class of past negotiations and the parties' prospects to first endings, day by
//! day.
