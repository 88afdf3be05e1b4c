//! The Rust code of the README and the book, compiled and run as doctests.
//!
//! Written by `cargo xtask gen`: a page is here once it holds a `rust` block.
