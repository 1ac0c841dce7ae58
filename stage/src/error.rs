//! Every way in which `stage` can fail, and what it says then.
//!
//! One variant per situation, with its data; the text is made here and nowhere
//! else: what could not be done, where, how to mend it. The file is long
//! because the messages of the whole tool stand side by side in it.

use std::fmt;
use std::path::{Path, PathBuf};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug)]
pub enum Error {
    NotAWorkshop {
        start: PathBuf,
    },
    NoRepository {
        root: PathBuf,
    },
    NoGit,
    Git {
        command: String,
        status: String,
        tail: String,
    },
    Tool {
        command: String,
        place: String,
        status: String,
        tail: String,
        mend: String,
    },
    ToolMissing {
        tool: String,
        mend: String,
    },
    Io {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    UnknownTarget {
        name: String,
        nearest: Option<String>,
    },
    AmbiguousTarget {
        name: String,
        candidates: Vec<String>,
    },
    NoTag {
        tag: String,
    },
    NoSuchStep {
        section: String,
        step: usize,
        steps: usize,
    },
    FirstCheckpoint {
        tag: String,
    },
    LastCheckpoint {
        tag: String,
    },
    ForeignTag {
        tag: String,
        id: String,
    },
    StaleTags {
        missing: Vec<String>,
        moved: Vec<String>,
        extra: Vec<String>,
    },
    MissingSlides {
        stem: String,
    },
    MissingSolution {
        stem: String,
    },
    BadStem {
        path: String,
    },
    BadText {
        path: String,
        line: usize,
        reason: String,
        mend: String,
    },
    /// Like `BadText`, where the column is known, too.
    BadPlace {
        path: String,
        line: usize,
        column: usize,
        reason: String,
        mend: String,
    },
    /// Everything that is wrong with the slides, in their order.
    Slides {
        problems: Vec<Error>,
    },
    BadPatch {
        path: String,
        line: usize,
        reason: String,
    },
    PatchDoesNotFit {
        patch: String,
        file: String,
        reason: String,
    },
    StepConflict {
        step: String,
        file: String,
        line: usize,
        text: String,
    },
    NoStep {
        step: String,
    },
    /// A wrong solution that no test has judged.
    NoProof {
        path: String,
        why: String,
        printed: String,
        mend: String,
    },
    Busy {
        path: PathBuf,
    },
    Interrupted {
        name: String,
    },
    CutOff {
        name: String,
        cause: Box<Error>,
    },
    NothingToUndo,
    NoSave {
        name: String,
    },
    /// A file that was named is in none of the states that were looked at.
    NoFile {
        name: String,
        place: String,
        nearest: Option<String>,
        mend: String,
    },
    NoRemote,
    CannotFetch {
        branch: String,
        address: String,
        tail: String,
    },
    /// git is in the middle of something.
    UnderWay {
        what: &'static str,
    },
    Diverged {
        ours: String,
        theirs: String,
        own: usize,
        new: usize,
        is_rewritten: bool,
    },
    /// The new material would overwrite edits outside `live/`.
    OwnEdits {
        tail: String,
    },
    /// The branch of the material is not the one that is checked out.
    Elsewhere {
        head: String,
        done: String,
        branch: String,
    },
    /// Everything was said already; the exit code is left to give.
    Said {
        code: u8,
    },
    Symlink {
        path: PathBuf,
    },
    InTheWay {
        path: PathBuf,
    },
    ChangedMeanwhile {
        path: PathBuf,
    },
    SpecialFile {
        path: PathBuf,
    },
    /// `first` should not be red: somebody's own test, or one that was green.
    Red {
        place: String,
        first: Option<String>,
    },
    /// cargo refuses what is in `live/`.
    NotCompiled,
    /// pytest found no test: `words` are those that it was asked with.
    NoTest {
        words: Vec<String>,
    },
    /// pytest itself ended before the tests did.
    TestsCutOff {
        status: String,
    },
    NotSo {
        failures: usize,
    },
    Usage {
        message: String,
        mend: String,
    },
}

impl Error {
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// The exit code: 1 when the thing asked about is not so, 2 for wrong use.
    pub fn code(&self) -> u8 {
        match self {
            Self::UnknownTarget { .. }
            | Self::AmbiguousTarget { .. }
            | Self::NoSuchStep { .. }
            | Self::NotAWorkshop { .. }
            | Self::NoSave { .. }
            | Self::NoFile { .. }
            | Self::Usage { .. } => 2,
            Self::Said { code } => *code,
            _ => 1,
        }
    }

