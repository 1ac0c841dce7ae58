//! The commands that a slide tells a person to type: that there are such
//! commands, and that they have such words.
//!
//! None is run. What a program knows it is asked for, by `--help`; programs
//! that are not asked (`tools/asked.rs`) are only looked for.

use std::process::Command;

use super::scratch::found;
use super::shell::commands;
use super::{Finding, Scratch};
use crate::deck::{Fence, Page};
use crate::error::Result;
use crate::files::Files;
use crate::tools::{self, Asked, End, asked};

impl Scratch<'_> {
    /// What is wrong with the first command that cannot be typed like this.
    pub(super) fn console(
        &self,
        page: &Page,
        fence: &Fence,
        body: &str,
        files: &Files,
    ) -> Result<Option<Finding>> {
        for typed in typed(body) {
            let (end, printed) = self.sh("sh -n", &["-c", "sh -nc \"$0\" 2>&1", &typed], fence)?;
            if end != End::Exit(0) {
                let what = format!("no shell understands `{typed}`");
                return Ok(Some(found(page, fence, what, printed)));
            }
            for words in commands(&typed) {
                if let Some(what) = self.wrong(&words, files, fence)? {
                    return Ok(Some(found(page, fence, what, "")));
                }
            }
        }
        Ok(None)
    }

    fn wrong(&self, words: &[String], files: &Files, fence: &Fence) -> Result<Option<String>> {
        let Some((program, rest)) = words.split_first() else {
            return Ok(None);
        };
        let root = self.repo.root.display().to_string();
        let look = "command -v \"$0\" || { cd \"$1\" && command -v \"$0\"; }";
        if program == "stage" {
            return Ok((self.understands)(rest).err());
        }
        if self.sh("sh", &["-c", look, program, &root], fence)?.0 != End::Exit(0) {
            return Ok(Some(format!("`{program}` is no command")));
        }
        match program.as_str() {
            "./setup.sh" => {
                let usage = self.help(&[program, "--help"], fence)?;
                let unknown = rest.iter().find(|word| !has(&usage, word));
                Ok(unknown.map(|word| format!("`{program}` knows no `{word}`")))
            }
            "python" | "python3" => self.python(rest, files, fence),
            _ => self.asked(program, rest, files, fence),
        }
    }

    fn python(&self, rest: &[String], files: &Files, fence: &Fence) -> Result<Option<String>> {
        let [flag, module, rest @ ..] = rest else {
            let script = rest.first().filter(|word| word.ends_with(".py"));
            let lost = script.filter(|script| !files.contains_key(script.as_str()));
            return Ok(lost.map(|script| format!("there is no `{script}` at `{}`", fence.at)));
        };
        match (flag.as_str(), module.as_str()) {
            ("-m", program) if asked(program).is_some() => self.asked(program, rest, files, fence),
            ("-m", module) => {
                let ask = "import importlib.util, sys\n\
                     name = sys.argv[1]\n\
                     found = importlib.util.find_spec(name)\n\
                     if found and found.submodule_search_locations:\n    \
                         found = importlib.util.find_spec(name + '.__main__')\n\
                     sys.exit(not found)";
                let mut python = tools::python(self.repo);
                python.args(["-c", ask, module]);
                if self.run(&mut python, fence, "1", "python")?.0 != End::Exit(0) {
                    let at = &fence.at;
                    return Ok(Some(format!(
                        "`python -m {module}` runs no module at `{at}`"
                    )));
                }
                let help = self.help(&["python", "-m", module, "--help"], fence)?;
                Ok(unknown_flag(&format!("python -m {module}"), rest, &help))
            }
            (script, _) if script.ends_with(".py") && !files.contains_key(script) => {
                Ok(Some(format!("there is no `{script}` at `{}`", fence.at)))
            }
            _ => Ok(None),
        }
    }

    fn asked(
        &self,
        program: &str,
        rest: &[String],
        files: &Files,
        fence: &Fence,
    ) -> Result<Option<String>> {
        let Some(Asked {
            subcommands,
            ask,
            nested,
            mute,
        }) = asked(program)
        else {
            return Ok(None);
        };
        if !subcommands {
            let paths = rest.iter().filter_map(|word| word.split("::").next());
            let mut paths = paths;
            let lost = paths.find(|path| {
                path.ends_with(".py") && !path.starts_with('-') && !files.contains_key(*path)
            });
            if let Some(path) = lost {
                return Ok(Some(format!("there is no `{path}` at `{}`", fence.at)));
            }
            let help = self.help(&[program, ask], fence)?;
            return Ok(unknown_flag(program, rest, &help));
        }
        let Some((sub, rest)) = rest
            .split_first()
            .filter(|(sub, _)| !sub.starts_with(['-', '+']))
        else {
            let help = self.help(&[program, "--help"], fence)?;
            return Ok(unknown_flag(program, rest, &help));
        };
        let (mut called, mut rest) = (vec![program, sub.as_str()], rest);
        let next = rest
            .split_first()
            .filter(|(next, _)| nested.contains(&sub.as_str()) && !next.starts_with('-'));
        if let Some((next, others)) = next {
            called.push(next);
            rest = others;
        }
        let (end, help) = self.ask(&[&called[..], &[ask]].concat(), fence)?;
        // git shows its help with a status of its own.
        if !matches!(end, End::Exit(0 | 129)) {
            let (last, above) = called.split_last().unwrap_or((&program, &[]));
            return Ok(Some(format!("`{}` knows no `{last}`", above.join(" "))));
        }
        if mute.contains(&sub.as_str()) {
            return Ok(None);
        }
        Ok(unknown_flag(&called.join(" "), rest, &help))
    }

    fn help(&self, words: &[&str], fence: &Fence) -> Result<String> {
        Ok(self.ask(words, fence)?.1)
    }

    /// What a program says of itself, and how it ends.
    fn ask(&self, words: &[&str], fence: &Fence) -> Result<(End, String)> {
        let root = self.repo.root.display().to_string();
        // A script of the repository is asked at its top, all else in the state.
        let script = "case $1 in ./*) cd \"$0\" ;; esac; exec \"$@\" 2>&1";
        let args = [&["-c", script, &root], words].concat();
        let (end, printed) = self.sh(words[0], &args, fence)?;
        Ok((end, printed.replace("[no-]", "")))
    }

    fn sh(&self, name: &str, args: &[&str], fence: &Fence) -> Result<(End, String)> {
        let mut shell = tools::in_venv(self.repo, Command::new("sh"));
        shell.args(args);
        self.run(&mut shell, fence, "1", name)
    }
}

