//! The opening line of a fence: a language, and words that say what is shown.
//!
//! The file is long because every way of being wrong says what, where and how
//! to mend it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use pulldown_cmark::CodeBlockKind;

use super::extent::{body, broken};
use super::fence::bad_place;
use super::lines::Steps;
use super::typed::unproved;
use super::{Fence, Kind, Page};
use crate::checkpoint::{Checkpoint, nearest};
use crate::error::{Error, Result};
use crate::outline::Slide;
use crate::words;

/// What each kind of fence is written with: a language, the word that makes it
/// this kind, and the words that it may have besides.
const SHAPES: [(&str, &str, &[&str]); 10] = [
    ("rust", "src=", &["sig", "at=", "lines="]),
    ("rust", "compile_fail=", &["file=", "at=", "lines="]),
    ("python", "src=", &["sig", "at=", "lines="]),
    ("toml", "src=", &["sig", "at=", "lines="]),
    ("diff", "src=", &["diff", "diff=", "at=", "lines="]),
    ("pycon", "", &["at=", "lines=", "limit="]),
    ("text", "run=", &["exit=", "at=", "lines=", "limit="]),
    ("text", "error-of=", &["with=", "first", "lines="]),
    ("text", "bench=", &["lines="]),
    ("console", "", &["at=", "lines="]),
];

/// How long a command on a slide may take unless its fence says otherwise.
const LIMIT: Duration = Duration::from_secs(20);

/// Nobody proves a deck whose commands take longer.
const MOST_SECONDS: u32 = 600;

/// Read a fence of a slide; `range` is all of it in the file, and
/// `line` the first of its lines.
///
/// # Errors
/// `BadPlace`.
pub fn fence(
    page: &Page,
    slide: &Slide,
    kind: &CodeBlockKind,
    (range, line): (Range<usize>, usize),
) -> Result<Fence> {
    let end = page.text[range.clone()].find('\n');
    let head = range.start..end.map_or(range.end, |at| range.start + at);
    let opening = Opening { page, head, line };
    let CodeBlockKind::Fenced(info) = kind else {
        let reason = "indented text is code here by accident";
        return Err(opening.bad("", reason, "take the four spaces away, or fence it"));
    };
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    let mut said = opening.words(language, rest)?;
    let key = opening.shape(language, &said)?;
    let checkpoint = |tag: String| {
        let reason = format!("`{tag}` is no checkpoint");
        let mend = "name one like `03-classes-done`";
        Checkpoint::parse(&tag).ok_or_else(|| opening.bad(&tag, reason, mend))
    };
    let mut value = |name: &str| said.remove(name).flatten();
    let at = value("at").map_or(Ok(slide.at.clone()), checkpoint)?;
    let limit = value("limit").map(|text| opening.number("limit=", &text, 1..=MOST_SECONDS));
    let limit = limit
        .transpose()?
        .map(|limit| Duration::from_secs(limit.into()));
    let steps = value("lines").map(|text| Steps::parse(&text)).transpose();
    let steps =
        steps.map_err(|reason| opening.bad("lines=", reason, "write it like `lines=1-3|5`"))?;
    let key_value = value(key.trim_end_matches('=')).unwrap_or_default();
    let kind = match key {
        "src=" => {
            let (file, item) = match key_value.split_once('#') {
                Some((file, item)) => (file.to_string(), Some(item.to_string())),
                None => (key_value, None),
            };
            opening.check_source(language, &file, item.as_deref(), said.contains_key("sig"))?;
            let since = said.remove("diff").flatten().map(checkpoint).transpose()?;
            let docs = !said.contains_key("sig");
            match language {
                "diff" => Kind::Change { file, item, since },
                _ => Kind::Source { file, item, docs },
            }
        }
        "compile_fail=" => {
            let file = value("file").unwrap_or_else(|| "src/slide.rs".into());
            opening.refused(key_value, file)?
        }
        "run=" => {
            let exit =
                value("exit").map_or(Ok(0), |text| opening.number("exit=", &text, 0..=255))?;
            Kind::Output {
                command: key_value,
                exit: exit as i32,
            }
        }
        "error-of=" => Kind::Message {
            code: key_value,
            of: 0,
            with: opening.compiler(value("with"))?,
            first: said.remove("first").is_some(),
        },
        "bench=" => {
            let (name, ids) = key_value.split_once('#').unwrap_or((&key_value, ""));
            Kind::Bench {
                name: name.into(),
                ids: ids
                    .split(',')
                    .filter(|id| !id.is_empty())
                    .map(String::from)
                    .collect(),
            }
        }
        _ if language == "pycon" => Kind::Session,
        _ => Kind::Console,
    };
    if let Some((reason, mend)) = broken(&page.text, range.clone()) {
        return Err(opening.bad("", reason, mend));
    }
    let fence = Fence {
        language: language.into(),
        kind,
        at,
        steps,
        limit: limit.unwrap_or(LIMIT),
        head: opening.head.clone(),
        body: body(&page.text, range),
        line,
    };
    let text = &page.text[fence.body.clone()];
    fence.check_body(page, text)?;
    match unproved(&fence.kind, text) {
        None => Ok(fence),
        Some((at, reason)) => Err(Error::BadPlace {
            path: page.path.clone(),
            line: line + 1 + at,
            column: 1,
            reason,
            mend: "show what a command prints in a `text run=\"…\"` fence".into(),
        }),
    }
}

