//! Characters that a reader cannot see, and that make a line mean something
//! else than it shows.

/// The first of them, and where it stands: controls (colours of a terminal
/// among them), marks of direction, spaces without width.
pub fn hidden(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(_, letter)| is_hidden(*letter))
}

fn is_hidden(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator, byte order mark.
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => true,
        // No width; direction; line and paragraph; direction again; invisible operators.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        // Tags: text within text.
        '\u{e0000}'..='\u{e007f}' => true,
        letter => letter.is_control(),
    }
}

/// The columns that a line takes on a slide, where a tab goes to the next eighth.
pub fn width(line: &str) -> usize {
    line.chars().fold(0, |width, letter| match letter {
        '\t' => width / 8 * 8 + 8,
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => width,
        letter if is_wide(letter) => width + 2,
        _ => width + 1,
    })
}

/// Scripts of East Asia, and emoji: each as wide as two letters.
fn is_wide(letter: char) -> bool {
    matches!(letter,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_found_where_it_stands() {
        for letter in [
            '\u{1b}',
            '\u{0}',
            '\u{85}',
            '\u{200b}',
            '\u{202e}',
            '\u{2066}',
            '\u{2028}',
            '\u{feff}',
            '\u{e0041}',
            '\u{ad}',
        ] {
            assert_eq!(hidden(&format!("é{letter}b")), Some((2, letter)));
        }
        assert_eq!(hidden("a\tb\n… × – 2⁶² 纸 µ\u{301}"), None);
    }

    #[test]
    fn a_tab_and_a_wide_letter_take_the_columns_that_they_take() {
        assert_eq!(width("ab\tc"), 9);
        assert_eq!(width("纸 é"), 4);
        assert_eq!(width("e\u{301}"), 1);
    }
}
