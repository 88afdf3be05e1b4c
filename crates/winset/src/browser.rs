//! A Chromium that is found on the machine: it sets a page as PDF and draws charts as images, since a
//! browser already knows how to.

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

/// A browser that sets pages and draws.
pub(crate) struct Browser(OsString);

impl Browser {
    /// The browser that `WINSET_CHROMIUM` names, else the first on the path.
    pub(crate) fn find() -> Option<Self> {
        let named = std::env::var_os("WINSET_CHROMIUM").filter(|name| !name.is_empty());
        let known = named.into_iter().chain(NAMES.map(OsString::from));
        known.map(Self).find(Self::answers)
    }

    /// The same, for what cannot be had without one.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn needed() -> anyhow::Result<Self> {
        Self::find().ok_or_else(|| {
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
    pub(crate) fn pdf(&self, page: &str) -> anyhow::Result<Vec<u8>> {
        let folder = Folder::new()?;
        let target = folder.0.join("brief.pdf");
        let option = format!("--print-to-pdf={}", target.display());
        self.open(&folder, page, &["--no-pdf-header-footer", &option], Stdio::null())?;
        std::fs::read(&target).with_context(|| {
            let name = self.0.to_string_lossy();
            format!("{name} ended without a PDF\n\nhint: write `-o brief.html` and print it from a browser")
        })
    }

    /// Drawings as images (PNG), each `IMAGE` times as many pixels wide as it says.
    ///
    /// # Errors
    /// As [`Browser::pdf`]; and where the browser draws nothing.
    #[cfg(feature = "documents")]
    pub(crate) fn images(&self, drawings: &[String]) -> anyhow::Result<Vec<Vec<u8>>> {
        let folder = Folder::new()?;
        let found = folder.0.join("drawn.html");
        let file = std::fs::File::create(&found)
            .with_context(|| format!("cannot write {}", found.display()))?;
        self.open(&folder, &easel(drawings), &["--dump-dom"], file.into())?;
        let page = std::fs::read_to_string(&found)?;
        let images: Option<Vec<Vec<u8>>> =
            page.split("<output>").skip(1).map(|part| bytes(part.split('<').next()?)).collect();
        let name = self.0.to_string_lossy();
        let images = images.filter(|images| images.len() == drawings.len());
        images.with_context(|| format!("{name} drew no images"))
    }

    /// Opens a page without a window, and waits until the browser ends.
    fn open(
        &self,
        folder: &Folder,
        page: &str,
        options: &[&str],
        out: Stdio,
    ) -> anyhow::Result<()> {
        let source = folder.0.join("brief.html");
        std::fs::write(&source, page)
            .with_context(|| format!("cannot write {}", source.display()))?;
        let mut command = Command::new(&self.0);
        command
            .args(["--headless", "--disable-gpu", "--no-first-run"])
            .args(options)
            .args(sandbox(&folder.0))
            .arg(format!("--user-data-dir={}", folder.0.join("profile").display()))
            .arg(&source)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::null());
        let name = self.0.to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        wait(child, &name)
    }
}

/// Pixels of an image for each of the drawing: sharp on paper of 240 dots an inch.
#[cfg(feature = "documents")]
const IMAGE: f64 = 2.5;

/// A page that draws every drawing as an image and shows its bytes as hexadecimal digits.
#[cfg(feature = "documents")]
fn easel(drawings: &[String]) -> String {
    let images: String = drawings
        .iter()
        .map(|svg| {
            let octets: String = svg.bytes().map(|b| format!("%{b:02x}")).collect();
            format!("<img src=\"data:image/svg+xml,{octets}\">")
        })
        .collect();
    format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><body>{images}<script>\
         onload = () => {{ for (const i of [...document.images]) {{\
         const c = document.createElement('canvas');\
         c.width = i.naturalWidth * {IMAGE}; c.height = i.naturalHeight * {IMAGE};\
         c.getContext('2d').drawImage(i, 0, 0, c.width, c.height);\
         const b = atob(c.toDataURL('image/png').split(',')[1]); let h = '';\
         for (let k = 0; k < b.length; k++) h += b.charCodeAt(k).toString(16).padStart(2, '0');\
         const o = document.createElement('output'); o.textContent = h; i.replaceWith(o); }} }};\
         </script>"
    )
}

/// Bytes from hexadecimal digits, if they are an image.
#[cfg(feature = "documents")]
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let all: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    all.filter(|bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"))
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
