//! What a process cannot change once it runs, as one word: two commands for
//! which it is the same may be forks of one process.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::repo::Repo;
use crate::tools::key::digest;
use crate::tools::python_path;

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
        parts.extend(packages_in(&site)?);
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
    parts.push(niceness()?.into());
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

/// How willingly it lets others go first: the nineteenth field, counted from one.
fn niceness() -> Option<String> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind_the_name) = stat.rsplit_once(") ")?;
    behind_the_name.split(' ').nth(16).map(String::from)
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

/// What lies in a folder of packages, and what changes when one is installed.
///
/// `maturin develop` writes the record of its editable project anew each time. There is no
/// code in it, only a `*.pth` file, of which the contents count. Of packages themselves the
/// place on the disk counts: Python writes its caches into them.
fn packages_in(site: &Path) -> Option<Vec<Vec<u8>>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(site).ok()? {
        let path = entry.ok()?.path();
        let end = path.extension().unwrap_or_default();
        let is_cache = path.ends_with("__pycache__");
        if is_cache || end == "pth" {
            continue;
        }
        if end == "dist-info" && is_editable(&path) {
            // What pytest takes for a plugin of its.
            parts.extend(fs::read(path.join("entry_points.txt")));
            continue;
        }
        let found = fs::symlink_metadata(&path).ok()?;
        let mut part = path.file_name()?.as_bytes().to_vec();
        part.extend(if found.is_dir() && end != "dist-info" {
            found.ino().to_string().into()
        } else {
            stamp(&path).unwrap_or_default()
        });
        parts.push(part);
    }
    parts.sort();
    Some(parts)
}

/// Whether a record of an installed project says that its code lies elsewhere.
fn is_editable(record: &Path) -> bool {
    let said = fs::read_to_string(record.join("direct_url.json")).unwrap_or_default();
    let plain: String = said.split_whitespace().collect();
    plain.contains("\"editable\":true")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn what_an_editable_project_leaves_is_no_package() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path();
        put(&site.join("pytest/__init__.py"), "");
        put(&site.join("pytest-9.dist-info/METADATA"), "");
        let bare = packages_in(site);
        assert_eq!(bare.as_ref().unwrap().len(), 2);

        let record = site.join("dunder-0.1.0.dist-info");
        let url = record.join("direct_url.json");
        put(&url, r#"{"dir_info": {"editable": true}, "url": ""}"#);
        put(&site.join("dunder.pth"), "/live/python");
        assert_eq!(bare, packages_in(site));
        put(&site.join("pytest/__pycache__/x.pyc"), "");
        assert_eq!(bare, packages_in(site));

        put(&record.join("entry_points.txt"), "[pytest11]");
        assert_ne!(bare, packages_in(site));
        fs::remove_file(record.join("entry_points.txt")).unwrap();
        assert_eq!(bare, packages_in(site));

        put(&url, r#"{"dir_info": {"editable": false}, "url": ""}"#);
        assert_ne!(bare, packages_in(site));
    }

    #[test]
    fn each_way_to_change_a_package_shows() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path();
        let record = site.join("pytest-9.dist-info");
        put(&record.join("METADATA"), "");
        put(&site.join("py.py"), "");
        let mut last = packages_in(site);
        let changes: [&dyn Fn(); 5] = [
            &|| put(&site.join("numpy/__init__.py"), ""),
            &|| put(&record.join("entry_points.txt"), ""),
            &|| put(&site.join("py.py"), "x = 1"),
            &|| fs::rename(&record, site.join("pytest-10.dist-info")).unwrap(),
            &|| fs::remove_dir_all(site.join("numpy")).unwrap(),
        ];
        for (number, change) in changes.iter().enumerate() {
            change();
            let now = packages_in(site);
            assert_ne!(last, now, "change {number}");
            last = now;
        }
    }
}
