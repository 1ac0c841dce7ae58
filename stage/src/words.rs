//! The attributes in slide comments and in the first line of a fence.

/// Read `id=frozen min=3 run="python -m dunder" optional`: words with or
/// without a value; a value with spaces stands in double quotes.
///
/// # Errors
/// The reason, in words, for a quote that is never closed.
pub fn parse(text: &str) -> Result<Vec<(String, Option<String>)>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| letter.is_whitespace() || letter == '=')
            .unwrap_or(rest.len());
        let name = rest[..end].to_string();
        let value = match rest[end..].strip_prefix("=\"") {
            Some(quoted) => {
                let close = quoted
                    .find('"')
                    .ok_or_else(|| format!("the quote after `{name}=` is never closed"))?;
                rest = &quoted[close + 1..];
                Some(quoted[..close].to_string())
            }
            None => match rest[end..].strip_prefix('=') {
                Some(bare) => {
                    let close = bare.find(char::is_whitespace).unwrap_or(bare.len());
                    rest = &bare[close..];
                    Some(bare[..close].to_string())
                }
                None => {
                    rest = &rest[end..];
                    None
                }
            },
        };
        words.push((name, value));
        rest = rest.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_bare_quoted_or_no_values() {
        let words = parse(" id=frozen run=\"python -m x\"  optional ").unwrap();
        let expected = [
            ("id", Some("frozen")),
            ("run", Some("python -m x")),
            ("optional", None),
        ];
        let expected = expected.map(|(name, value)| (name.to_string(), value.map(String::from)));
        assert_eq!(words, expected);
    }

    #[test]
    fn an_open_quote_is_an_error() {
        assert_eq!(
            parse("run=\"never").unwrap_err(),
            "the quote after `run=` is never closed"
        );
    }
}
