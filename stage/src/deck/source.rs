//! The checkpoints' files, from which slides take their code.

use std::collections::BTreeMap;

use super::{Fence, Kind, item};
use crate::checkpoint::nearest;
use crate::error::Error;
use crate::files::Files;
use crate::material::Section;

/// Every checkpoint's files, by tag.
#[derive(Debug)]
pub struct Source {
    states: BTreeMap<String, Files>,
}

impl Source {
    pub fn new(sections: &[Section]) -> Self {
        let states = sections.iter().flat_map(Section::states);
        Self {
            states: states
                .map(|state| (state.checkpoint.to_string(), state.files.clone()))
                .collect(),
        }
    }

    /// Whether there is such a checkpoint; else what it might have been.
    pub fn check_tag(&self, tag: &str) -> Result<(), String> {
        if self.states.contains_key(tag) {
            return Ok(());
        }
        let near = nearest(tag, self.states.keys().cloned());
        Err(
            near.map_or(format!("no checkpoint is called `{tag}`"), |near| {
                format!("no checkpoint is called `{tag}`; did you mean `{near}`?")
            }),
        )
    }

    /// The code that a fence shows; `None` for one that takes no code.
    ///
    /// # Errors
    /// `BadText` at the fence: no such checkpoint, file or item.
    pub fn code(&self, path: &str, fence: &Fence) -> Result<Option<String>, Error> {
        let bad = |reason: String| Error::BadText {
            path: path.into(),
            line: fence.line,
            reason,
            mend: "name a file and an item that the checkpoint has".into(),
        };
        let tag = fence.at.to_string();
        self.check_tag(&tag).map_err(&bad)?;
        let Kind::Source { file, item, docs } = &fence.kind else {
            return Ok(None);
        };
        let files = &self.states[&tag];
        let found = files
            .get(file)
            .and_then(|found| found.as_str())
            .ok_or_else(|| {
                let near = nearest(file, files.keys().cloned());
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                bad(format!("`{tag}` has no file `{file}`{hint}"))
            })?;
        let code = match item {
            None => found.to_string(),
            Some(item) => item::find(&fence.language, found, item, *docs)
                .map_err(|reason| bad(format!("`{file}` at `{tag}`: {reason}")))?,
        };
        if code
            .lines()
            .any(|line| line.trim_start().starts_with("```"))
        {
            return Err(bad(format!(
                "`{file}` has a line that begins with three backticks, which would end the fence"
            )));
        }
        Ok(Some(code))
    }
}
