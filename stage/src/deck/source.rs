//! The checkpoints' files, from which slides take their code.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::item::{self, Item};
use super::{Fence, Kind, Page};
use crate::bench::{self, Run};
use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::material::Section;

/// Every checkpoint's files, in order.
#[derive(Debug)]
pub struct Source {
    order: Vec<String>,
    states: BTreeMap<String, Files>,
    /// The items of each text that was asked for one: checkpoints share most.
    known: RefCell<BTreeMap<String, Found>>,
    runs: BTreeMap<String, Run>,
}

type Found = Rc<Result<Vec<Item>, String>>;

impl Source {
    pub fn new(sections: &[Section]) -> Self {
        let states = || sections.iter().flat_map(Section::states);
        Self {
            order: states().map(|state| state.checkpoint.to_string()).collect(),
            states: states()
                .map(|state| (state.checkpoint.to_string(), state.files.clone()))
                .collect(),
            known: RefCell::default(),
            runs: BTreeMap::new(),
        }
    }

    /// The same, with recorded benchmarks.
    pub fn with_runs(self, runs: Vec<(String, Run)>) -> Self {
        let runs = runs.into_iter().collect();
        Self { runs, ..self }
    }

    /// Every checkpoint, in order.
    pub fn checkpoints(&self) -> &[String] {
        &self.order
    }

    /// Whether there is such a checkpoint; else what it might have been.
    pub fn check_tag(&self, tag: &str) -> Result<(), String> {
        if self.states.contains_key(tag) {
            return Ok(());
        }
        let near = did_you_mean(tag, self.states.keys());
        Err(format!("no checkpoint is called `{tag}`{near}"))
    }

    /// The code that a fence shows; `None` for one that takes no code.
    ///
    /// # Errors
    /// `BadPlace` at the fence: no such checkpoint, file or item, lines that
    /// the code has not, more code than any slide holds, a change of nothing.
    pub fn code(&self, page: &Page, fence: &Fence) -> Result<Option<String>> {
        let bad = |word: &str, reason: String| fence.bad(page, word, reason, MEND);
        let tag = fence.at.to_string();
        self.check_tag(&tag).map_err(|reason| bad(&tag, reason))?;
        let code = match &fence.kind {
            Kind::Source { file, item, docs } => {
                let found = self.file(page, fence, &tag, file)?;
                let item = item.as_deref();
                self.of_item(&fence.language, found, item, *docs)
                    .map_err(|reason| {
                        bad(&in_item(item), format!("`{file}` at `{tag}`: {reason}"))
                    })?
            }
            Kind::Change { file, item, since } => {
                let since = self.before(page, fence, since.as_ref().map(ToString::to_string))?;
                self.change(page, fence, file, item.as_deref(), &since)?
            }
            Kind::Bench { name, ids } => self
                .run(name, ids)
                .map_err(|(word, reason)| fence.bad(page, &word, reason, MEND_RUN))?,
            _ => return Ok(None),
        };
        fence.check_new_body(page, &code)?;
        fence.check_steps(page, code.lines().count())?;
        Ok(Some(code))
    }

    /// What a recorded benchmark says; else the word that is wrong, and why.
    fn run(&self, name: &str, ids: &[String]) -> Result<String, (String, String)> {
        let run = self.runs.get(name).ok_or_else(|| {
            let near = did_you_mean(name, self.runs.keys());
            let reason = format!("no run of `{name}` is recorded{near}");
            (name.to_string(), reason)
        })?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        bench::lines(run, &ids).map_err(|reason| ("#".into(), reason))
    }

    /// The checkpoint that a difference starts from: the one before, by default.
    fn before(&self, page: &Page, fence: &Fence, since: Option<String>) -> Result<String> {
        let bad = |word: &str, reason: String| fence.bad(page, word, reason, MEND);
        let tag = fence.at.to_string();
        let at = |tag: &String| self.order.iter().position(|other| other == tag);
        match since {
            Some(since) => {
                self.check_tag(&since)
                    .map_err(|reason| bad(&since, reason))?;
                if at(&since) >= at(&tag) {
                    let reason = format!("`{since}` does not come before `{tag}`");
                    return Err(bad(&since, reason));
                }
                Ok(since)
            }
            None => {
                let before = at(&tag).and_then(|at| at.checked_sub(1));
                before
                    .and_then(|at| self.order.get(at).cloned())
                    .ok_or_else(|| bad("", format!("no checkpoint comes before `{tag}`")))
            }
        }
    }

