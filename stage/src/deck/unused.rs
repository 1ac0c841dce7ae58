//! What a browser need not load. reveal.css without what no slide of ours uses,
//! two thirds of it: it is reveal.js's own file all the same; only whole selectors
//! are left out. And our own styles and scripts without their comments.

/// Pieces of selectors: views, transitions, effects and blocks that the deck
/// has switched off or does without.
const UNUSED: [&str; 26] = [
    // The scroll view, reveal.js's own print, and windows over the slides.
    "scroll",
    "print-pdf",
    "reveal-print",
    "r-overlay",
    "preview",
    // Transitions: the deck has none.
    "transition",
    "page-transition",
    "parallax",
    "auto-animate",
    // Effects of fragments: ours mark lines, by a class of their own.
    "fragment.grow",
    "fragment.shrink",
    "fragment.strike",
    "fragment.fade",
    "fragment.highlight",
    "fragment.zoom",
    "fragment.blur",
    "fragment.semi-fade",
    "fragment.current-visible",
    "fragment.custom",
    "fragment.disabled",
    // Layout helpers, other directions, a clock that runs by itself.
    "r-stack",
    "r-fit",
    "r-vstack",
    "r-hstack",
    ".rtl",
    ".playback",
];

/// What switches transitions off speaks of them, too.
const NO_TRANSITION: &str = ".none";

/// The style sheet without rules for what is not used.
///
/// Rules inside `@media` are looked through as well; other at-rules, and what
/// is not a rule, stay as they are.
pub fn without_unused(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((head, body, after)) = next_rule(rest) {
        rest = after;
        if head.trim_start().starts_with("@media") {
            let inside = without_unused(body);
            if !inside.trim().is_empty() {
                kept.push_str(&format!("{head}{{{inside}}}"));
            }
        } else if head.trim_start().starts_with('@') {
            kept.push_str(&format!("{head}{{{body}}}"));
        } else {
            let used: Vec<&str> = selectors(head)
                .filter(|one| {
                    one.contains(NO_TRANSITION) || !UNUSED.iter().any(|piece| one.contains(piece))
                })
                .collect();
            if !used.is_empty() {
                kept.push_str(&format!("{}{{{body}}}", used.join(",")));
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// A style or script of ours without the lines that only comment.
pub fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines() {
        let bare = line.trim();
        if inside || bare.starts_with("/*") {
            inside = !bare.ends_with("*/");
        } else if !bare.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// What stands before the first block, what in it, and what after it.
fn next_rule(css: &str) -> Option<(&str, &str, &str)> {
    let open = css.find('{')?;
    let mut depth = 0;
    for (at, letter) in css[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let end = open + at;
            return Some((&css[..open], &css[open + 1..end], &css[end + 1..]));
        }
    }
    None
}

/// The selectors of a rule: those that commas outside brackets separate.
fn selectors(head: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    head.split(move |letter| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::{without_comments, without_unused};

    #[test]
    fn lines_that_only_comment_are_left_out() {
        let text = "// a\n/* b\n   c */\nd(); // e\n  /** f */\nconst g = \"//h\";\n";
        assert_eq!(without_comments(text), "d(); // e\nconst g = \"//h\";\n");
    }

    #[test]
    fn a_rule_goes_when_all_its_selectors_are_unused() {
        let css = ".a{b:c}.r-stack,.x .rtl{d:e}.a,.r-fit p{f:g}";
        assert_eq!(without_unused(css), ".a{b:c}.a{f:g}");
    }

    #[test]
    fn what_switches_transitions_off_stays() {
        let css = ".reveal.none section:not([data-transition]){a:b}.x[data-transition=zoom]{c:d}";
        let kept = ".reveal.none section:not([data-transition]){a:b}";
        assert_eq!(without_unused(css), kept);
    }

    #[test]
    fn commas_in_brackets_separate_nothing() {
        let css = ".a:not(.b,.rtl){c:d}.a:is(.b,.c),.e{f:g}";
        assert_eq!(without_unused(css), ".a:is(.b,.c),.e{f:g}");
    }

    #[test]
    fn at_rules_are_kept_and_media_looked_through() {
        let css =
            "@keyframes x{from{a:b}to{a:c}}@media print{.a{b:c}.rtl{d:e}}@media screen{.rtl{d:e}}";
        assert_eq!(
            without_unused(css),
            "@keyframes x{from{a:b}to{a:c}}@media print{.a{b:c}}"
        );
    }

    #[test]
    fn what_is_not_a_rule_stays() {
        assert_eq!(without_unused(".a{b:c} /* end */"), ".a{b:c} /* end */");
        assert_eq!(without_unused(".a{b:c"), ".a{b:c");
    }
}
