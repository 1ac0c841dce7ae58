//! What authors do to steps: write one, and carry them along after an edit.

use crate::checkpoint::{Checkpoint, Point};
use crate::error::{Error, Result};
use crate::files::{self, File, Files};
use crate::git::Git;
use crate::material::Section;
use crate::repo::Repo;
use crate::step::{self, Header};

/// The files of `folders` as they are on disk, less what git ignores.
///
/// # Errors
/// `Git`, `Io`.
pub fn files_on_disk(git: &Git, repo: &Repo, folders: &[&str]) -> Result<Files> {
    let mut files = Files::default();
    for path in git.work_paths(folders)? {
        let place = repo.root.join(&path);
        let found = match std::fs::symlink_metadata(&place) {
            Ok(found) => found,
            // Deleted, but still in the index.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::io("read", &place)(error)),
        };
        if found.is_symlink() {
            return Err(Error::Symlink { path: place });
        }
        if !found.is_file() {
            return Err(Error::SpecialFile { path: place });
        }
        let bytes = std::fs::read(&place).map_err(Error::io("read", &place))?;
        files.insert(
            path,
            File {
                bytes,
                executable: files::is_executable(&found),
            },
        );
    }
    Ok(files)
}

/// The patch files of a section whose state at `point` is now `after`, by path.
///
/// The states that follow stay what they are, so their patches are written anew.
///
/// # Errors
/// `NoStep` if the steps before it are missing.
pub fn saved(
    section: &Section,
    before: Option<&Files>,
    point: Point,
    header: Header,
    after: Files,
) -> Result<Vec<(String, String)>> {
    let mut section = section.clone();
    let after = after.with_folder_of("tests", &section.start);
    let at = Checkpoint {
        stem: section.stem.clone(),
        point,
    };
    match point {
        Point::Start => section.start = after,
        Point::Step(number) if number == section.steps.len() + 1 => {
            section.steps.push((header.clone(), after))
        }
        Point::Step(number) if (1..=section.steps.len()).contains(&number) => {
            section.steps[number - 1] = (header.clone(), after);
        }
        _ => {
            return Err(Error::NoStep {
                step: at.to_string(),
            });
        }
    }
    let start = (point == Point::Start).then_some(header);
    Ok(patches(&section, before, start))
}

/// Every patch file of a section, by path.
///
/// `before` is the section before, if there is one; `start` are the words of
/// `start.patch`, if the section has one.
pub fn patches(
    section: &Section,
    before: Option<&Files>,
    start: Option<Header>,
) -> Vec<(String, String)> {
    let path = |name: &str| format!("slides/steps/{}/{name}.patch", section.stem);
    let mut written = Vec::new();
    if let Some(header) = start {
        let bare = before
            .unwrap_or(&section.done)
            .with_folder_of("tests", &section.done);
        written.push((path("start"), step::write(&header, &bare, &section.start)));
    }
    let mut before = &section.start;
    for (at, (header, files)) in section.steps.iter().enumerate() {
        written.push((
            path(&(at + 1).to_string()),
            step::write(header, before, files),
        ));
        before = files;
    }
    written
}

/// Carry the edit of a solution through the section's earlier states.
///
/// # Errors
/// `StepConflict` naming the line of the old solution that has no place.
pub fn carried(old: &Section, done: &Files, before: Option<&Files>) -> Result<Section> {
    let start = match before {
        Some(before) => before.with_folder_of("tests", done),
        None => state(old, Point::Start, &old.start, done)?,
    };
    let mut steps = Vec::new();
    for (at, (header, files)) in old.steps.iter().enumerate() {
        let files = state(old, Point::Step(at + 1), files, done)?;
        steps.push((header.clone(), files));
    }
    Ok(Section {
        stem: old.stem.clone(),
        start,
        steps,
        done: done.clone(),
    })
}

fn state(old: &Section, point: Point, earlier: &Files, done: &Files) -> Result<Files> {
    carried_files(earlier, &old.done, done).map_err(|misfit| Error::StepConflict {
        step: Checkpoint {
            stem: old.stem.clone(),
            point,
        }
        .to_string(),
        file: format!("solutions/{}/{}", old.stem, misfit.file),
        line: misfit.line,
        text: misfit.text,
    })
}

/// The place of an edit that has none in another state of the same files.
pub struct Misfit {
    pub file: String,
    /// The line of the old solution, counted from 1.
    pub line: usize,
    pub text: String,
}

/// Carry the edit of a solution, `old` to `new`, into other files that it has
/// lines in common with. Files that are not there are not added; tests are
/// those of `new`.
pub fn carried_files(here: &Files, old: &Files, new: &Files) -> Result<Files, Misfit> {
    let mut files = here.clone();
    for path in old.differing(new) {
        let Some(here) = here.get(path) else {
            continue;
        };
        match (old.get(path), new.get(path)) {
            (Some(was), Some(is)) if here == was => {
                files.insert(path.into(), is.clone());
            }
            (Some(was), Some(is)) => {
                let texts = (here.as_str(), was.as_str(), is.as_str());
                let (Some(here), Some(was), Some(is)) = texts else {
                    continue;
                };
                let text = step::carry(here, was, is).map_err(|line| Misfit {
                    file: path.into(),
                    line,
                    text: was.lines().nth(line - 1).unwrap_or("").trim().into(),
                })?;
                files.insert(path.into(), File::text(text));
            }
            (Some(_), None) => {
                files.remove(path);
            }
            (None, _) => {}
        }
    }
    Ok(files.with_folder_of("tests", new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        Files(
            [
                ("x".to_string(), File::text(text)),
                ("tests/t".to_string(), File::text("t")),
            ]
            .into(),
        )
    }

    fn section() -> Section {
        let header = |title: &str| Header {
            title: title.into(),
            green: vec![],
            detour: None,
        };
        Section {
            stem: "02-b".into(),
            start: files("a\n"),
            steps: vec![
                (header("b"), files("a\nb\n")),
                (header("c"), files("a\nb\nc\n")),
            ],
            done: files("a\nb\nc\nd\n"),
        }
    }

    #[test]
    fn an_edit_of_the_solution_reaches_every_step_that_has_the_line() {
        let carried = carried(&section(), &files("a\nB\nc\nd\n"), Some(&files("a\n"))).unwrap();
        assert_eq!(carried.steps[0].1, files("a\nB\n"));
        assert_eq!(carried.steps[1].1, files("a\nB\nc\n"));
    }

    #[test]
    fn an_edit_that_fits_nowhere_names_step_file_and_line() {
        let error =
            carried(&section(), &files("a\nb\nc\nnew\nd\n"), Some(&files("a\n"))).unwrap_err();
        assert!(error.to_string().contains("solutions/02-b/x:4"), "{error}");
        assert!(error.to_string().contains("`02-b-2`"), "{error}");
    }

    #[test]
    fn a_saved_step_leaves_the_states_after_it_alone() {
        let header = Header {
            title: "two at once".into(),
            green: vec![],
            detour: None,
        };
        let written = saved(&section(), None, Point::Step(1), header, files("a\nb2\n")).unwrap();
        let second = step::Step::parse("2", &written[1].1).unwrap();
        assert_eq!(second.apply(&files("a\nb2\n")).unwrap(), files("a\nb\nc\n"));
    }
}