/// "; did you mean …?", or nothing.
pub fn near(name: &str, names: &[&str]) -> String {
    let near = nearest(name, names.iter().map(|name| name.to_string()));
    near.map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

type Words = BTreeMap<String, Option<String>>;

/// An opening line, for saying what is wrong in it.
struct Opening<'a> {
    page: &'a Page,
    head: Range<usize>,
    line: usize,
}

impl Opening<'_> {
    fn bad(&self, word: &str, reason: impl Into<String>, mend: impl Into<String>) -> Error {
        bad_place(self.page, self.head.clone(), self.line, word, reason, mend)
    }

    /// The words after the language, each of which some fence in it has.
    fn words(&self, language: &str, rest: &str) -> Result<Words> {
        let known: Vec<&str> = known(language);
        if known.is_empty() {
            let mut names: Vec<&str> = SHAPES.iter().map(|(name, ..)| *name).collect();
            names.dedup();
            let reason = format!("no fence is in `{language}`{}", near(language, &names));
            return Err(self.bad(language, reason, format!("use one of {}", names.join(", "))));
        }
        let mut said = Words::new();
        let words = words::parse(rest).map_err(|reason| self.bad("", reason, "close it"))?;
        for (name, value) in words {
            let written = written(&name, &value);
            if !known.contains(&written.as_str()) {
                let near = near(&written, &known);
                let reason = format!("a {language} fence knows no `{written}`{near}");
                return Err(self.bad(&written, reason, format!("it has {}", known.join(", "))));
            }
            if value.as_ref().is_some_and(String::is_empty) {
                let reason = format!("`{written}` has no value");
                return Err(self.bad(&written, reason, "write one behind it, or take it away"));
            }
            if said.insert(name, value).is_some() {
                let reason = format!("`{written}` stands there twice");
                return Err(self.bad(&written, reason, "take one away"));
            }
        }
        Ok(said)
    }

    /// The word that tells what kind of fence it is; empty where the language does.
    fn shape(&self, language: &str, said: &Words) -> Result<&'static str> {
        let shapes = SHAPES.iter().filter(|(name, ..)| *name == language);
        let has = |key: &str| said.contains_key(key.trim_end_matches('='));
        let found: Vec<_> = shapes
            .filter(|(_, key, _)| key.is_empty() || has(key))
            .collect();
        let (key, may) = match found[..] {
            [(_, key, may)] => (*key, *may),
            [] => return Err(self.without(language)),
            _ if language == "rust" => {
                let reason = "code from a checkpoint compiles; `compile_fail=` is typed";
                let mend = "take `src=` or `compile_fail=` away";
                return Err(self.bad("compile_fail=", reason, mend));
            }
            _ => {
                let reason = "a command prints it, or the compiler, or a benchmark: one of them";
                let mend = "keep one of `run=`, `error-of=` and `bench=`";
                let keys = ["error-of=", "bench="];
                let word = keys.into_iter().find(|key| has(key));
                return Err(self.bad(word.unwrap_or_default(), reason, mend));
            }
        };
        for (name, value) in said {
            let written = written(name, value);
            if written != key && !may.contains(&written.as_str()) {
                let reason = format!("a fence with `{key}` has no use for `{written}`");
                return Err(self.bad(&written, reason, "take it away"));
            }
        }
        Ok(key)
    }

    fn without(&self, language: &str) -> Error {
        match language {
            "diff" => {
                let reason = "a diff without a file: nobody knows of what";
                self.bad("", reason, "name it: `src=src/lib.rs`")
            }
            "text" => self.bad(
                "",
                "output without the command that printed it",
                "say it: `run=\"…\"`, `error-of=E0616` for what the compiler said, `bench=ladder`",
            ),
            _ => self.bad(
                "",
                format!("{language} without a source: nobody has compiled it"),
                "name where it comes from: `src=src/order.rs#Order`",
            ),
        }
    }

    /// Code is shown as what it is, and what is asked for has a name.
    fn check_source(
        &self,
        language: &str,
        file: &str,
        item: Option<&str>,
        sig: bool,
    ) -> Result<()> {
        let ends: &[&str] = match language {
            "rust" => &[".rs"],
            "python" => &[".py", ".pyi"],
            "toml" => &[".toml", ".lock"],
            _ => &[""],
        };
        if !ends.iter().any(|end| file.ends_with(end)) {
            let reason = format!("`{file}` is not {language}");
            return Err(self.bad(
                file,
                reason,
                format!("name a file that ends in {}", ends.join(" or ")),
            ));
        }
        if item == Some("") {
            let mend = "name an item after `#`, or take it away";
            return Err(self.bad("#", "an item without a name", mend));
        }
        if sig && item.is_none() {
            let reason = "`sig` leaves an item's docs out, and a whole file is shown";
            return Err(self.bad("sig", reason, "name an item: `src=src/order.rs#Order`"));
        }
        Ok(())
    }

    fn refused(&self, code: String, file: String) -> Result<Kind> {
        let digits = code.strip_prefix('E').unwrap_or_default();
        if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            let reason = format!("`{code}` is no error of the compiler");
            return Err(self.bad(&code, reason, "name one like `compile_fail=E0616`"));
        }
        if !file.starts_with("src/") || !file.ends_with(".rs") || file.contains("..") {
            let reason = format!("`{file}` is no file of the crate");
            return Err(self.bad("file=", reason, "name one like `file=src/slide.rs`"));
        }
        Ok(Kind::Refused { code, file })
    }

    /// A compiler and its version, as it says them itself.
    fn compiler(&self, with: Option<String>) -> Result<Option<String>> {
        let is_version = |text: &String| {
            let version = text.strip_prefix("rustc ").unwrap_or_default();
            let number = version.split('-').next().unwrap_or_default();
            let parts: Vec<_> = number.split('.').map(str::parse::<u32>).collect();
            parts.len() == 3 && parts.iter().all(Result::is_ok)
        };
        match with {
            Some(with) if !is_version(&with) => {
                let reason = format!("`{with}` is no version of the compiler");
                Err(self.bad(
                    "with=",
                    reason,
                    "take it away: `stage deck record` writes it",
                ))
            }
            with => Ok(with),
        }
    }

    fn number(&self, name: &str, text: &str, may: std::ops::RangeInclusive<u32>) -> Result<u32> {
        let number = text.parse().ok().filter(|number| may.contains(number));
        number.ok_or_else(|| {
            let (least, most) = (may.start(), may.end());
            let reason = format!("`{name}{text}` is no number from {least} to {most}");
            self.bad(name, reason, format!("write `{name}1`"))
        })
    }
}

/// The words that some fence in the language has, each once.
fn known(language: &str) -> Vec<&'static str> {
    let mut known = Vec::new();
    for (_, key, may) in SHAPES.iter().filter(|(name, ..)| *name == language) {
        known.extend(std::iter::once(*key).chain(may.iter().copied()));
    }
    let mut seen = Vec::new();
    known.retain(|word| {
        !word.is_empty() && !seen.contains(word) && {
            seen.push(*word);
            true
        }
    });
    known
}

/// A word as it stands in the line: with `=` if it has a value.
fn written(name: &str, value: &Option<String>) -> String {
    match value {
        Some(_) => format!("{name}="),
        None => name.into(),
    }
}
