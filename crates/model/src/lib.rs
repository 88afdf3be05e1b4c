//! Everything winset computes, in the order the data visits it.

pub mod belief;
pub mod case;
pub mod class;
pub mod clock;
pub mod effort;
pub mod explain;
pub mod forecast;
pub mod grade;
pub mod record;
pub mod score;
pub mod spatial;
pub mod theory;
pub mod uncertain;
