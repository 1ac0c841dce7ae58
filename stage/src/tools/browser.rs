//! The browser that prints the deck: found, and run for so long at most.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::limited::{End, watch};
use crate::error::{Error, Result};

/// The browser that prints: `CHROMIUM`, or the first one on `PATH`.
pub fn browser() -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        fs::metadata(path).is_ok_and(|found| found.is_file() && crate::files::is_executable(&found))
    };
    if let Some(asked) = std::env::var_os("CHROMIUM").filter(|asked| !asked.is_empty()) {
        return Some(PathBuf::from(asked)).filter(is_program);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let on_path = std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(is_program);
    let on_a_mac = ["Chromium", "Google Chrome"]
        .map(|name| PathBuf::from(format!("/Applications/{name}.app/Contents/MacOS/{name}")));
    on_path.or_else(|| on_a_mac.into_iter().find(is_program))
}

/// Print the page at `address` to the file `out`, with a browser that starts
/// from nothing and leaves nothing, and is stopped after `limit`. Returns how
/// it ended and what it complained of.
///
/// # Errors
/// `ToolMissing` if it cannot be started, `Io`.
pub fn print_page(
    browser: &Path,
    address: &str,
    out: &Path,
    limit: Duration,
) -> Result<(End, String)> {
    let profile = std::env::temp_dir().join(format!("stage-browser-{}", std::process::id()));
    fs::create_dir_all(&profile).map_err(Error::io("create", &profile))?;
    let said = profile.join("stage-stderr");
    let file = fs::File::create(&said).map_err(Error::io("create", &said))?;
    let mut command = Command::new(browser);
    command.args(["--headless", "--disable-gpu", "--no-first-run"]);
    command.args(["--no-pdf-header-footer", "--disable-dev-shm-usage"]);
    if belongs_to_root(&profile) {
        // Chromium refuses its sandbox to root.
        command.arg("--no-sandbox");
    }
    let option = |name: &str, path: &Path| {
        let mut option = std::ffi::OsString::from(name);
        option.push(path);
        option
    };
    command.arg(option("--user-data-dir=", &profile));
    command.arg(option("--print-to-pdf=", out)).arg(address);
    command.stderr(Stdio::from(file));
    let ran = watch(&mut command, limit, &browser.display().to_string());
    let complaint = fs::read(&said).unwrap_or_default();
    let _ = fs::remove_dir_all(&profile);
    let (end, printed) = ran?;
    Ok((end, printed + &String::from_utf8_lossy(&complaint)))
}

#[cfg(unix)]
fn belongs_to_root(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|found| found.uid() == 0)
}

#[cfg(not(unix))]
fn belongs_to_root(_: &Path) -> bool {
    false
}
