//! Everything winset computes, in the order the data visits it.

pub mod spatial;