    /// The hunks, one line of context around each, without the files' names.
    fn change(
        &self,
        page: &Page,
        fence: &Fence,
        file: &str,
        item: Option<&str>,
        since: &str,
    ) -> Result<String> {
        let tag = fence.at.to_string();
        let has = |tag: &str| self.states[tag].contains_key(file);
        let read = |tag: &str| self.file(page, fence, tag, file).map(Some);
        let new = if has(since) && !has(&tag) {
            None
        } else {
            read(&tag)?
        };
        let old = if has(since) { read(since)? } else { None };
        let language = match file.rsplit('.').next() {
            Some("rs") => "rust",
            Some("py" | "pyi") => "python",
            Some("toml") => "toml",
            _ => "text",
        };
        let cut = |text: Option<&str>| self.of_item(language, text.unwrap_or_default(), item, true);
        let word = in_item(item);
        let bad = |word: &str, reason: String| fence.bad(page, word, reason, MEND);
        let (old, new) = match (cut(old), cut(new)) {
            // Typed here, or taken away here.
            (Err(_), Ok(new)) => (String::new(), new),
            (Ok(old), Err(_)) => (old, String::new()),
            (old, new) => {
                let wrong = |reason| bad(&word, format!("`{file}` at `{tag}`: {reason}"));
                (old.map_err(wrong)?, new.map_err(wrong)?)
            }
        };
        if old == new {
            let reason = format!("nothing of it changes from `{since}` to `{tag}`");
            return Err(bad("src=", reason));
        }
        let mut options = diffy::DiffOptions::new();
        let patch = options
            .set_context_len(1)
            .create_patch(&old, &new)
            .to_string();
        let hunks: Vec<&str> = patch
            .lines()
            .skip_while(|line| !line.starts_with("@@"))
            .collect();
        let kept = |line: &&&str| !line.starts_with("\\ No newline");
        Ok(hunks
            .iter()
            .filter(kept)
            .map(|line| format!("{}\n", line.trim_end()))
            .collect())
    }

    fn of_item(
        &self,
        language: &str,
        text: &str,
        name: Option<&str>,
        docs: bool,
    ) -> Result<String, String> {
        let Some(name) = name else {
            return Ok(text.to_string());
        };
        let known = self.known.borrow().get(text).cloned();
        let items = known.unwrap_or_else(|| {
            let items = Rc::new(item::items(language, text));
            let mut known = self.known.borrow_mut();
            known.insert(text.to_string(), items.clone());
            items
        });
        match &*items {
            Ok(items) => item::find(items, (language, text), name, docs),
            Err(reason) => Err(reason.clone()),
        }
    }

    fn file<'a>(&'a self, page: &Page, fence: &Fence, tag: &str, file: &str) -> Result<&'a str> {
        let files = &self.states[tag];
        let bad = |reason: String| -> Error { fence.bad(page, file, reason, MEND) };
        let found = files.get(file).ok_or_else(|| {
            let near = did_you_mean(file, files.keys());
            bad(format!("`{tag}` has no file `{file}`{near}"))
        })?;
        found
            .as_str()
            .ok_or_else(|| bad(format!("`{file}` at `{tag}` is not UTF-8")))
    }
}

const MEND_RUN: &str = "`stage bench ladder` records one; its forms are named `id` there";
const MEND: &str = "name a file and an item that the checkpoint has";

/// The item as it stands in `src=`.
fn in_item(item: Option<&str>) -> String {
    item.map_or("src=".into(), |item| format!("#{item}"))
}

fn did_you_mean<'a>(name: &str, names: impl Iterator<Item = &'a String>) -> String {
    let near = nearest(name, names.cloned());
    near.map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}
