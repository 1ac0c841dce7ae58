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

pub mod compare;
mod forward;
mod locks;
pub mod remote;

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
    /// The rest of the message.
    pub body: String,
    /// Seconds since 1970.
    pub date: u64,
}

/// One line of a tree, with its path from the tree's root.
#[derive(Debug, Clone)]
pub struct Entry {
    pub mode: String,
    pub id: Oid,
    pub path: Vec<u8>,
    /// Bytes, where they were asked for.
    pub size: u64,
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
    /// The folder that all work trees of the repository share.
    common: PathBuf,
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
                "--git-common-dir",
            ])
            .output()
            .map_err(|_| Error::NoGit)?;
        let printed = String::from_utf8_lossy(&asked.stdout).into_owned();
        let mut lines = printed.lines();
        let found = (lines.next(), lines.next(), lines.next());
        match (asked.status.success(), found) {
            (true, (Some(top), Some(folder), Some(common)))
                if same_folder(Path::new(top), root) =>
            {
                Ok(Self {
                    root: root.to_path_buf(),
                    folder: folder.into(),
                    common: common.into(),
                })
            }
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

    /// The same with every blob's size.
    pub fn sized_tree(&self, treeish: &str, folder: &str) -> Result<Vec<Entry>> {
        let args = ["ls-tree", "-r", "-l", "-z", "--full-tree", treeish, "--"];
        Ok(tree_entries(
            &self.ask(&[&args[..], &[folder]].concat(), b"")?,
        ))
    }

    /// What the index has that HEAD has not: mode, id, stage and path of each.
    ///
    /// Objects of other repositories (submodules) are none of ours.
    pub fn staged(&self, head: Option<&str>) -> Result<Vec<(Entry, u8)>> {
        let all = ["ls-files", "--stage", "-z"];
        let Some(head) = head else {
            return Ok(staged_entries(&self.ask(&all, b"")?).collect());
        };
        let args = ["diff-index", "--cached", "--raw", "--no-abbrev"];
        let changed = self.ask(&[&args[..], &["--no-renames", "-z", head]].concat(), b"")?;
        let mut words = pieces(&changed);
        let mut found = Vec::new();
        let mut is_unmerged = false;
        while let (Some(change), Some(path)) = (words.next(), words.next()) {
            let change = String::from_utf8_lossy(change).into_owned();
            let words: Vec<&str> = change.split(' ').collect();
            let [_, mode, _, id, status] = words[..] else {
                return Err(broken("git diff-index", &change));
            };
            is_unmerged |= status == "U";
            if mode.starts_with("10") || mode == "120000" {
                let entry = Entry {
                    mode: mode.into(),
                    id: id.into(),
                    path: path.to_vec(),
                    size: 0,
                };
                found.push((entry, 0));
            }
        }
        if is_unmerged {
            let unmerged = self.ask(&["ls-files", "--unmerged", "-z"], b"")?;
            found.extend(staged_entries(&unmerged).filter(|(_, stage)| *stage > 0));
        }
        // An unmerged path, or one that is only meant to be added, has the id of nothing.
        found.retain(|(entry, _)| entry.id.bytes().any(|digit| digit != b'0'));
        Ok(found)
    }

    /// Which of these objects this clone has; nothing is fetched.
    pub fn has(&self, ids: &[Oid]) -> Result<Vec<bool>> {
        let asked: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let args = ["cat-file", "--batch-check=%(objecttype)"];
        let printed = self.run(&args, asked.as_bytes(), &[("GIT_NO_LAZY_FETCH", "1")])?;
        let printed = String::from_utf8_lossy(&printed);
        Ok(printed
            .lines()
            .map(|line| !line.ends_with(" missing"))
            .collect())
    }

    /// Write large files into the object store, byte for byte, without holding
    /// them in memory.
    ///
    /// They are hardly compressed: somebody waits for it.
    pub fn keep_large(&self, paths: &[PathBuf]) -> Result<Vec<Oid>> {
        let mut command = plain(&self.root);
        command.args(DURABLY).args([
            "-c",
            "core.bigFileThreshold=8m",
            "-c",
            "core.looseCompression=1",
            "-c",
            "pack.compression=0",
            "hash-object",
            "-w",
            "--no-filters",
            "--",
        ]);
        command.args(paths).stdin(Stdio::null());
        let asked = command.output().map_err(|_| Error::NoGit)?;
        if !asked.status.success() {
            return Err(failure("git hash-object -w", &asked));
        }
        Ok(String::from_utf8_lossy(&asked.stdout)
            .lines()
            .map(String::from)
            .collect())
    }

    /// Write a blob's bytes into an open file.
    pub fn copy_blob(&self, id: &str, into: std::fs::File) -> Result<()> {
        let mut command = plain(&self.root);
        // From there on git streams.
        command.args(["-c", "core.bigFileThreshold=1m"]);
        command.args(["cat-file", "blob", id]).stdin(Stdio::null());
        command.stdout(into);
        let asked = command.output().map_err(|_| Error::NoGit)?;
        if asked.status.success() {
            return Ok(());
        }
        Err(failure(&format!("git cat-file blob {id}"), &asked))
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
        rules.push(self.common.join("info/exclude"));
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
        let format = "--format=%(refname)%00%(objectname)%00%(committeremail:trim)%00%(committerdate:unix)%00%(subject)%00%(contents:body)%00";
        let listed = self.ask(&["for-each-ref", format, "--", prefix], b"")?;
        let fields: Vec<String> = strings(&listed).collect();
        let found = fields.chunks_exact(6).map(|field| Ref {
            name: field[0].trim_start_matches('\n').to_string(),
            id: field[1].clone(),
            committer: field[2].clone(),
            date: field[3].parse().unwrap_or(0),
            subject: field[4].clone(),
            body: field[5].clone(),
        });
        Ok(found.collect())
    }

    /// The last ref below `prefix` in order of name.
    pub fn last_ref(&self, prefix: &str) -> Result<Option<String>> {
        let args = ["for-each-ref", "--sort=-refname", "--count=1"];
        let args = [&args[..], &["--format=%(refname)", "--", prefix]].concat();
        Ok(Some(line(&self.ask(&args, b"")?)).filter(|name| !name.is_empty()))
    }

    /// What a name such as `refs/stage/save/1` or `HEAD:live` stands for.
    pub fn id(&self, name: &str) -> Result<Option<Oid>> {
        Ok(self.ids(&[name.to_string()])?.pop().flatten())
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
        let args = ["update-ref", "--stdin", "-z", "--no-deref"];
        self.ask(&[&DURABLY[..], &args].concat(), sent.as_bytes())
            .map(drop)
    }

    /// Run `git fast-import` on `stream` and return what its `get-mark`s printed.
    ///
    /// It writes objects byte for byte: no filters, no signing, no identity.
    /// `scratch` are the refs that the stream commits to. None is ever made: a
    /// git that is killed while it changes a ref leaves a lock on that name,
    /// and nobody could save again.
    pub fn fast_import(&self, stream: &[u8], scratch: &[&str]) -> Result<Vec<Oid>> {
        let args = [
            "fast-import",
            "--quiet",
            "--done",
            "--force",
            "--date-format=raw",
        ];
        let forget: String = scratch
            .iter()
            .map(|name| format!("reset {name}\n\n"))
            .collect();
        let stream = [b"feature done\n", stream, forget.as_bytes(), b"done\n"].concat();
        let printed = self.ask(&[&DURABLY[..], &args].concat(), &stream);
        if printed.is_err() {
            self.forget_crash_reports();
        }
        Ok(String::from_utf8_lossy(&printed?)
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
        self.run(args, input, &[])
    }

    fn run(&self, args: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Result<Vec<u8>> {
        let mut command = plain(&self.root);
        command
            .args(args)
            .envs(variables.iter().copied())
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
        let args = args.strip_prefix(&DURABLY[..]).unwrap_or(args);
        Err(failure(&format!("git {}", args.join(" ")), &asked))
    }
}

/// For what must be on the disk before `live/` changes; a git that knows
/// neither passes them over.
const DURABLY: [&str; 4] = [
    "-c",
    "core.fsync=loose-object,pack,pack-metadata,reference",
    "-c",
    "core.fsyncMethod=batch",
];

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
        let mut words = head.split_whitespace();
        let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
        Some(Entry {
            mode: mode.into(),
            id: id.into(),
            path: piece[tab + 1..].to_vec(),
            size: words.next().and_then(|size| size.parse().ok()).unwrap_or(0),
        })
    };
    pieces(listed).filter_map(entry).collect()
}

/// The blobs of `git ls-files --stage`, each with its stage.
fn staged_entries(listed: &[u8]) -> impl Iterator<Item = (Entry, u8)> {
    pieces(listed).filter_map(|piece| {
        let tab = piece.iter().position(|&byte| byte == b'\t')?;
        let head = String::from_utf8_lossy(&piece[..tab]).into_owned();
        let mut words = head.split(' ');
        let (mode, id, stage) = (words.next()?, words.next()?, words.next()?);
        let entry = Entry {
            mode: mode.into(),
            id: id.into(),
            path: piece[tab + 1..].to_vec(),
            size: 0,
        };
        (mode != "160000").then_some((entry, stage.parse().ok()?))
    })
}
