//! The chores of the project: one door for a person and for CI.
//!
//! `cargo xtask test` runs everything that must hold before a change lands; `house` checks the rules no
//! compiler checks; `gen` writes the files
//! that are made from code; `look` makes pictures of every page; `bench` measures; `cluster` runs forecasts on clusters;
//! `study` runs long simulations. Each chore is a module,
//! and none of them knows anything the command `winset` computes.

mod before;
mod bench;
mod bib;
mod browser;
mod curves;
mod gate;
mod gen_files;
mod house;
mod markdown;
mod points;
mod python;
mod quick;
mod repo;
mod stage;
mod study;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of the project", disable_version_flag = true)]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run everything that must hold before a change lands
    Test {
        /// Run only this stage; may be repeated
        #[arg(long, value_name = "STAGE")]
        only: Vec<String>,
        /// List the stages and stop
        #[arg(long)]
        list: bool,
        /// What can be known in a minute: format, house, clippy, unit tests of what was changed
        #[arg(long, conflicts_with = "only")]
        quick: bool,
    },
    /// Check the rules that no compiler checks
    House {
        /// List the pairs of structs that share most of their fields, and stop
        #[arg(long)]
        twins: bool,
    },
    /// Write the files that are made from code
    Gen {
        /// Change nothing; fail if a file is not what the code makes
        #[arg(long)]
        check: bool,
    },
    /// Make contact sheets of every page of the workbench, and of the brief on screen and on paper
    Look {
        /// Only these: a case (`finished`, `stress`), pages by their address, `brief`, `docx`
        only: Vec<String>,
    },
    /// Measure, compare with other software, write docs/src/performance.md
    Bench {
        /// Run only benchmarks and comparisons whose name contains this
        filter: Option<String>,
        /// Count the instructions of five fixed jobs instead, and fail where one takes 3 % more than is
        /// written down
        #[arg(long, conflicts_with = "filter")]
        gate: bool,
    },
    /// Run a forecast on Dask, Ray and a Slurm of one node, on loopback
    Cluster {
        /// Passed on to the scripts: the number of draws
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// List the long simulations, or run one
    Study {
        /// The study to run; without it they are listed
        name: Option<String>,
        /// Passed on to the study
        #[arg(last = true)]
        args: Vec<String>,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = repo::Repo::open().and_then(|repo| match args.chore {
        Chore::Test { only, list, quick } => test::run(&repo, &only, list, quick),
        Chore::House { twins } => house::chore(&repo, twins),
        Chore::Gen { check } => gen_files::run(&repo, check),
        Chore::Look { only } => browser::look(&repo, &only),
        Chore::Bench { gate: true, .. } => gate::run(&repo),
        Chore::Bench { filter, .. } => bench::run(&repo, filter.as_deref()),
        Chore::Cluster { args } => python::cluster(&repo, &args),
        Chore::Study { name, args } => study::run(&repo, name.as_deref(), &args),
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
