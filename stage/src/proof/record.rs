//! Recording what commands print and what the compiler says.

use std::ops::Range;

use super::scratch::found;
use super::{Finding, Scratch};
use crate::deck::{self, Kind, Page};
use crate::error::Result;
use crate::material::Section;

/// The pages whose text changes, by path, with their new text; and what could
/// not be recorded.
#[derive(Debug)]
pub struct Recording {
    pub changed: Vec<(String, String)>,
    pub findings: Vec<Finding>,
}

/// Run every recorded fence at its checkpoint.
///
/// A body that says the same as what is printed now stays as it is, seconds
/// and all.
///
/// # Errors
/// When a program cannot be run or a file not be written; what is wrong with
/// the slides is a finding.
pub fn record(
    scratch: &Scratch,
    sections: &[Section],
    pages: &[Page],
    said: &mut dyn FnMut(&str, &str),
) -> Result<Recording> {
    let mut findings = Vec::new();
    let mut edits: Vec<Vec<(Range<usize>, String)>> = vec![Vec::new(); pages.len()];
    for state in sections.iter().flat_map(Section::states) {
        let mut recorded = Vec::new();
        for (at, page) in pages.iter().enumerate() {
            let fences = deck::fences(page)?.into_iter();
            let is_recorded =
                |kind: &Kind| matches!(kind, Kind::Output { .. } | Kind::Message { .. });
            recorded.extend(
                fences
                    .filter(|fence| fence.at == state.checkpoint && is_recorded(&fence.kind))
                    .map(|fence| (at, page, fence)),
            );
        }
        if recorded.is_empty() {
            continue;
        }
        let tag = state.checkpoint.to_string();
        scratch.lay_out(state.files)?;
        if let Some(built) = scratch.build()?.filter(|built| !built.ok) {
            findings.push(Finding::new(&tag, "does not build", built.printed));
            continue;
        }
        let plural = if recorded.len() == 1 { "" } else { "s" };
        said(&tag, &format!("{} output{plural}", recorded.len()));
        for (at, page, fence) in recorded {
            let printed = match scratch.print(page, &fence, state.files)? {
                Ok(printed) => printed,
                Err(finding) => {
                    findings.push(finding);
                    continue;
                }
            };
            if let Err(error) = fence.check_new_body(page, &printed.text) {
                findings.push(found(page, &fence, error.what(), error.mend()));
                continue;
            }
            let is_newer =
                matches!(&fence.kind, Kind::Message { with, .. } if *with != printed.with);
            if is_newer || scratch.compare(page, &fence, &printed).is_some() {
                let mut text = head(&page.text[fence.head.clone()], printed.with.as_deref());
                text.push('\n');
                text.push_str(&printed.text);
                edits[at].push((fence.head.start..fence.body.end, text));
            }
        }
    }
    let mut changed = Vec::new();
    for (page, mut edits) in pages
        .iter()
        .zip(edits)
        .filter(|(_, edits)| !edits.is_empty())
    {
        edits.sort_by_key(|(range, _)| range.start);
        let mut text = page.text.clone();
        for (range, new) in edits.into_iter().rev() {
            text.replace_range(range, &new);
        }
        changed.push((page.path.clone(), text));
    }
    Ok(Recording { changed, findings })
}

/// The opening line, saying whose words stand below it.
fn head(line: &str, with: Option<&str>) -> String {
    let Some(with) = with else {
        return line.to_string();
    };
    let bare = line.split_once(" with=").map_or(line, |(bare, _)| bare);
    let rest = line
        .strip_prefix(bare)
        .and_then(|rest| rest.strip_prefix(" with=\""));
    let rest = rest
        .and_then(|rest| rest.split_once('"'))
        .map_or("", |(_, rest)| rest);
    format!("{} with=\"{with}\"{rest}", bare.trim_end())
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn the_opening_line_says_whose_words_follow() {
        let new = Some("rustc 1.95.0");
        let expected = "```text error-of=E0616 with=\"rustc 1.95.0\"";
        assert_eq!(head("```text error-of=E0616", new), expected);
        assert_eq!(
            head("```text error-of=E0616 with=\"rustc 1.85.1\"", new),
            expected
        );
        assert_eq!(
            head("```text error-of=E0616 with=\"rustc 1.85.1\" lines=1", new),
            "```text error-of=E0616 with=\"rustc 1.95.0\" lines=1"
        );
        assert_eq!(head("```text run=ls", None), "```text run=ls");
    }
}