    /// What could not be done.
    pub fn what(&self) -> String {
        match self {
            Self::NotAWorkshop { .. } => "this is not the workshop's folder".into(),
            Self::NoRepository { .. } => {
                "checkpoints are git tags, and this folder is not a git repository".into()
            }
            Self::NoGit => "cannot run `git`".into(),
            Self::Git {
                command, status, ..
            } => format!("`{command}` failed ({status})"),
            Self::Tool {
                command, status, ..
            } => format!("`{command}` failed ({status})"),
            Self::ToolMissing { tool, .. } => format!("cannot run `{tool}`"),
            Self::Io {
                action,
                path,
                source,
            } => {
                format!("cannot {action} `{}`: {source}", path.display())
            }
            Self::UnknownTarget {
                name,
                nearest: Some(near),
            } => {
                format!("no checkpoint is called `{name}`; did you mean `{near}`?")
            }
            Self::UnknownTarget {
                name,
                nearest: None,
            } => {
                format!("no checkpoint is called `{name}`")
            }
            Self::AmbiguousTarget { name, candidates } => {
                format!("`{name}` could be any of {}", quoted(candidates))
            }
            Self::NoTag { tag } => format!("the tag `{tag}` is missing"),
            Self::NoSuchStep {
                section,
                step,
                steps,
            } => {
                let plural = if *steps == 1 { "" } else { "s" };
                format!("`{section}` has {steps} step{plural}, so no step {step}")
            }
            Self::FirstCheckpoint { tag } => format!("`{tag}` is the first checkpoint"),
            Self::LastCheckpoint { tag } => format!("`{tag}` is the last checkpoint"),
            Self::ForeignTag { tag, .. } => {
                format!("the tag `{tag}` is in the way: it was not made by `stage tags`")
            }
            Self::StaleTags {
                missing,
                moved,
                extra,
            } => {
                let mut parts = Vec::new();
                for (word, tags) in [("missing", missing), ("moved", moved), ("left over", extra)] {
                    if !tags.is_empty() {
                        parts.push(format!("{word}: {}", quoted(tags)));
                    }
                }
                format!(
                    "the tags are not what the folders say; {}",
                    parts.join("; ")
                )
            }
            Self::MissingSlides { stem } => format!("the solution `{stem}` has no slides"),
            Self::MissingSolution { stem } => format!("the slides `{stem}` have no solution"),
            Self::BadStem { path } => format!("`{path}` is not named like `03-classes`"),
            Self::BadText { reason, .. } | Self::BadPlace { reason, .. } => reason.clone(),
            Self::BadPatch { path, reason, .. } => {
                format!("cannot read the step `{path}`: {reason}")
            }
            Self::PatchDoesNotFit {
                patch,
                file,
                reason,
            } => {
                format!("the step `{patch}` does not fit `{file}`: {reason}")
            }
            Self::StepConflict {
                step, file, text, ..
            } => {
                format!("the edit of the solution does not fit `{step}`: `{file}` has no `{text}`")
            }
            Self::NoStep { step } => format!("there is no step `{step}`"),
            Self::NoProof { path, why, .. } => format!("`{path}` proves nothing: {why}"),
            Self::Busy { .. } => "another `stage` is at work in this repository".into(),
            Self::Interrupted { name } => format!("the move to `{name}` was interrupted half-way"),
            Self::CutOff { cause, .. } => cause.what(),
            Self::NothingToUndo => "there is no move to undo".into(),
            Self::NoSave { name } => format!("no save is called `{name}`"),
            Self::NoFile {
                name,
                nearest: Some(near),
                ..
            } => format!("there is no file `{name}`; did you mean `{near}`?"),
            Self::NoFile { name, .. } => format!("there is no file `{name}`"),
            Self::NoRemote => {
                "this clone does not know where it came from: it has no remote".into()
            }
            Self::CannotFetch {
                branch, address, ..
            } => {
                format!("cannot fetch `{branch}` from `{address}`")
            }
            Self::UnderWay { what } => {
                format!("a {what} is under way, and an update would mix with it")
            }
            Self::Diverged {
                ours,
                theirs,
                is_rewritten: true,
                ..
            } => format!("`{theirs}` was rewritten, so `{ours}` cannot go forward to it"),
            Self::Diverged { ours, theirs, .. } => {
                format!("`{ours}` and `{theirs}` have gone apart")
            }
            Self::OwnEdits { .. } => "edits of yours outside `live/` are in the way".into(),
            Self::Elsewhere { head, .. } => format!("the new material is here, but {head}"),
            Self::Said { .. } => String::new(),
            Self::Symlink { path } => {
                format!(
                    "`{}` is a symbolic link, and none is followed here",
                    path.display()
                )
            }
            Self::InTheWay { path } => {
                format!(
                    "`{}` is in the way and not saved: git ignores it, or something in it",
                    path.display()
                )
            }
            Self::ChangedMeanwhile { path } => {
                format!("`{}` changed while it was being saved", path.display())
            }
            Self::SpecialFile { path } if path.is_file() => {
                format!("`{}` is a file, and should be a folder", path.display())
            }
            Self::SpecialFile { path } => {
                format!(
                    "`{}` is neither a file, a folder nor a link",
                    path.display()
                )
            }
            Self::Red { .. } => "the tests are red".into(),
            Self::NotCompiled => "what is in `live/` does not compile, so no test was run".into(),
            Self::NoTest { .. } => "no test was run".into(),
            Self::TestsCutOff { .. } => "the tests did not run to their end".into(),
            Self::Slides { problems } => {
                format!("{} things on the slides are wrong", problems.len())
            }
            Self::NotSo { failures: 1 } => "1 thing is not so".into(),
            Self::NotSo { failures } => format!("{failures} things are not so"),
            Self::Usage { message, .. } => message.clone(),
        }
    }

