//! The deck on paper: a handout or the article, printed by a browser.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::tools::{self, End};

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// One slide a page.
    Handout,
    /// The article, with the speaker notes.
    Article,
}

impl Paper {
    /// The file's name, unless another is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Handout => "handout.pdf",
            Self::Article => "article.pdf",
        }
    }

    fn query(self) -> &'static str {
        match self {
            Self::Handout => "?print",
            Self::Article => "?read",
        }
    }
}

/// Print the deck built at `folder` to `out`, with the browser at `browser`,
/// which is stopped after `limit`.
///
/// # Errors
/// `ToolMissing` without a browser; `Tool` if it prints nothing or hangs; `Io`.
pub fn print(
    browser: Option<&Path>,
    folder: &Path,
    paper: Paper,
    out: &Path,
    limit: Duration,
) -> Result<()> {
    let browser = browser.ok_or_else(|| Error::ToolMissing {
        tool: "chromium".into(),
        mend: "install Chromium (on Debian `apt-get install chromium`), or say where it is: \
               `CHROMIUM=/path/to/chromium stage deck pdf`; `stage deck build` does without"
            .into(),
    })?;
    let page = folder.join("index.html");
    let page = fs::canonicalize(&page).map_err(Error::io("read", &page))?;
    let address = format!("file://{}{}", encoded(&page), paper.query());
    // The browser writes beside the old file, which stays if it fails.
    let new = out.with_extension(format!("new-{}.pdf", std::process::id()));
    if let Some(parent) = out.parent() {
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    }
    let ran = tools::print_page(browser, &address, &new, limit);
    let is_pdf = fs::read(&new).is_ok_and(|bytes| bytes.starts_with(b"%PDF"));
    let is_good = is_pdf && matches!(ran, Ok((End::Exit(0) | End::Left, _)));
    if is_good {
        return fs::rename(&new, out).map_err(Error::io("write", out));
    }
    let _ = fs::remove_file(&new);
    let (end, tail) = ran?;
    let mend = "open that address in a browser and print it there; the same pages come out";
    let more = limit.as_secs().saturating_mul(4);
    let (status, mend) = match end {
        End::Exit(0) | End::Left => ("it printed nothing".into(), mend.into()),
        End::Exit(code) => (format!("exit status: {code}"), mend.into()),
        End::Endless => ("it wrote without end, and was stopped".into(), mend.into()),
        End::Late => (
            format!("not done after {} s, and stopped", limit.as_secs()),
            format!("`stage deck pdf --limit {more}` gives it more time; or {mend}"),
        ),
    };
    Err(Error::Tool {
        command: format!("{} --print-to-pdf", browser.display()),
        place: format!("`{address}`"),
        status,
        tail,
        mend,
    })
}

/// A path as it stands in an address.
fn encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let text = path.to_string_lossy();
    text.bytes()
        .map(|byte| match byte {
            byte if plain(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_any_name_has_an_address() {
        assert_eq!(
            encoded(Path::new("/paper company/é?#100%/x.html")),
            "/paper%20company/%C3%A9%3F%23100%25/x.html"
        );
    }
}
