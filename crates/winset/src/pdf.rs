//! A page as PDF: set by a Chromium that is found on the machine, since a browser already knows how to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::exit::Failure;

/// Names under which a Chromium is found on the path.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
];

/// How long a browser may take.
const TIME: Duration = Duration::from_secs(120);

/// A browser that can set a page.
pub(crate) struct Setter(OsString);

impl Setter {
    /// The browser that `WINSET_CHROMIUM` names, else the first on the path.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let named = std::env::var_os("WINSET_CHROMIUM").filter(|name| !name.is_empty());
        let known = named.into_iter().chain(NAMES.map(OsString::from));
        known.map(Self).find(Self::answers).ok_or_else(|| {
            let why = "a PDF is set by Chromium, and none was found on this machine\n\n\
                       hint: install Chromium or Chrome, or name one in `WINSET_CHROMIUM`; or write \
                       `-o brief.html` and print it from a browser";
            Failure::Invalid(why.to_owned()).into()
        })
    }

    fn answers(&self) -> bool {
        let mut command = Command::new(&self.0);
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// The bytes of the PDF of a page that needs nothing else.
    ///
    /// # Errors
    /// The browser fails, takes longer than two minutes, or a folder cannot be made.
    pub(crate) fn set(&self, page: &str) -> anyhow::Result<Vec<u8>> {
        let folder = Folder::new()?;
        let (source, target) = (folder.0.join("brief.html"), folder.0.join("brief.pdf"));
        std::fs::write(&source, page)
            .with_context(|| format!("cannot write {}", source.display()))?;
        let mut command = Command::new(&self.0);
        command
            .args(["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"])
            .args(sandbox(&folder.0))
            .arg(format!("--user-data-dir={}", folder.0.join("profile").display()))
            .arg(format!("--print-to-pdf={}", target.display()))
            .arg(&source)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let name = self.0.to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        wait(child, &name)?;
        std::fs::read(&target).with_context(|| {
            format!("{name} ended without a PDF\n\nhint: write `-o brief.html` and print it from a browser")
        })
    }
}

/// Root may start a browser only without its sandbox; the page is our own and asks for nothing.
#[cfg(unix)]
fn sandbox(folder: &Path) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    let ours = folder.metadata().is_ok_and(|folder| folder.uid() == 0);
    ours.then_some("--no-sandbox")
}

#[cfg(not(unix))]
fn sandbox(_: &Path) -> Option<&'static str> {
    None
}

/// Waits for a browser, and ends it where it takes too long.
fn wait(mut child: Child, name: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    while child.try_wait()?.is_none() {
        if begun.elapsed() > TIME {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("{name} took longer than {} seconds", TIME.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// A folder that nobody else reads, gone with its content at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let place = std::env::temp_dir().join(format!("winset-brief-{}", std::process::id()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        // Fails where anything is there already: nobody's link is followed.
        builder
            .create(&place)
            .with_context(|| format!("cannot make the folder {}", place.display()))?;
        Ok(Self(place))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
