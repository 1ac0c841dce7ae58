//! Code that the compiler must refuse: typed on the slide, tried at the checkpoint.

use super::scratch::{Printed, found};
use super::{Finding, Scratch};
use crate::deck::{Fence, Page, compiler_words};
use crate::error::Result;
use crate::files::{File, Files};
use crate::tools;

impl Scratch<'_> {
    /// Put a fence's code into its file at this state and compile it: what the
    /// compiler says, if it refuses it with `code` and with nothing else. The
    /// state is laid out again afterwards.
    pub(super) fn refused(
        &self,
        page: &Page,
        fence: &Fence,
        (code, file): (&str, &str),
        files: &Files,
    ) -> Result<Result<Printed, Finding>> {
        let body = &page.text[fence.body.clone()];
        let with_body = match with_code(files, file, body) {
            Ok(with_body) => with_body,
            Err(reason) => return Ok(Err(found(page, fence, reason, ""))),
        };
        self.lay_out(&with_body)?;
        let ran = tools::compile(self.repo, &self.live, &self.target)?;
        self.lay_out(files)?;
        let text = self.normal().shown(&compiler_words(&ran.printed));
        if ran.ok {
            let what = format!("it compiles; the slide says that it is refused with {code}");
            return Ok(Err(found(page, fence, what, "")));
        }
        let errors = errors(&text);
        if errors.is_empty() || errors.iter().any(|error| error != code) {
            let what = format!("it is refused with {}, not with {code}", list(&errors));
            return Ok(Err(found(page, fence, what, ran.printed)));
        }
        let with = Some(tools::compiler(self.repo, &self.live)?);
        Ok(Ok(Printed { text, with }))
    }
}

/// The files with the code at the end of `file`; a new one below `src/` becomes
/// a module of the crate.
fn with_code(files: &Files, file: &str, body: &str) -> Result<Files, String> {
    let mut files = files.clone();
    let read = |files: &Files, path: &str| {
        let text = files.get(path).and_then(File::as_str);
        text.map(String::from)
    };
    let root = "src/lib.rs";
    let Some(library) = read(&files, root) else {
        return Err("there is no Rust at this checkpoint".into());
    };
    if let Some(text) = read(&files, file) {
        files.insert(file.into(), File::text(format!("{text}\n{body}")));
        return Ok(files);
    }
    let name = file
        .strip_prefix("src/")
        .and_then(|name| name.strip_suffix(".rs"));
    let is_letter = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    match name.filter(|name| !name.is_empty() && name.chars().all(is_letter)) {
        Some(name) => {
            files.insert(root.into(), File::text(format!("{library}\nmod {name};\n")));
            files.insert(file.into(), File::text(body));
            Ok(files)
        }
        None => Err(format!(
            "`{file}` can be no module: name it like `src/slide.rs`"
        )),
    }
}

/// The codes of the errors that the compiler reports, each once.
fn errors(text: &str) -> Vec<String> {
    let mut errors: Vec<String> = Vec::new();
    for line in text.lines() {
        let error = match line.strip_prefix("error[") {
            Some(rest) => rest.split(']').next().map(String::from),
            None => line.starts_with("error: ").then(|| line.to_string()),
        };
        errors.extend(error.filter(|error| !errors.contains(error)));
    }
    errors
}

fn list(errors: &[String]) -> String {
    if errors.is_empty() {
        "no error of the compiler".into()
    } else {
        errors.join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let file = |path: &str, text: &str| (path.to_string(), File::text(text));
        Files(
            [
                file("src/lib.rs", "mod a;\n"),
                file("src/a.rs", "fn a() {}\n"),
            ]
            .into(),
        )
    }

    #[test]
    fn code_is_added_to_a_file_or_becomes_a_module() {
        let with = |file: &str| with_code(&files(), file, "fn b() {}\n");
        let added = with("src/a.rs").unwrap();
        assert_eq!(added["src/a.rs"].as_str(), Some("fn a() {}\n\nfn b() {}\n"));
        let new = with("src/slide.rs").unwrap();
        assert_eq!(new["src/slide.rs"].as_str(), Some("fn b() {}\n"));
        assert_eq!(new["src/lib.rs"].as_str(), Some("mod a;\n\nmod slide;\n"));
        assert!(
            with("tests/slide.rs")
                .unwrap_err()
                .contains("can be no module")
        );
        assert!(
            with("src/../x.rs")
                .unwrap_err()
                .contains("can be no module")
        );
        assert!(
            with_code(&Files::default(), "src/a.rs", "")
                .unwrap_err()
                .contains("no Rust")
        );
    }

    #[test]
    fn every_error_counts_once() {
        let text = "error[E0616]: a\nerror[E0616]: b\nerror: expected `;`\n  error[E0001]\n";
        assert_eq!(errors(text), ["E0616", "error: expected `;`"]);
    }
}
