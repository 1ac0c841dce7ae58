//! The one module that runs git.
//!
//! It uses plumbing commands only, with NUL-separated output where git offers
//! it, a fixed locale, no hooks, no replace refs and none of the `GIT_*`
//! variables that a hook or a shell may have left in the environment (a leaked
//! `GIT_DIR` makes git write to another repository). What the user configured
//! must change no object that we make.
//!
//! The file is long because nobody else may run git: every question and every
//! change stands here, one short function each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::{Error, Result};
use crate::files::{File, Files};

/// An object's name, as git prints it: 40 or 64 hexadecimal digits.
pub type Oid = String;

/// A tag or other ref, and whose it is.
#[derive(Debug, Clone)]
pub struct Ref {
    pub name: String,
    pub id: Oid,
    /// The committer's address, empty unless the ref names a commit itself.
    pub committer: String,
    pub subject: String,
    /// Seconds since 1970.
    pub date: u64,
}

/// One line of a tree, with its path from the tree's root.
#[derive(Debug, Clone)]
pub struct Entry {
    pub mode: String,
    pub id: Oid,
    pub path: Vec<u8>,
}

/// A change of one ref; `None` stands for "is not there".
#[derive(Debug)]
pub struct Update {
    pub name: String,
    pub old: Option<Oid>,
    pub new: Option<Oid>,
}

#[derive(Debug, Clone)]
pub struct Git {
    root: PathBuf,
    /// This work tree's own git folder, where HEAD stands.
    pub folder: PathBuf,
}

impl Git {
    /// Open the repository whose work tree is `root` itself.
    ///
    /// # Errors
    /// `NoGit` without git, `NoRepository` for a folder that is no work tree or
    /// lies inside somebody else's, `Git` for whatever else git objects to.
    pub fn open(root: &Path) -> Result<Self> {
        let asked = plain(root)
            .args([
                "rev-parse",
                "--path-format=absolute",
                "--show-toplevel",
                "--git-dir",
            ])
            .output()
            .map_err(|_| Error::NoGit)?;
        let printed = String::from_utf8_lossy(&asked.stdout).into_owned();
        let mut lines = printed.lines();
        match (asked.status.success(), lines.next(), lines.next()) {
            (true, Some(top), Some(folder)) if same_folder(Path::new(top), root) => Ok(Self {
                root: root.to_path_buf(),
                folder: folder.into(),
            }),
            (false, ..)
                if !String::from_utf8_lossy(&asked.stderr).contains("not a git repository") =>
            {
                Err(failure("git rev-parse --show-toplevel", &asked))
            }
            _ => Err(Error::NoRepository {
                root: root.to_path_buf(),
            }),
        }
    }

