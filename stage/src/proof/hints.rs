//! Each exercise has two or three hints, numbered, and no other slide has any.

use super::Finding;
use crate::deck::Page;
use crate::hint;

/// What `stage hint` could not show, or nobody would find.
pub fn hints(pages: &[Page]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in pages {
        let mut places = Vec::new();
        for slide in &page.outline.slides {
            let hints = hint::of(&page.text[slide.text.clone()]);
            let mut found = |what: String, mend: &str| {
                let place = format!("{}:{}", page.path, slide.line);
                findings.push(Finding::new(place, what, mend));
            };
            if !slide.id.starts_with(hint::EXERCISE) {
                if !hints.is_empty() {
                    let what = format!("`{}` has hints and is no exercise", slide.id);
                    found(what, "begin its id with `exercise-`, or take them away");
                }
                continue;
            }
            if places.contains(&&slide.at) {
                let what = format!(
                    "a second exercise at `{}`: `stage hint` finds the first",
                    slide.at
                );
                found(what, "give one of the two another checkpoint");
            }
            places.push(&slide.at);
            if !(2..=3).contains(&hints.len()) {
                let what = format!("the exercise has {} hints, not two or three", hints.len());
                found(
                    what,
                    "write them as `<details><summary>Hint 1</summary>…</details>`, above the notes",
                );
            }
            let numbers: Vec<&str> = hints.iter().map(|hint| hint.number.as_str()).collect();
            let is_next = |(at, number): (usize, &&str)| **number == (at + 1).to_string();
            if !numbers.iter().enumerate().all(is_next) {
                let shown: Vec<String> = numbers
                    .iter()
                    .map(|number| format!("`Hint {number}`"))
                    .collect();
                let what = format!("the hints are called {}", shown.join(", "));
                found(what, "number them from 1 on");
            }
            for hint in hints
                .iter()
                .filter(|hint| hint::lines(&hint.text, 80).is_empty())
            {
                found(
                    format!("hint {} is empty", hint.number),
                    "write it, or take it away",
                );
            }
        }
    }
    findings
}
