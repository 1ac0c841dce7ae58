//! Comparing states of `live/`: which paths differ, and git's own words on how.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Entry, Git, Oid, failure, line, plain};
use crate::error::{Error, Result};
use crate::survey::{path_of, quoted};

/// How a path of the second tree differs from the first's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Edited,
    New,
    Deleted,
}

/// A path, from the tree's root, at which two trees differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: Kind,
    pub path: Vec<u8>,
}

/// What is shown of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Line by line, for a reader; a binary file is named only.
    Lines,
    /// The same without `Cargo.lock`, which cargo writes and nobody reads.
    LinesByHand,
    /// The same with binary files in full, so that `git apply` takes it.
    Patch,
    Stat,
    Names,
}

/// A state of `live/` that was never saved, for one comparison. It stands in a
/// repository of its own, which goes with it: looking changes nothing.
pub struct Passing {
    pub git: Git,
    pub commit: Oid,
}

impl Drop for Passing {
    fn drop(&mut self) {
        // What stays is cleared away by a later one.
        let _ = fs::remove_dir_all(&self.git.root);
    }
}

impl Git {
    /// The tree without anything in it.
    ///
    /// # Errors
    /// `Git`.
    pub fn empty_tree(&self) -> Result<Oid> {
        Ok(line(
            &self.ask(&["hash-object", "-t", "tree", "--stdin"], b"")?,
        ))
    }

