//! The `winset` command.

fn main() {}
