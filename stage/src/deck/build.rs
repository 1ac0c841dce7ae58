//! Writing the deck's folder: one page and the few files it needs.

use std::fs;
use std::path::{Path, PathBuf};

use super::track::{Track, tracks};
use super::unused::{without_comments, without_unused};
use super::{Page, contents, render};
use crate::error::{Error, Result};
use crate::repo::Repo;

/// What `slides/deck.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub title: String,
    pub language: String,
    /// Where attendees clone from; left out of the banner if empty.
    pub repository: String,
    /// Where links to the solutions begin; `build` finds out. Empty for no links.
    pub solutions: String,
    /// The tracks that have time of their own.
    pub tracks: Vec<Track>,
    /// Every checkpoint in order: a difference's caption says from which it is.
    pub checkpoints: Vec<String>,
}

impl Settings {
    /// The checkpoint before this one.
    pub fn before(&self, tag: &str) -> Option<String> {
        let at = self.checkpoints.iter().position(|other| other == tag)?;
        self.checkpoints.get(at.checked_sub(1)?).cloned()
    }
}

/// Read `slides/deck.toml`.
///
/// # Errors
/// `Io`; `BadText` if it is not TOML or has a key that is not known.
pub fn settings(repo: &Repo) -> Result<Settings> {
    let path = repo.root.join("slides/deck.toml");
    let text = crate::course::read_text(&path, "slides/deck.toml")?;
    let bad = |line: usize, reason: String| {
        Error::BadText {
        path: "slides/deck.toml".into(),
        line,
        reason,
        mend: "it has `title`, `language` and `repository`, all strings, and tables such as `[track.day]`".into(),
    }
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        bad(line, error.message().into())
    })?;
    let mut settings = Settings {
        language: "en".into(),
        ..Settings::default()
    };
    for (key, value) in &table {
        let line = text.lines().position(|line| line.starts_with(key.as_str()));
        let line = line.map_or(1, |line| line + 1);
        if key == "track" {
            settings.tracks = tracks(&text)?;
            continue;
        }
        let value = value
            .as_str()
            .ok_or_else(|| bad(line, format!("`{key}` is not a string")))?
            .to_string();
        match key.as_str() {
            "title" => settings.title = value,
            "language" => settings.language = value,
            "repository" => settings.repository = value,
            _ => return Err(bad(line, format!("the deck knows no `{key}`"))),
        }
    }
    Ok(settings)
}

/// Write the deck to `out`. Files that are so already are not written again.
///
/// # Errors
/// `BadText` for a slide that cannot be rendered; `ToolMissing` if reveal.js
/// has not been installed; `Io`. The page is written last.
pub fn build(repo: &Repo, pages: &[Page], settings: &Settings, out: &Path) -> Result<()> {
    let mut settings = settings.clone();
    settings.solutions = contents::solutions(&settings.repository, &repo.root, out);
    let html = render::page(pages, &settings)?;
    let reveal = repo.root.join("slides/node_modules/reveal.js/dist");
    let theme = repo.root.join("slides/theme");
    fs::create_dir_all(out).map_err(Error::io("create", out))?;
    let mut copies: Vec<(PathBuf, String)> = vec![
        (reveal.join("reveal.js"), "reveal.js".into()),
        (reveal.join("reveal.css"), "reveal.css".into()),
    ];
    if let Some((missing, _)) = copies.iter().find(|(from, _)| !from.is_file()) {
        return Err(Error::Tool {
            command: "stage deck build".into(),
            place: format!("`{}` is missing", missing.display()),
            status: "reveal.js is not installed".into(),
            tail: String::new(),
            mend: "`./setup.sh present` installs it, or `npm ci` in `slides/`".into(),
        });
    }
    copies.extend(
        crate::course::names(&theme)
            .into_iter()
            .map(|name| (theme.join(&name), name)),
    );
    let images = repo.root.join("slides/images");
    let found = crate::course::names(&images);
    if !found.is_empty() {
        let place = out.join("images");
        fs::create_dir_all(&place).map_err(Error::io("create", &place))?;
    }
    copies.extend(
        found
            .into_iter()
            .map(|name| (images.join(&name), format!("images/{name}"))),
    );
    for (from, name) in copies {
        let mut bytes = fs::read(&from).map_err(Error::io("read", &from))?;
        if name == "reveal.css" {
            bytes = without_unused(&String::from_utf8_lossy(&bytes)).into_bytes();
        } else if from.starts_with(&theme) && (name.ends_with(".css") || name.ends_with(".js")) {
            bytes = without_comments(&String::from_utf8_lossy(&bytes)).into_bytes();
        }
        write(&out.join(name), &bytes)?;
    }
    write(&out.join("index.html"), html.as_bytes())
}

/// Write a file of the deck, unless it is so already. It is put in its place
/// whole: a browser that asks in between gets the old one, and never a half.
///
/// # Errors
/// `Io`.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let new = PathBuf::from(name);
    fs::write(&new, bytes).map_err(Error::io("write", &new))?;
    fs::rename(&new, path).map_err(|error| {
        let _ = fs::remove_file(&new);
        Error::io("write", path)(error)
    })
}

#[cfg(test)]
mod tests {
    use super::write;
    use std::io::Read;

    #[test]
    fn a_file_that_is_being_read_stays_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.html");
        write(&path, b"the old page").unwrap();
        let mut reader = std::fs::File::open(&path).unwrap();
        write(&path, b"the new one").unwrap();
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        assert_eq!(read, "the old page");
        assert_eq!(std::fs::read(&path).unwrap(), b"the new one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
