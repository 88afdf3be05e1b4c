//! The native part of the Python package `winset`: the same library as the command, with values in
//! and JSON or Arrow out. What is friendly about the package is written in Python.

mod brief;
mod case;
mod class;
mod forecast;
mod score;
mod sweep;
mod table;
mod watch;

/// `winset._native`.
#[pyo3::pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use crate::brief::brief;
    #[pymodule_export]
    use crate::case::{Case, backtest};
    #[pymodule_export]
    use crate::class::{class_, classes};
    #[pymodule_export]
    use crate::forecast::Forecast;
    #[pymodule_export]
    use crate::score::score;
    #[pymodule_export]
    use crate::sweep::{points, sweep_report, swept};
    #[pymodule_export]
    use crate::table::{Table, kinds, shapes};
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