    /// Where: a path with its line, or a command and the end of its words.
    pub fn place(&self) -> String {
        match self {
            Self::NotAWorkshop { start } => format!("looked upwards from `{}`", start.display()),
            Self::NoRepository { root } => format!("`{}`", root.display()),
            Self::Git { tail, .. } => last_lines(tail),
            Self::NoProof { printed, .. } if printed.trim().is_empty() => {
                "nothing was written".into()
            }
            Self::NoProof { printed, .. } => last_lines(printed),
            Self::Tool { place, tail, .. } if tail.is_empty() => place.clone(),
            Self::Tool { place, tail, .. } => format!("{place}: {}", last_lines(tail)),
            Self::ForeignTag { id, .. } => format!("it points to {id}; no tag was changed"),
            Self::StaleTags { .. } => "`refs/tags`".into(),
            Self::MissingSlides { stem } => format!("`slides/{stem}.md`"),
            Self::MissingSolution { stem } => format!("`solutions/{stem}/`"),
            Self::BadText { path, line, .. } | Self::BadPatch { path, line, .. } => {
                format!("{path}:{line}")
            }
            Self::BadPlace {
                path, line, column, ..
            } => format!("{path}:{line}:{column}"),
            Self::PatchDoesNotFit { patch, .. } => patch.clone(),
            Self::StepConflict { file, line, .. } => format!("{file}:{line}; nothing was changed"),
            Self::Busy { path } => format!("`{}` is locked", path.display()),
            Self::CutOff { name, .. } => {
                format!("half-way to `{name}`; what was in `live/` before is saved")
            }
            Self::ChangedMeanwhile { .. }
            | Self::InTheWay { .. }
            | Self::SpecialFile { .. }
            | Self::Symlink { .. } => "nothing was changed".into(),
            Self::Red { place, .. } => place.clone(),
            Self::NotCompiled => "`cargo build` in `live/`".into(),
            Self::NoTest { words } if words.is_empty() => "`pytest` in `live/`".into(),
            Self::NoTest { words } => format!("`pytest {}` in `live/`", words.join(" ")),
            Self::TestsCutOff { status } => format!("`pytest` in `live/` ended with {status}"),
            Self::NoFile { place, .. } => place.clone(),
            Self::NoRemote => "`git remote` prints nothing; nothing was changed".into(),
            Self::CannotFetch { tail, .. } => {
                format!("{}\n        nothing was changed", last_lines(tail))
            }
            Self::UnderWay { .. } => "nothing was changed".into(),
            Self::Diverged { ours, own, new, .. } => {
                let plural = |count: usize| if count == 1 { "" } else { "s" };
                format!(
                    "{own} commit{} on `{ours}` that the other has not, {new} new one{} there; nothing was changed",
                    plural(*own),
                    plural(*new)
                )
            }
            Self::OwnEdits { tail } => {
                format!("{}\n        nothing was changed", last_lines(tail))
            }
            Self::Elsewhere { done, .. } => done.clone(),
            _ => String::new(),
        }
    }

