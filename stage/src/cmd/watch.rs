//! `stage watch`: build and test `live/` after each save, and say how it stands.
//!
//! Where all tests take long, those that the section brought come first, and it is
//! said at once how they stand.

use std::fs;
use std::io::{IsTerminal, Write, stdout};
use std::thread;
use std::time::{Duration, Instant};

use super::{Context, test};
use crate::changes::{Changes, fingerprint, newest};
use crate::error::{Error, Result};
use crate::expected::Verdict;
use crate::git::Git;
use crate::tools::{self, For, Ran};
use crate::{moves, place, report};

#[derive(clap::Args)]
pub struct Args {}

/// How long nothing may be saved before a run: an editor that saves all, a move.
const QUIET: Duration = Duration::from_millis(60);

/// How often files may be saved again before there was a word on them, until it is said
/// what keeps it back.
const MANY: u32 = 10;

/// Whoever waits longer for all tests hears of some before.
const LONG: Duration = Duration::from_secs(1);

pub fn run(context: &Context, _: &Args) -> Result<()> {
    let mut changes = Changes::of(context.repo.live());
    let git = context.git().ok();
    println!("watching `live/`; Ctrl-C ends it");
    let mut watch = Watch {
        context,
        git,
        on_stage: String::new(),
        is_long: false,
    };
    let mut tested = None;
    let mut tries = 0;
    loop {
        let now = changes.look();
        if tested == Some(now) {
            tries = 0;
            changes.wait();
            continue;
        }
        thread::sleep(quiet_after(tries));
        if changes.look() == now {
            let Some(print) = now else {
                println!("`live/` is not there: `stage go 1` puts a checkpoint there");
                tested = Some(None);
                continue;
            };
            if watch.news(print) {
                tested = Some(now);
                continue;
            }
        }
        tries += 1;
        if tries == MANY {
            watch.say_what_changes();
            // Whatever comes to rest is told of, what was told before, too.
            tested = None;
        }
    }
}

/// Somebody who types saves again once or twice; what never rests is not tested four times a
/// second in vain.
fn quiet_after(tries: u32) -> Duration {
    QUIET * 2_u32.pow(tries.saturating_sub(2).min(4))
}

struct Watch<'a> {
    context: &'a Context,
    git: Option<Git>,
    on_stage: String,
    /// The last run of all tests was.
    is_long: bool,
}

