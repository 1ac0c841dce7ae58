//! Whether all that went into a library is known, by what the compiler wrote down.

use std::fs;
#[cfg(unix)]
use std::path::Component;
use std::path::Path;
use std::time::SystemTime;

use super::key::is_source;
use crate::error::{Error, Result};

/// The moment before a compiler was started, by the clock of the disk.
pub struct Evidence<'a> {
    target: &'a Path,
    began: Option<SystemTime>,
}

impl<'a> Evidence<'a> {
    /// Note the time, to tell later what was compiled and what lay there.
    ///
    /// # Errors
    /// `Io`.
    pub fn begin(target: &'a Path) -> Result<Self> {
        let mark = target.join(".stage-began");
        let written = fs::create_dir_all(target).and_then(|()| fs::write(&mark, ""));
        written.map_err(Error::io("write", &mark))?;
        let began = fs::metadata(&mark).and_then(|found| found.modified()).ok();
        Ok(Self { target, began })
    }

    /// Whether the library was compiled since, from files of the project alone.
    ///
    /// cargo goes by times: sources put back with older ones (`cp -p`) pass for
    /// compiled. Such a library must not be kept under the key of its sources.
    pub fn is_complete(&self, folder: &Path, built: &Path, library: &str) -> bool {
        let cargos = fs::read_to_string(built.with_extension("d")).unwrap_or_default();
        self.rustcs(library).is_some() && depends_on_project(&cargos, folder)
    }

    /// The same where rustc was asked, not cargo.
    #[cfg(unix)]
    pub fn is_rustcs(&self, folder: &Path, library: &str) -> bool {
        self.rustcs(library)
            .is_some_and(|rules| rustc_read(&rules, folder).is_some())
    }

    /// What rustc wrote down since, if it asked for no variable.
    fn rustcs(&self, library: &str) -> Option<String> {
        let path = self.target.join("debug/deps").join(format!("{library}.d"));
        let rules = fs::read_to_string(&path).ok()?;
        let written = fs::metadata(&path).and_then(|found| found.modified()).ok();
        let is_fresh = self.began.is_some() && written >= self.began;
        (is_fresh && !reads_variables(&rules)).then_some(rules)
    }
}

/// Make cargo compile the library at its next turn. It goes by the files' times, and a file
/// may come with an old one (`mv`, `cp -p`).
pub fn forget_compiled(target: &Path, library: &str) {
    let folders = fs::read_dir(target.join("debug/.fingerprint"));
    for folder in folders.into_iter().flatten().flatten() {
        let folder = folder.path();
        if folder.join(format!("dep-lib-{library}")).exists() {
            // What stays costs a wrong library only where a file is older than what it replaces.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// The files in rustc's `library: file file …`, as paths in the project's `folder`;
/// `None` if one lies elsewhere, or does not count for the key.
#[cfg(unix)]
pub fn rustc_read(rules: &str, folder: &Path) -> Option<Vec<String>> {
    let (_, files) = rules.lines().next()?.split_once(": ")?;
    let ours = |path: String| {
        let path = match Path::new(&path).strip_prefix(folder) {
            Ok(inside) => inside.to_str()?.to_string(),
            Err(_) => path,
        };
        let is_inside = Path::new(&path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        (is_inside && is_source(&path)).then_some(path)
    };
    unescaped(files).into_iter().map(ours).collect()
}

/// Whether every file in cargo's `library: file file …` counts for the key.
fn depends_on_project(rules: &str, folder: &Path) -> bool {
    let Some((_, files)) = rules.trim_end().split_once(": ") else {
        return false;
    };
    let is_ours = |path: String| {
        let inside = Path::new(&path).strip_prefix(folder).ok();
        inside
            .and_then(Path::to_str)
            .is_some_and(|path| is_source(&path.replace('\\', "/")))
    };
    !rules.trim_end().contains('\n') && unescaped(files).into_iter().all(is_ours)
}

/// The words between spaces; `\ ` is a space in a name.
fn unescaped(files: &str) -> Vec<String> {
    let whole = files.replace("\\ ", "\0");
    let words = whole.split(' ').filter(|word| !word.is_empty());
    words.map(|word| word.replace('\0', " ")).collect()
}

/// Whether the code asks for a variable (`env!`) that its manifest does not decide.
fn reads_variables(rules: &str) -> bool {
    let mut names = rules
        .lines()
        .filter_map(|line| line.strip_prefix("# env-dep:"));
    let is_decided =
        |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_CRATE_NAME");
    names.any(|name| !is_decided(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_stands_in_the_project_and_counts() {
        let project = Path::new("/paper company/live");
        let lib = r"/t/lib.so: /paper\ company/live/src/lib.rs";
        let found = |more: &str| depends_on_project(&format!("{lib} {more}\n"), project);
        assert!(found(""));
        assert!(found(r"/paper\ company/live/src/a\ b.rs"));
        assert!(!found("/etc/hostname"));
        assert!(!found(r"/paper\ company/live/python/dunder/rows.py"));
        assert!(!depends_on_project("", project));
    }

    #[cfg(unix)]
    #[test]
    fn what_rustc_read_stands_in_the_project_and_counts() {
        let project = Path::new("/paper company/live");
        let read =
            |files: &str| rustc_read(&format!("/t/lib.so: {files}\n\nsrc/lib.rs:\n"), project);
        assert_eq!(
            read(r"src/lib.rs /paper\ company/live/src/a\ b.rs"),
            Some(vec!["src/lib.rs".into(), "src/a b.rs".into()])
        );
        for elsewhere in ["/etc/hostname", "src/../../x.rs", "python/dunder/rows.py"] {
            assert_eq!(
                read(&format!("src/lib.rs {elsewhere}")),
                None,
                "{elsewhere}"
            );
        }
        assert_eq!(rustc_read("", project), None);
    }

    #[test]
    fn a_variable_of_the_manifest_is_known() {
        assert!(!reads_variables("# env-dep:CARGO_PKG_VERSION=0.1.0\n"));
        assert!(reads_variables("# env-dep:HOME=/root\n"));
        assert!(reads_variables("x.d:\n# env-dep:CARGO_MANIFEST_DIR=/x\n"));
    }
}
