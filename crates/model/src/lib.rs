//! Everything winset computes, in the order the data visits it.

pub mod case;
pub mod forecast;
pub mod theory;
pub mod uncertain;