impl Watch<'_> {
    /// Say how `live/` stands; false as soon as it is no longer what it was.
    fn news(&mut self, print: u64) -> bool {
        let live = self.context.repo.live();
        let is_still = || fingerprint(&live, &[]) == print;
        show_passing("testing …");
        let news = match self.tested(&is_still) {
            Ok(Some(news)) => news,
            Ok(None) => return false,
            Err(error) => error.to_string(),
        };
        self.say(&news, &is_still)
    }

    /// What was found of files that have changed since is nobody's news: false.
    fn say(&mut self, news: &str, is_still: &dyn Fn() -> bool) -> bool {
        let (at, moved) = self.moved();
        // The files change before anybody can see where a move went.
        if !is_still() {
            return false;
        }
        self.on_stage = at;
        show_passing("");
        println!("{moved}{news}");
        true
    }

    /// Somebody waits in vain, for a file that never rests.
    fn say_what_changes(&self) {
        let Some(path) = newest(&self.context.repo.live()) else {
            return;
        };
        let path = path.strip_prefix(&self.context.repo.root).unwrap_or(&path);
        show_passing("");
        println!(
            "no word yet: `live/` changes before its tests have ended, `{}` the last time; \
             what a program writes all the time is not watched in a hidden folder",
            path.display()
        );
    }

    fn tested(&mut self, is_still: &dyn Fn() -> bool) -> Result<Option<String>> {
        let repo = &self.context.repo;
        let live = repo.live();
        let built = tools::build(repo, &live, &live.join("target"), For::Watch)?;
        if let Some(refused) = built.refusal() {
            let error = report::first_error(&refused.printed);
            return Ok(Some(format!("red: it does not compile\n{error}")));
        }
        let first = match self.is_long {
            true => self.of_this_section(),
            false => Vec::new(),
        };
        let begun = Instant::now();
        let Some((before, rest)) = self.in_two(&first, is_still)? else {
            return Ok(None);
        };
        self.is_long = begun.elapsed() > LONG;
        Ok(Some(self.report(before.as_ref(), &rest)))
    }

    /// The tests in `first`, of which is said how they stand, and all others; all
    /// at once if none are named, or nothing can be said of them.
    fn in_two(
        &mut self,
        first: &[String],
        is_still: &dyn Fn() -> bool,
    ) -> Result<Option<(Option<Ran>, Ran)>> {
        let repo = &self.context.repo;
        let live = repo.live();
        let run = |words: &[String]| tools::pytest_while(repo, &live, words, is_still);
        let mut before = None;
        if !first.is_empty() {
            let Some(ran) = run(first)? else {
                return Ok(None);
            };
            let count = report::passed(&ran.printed).unwrap_or_default();
            let verdict = self.verdict(&ran);
            let foremost = verdict.as_ref().and_then(Verdict::foremost);
            let failure = report::failure(&ran.printed, foremost);
            let news = match (ran.ok, failure) {
                (true, _) => format!("green so far: {} of this section", tests(count)),
                (false, Some(failure)) => format!("red: {failure}"),
                (false, None) => String::new(),
            };
            if !news.is_empty() {
                if !self.say(&news, is_still) {
                    return Ok(None);
                }
                show_passing("testing the others …");
                before = Some(ran);
            }
        }
        let others: Vec<String> = match before {
            Some(_) => first
                .iter()
                .map(|path| format!("--ignore={path}"))
                .collect(),
            None => Vec::new(),
        };
        Ok(run(&others)?.map(|rest| (before, rest)))
    }

    fn verdict(&self, ran: &Ran) -> Option<Verdict> {
        test::verdict(self.context, &report::red(&ran.printed))
    }

    /// The last word on a run; if there was one `before`, on both.
    fn report(&self, before: Option<&Ran>, rest: &Ran) -> String {
        let passed = |ran: &Ran| report::passed(&ran.printed).unwrap_or_default();
        let was_green = before.is_none_or(|before| before.ok);
        if was_green && rest.ok {
            return format!("green: {}", tests(before.map_or(0, passed) + passed(rest)));
        }
        let mut red = before.map_or(Vec::new(), |before| report::red(&before.printed));
        red.extend(report::red(&rest.printed));
        let verdict = test::verdict(self.context, &red);
        let foremost = verdict.as_ref().and_then(Verdict::foremost);
        let failure = match report::failure(&rest.printed, foremost) {
            _ if rest.ok => None,
            Some(failure) => Some(failure),
            None => {
                let tail = report::last_words(&rest.printed);
                return format!("red: pytest ended with {}\n{tail}", rest.status);
            }
        };
        let failure = failure.map(|failure| match was_green {
            true => format!("red: {failure}"),
            false => format!("red, too: {failure}"),
        });
        let verdict = verdict.map(|verdict| verdict.said);
        let said: Vec<String> = [failure, verdict].into_iter().flatten().collect();
        match said.is_empty() {
            true => format!("the others are green: {}", tests(passed(rest))),
            false => said.join("\n"),
        }
    }

    /// Files of tests in `live/` that were not there, or not so, in the section
    /// before: its own, and somebody's. None, if there are no others.
    fn of_this_section(&self) -> Vec<String> {
        let Some(expected) = test::expected(self.context) else {
            return Vec::new();
        };
        let folder = self.context.repo.live().join("tests");
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let (old, mut found): (Vec<String>, Vec<String>) = names
            .filter(|name| name.starts_with("test_") && name.ends_with(".py"))
            .map(|name| format!("tests/{name}"))
            .partition(|path| expected.is_old(path));
        if old.is_empty() {
            return Vec::new();
        }
        found.sort();
        found
    }

    /// What is on stage, and what to say of it: somebody may have moved `live/`
    /// in another terminal.
    fn moved(&self) -> (String, String) {
        let Some(git) = &self.git else {
            return (String::new(), String::new());
        };
        let at = place::on_stage(git).ok().flatten();
        let at = at.map_or("no checkpoint".to_string(), |at| at.to_string());
        let mut said = String::new();
        if let Some(journal) = moves::journal(git) {
            let cut_off = Error::Interrupted { name: journal.name };
            said = format!("{}; {}\n", cut_off.what(), cut_off.mend());
        }
        if at != self.on_stage {
            said += &format!("on stage: {at}\n");
        }
        (at, said)
    }
}

/// On a terminal, a line that the next one takes the place of.
fn show_passing(words: &str) {
    if stdout().is_terminal() {
        print!("\r\x1b[K{words}");
        // Nobody can be told of a terminal that cannot be written to.
        let _ = stdout().flush();
    }
}

fn tests(count: usize) -> String {
    format!("{count} test{}", if count == 1 { "" } else { "s" })
}
