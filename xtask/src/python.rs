//! Python: the package's tests, and scripts that check or compare us with other libraries.
//!
//! Everything is installed into virtual environments below cargo's build folder. A script says what
//! it needs in a line `# requires: numpy==2.2.0, scipy==1.15.0` near its top.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repo::Repo;
use crate::stage::{Outcome, Ran, Skip, capture};
use crate::test::{SKIPPED, in_ci};

/// Scripts that compare our numbers with another library's; exit code 0 is agreement.
const CROSSCHECK: &str = "python/crosscheck/";
/// Scripts that run a forecast on clusters; too long for `cargo xtask test`.
const CLUSTER: &str = "python/cluster/";
/// The package on top of the command's crates.
const PACKAGE: &str = "pyproject.toml";
/// What building and testing the package takes; nothing of it is needed to use the package.
const PACKAGE_NEEDS: &str = "python/tests/requirements.txt";

/// The Python stage.
pub(crate) fn stage(repo: &Repo) -> Result<Outcome> {
    let scripts: Vec<&str> = repo.find(CROSSCHECK, &[".py"]).collect();
    let package = repo.files.iter().any(|f| f == PACKAGE);
    if scripts.is_empty() && !package {
        return Ok(Outcome::nothing(format!("no {PACKAGE}, no scripts in {CROSSCHECK}")));
    }
    let mut outcome = Outcome::default();
    if package {
        outcome.add(package_tests(repo)?);
    }
    for script in scripts {
        // Our numbers come from the example of the same name. Built by the script, of its crate alone, it would
        // get other features of what stands below it, and the model would be compiled once more for each.
        let example = repo.build(script.trim_start_matches(CROSSCHECK).trim_end_matches(".py"))?;
        outcome.add(checked(repo, script, &[example.to_string_lossy().into_owned()], &[])?);
    }
    Ok(outcome)
}

/// Runs a script as a check: its exit code decides, and a missing need is a skip.
pub(crate) fn checked(
    repo: &Repo,
    script: &str,
    args: &[String],
    env: &[(&str, &Path)],
) -> Result<Outcome> {
    match script_with_needs(repo, script, args, env, false)? {
        Ok(ran) if ran.ok => Ok(Outcome::passed()),
        Ok(ran) => Ok(Outcome::failed(format!("{script}\n{}", ran.output))),
        Err(skip) => Ok(Outcome { skipped: vec![skip], ..Outcome::default() }),
    }
}

/// Runs a script in a virtual environment of its own that has what the script requires.
///
/// One that requires maturin has the package, too, built as a user has it. It finds the built command
/// in `WINSET_BIN`, if it asks for it, and the project in its working directory; `live` also shows what it says as it comes.
pub(crate) fn script_with_needs(
    repo: &Repo,
    script: &str,
    args: &[String],
    env: &[(&str, &Path)],
    live: bool,
) -> Result<Result<Ran, Skip>> {
    let text = repo.read(script)?;
    let needs = requires(&text);
    let name = script.trim_end_matches(".py").replace('/', "-");
    let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
    let python = match environment(repo, &name, &needs)? {
        Ok(python) => python,
        Err(skip) => return Ok(Err(skip)),
    };
    if has_package(&needs)
        && let Err(output) = wheel(repo, &python, "--profile dist")?
    {
        if live {
            eprintln!("{output}");
        }
        return Ok(Ok(Ran { ok: false, output }));
    }
    let mut command = Command::new(python);
    command.args(["-u", script]).args(args).current_dir(&repo.root);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    if text.contains("WINSET_BIN") {
        command.env("WINSET_BIN", repo.build_winset()?);
    }
    command.envs(env.iter().copied());
    Ok(Ok(capture(command, live)?))
}

