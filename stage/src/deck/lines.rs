//! Lines to look at one step after the other (`lines=1-3|5`), and code cut into lines.

use std::ops::RangeInclusive;

/// The groups of lines that a fence walks through, as written and as numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps {
    /// Each group as the page carries it: `1-3,7`.
    pub groups: Vec<String>,
    last: usize,
}

impl Steps {
    /// Read `1-3,7|5`: groups by `|`, ranges in them by `,`.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut last = 0;
        let mut groups = Vec::new();
        for group in text.split('|') {
            let mut named: Vec<RangeInclusive<usize>> = Vec::new();
            for part in group.split(',') {
                let range = range(part).ok_or_else(|| format!("`{part}` is no line of code"))?;
                let is_named = |other: &&RangeInclusive<usize>| {
                    other.start() <= range.end() && range.start() <= other.end()
                };
                if let Some(other) = named.iter().find(is_named) {
                    let line = range.start().max(other.start());
                    return Err(format!("line {line} is named twice in `{group}`"));
                }
                named.push(range.clone());
                last = last.max(*range.end());
            }
            groups.push(group.to_string());
        }
        Ok(Self { groups, last })
    }

    /// Whether code of `count` lines has them all.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn check(&self, count: usize) -> Result<(), String> {
        if self.last <= count {
            return Ok(());
        }
        let plural = if count == 1 { "" } else { "s" };
        let last = self.last;
        Err(format!(
            "`lines=` goes to line {last}, and the code has {count} line{plural}"
        ))
    }
}

fn range(part: &str) -> Option<RangeInclusive<usize>> {
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<usize>().ok().filter(|_| is_number)
    };
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let range = number(first)?..=number(last)?;
    (*range.start() > 0 && !range.is_empty()).then_some(range)
}

/// Put each line of coloured code into a span of its own, with what `class`
/// says for the line (from 0). A colour that spans lines is closed at each end
/// and opened again.
pub fn wrapped(html: &str, class: impl Fn(usize) -> &'static str) -> String {
    let mut wrapped = String::with_capacity(html.len() * 2);
    let mut open: Vec<&str> = Vec::new();
    for (number, line) in html.split_inclusive('\n').enumerate() {
        wrapped.push_str(&format!("<span class=\"line{}\">", class(number)));
        wrapped.extend(open.iter().copied());
        let code = line.strip_suffix('\n').unwrap_or(line);
        let mut rest = code;
        while let Some(at) = rest.find('<') {
            let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
            match &rest[at..end] {
                "</span>" => drop(open.pop()),
                tag => open.push(tag),
            }
            rest = &rest[end..];
        }
        wrapped.push_str(code);
        wrapped.push_str(&"</span>".repeat(open.len()));
        wrapped.push_str(if code.len() < line.len() {
            "\n</span>"
        } else {
            "</span>"
        });
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_order() {
        let steps = Steps::parse("4|1-2,6|5").unwrap();
        assert_eq!(steps.groups, ["4", "1-2,6", "5"]);
        assert_eq!(steps.check(6), Ok(()));
        assert_eq!(
            steps.check(5).unwrap_err(),
            "`lines=` goes to line 6, and the code has 5 lines"
        );
    }

    #[test]
    fn what_is_no_line_is_named() {
        for (text, part) in [
            ("0", "0"),
            ("1|", ""),
            ("3-2", "3-2"),
            ("1-x", "1-x"),
            ("+1", "+1"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            let reason = Steps::parse(text).unwrap_err();
            assert_eq!(reason, format!("`{part}` is no line of code"));
        }
    }

    #[test]
    fn a_line_is_named_once_in_a_step() {
        let reason = Steps::parse("1|4-6,2-4").unwrap_err();
        assert_eq!(reason, "line 4 is named twice in `4-6,2-4`");
        assert!(Steps::parse("1-3|2").is_ok());
    }

    #[test]
    fn a_colour_over_two_lines_is_opened_again() {
        let html = "a <span class=\"c\">b\nc</span> d\n";
        assert_eq!(
            wrapped(html, |line| if line == 1 { " added" } else { "" }),
            "<span class=\"line\">a <span class=\"c\">b</span>\n</span>\
             <span class=\"line added\"><span class=\"c\">c</span> d\n</span>"
        );
    }
}