    /// The commit that is checked out; none in a repository without commits.
    pub fn head(&self) -> Result<Option<Oid>> {
        let asked = self.ask(&["rev-parse", "--quiet", "--verify", "HEAD^{commit}"], b"");
        match asked {
            Ok(id) => Ok(Some(line(&id))),
            Err(Error::Git { tail, .. }) if tail.trim().is_empty() => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The newest commit on the way to HEAD that changed anything outside `live/`.
    ///
    /// Checkpoints, and an attendee's own commits on top of one, change nothing
    /// but `live/`: so this is the commit that the material comes from, in
    /// whatever state the clone is. Empty if there is no such commit.
    pub fn base(&self) -> Result<Option<(Oid, u64)>> {
        if self.head()?.is_none() {
            return Ok(None);
        }
        let outside = [
            "rev-list",
            "-1",
            "--first-parent",
            "--timestamp",
            "HEAD",
            "--",
            ".",
            ":(exclude)live",
        ];
        let found = line(&self.ask(&outside, b"")?);
        Ok(found
            .split_once(' ')
            .map(|(date, id)| (id.to_string(), date.parse().unwrap_or(0))))
    }

    /// The commits from HEAD downwards along first parents, HEAD first.
    pub fn first_parents(&self, most: usize) -> Result<Vec<Oid>> {
        let most = format!("--max-count={most}");
        let listed = self.ask(&["rev-list", "--first-parent", &most, "HEAD"], b"")?;
        Ok(String::from_utf8_lossy(&listed)
            .lines()
            .map(String::from)
            .collect())
    }

    /// The id of `path` in `commit`, if it is there.
    pub fn id_in(&self, commit: &str, path: &str) -> Result<Option<Oid>> {
        let listed = self.ask(&["ls-tree", "-z", commit, "--", path], b"")?;
        Ok(tree_entries(&listed).pop().map(|entry| entry.id))
    }

    /// The ids of objects that are named like `03-classes-done:live`; none for
    /// a name that leads nowhere.
    pub fn ids(&self, names: &[String]) -> Result<Vec<Option<Oid>>> {
        let asked: String = names.iter().map(|name| format!("{name}\n")).collect();
        let printed = self.ask(
            &["cat-file", "--batch-check=%(objectname)"],
            asked.as_bytes(),
        )?;
        let id = |line: &str| (!line.ends_with(" missing")).then(|| line.to_string());
        Ok(String::from_utf8_lossy(&printed).lines().map(id).collect())
    }

    /// Every blob below `treeish`, in git's order; `folders` limits where.
    pub fn tree(&self, treeish: &str, folders: &[&str]) -> Result<Vec<Entry>> {
        let mut args = vec!["ls-tree", "-r", "-z", "--full-tree", treeish, "--"];
        args.extend(folders);
        Ok(tree_entries(&self.ask(&args, b"")?))
    }

    /// The contents of blobs, by id.
    pub fn blobs<'a>(&self, ids: impl Iterator<Item = &'a Oid>) -> Result<HashMap<Oid, Vec<u8>>> {
        let wanted: BTreeSet<&Oid> = ids.collect();
        let asked: String = wanted.iter().map(|id| format!("{id}\n")).collect();
        let printed = self.ask(&["cat-file", "--batch"], asked.as_bytes())?;
        let mut found = HashMap::new();
        let mut rest = &printed[..];
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let header = String::from_utf8_lossy(&rest[..end]).into_owned();
            let words: Vec<&str> = header.split(' ').collect();
            let [id, "blob", size] = words[..] else {
                return Err(broken("git cat-file --batch", &header));
            };
            let size: usize = size
                .parse()
                .map_err(|_| broken("git cat-file --batch", &header))?;
            let start = end + 1;
            found.insert(id.to_string(), rest[start..start + size].to_vec());
            rest = &rest[start + size + 1..];
        }
        Ok(found)
    }

    /// The files of `folders` as `commit` has them.
    ///
    /// # Errors
    /// `Symlink`: a start or a step would have a file in the link's place.
    pub fn committed_files(&self, commit: &str, folders: &[&str]) -> Result<Files> {
        let entries = self.tree(commit, folders)?;
        let blobs = self.blobs(entries.iter().map(|entry| &entry.id))?;
        let mut files = BTreeMap::new();
        for entry in entries {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if !entry.mode.starts_with("100") {
                let path = self.root.join(path);
                return Err(Error::Symlink { path });
            }
            let bytes = blobs.get(&entry.id).cloned().unwrap_or_default();
            files.insert(
                path,
                File {
                    bytes,
                    executable: entry.mode == "100755",
                },
            );
        }
        Ok(Files(files))
    }