/// Builds the wheel as `pip install .` does, only without optimising for hours of use and on what the Rust
/// tests have compiled (the feature `shared`), and runs the tests against what it installs.
fn package_tests(repo: &Repo) -> Result<Outcome> {
    let needs = repo.read(PACKAGE_NEEDS)?;
    let needs: Vec<&str> = needs.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let python = match environment(repo, "package", &needs)? {
        Ok(python) => python,
        Err(skip) => return Ok(Outcome { skipped: vec![skip], ..Outcome::default() }),
    };
    let wheel = match wheel(repo, &python, "--profile dev --features shared")? {
        Ok(wheel) => wheel,
        Err(output) => return Ok(Outcome::failed(output)),
    };
    let list = repo.target().join("skipped-python.txt");
    std::fs::write(&list, "")?;
    let mut command = Command::new(python);
    command.args(["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "python/tests"]);
    command.current_dir(&repo.root).env("PYTHONDONTWRITEBYTECODE", "1").env(SKIPPED, &list);
    command.env("WINSET_BIN", repo.build_winset()?).env("WINSET_WHEEL", &wheel);
    let ran = capture(command, true)?;
    let mut outcome = pytest(&ran);
    for line in std::fs::read_to_string(&list)?.lines() {
        outcome.skipped.push(Skip { why: line.to_owned(), how: "see the test".to_owned() });
    }
    Ok(outcome)
}

/// Builds the wheel into the environment of `python`, which has maturin; an error is its output.
fn wheel(repo: &Repo, python: &Path, args: &str) -> Result<Result<PathBuf, String>> {
    let wheels = repo.target().join("wheels");
    if wheels.exists() {
        std::fs::remove_dir_all(&wheels)?;
    }
    let mut build = Command::new(python);
    build.args(["-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]);
    build.args(["--no-build-isolation", "--no-deps", "."]).arg("--wheel-dir").arg(&wheels);
    // maturin stands beside the environment's Python.
    let mut path = vec![python.parent().context("a Python in a folder")?.to_path_buf()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    build.current_dir(&repo.root).env("PATH", std::env::join_paths(path)?);
    build.env("CARGO_TARGET_DIR", repo.target()).env("MATURIN_PEP517_ARGS", args);
    let built = capture(build, false)?;
    if !built.ok {
        return Ok(Err(built.output));
    }
    let wheel = std::fs::read_dir(&wheels)?.next().context("pip wheel left no wheel")??.path();
    let mut install = pip(repo, python);
    install.args(["--force-reinstall", "--no-deps"]).arg(&wheel);
    let installed = capture(install, false)?;
    if !installed.ok {
        return Ok(Err(installed.output));
    }
    Ok(Ok(wheel))
}

/// Runs the scripts of `python/cluster` with the package as a user has it, and shows what they say.
///
/// A script says itself what it skips and how to get it.
pub(crate) fn cluster(repo: &Repo, args: &[String]) -> Result<bool> {
    let mut ok = true;
    for script in repo.find(CLUSTER, &[".py"]) {
        println!("==> {script}");
        ok &= shown(repo, script, args, &[])?;
    }
    Ok(ok)
}

/// Runs a script that a person asked for: what it says is shown, and a missing need is named.
pub(crate) fn shown(
    repo: &Repo,
    script: &str,
    args: &[String],
    env: &[(&str, &Path)],
) -> Result<bool> {
    match script_with_needs(repo, script, args, env, true)? {
        Ok(ran) => Ok(ran.ok),
        Err(skip) => {
            println!("skipped: {}\nhint: {}", skip.why, skip.how);
            Ok(true)
        }
    }
}

/// Counts pytest's closing line, `3 failed, 12 passed, 1 skipped in 0.12s`, and its `SKIPPED` lines.
fn pytest(ran: &Ran) -> Outcome {
    let last = ran.output.lines().rev().find(|l| l.contains(" in ")).unwrap_or_default();
    let count = |word: &str| -> u64 {
        let words: Vec<&str> = last.split([' ', ',', '=']).filter(|w| !w.is_empty()).collect();
        words
            .windows(2)
            .filter(|pair| pair[1].trim_end_matches('s') == word)
            .find_map(|pair| pair[0].parse().ok())
            .unwrap_or(0)
    };
    let mut outcome = Outcome { passed: count("passed"), ..Outcome::default() };
    for line in ran.output.lines().filter(|l| l.starts_with("SKIPPED")) {
        outcome.skipped.push(Skip { why: line.to_owned(), how: "see the test".to_owned() });
    }
    if !ran.ok {
        outcome.failed = (count("failed") + count("error")).max(1);
        outcome.output.clone_from(&ran.output);
    }
    outcome
}

/// What a script's `# requires:` line names.
fn requires(script: &str) -> Vec<String> {
    script
        .lines()
        .take(20)
        .filter_map(|l| l.strip_prefix("# requires:"))
        .flat_map(|needs| needs.split(','))
        .map(|need| need.trim().to_owned())
        .filter(|need| !need.is_empty())
        .collect()
}

/// Whether what a script requires builds the package for it.
fn has_package(needs: &[&str]) -> bool {
    needs.iter().any(|need| need.starts_with("maturin"))
}

/// The Python of a virtual environment that has `needs`; made once, and again when they change.
fn environment(repo: &Repo, name: &str, needs: &[&str]) -> Result<Result<PathBuf, Skip>> {
    let Some(system) = ["python3", "python"].into_iter().find(|p| works(p)) else {
        return Ok(Err(Skip {
            why: format!("{name}: no Python 3.11 or later"),
            how: "install Python 3 from python.org or the system's packages".to_owned(),
        }));
    };
    let home = repo.target().join("venv").join(name);
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = home.join("winset-requires.txt");
    let wanted = needs.join("\n");
    if python.exists() && std::fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(Ok(python));
    }
    let make = || {
        let mut command = Command::new(system);
        command.args(["-m", "venv", "--clear"]).arg(&home);
        capture(command, false)
    };
    let mut made = make()?;
    if !made.ok && may_install() {
        apt_get(&["python3-venv"])?;
        made = make()?;
    }
    if !made.ok {
        return Ok(Err(Skip {
            why: format!("{name}: `{system} -m venv` failed: {}", last_line(&made.output)),
            how: "on Debian and Ubuntu: apt install python3-venv".to_owned(),
        }));
    }
    if !needs.is_empty() {
        let mut install = pip(repo, &python);
        install.args(needs);
        let installed = capture(install, false)?;
        if !installed.ok {
            return Ok(Err(Skip {
                why: format!("{name}: pip failed: {}", last_line(&installed.output)),
                how: format!("make {} available to pip (network, or an index)", needs.join(", ")),
            }));
        }
    }
    std::fs::write(stamp, wanted)?;
    Ok(Ok(python))
}

fn works(python: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]);
    capture(command, false).is_ok_and(|ran| ran.ok)
}

/// `pip install` that keeps its cache in the build folder too.
fn pip(repo: &Repo, python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command.current_dir(&repo.root).env("PIP_CACHE_DIR", repo.target().join("pip"));
    command
}

fn last_line(text: &str) -> &str {
    text.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("no message")
}

/// Whether we may put packages on this machine: only as root on a machine of CI.
pub(crate) fn may_install() -> bool {
    let root = || {
        let mut command = Command::new("id");
        command.arg("-u");
        capture(command, false).is_ok_and(|ran| ran.output.trim() == "0")
    };
    in_ci() && root()
}

/// Installs system packages; call it only where [`may_install`] says so.
pub(crate) fn apt_get(packages: &[&str]) -> Result<()> {
    if !may_install() {
        bail!("only CI, as root, installs system packages");
    }
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        capture(command, false).context("apt-get")
    };
    // A stale list of packages is no reason to stop: the install below tells.
    apt(&["update", "-q"])?;
    let install = [&["install", "-y", "-q", "--no-install-recommends"], packages].concat();
    let ran = apt(&install)?;
    if !ran.ok {
        bail!("apt-get install {}: {}", packages.join(" "), last_line(&ran.output));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_it_requires() {
        let script =
            "#!/usr/bin/env python3\n# requires: numpy==2.2.0, scipy==1.15.0\nimport numpy\n";
        assert_eq!(requires(script), ["numpy==2.2.0", "scipy==1.15.0"]);
        assert_eq!(requires("import sys\n"), Vec::<String>::new());
    }

    #[test]
    fn the_closing_line_of_pytest_is_counted() {
        let ran = |ok, output: &str| Ran { ok, output: output.to_owned() };
        let outcome =
            pytest(&ran(true, "...s\nSKIPPED [1] a.py:3: no data\n3 passed, 1 skipped in 0.1s\n"));
        assert_eq!((outcome.passed, outcome.failed, outcome.skipped.len()), (3, 0, 1));
        let outcome = pytest(&ran(false, "== 2 failed, 12 passed, 1 error in 0.12s ==\n"));
        assert_eq!((outcome.passed, outcome.failed), (12, 3));
        let outcome = pytest(&ran(false, "ImportError\n"));
        assert_eq!((outcome.passed, outcome.failed), (0, 1));
    }
}
