//! What a process cannot change once it runs, as one word: two commands for
//! which it is the same may be forks of one process.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::key::digest;
use super::python_path;
use crate::repo::Repo;

/// Variables that the C library, Python or NumPy reads when it starts.
const AT_START: [&str; 6] = ["LC_", "LD_", "MALLOC_", "OMP_", "OPENBLAS_", "GLIBC_"];
const EXACTLY: [&str; 3] = ["LANG", "PYTHONUTF8", "MKL_NUM_THREADS"];

/// Rights and limits that are handed down from parent to child.
const HANDED_DOWN: [&str; 10] = [
    "Uid:",
    "Gid:",
    "Groups:",
    "Umask:",
    "SigBlk:",
    "SigIgn:",
    "CapEff:",
    "NoNewPrivs:",
    "Seccomp:",
    "Cpus_allowed:",
];

/// The word for a server with this `text` and these `modules`, as of now;
/// `None` where it cannot be known.
pub fn sameness(
    repo: &Repo,
    text: &str,
    modules: &[&str],
    variables: &[(OsString, OsString)],
) -> Option<String> {
    let mut parts: Vec<Vec<u8>> = vec![text.into(), modules.join(" ").into()];
    parts.push(repo.root.as_os_str().as_bytes().to_vec());
    parts.push(fs::read(repo.venv().join("pyvenv.cfg")).ok()?);
    parts.push(stamp(&python_path(repo))?);
    for site in sites(repo) {
        parts.push(stamp(&site)?);
        parts.extend(paths_added_in(&site));
    }
    let mut variables: Vec<_> = variables
        .iter()
        .filter(|(name, _)| {
            let name = name.to_string_lossy();
            AT_START.iter().any(|word| name.starts_with(word)) || EXACTLY.contains(&name.as_ref())
        })
        .collect();
    variables.sort();
    for (name, value) in variables {
        parts.push([name.as_bytes(), b"=", value.as_bytes()].concat());
    }
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let is_handed_down = |line: &&str| HANDED_DOWN.iter().any(|word| line.starts_with(word));
    parts.extend(status.lines().filter(is_handed_down).map(Vec::from));
    parts.push(fs::read("/proc/self/limits").ok()?);
    let mut spaces: Vec<PathBuf> = fs::read_dir("/proc/self/ns")
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    spaces.sort();
    for space in spaces {
        let target = fs::read_link(space).ok()?;
        parts.push(target.as_os_str().as_bytes().to_vec());
    }
    Some(digest(&parts.join(&b'\0')))
}

/// Changes when a file is replaced, or something is put into a folder.
fn stamp(path: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    let times = (found.mtime(), found.mtime_nsec(), found.len(), found.ino());
    Some(format!("{times:?}").into())
}

/// The folders of packages in `.venv`.
fn sites(repo: &Repo) -> Vec<PathBuf> {
    let libraries = fs::read_dir(repo.venv().join("lib"));
    let mut sites: Vec<PathBuf> = libraries
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("site-packages"))
        .filter(|site| site.is_dir())
        .collect();
    sites.sort();
    sites
}

/// What `*.pth` files add to Python's path.
fn paths_added_in(site: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(site).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "pth"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).unwrap_or_default())
        .collect()
}