/// Each command with the lines that go on below it.
fn typed(body: &str) -> Vec<String> {
    let mut typed: Vec<String> = Vec::new();
    for line in body.lines() {
        match (line.strip_prefix("$ "), line.strip_prefix("> ")) {
            (Some(command), _) => typed.push(command.to_string()),
            (_, Some(more)) => {
                if let Some(last) = typed.last_mut() {
                    last.push('\n');
                    last.push_str(more);
                }
            }
            _ => {}
        }
    }
    typed
}

fn unknown_flag(called: &str, rest: &[String], help: &str) -> Option<String> {
    let flags = rest.iter().take_while(|word| *word != "--");
    let mut flags = flags.filter(|word| word.starts_with('-') && *word != "-");
    let unknown = flags.find(|word| {
        let flag = word.split('=').next().unwrap_or(word);
        let short: String = word.chars().take(2).collect();
        let is_short = !word.starts_with("--");
        let is_number = word[1..].starts_with(|letter: char| letter.is_ascii_digit());
        let positive = flag.replacen("--no-", "--", 1);
        !(is_number || has(help, flag) || has(help, &positive) || is_short && has(help, &short))
    })?;
    Some(format!("`{called}` knows no `{unknown}`"))
}

/// Whether a help text has a word, all of it.
fn has(help: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    help.match_indices(word).any(|(at, _)| {
        let before = help[..at].chars().next_back();
        let after = help[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_known_if_the_help_has_all_of_it() {
        let help = "usage: git switch\n    -c, --create <branch>\n    -q, --quiet   be quiet\n";
        let unknown = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
            unknown_flag("git switch", &words, help)
        };
        assert_eq!(
            unknown(&[
                "-c",
                "x",
                "--quiet",
                "--create=x",
                "-cx",
                "-3",
                "--no-quiet"
            ]),
            None
        );
        assert_eq!(
            unknown(&["--quie"]).unwrap(),
            "`git switch` knows no `--quie`"
        );
        assert_eq!(
            unknown(&["--quiet-ly"]).unwrap(),
            "`git switch` knows no `--quiet-ly`"
        );
        assert!(unknown(&["-x"]).is_some());
        assert_eq!(unknown(&["--", "--anything"]), None);
    }

    #[test]
    fn a_command_goes_on_below() {
        assert_eq!(typed("$ a \\\n> b\n\n$ c\n"), ["a \\\nb", "c"]);
    }
}