    /// At which paths the second tree of each pair differs from the first.
    ///
    /// # Errors
    /// `Git`.
    pub fn changes(&self, pairs: &[(Oid, Oid)]) -> Result<Vec<Vec<Change>>> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let asked: String = pairs
            .iter()
            .map(|(from, to)| format!("{from} {to}\n"))
            .collect();
        let args = [
            "diff-tree",
            "--stdin",
            "-r",
            "-z",
            "--no-renames",
            "--name-status",
        ];
        let printed = self.ask(&args, asked.as_bytes())?;
        let mut found: Vec<Vec<Change>> = Vec::new();
        let mut rest = &printed[..];
        while let Some(&first) = rest.first() {
            // The two ids stand on a line of their own, letters of a change do not.
            if !first.is_ascii_uppercase() {
                let end = rest.iter().position(|&byte| byte == b'\n');
                rest = &rest[end.map_or(rest.len(), |end| end + 1)..];
                found.push(Vec::new());
                continue;
            }
            let mut pieces = rest.splitn(3, |&byte| byte == 0);
            let (_, path) = (pieces.next(), pieces.next().unwrap_or_default());
            rest = pieces.next().unwrap_or_default();
            let kind = match first {
                b'A' => Kind::New,
                b'D' => Kind::Deleted,
                _ => Kind::Edited,
            };
            let change = Change {
                kind,
                path: path.to_vec(),
            };
            found.extend(found.is_empty().then(Vec::new));
            if let Some(last) = found.last_mut() {
                last.push(change);
            }
        }
        found.resize(pairs.len(), Vec::new());
        Ok(found)
    }

    /// One file's bytes as a commit has them.
    ///
    /// # Errors
    /// `Git`.
    pub fn bytes(&self, id: &Oid) -> Result<Vec<u8>> {
        self.ask(&["cat-file", "blob", id], b"")
    }

    /// Make a commit of `stream` (fast-import's language, below `live/`) that
    /// this repository never sees.
    ///
    /// # Errors
    /// `Git`, `Io`.
    pub fn passing(&self, stream: &[u8]) -> Result<Passing> {
        let memory = self.folder.join("stage");
        fs::create_dir_all(&memory).map_err(Error::io("create", &memory))?;
        clear_old(&memory);
        let root = memory.join(format!("passing-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir(&root).map_err(Error::io("create", &root))?;
        let mut passing = Passing {
            git: Git {
                folder: root.join(".git"),
                common: root.join(".git"),
                root,
            },
            commit: String::new(),
        };
        let format = line(&self.ask(&["rev-parse", "--show-object-format"], b"")?);
        let format = format!("--object-format={format}");
        let git = &passing.git;
        // The user's own name for a first branch may be none that git takes.
        let branch = "--initial-branch=passing";
        git.ask(&["init", "--quiet", "--template=", branch, &format], b"")?;
        let objects = [
            "rev-parse",
            "--path-format=absolute",
            "--git-path",
            "objects",
        ];
        let objects = self.ask(&objects, b"")?;
        let info = git.folder.join("objects/info");
        let alternates = info.join("alternates");
        fs::create_dir_all(&info)
            .and_then(|()| fs::write(&alternates, objects))
            .map_err(Error::io("write", &alternates))?;
        let mut all = b"commit refs/passing/now\nmark :1\n".to_vec();
        all.extend(b"committer stage <> 0 +0000\ndata 0\n");
        all.extend(stream);
        all.extend(b"\nget-mark :1\n");
        let commit = git.fast_import(&all, &["refs/passing/now"])?.pop();
        passing.commit = commit.unwrap_or_default();
        Ok(passing)
    }

    /// A commit of `stream` (as above) with some files of another commit in the
    /// place of its own. No ref names it; the lock must be held.
    ///
    /// # Errors
    /// `Git`.
    pub fn commit_with(&self, stream: &[u8], files: &[&Entry]) -> Result<Oid> {
        let scratch = "refs/stage/restoring";
        let mut all = format!("commit {scratch}\nmark :1\n").into_bytes();
        all.extend(b"committer stage <> 0 +0000\ndata 0\n");
        all.extend(stream);
        for Entry { mode, id, path, .. } in files {
            let path = quoted(&[b"live/", path.as_slice()].concat());
            all.extend(format!("M {mode} {id} {path}\n").bytes());
        }
        all.extend(b"\nget-mark :1\n");
        Ok(self
            .fast_import(&all, &[scratch])?
            .pop()
            .unwrap_or_default())
    }

    /// Let git print how `live/` differs between two commits, in its own words
    /// and colours; `paths` (below `live/`) limit where.
    ///
    /// # Errors
    /// `Git`.
    pub fn print_difference(
        &self,
        (from, to): (&str, &str),
        show: Show,
        colour: bool,
        paths: &[Vec<u8>],
    ) -> Result<()> {
        let mut git = plain(&self.root);
        git.args(["--no-pager", "diff", "--no-ext-diff", "--no-textconv"]);
        git.args(["--src-prefix=a/", "--dst-prefix=b/", "--find-renames"]);
        git.arg(if colour {
            "--color=auto"
        } else {
            "--color=never"
        });
        git.args(match show {
            Show::Lines | Show::LinesByHand => ["--patch"].as_slice(),
            Show::Patch => &["--patch", "--binary", "--full-index"],
            Show::Stat => &["--stat"],
            Show::Names => &["--name-only"],
        });
        git.args([from, to, "--"]);
        if paths.is_empty() {
            git.arg("live");
        }
        git.args(paths.iter().map(|path| literal(path)));
        if show == Show::LinesByHand {
            git.arg(":(top,exclude,literal)live/Cargo.lock");
        }
        printed_by(git)
    }
}

/// What comparisons that were killed have left behind.
fn clear_old(memory: &Path) {
    let is_old = |path: &Path| {
        let made = fs::metadata(path).and_then(|found| found.modified());
        let age = made.map(|made| made.elapsed().unwrap_or_default());
        age.is_ok_and(|age| age > OLD)
    };
    for entry in fs::read_dir(memory).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with("passing-");
        if is_ours && is_old(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Nobody compares for so long.
const OLD: Duration = Duration::from_secs(3600);

/// A path below `live/` that stands for itself, whatever letters it has.
fn literal(path: &[u8]) -> std::ffi::OsString {
    let path = path_of(Path::new("live"), path);
    let mut spec = std::ffi::OsString::from(":(top,literal)");
    spec.push(path);
    spec
}

/// Run git with its output going where ours goes.
fn printed_by(mut git: Command) -> Result<()> {
    let asked = git
        .stdin(Stdio::null())
        .stdout(Stdio::inherit())
        .stderr(Stdio::piped())
        .output()
        .map_err(|_| Error::NoGit)?;
    // Whoever read it may have had enough: `stage diff | head`.
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&asked.status) == Some(13) {
        return Ok(());
    }
    if asked.status.success() {
        return Ok(());
    }
    Err(failure("git diff", &asked))
}
