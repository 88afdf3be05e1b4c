//! What people read: values in, text and charts out.

pub mod belief;
pub mod book;
pub mod chart;
pub mod deals;
pub mod diff;
pub mod document;
pub mod domain;
pub mod drivers;
pub mod ensemble;
pub mod forecast;
pub mod lint;
pub mod moved;
pub mod record;
pub mod spatial;
pub mod why;
pub mod words;
