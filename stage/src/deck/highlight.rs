//! Colouring code, as spans with classes: the theme has the colours.

use std::collections::HashMap;

use tree_sitter_highlight::{Highlight, HighlightConfiguration, HighlightEvent, Highlighter};

use super::item::grammar;

/// What the grammars' queries may call a piece of code; the class is the part
/// before the dot.
const NAMES: [&str; 18] = [
    "attribute",
    "comment",
    "constant",
    "constructor",
    "embedded",
    "escape",
    "function",
    "keyword",
    "label",
    "module",
    "number",
    "operator",
    "property",
    "string",
    "tag",
    "type",
    "variable",
    "boolean",
];

/// Colours code; the grammars' queries are compiled once.
pub struct Painter {
    highlighter: Highlighter,
    configurations: HashMap<&'static str, HighlightConfiguration>,
}

impl Painter {
    pub fn new() -> Self {
        let mut configurations = HashMap::new();
        for (language, query) in [
            ("rust", tree_sitter_rust::HIGHLIGHTS_QUERY),
            ("python", tree_sitter_python::HIGHLIGHTS_QUERY),
            ("toml", tree_sitter_toml_ng::HIGHLIGHTS_QUERY),
        ] {
            let configuration = grammar(language).and_then(|grammar| {
                HighlightConfiguration::new(grammar, language, query, "", "").ok()
            });
            if let Some(mut configuration) = configuration {
                configuration.configure(&NAMES);
                configurations.insert(language, configuration);
            }
        }
        Self {
            highlighter: Highlighter::new(),
            configurations,
        }
    }

    /// `text` as HTML, coloured if the language is known.
    pub fn html(&mut self, language: &str, text: &str) -> String {
        match language {
            "pycon" => self.session(text),
            "console" => prompts(text),
            _ => self.code(language, text),
        }
    }

    fn code(&mut self, language: &str, text: &str) -> String {
        let coloured = self.configurations.get(language).and_then(|configuration| {
            let events = self
                .highlighter
                .highlight(configuration, text.as_bytes(), None, |_| None)
                .ok()?;
            let mut html = String::new();
            for event in events {
                match event.ok()? {
                    HighlightEvent::Source { start, end } => {
                        html.push_str(&escape(text.get(start..end)?))
                    }
                    HighlightEvent::HighlightStart(Highlight(name)) => {
                        html.push_str(&format!("<span class=\"hl-{}\">", NAMES[name]));
                    }
                    HighlightEvent::HighlightEnd => html.push_str("</span>"),
                }
            }
            Some(html)
        });
        coloured.unwrap_or_else(|| escape(text))
    }

    /// Python's prompts, with what is typed coloured and what is printed plain.
    fn session(&mut self, text: &str) -> String {
        let mut html = String::new();
        for line in text.lines() {
            match line
                .get(..4)
                .filter(|prompt| matches!(*prompt, ">>> " | "... "))
            {
                Some(prompt) => {
                    html.push_str(&format!(
                        "<span class=\"hl-prompt\">{}</span>",
                        escape(prompt)
                    ));
                    html.push_str(&self.code("python", &line[4..]));
                }
                None => html.push_str(&format!(
                    "<span class=\"hl-output\">{}</span>",
                    escape(line)
                )),
            }
            html.push('\n');
        }
        html
    }
}

fn prompts(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("$ ") {
        Some(command) => format!("<span class=\"hl-prompt\">$ </span>{}\n", escape(command)),
        None => format!("{}\n", escape(line)),
    };
    text.lines().map(line).collect()
}

/// Text as HTML text or an attribute's value.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for letter in html.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    }

    #[test]
    fn colouring_loses_no_letter() {
        let mut painter = Painter::new();
        let rust = "fn f<'a>(x: &'a str) -> Vec<u8> {\n    x.bytes().collect() // \"é\" & <b>\n}\n";
        let html = painter.html("rust", rust);
        assert!(html.contains("hl-keyword"));
        assert_eq!(plain(&html), rust);
    }

    #[test]
    fn a_session_has_prompts_code_and_output() {
        let html = Painter::new().html("pycon", ">>> f(\"x\")\n'<b>'\n");
        assert!(html.contains("<span class=\"hl-prompt\">&gt;&gt;&gt; </span>"));
        assert!(html.contains("<span class=\"hl-output\">'&lt;b&gt;'</span>"));
    }

    #[test]
    fn an_unknown_language_is_only_escaped() {
        assert_eq!(Painter::new().html("text", "a < b\n"), "a &lt; b\n");
    }
}
