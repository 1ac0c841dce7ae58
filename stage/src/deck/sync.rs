//! Keeping the committed bodies of fences what their sources say.

use super::{Page, Source, fences};
use crate::error::Result;

/// A fence whose body is not what its source says.
#[derive(Debug)]
pub struct Stale {
    pub path: String,
    pub line: usize,
    /// From the body to the source, as a unified diff.
    pub difference: String,
}

/// The fences of a section that are stale.
///
/// # Errors
/// `BadText` for a fence that cannot be read or has no source.
pub fn stale(page: &Page, source: &Source) -> Result<Vec<Stale>> {
    let mut stale = Vec::new();
    for fence in fences(page)? {
        let body = &page.text[fence.body.clone()];
        let Some(code) = source.code(page, &fence)? else {
            // What is recorded later has no lines yet.
            if !body.is_empty() {
                fence.check_steps(page, body.lines().count())?;
            }
            continue;
        };
        if body != code {
            let mut options = diffy::DiffOptions::new();
            options
                .set_original_filename("on the slide")
                .set_modified_filename("in the source");
            let difference = options.create_patch(body, &code).to_string();
            stale.push(Stale {
                path: page.path.clone(),
                line: fence.line,
                difference,
            });
        }
    }
    Ok(stale)
}

/// The section's text with every body brought up to date.
///
/// # Errors
/// `BadText` for a fence that cannot be read or has no source.
pub fn synced(page: &Page, source: &Source) -> Result<String> {
    let mut text = page.text.clone();
    for fence in fences(page)?.into_iter().rev() {
        if let Some(code) = source.code(page, &fence)? {
            text.replace_range(fence.body, &code);
        }
    }
    Ok(text)
}
