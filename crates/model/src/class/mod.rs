//! Classes of past negotiations: how fast they ended, in agreement or otherwise, by elapsed days.

pub mod risk;