    /// The paths of `folders` on disk that git tracks or would track.
    pub fn work_paths(&self, folders: &[&str]) -> Result<Vec<String>> {
        let mut args = vec![
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
        ];
        args.extend(folders);
        let listed = self.ask(&args, b"")?;
        let mut paths: Vec<String> = strings(&listed).collect();
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// Whether `folders` on disk are what HEAD has.
    pub fn is_clean(&self, folders: &[&str]) -> Result<bool> {
        let mut args = vec!["status", "--porcelain", "-z", "--no-renames"];
        args.extend(["--untracked-files=normal", "--"]);
        args.extend(folders);
        Ok(self.ask(&args, b"")?.is_empty())
    }

    /// What git ignores below `folder`; a folder that is ignored whole ends in `/`.
    ///
    /// The rules are the workshop's, the clone's and the user's. A `.gitignore`
    /// inside `folder` has no say: it moves with the checkpoints, and what it
    /// hid at one would turn up at the next.
    pub fn ignored(&self, folder: &str) -> Result<Vec<Vec<u8>>> {
        let mut rules = vec![self.root.join(".gitignore")];
        let own = line(&self.ask(&["rev-parse", "--git-path", "info/exclude"], b"")?);
        rules.push(self.root.join(own));
        let users = ["config", "--type=path", "--get", "core.excludesFile"];
        match self.ask(&users, b"").map(|path| line(&path)) {
            Ok(path) if !path.is_empty() => rules.push(self.root.join(path)),
            _ => rules.extend(default_ignore()),
        }
        let rules: Vec<String> = rules
            .iter()
            .filter(|path| path.is_file())
            .map(|path| format!("--exclude-from={}", path.display()))
            .collect();
        if rules.is_empty() {
            return Ok(Vec::new());
        }
        let mut args = vec!["ls-files", "-z", "--others", "--ignored", "--directory"];
        args.extend(rules.iter().map(String::as_str));
        args.extend(["--", folder]);
        let listed = self.ask(&args, b"")?;
        Ok(pieces(&listed).map(<[u8]>::to_vec).collect())
    }

    /// The refs below `prefix`, such as `refs/tags`, in order of name.
    pub fn refs(&self, prefix: &str) -> Result<Vec<Ref>> {
        let format = "--format=%(refname)%00%(objectname)%00%(committeremail:trim)%00%(committerdate:unix)%00%(subject)%00";
        let listed = self.ask(&["for-each-ref", format, "--", prefix], b"")?;
        let fields: Vec<String> = strings(&listed).collect();
        let found = fields.chunks_exact(5).map(|field| Ref {
            name: field[0].trim_start_matches('\n').to_string(),
            id: field[1].clone(),
            committer: field[2].clone(),
            date: field[3].parse().unwrap_or(0),
            subject: field[4].clone(),
        });
        Ok(found.collect())
    }

    /// A commit's message.
    pub fn message(&self, commit: &str) -> Result<String> {
        let printed = self.ask(&["cat-file", "commit", commit], b"")?;
        let text = String::from_utf8_lossy(&printed).into_owned();
        Ok(text
            .split_once("\n\n")
            .map_or(String::new(), |(_, message)| message.to_string()))
    }

    /// Change refs, all or none.
    ///
    /// # Errors
    /// `Git` if any ref is no longer at its `old` id; then none has changed.
    pub fn update_refs(&self, updates: &[Update]) -> Result<()> {
        let mut commands = Vec::new();
        for Update { name, old, new } in updates {
            let (old, new) = (old.as_deref().unwrap_or(""), new.as_deref());
            match (old, new) {
                ("", Some(new)) => commands.push(format!("create {name}\0{new}\0")),
                (old, Some(new)) => commands.push(format!("update {name}\0{new}\0{old}\0")),
                (old, None) => commands.push(format!("delete {name}\0{old}\0")),
            }
        }
        let sent = commands.concat();
        self.ask(
            &["update-ref", "--stdin", "-z", "--no-deref"],
            sent.as_bytes(),
        )
        .map(drop)
    }

    /// Run `git fast-import` on `stream` and return what its `get-mark`s printed.
    ///
    /// It writes objects byte for byte: no filters, no signing, no identity.
    /// `scratch` names the ref that the stream commits to; it does not outlive
    /// the call.
    pub fn fast_import(&self, stream: &[u8], scratch: &str) -> Result<Vec<Oid>> {
        let args = [
            "fast-import",
            "--quiet",
            "--done",
            "--force",
            "--date-format=raw",
        ];
        let printed = self.ask(&args, stream);
        if printed.is_err() {
            self.forget_crash_reports();
        }
        let printed = printed?;
        self.ask(&["update-ref", "--no-deref", "-d", scratch], b"")?;
        Ok(String::from_utf8_lossy(&printed)
            .lines()
            .map(String::from)
            .collect())
    }

    /// fast-import leaves a report in the git folder when it dies; its last
    /// words are in our error already.
    fn forget_crash_reports(&self) {
        for entry in std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
        {
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with("fast_import_crash_")
            {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// How git names itself.
    pub fn version(&self) -> String {
        self.ask(&["--version"], b"")
            .map_or(String::new(), |version| line(&version))
    }

    /// The address of `origin`, if there is one.
    pub fn origin(&self) -> Option<String> {
        let printed = self
            .ask(&["config", "--get", "remote.origin.url"], b"")
            .ok()?;
        Some(line(&printed)).filter(|address| !address.is_empty())
    }

    fn ask(&self, args: &[&str], input: &[u8]) -> Result<Vec<u8>> {
        let mut command = plain(&self.root);
        command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|_| Error::NoGit)?;
        let mut stdin = child.stdin.take();
        let asked = std::thread::scope(|scope| {
            // Written beside the reading, or both sides wait on a full pipe.
            // A failed write shows in git's own exit status.
            scope.spawn(move || stdin.as_mut().map(|stdin| stdin.write_all(input)));
            child.wait_with_output()
        });
        let asked = asked.map_err(|_| Error::NoGit)?;
        if asked.status.success() {
            return Ok(asked.stdout);
        }
        Err(failure(&format!("git {}", args.join(" ")), &asked))
    }
}

fn plain(root: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_leaked(name)) {
        command.env_remove(name);
    }
    command
        .arg("-C")
        .arg(root)
        .args([
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "i18n.commitEncoding=UTF-8",
        ])
        .args(["-c", "core.quotePath=false", "-c", "gc.auto=0"])
        .env("LC_ALL", "C")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0");
    command
}

/// Only the variables that say where git's own configuration is may stay.
fn is_leaked(name: &OsStr) -> bool {
    let kept = [
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_EXEC_PATH",
    ];
    let name = name.to_string_lossy();
    name.starts_with("GIT_") && !kept.contains(&name.as_ref())
}

/// Where git looks for the user's rules if nothing is configured.
fn default_ignore() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|folder| !folder.is_empty());
    let config = folder("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| folder("HOME").map(|home| Path::new(&home).join(".config")));
    config.map(|config| config.join("git/ignore"))
}

fn same_folder(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

fn failure(command: &str, asked: &Output) -> Error {
    Error::Git {
        command: command.to_string(),
        status: asked.status.to_string(),
        tail: String::from_utf8_lossy(&asked.stderr).into_owned(),
    }
}

fn broken(command: &str, printed: &str) -> Error {
    Error::Git {
        command: command.to_string(),
        status: "unexpected answer".into(),
        tail: printed.to_string(),
    }
}

fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut all: Vec<&[u8]> = bytes.split(|&byte| byte == 0).collect();
    // What stands behind the last NUL is no piece.
    all.pop();
    all.into_iter()
}

fn strings(bytes: &[u8]) -> impl Iterator<Item = String> {
    pieces(bytes).map(|piece| String::from_utf8_lossy(piece).into_owned())
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_string()
}

fn tree_entries(listed: &[u8]) -> Vec<Entry> {
    let entry = |piece: &[u8]| {
        let tab = piece.iter().position(|&byte| byte == b'\t')?;
        let head = String::from_utf8_lossy(&piece[..tab]).into_owned();
        let mut words = head.split(' ');
        let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
        Some(Entry {
            mode: mode.into(),
            id: id.into(),
            path: piece[tab + 1..].to_vec(),
        })
    };
    pieces(listed).filter_map(entry).collect()
}
