//! The `winset` command.

#[cfg_attr(not(test), expect(dead_code, reason = "the command that prints it comes next"))]
mod domain;

fn main() {}