    /// File, line and column, to put errors in order.
    pub fn position(&self) -> (String, usize, usize) {
        match self {
            Self::BadText { path, line, .. } => (path.clone(), *line, 0),
            Self::BadPlace {
                path, line, column, ..
            } => (path.clone(), *line, *column),
            Self::MissingSlides { stem } => (format!("slides/{stem}.md"), 0, 0),
            _ => (String::new(), 0, 0),
        }
    }

    /// One command to type, or one fact to check.
    pub fn mend(&self) -> String {
        match self {
            Self::NotAWorkshop { .. } => "go into the clone and run it again".into(),
            Self::NoRepository { .. } => {
                "a ZIP download has no checkpoints: use `git clone` and run `./setup.sh` there"
                    .into()
            }
            Self::NoGit => "install git, then run `./setup.sh` again".into(),
            Self::Tool { mend, .. }
            | Self::ToolMissing { mend, .. }
            | Self::NoProof { mend, .. }
            | Self::Usage { mend, .. } => mend.clone(),
            _ if is_full(self) => "make room on the disk, then run the same command again".into(),
            Self::UnknownTarget { .. } | Self::NoSuchStep { .. } => {
                "`stage list --all` shows them".into()
            }
            Self::AmbiguousTarget { candidates, .. } => {
                format!("say which: `stage go {}`", candidates[0])
            }
            Self::NoTag { .. } | Self::StaleTags { .. } => "`stage tags` makes them again".into(),
            Self::FirstCheckpoint { .. } | Self::LastCheckpoint { .. } => {
                "`stage list --all` shows them".into()
            }
            Self::ForeignTag { tag, .. } => format!(
                "keep it under another name: `git tag my-{tag} {tag}`, `git tag -d {tag}`, `stage tags`"
            ),
            Self::MissingSlides { .. } => "write them, or delete the solution".into(),
            Self::MissingSolution { .. } => "add it, or delete the slides".into(),
            Self::BadStem { .. } => "rename it: two digits, a hyphen, lower-case words".into(),
            Self::BadText { mend, .. } | Self::BadPlace { mend, .. } => mend.clone(),
            Self::BadPatch { .. } => {
                "put the step's code into `live/` and run `stage steps save`".into()
            }
            Self::PatchDoesNotFit { .. } => {
                "`stage steps refresh` carries the steps along after an edit of a solution".into()
            }
            Self::StepConflict { step, .. } => {
                format!("`stage go {step}`, make the edit in `live/`, `stage steps save {step}`")
            }
            Self::NoStep { .. } => "`stage list` shows how many steps a section has".into(),
            Self::Busy { .. } => {
                "wait until it has finished, then run the same command again".into()
            }
            Self::Interrupted { name } => {
                format!("`stage undo` brings everything back; `stage go {name}` finishes the move")
            }
            Self::CutOff { cause, .. } if is_full(cause) => {
                "make room on the disk; then `stage undo`, or the same command again".into()
            }
            Self::CutOff { .. } => {
                "`stage undo` brings everything back; the same command again goes on".into()
            }
            Self::NothingToUndo => "`stage list` shows where you are".into(),
            Self::NoSave { .. } => "`stage saves` shows them all".into(),
            Self::NoFile { mend, .. } => mend.clone(),
            Self::NoRemote => {
                "say where: `git remote add origin ADDRESS`, then `stage update` again".into()
            }
            Self::CannotFetch { .. } => {
                "nothing needs it: go on, and run `stage update` when that is mended".into()
            }
            Self::UnderWay { what } => {
                format!("finish it, or `git {what} --abort`; then `stage update` again")
            }
            Self::Diverged {
                theirs,
                is_rewritten: true,
                ..
            } => format!(
                "`git switch -c new-material --no-track {theirs}` takes it on a branch of its own, then `stage tags`"
            ),
            Self::Diverged { theirs, .. } => {
                format!("`git merge {theirs}` joins both; then `stage tags`")
            }
            Self::OwnEdits { tail } => {
                let files: Vec<&str> = tail.split('\'').skip(1).step_by(2).collect();
                let mut files: Vec<&str> =
                    files.into_iter().filter(|it| !it.contains('`')).collect();
                files.dedup();
                let file = files.first().unwrap_or(&"FILE");
                format!("`git stash push -u -- '{file}'`, `stage update`, `git stash pop`")
            }
            Self::Elsewhere { branch, .. } => {
                format!("`git switch {branch}`, then `stage update`")
            }
            Self::Said { .. } => String::new(),
            Self::Symlink { .. } => "put a real file or folder in its place".into(),
            Self::InTheWay { .. } => {
                "move it out of `live/`, then run the same command again".into()
            }
            Self::ChangedMeanwhile { .. } => {
                "save your editor's files, then run the same command again".into()
            }
            Self::SpecialFile { .. } => "move it away, then run the same command again".into(),
            Self::Red { first: None, .. } => "read the first failure above".into(),
            Self::Red {
                first: Some(test), ..
            } => format!("read above what `{test}` says"),
            Self::NotCompiled => "read the first error above".into(),
            Self::NoTest { words } if words.is_empty() => {
                "`stage diff` says what is gone from `live/tests/`".into()
            }
            Self::NoTest { .. } => {
                "check the words behind `stage test`: paths count from here, or from `live/`".into()
            }
            Self::TestsCutOff { .. } => "read the last lines above".into(),
            Self::Slides { .. } | Self::NotSo { .. } => {
                "mend them, then run the same command again".into()
            }
            Self::Git { tail, .. } if tail.trim().is_empty() => {
                "git was stopped without a word: run the same command again".into()
            }
            Self::Git { .. } => "the cause is in git's own words above".into(),
            Self::Io { action: "read", .. } => {
                "check that it exists and that you may read it".into()
            }
            Self::Io { .. } => "check that it exists and that you may change it".into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Slides { problems } = self {
            for problem in problems {
                write!(f, "{problem}\n\n")?;
            }
        }
        write!(f, "error: {}", self.what())?;
        let place = self.place();
        if !place.is_empty() {
            write!(f, "\n where: {place}")?;
        }
        write!(f, "\n  mend: {}", self.mend())
    }
}

impl std::error::Error for Error {}

fn is_full(error: &Error) -> bool {
    match error {
        Error::Io { source, .. } => source.kind() == std::io::ErrorKind::StorageFull,
        Error::Git { tail, .. } => {
            tail.contains("No space left on device") || tail.contains("Out of diskspace")
        }
        _ => false,
    }
}

fn quoted(names: &[String]) -> String {
    let mut shown: Vec<String> = names
        .iter()
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > 6 {
        shown.push(format!("and {} more", names.len() - 6));
    }
    shown.join(", ")
}

/// The end of a program's own words, unaltered: that is where causes stand.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n        ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_where_and_how_to_mend_it() {
        let error = Error::BadText {
            path: "slides/03-classes.md".into(),
            line: 7,
            reason: "the slide `frozen` has no minutes".into(),
            mend: "add `min=3`".into(),
        };
        assert_eq!(
            error.to_string(),
            "error: the slide `frozen` has no minutes\n where: slides/03-classes.md:7\n  mend: add `min=3`"
        );
    }

    #[test]
    fn long_lists_of_tags_are_cut() {
        let names: Vec<String> = (0..9).map(|n| n.to_string()).collect();
        assert!(quoted(&names).ends_with("and 3 more"));
    }
}
