//! `stage watch`: build and test `live/` after each save, and say how it stands.

use std::thread;
use std::time::Duration;

use super::{Context, test};
use crate::error::{Error, Result};
use crate::fingerprint::fingerprint;
use crate::git::Git;
use crate::tools::{self, For};
use crate::{moves, place, report};

#[derive(clap::Args)]
pub struct Args {}

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// How long nothing may be saved before a run: an editor that saves all, a move.
const QUIET: Duration = Duration::from_millis(60);

pub fn run(context: &Context, _: &Args) -> Result<()> {
    let live = context.repo.live();
    let git = context.git().ok();
    println!("watching `live/`; Ctrl-C ends it");
    let mut watch = Watch {
        context,
        git,
        on_stage: String::new(),
    };
    let mut tested = None;
    loop {
        let now = live.is_dir().then(|| fingerprint(&live));
        if tested == Some(now) {
            thread::sleep(LOOK);
            continue;
        }
        thread::sleep(QUIET);
        if live.is_dir().then(|| fingerprint(&live)) != now {
            continue;
        }
        let Some(print) = now else {
            println!("`live/` is not there: `stage go 1` puts a checkpoint there");
            tested = Some(None);
            continue;
        };
        // What was found of files that have changed since is nobody's news.
        if let Some(news) = watch.news(print) {
            println!("{news}");
            tested = Some(now);
        }
    }
}

struct Watch<'a> {
    context: &'a Context,
    git: Option<Git>,
    on_stage: String,
}

impl Watch<'_> {
    /// How `live/` stands; `None` as soon as it is no longer what it was.
    fn news(&mut self, print: u64) -> Option<String> {
        let live = self.context.repo.live();
        let is_still = || fingerprint(&live) == print;
        let news = match self.tested(&is_still) {
            Ok(news) => news?,
            Err(error) => error.to_string(),
        };
        let (at, moved) = self.moved();
        // The files change before anybody can see where a move went.
        if !is_still() {
            return None;
        }
        self.on_stage = at;
        Some(format!("{moved}{news}"))
    }

    fn tested(&self, is_still: &dyn Fn() -> bool) -> Result<Option<String>> {
        let repo = &self.context.repo;
        let live = repo.live();
        let built = tools::build(repo, &live, &live.join("target"), For::Watch)?;
        if let Some(refused) = built.refusal() {
            let error = report::first_error(&refused.printed);
            return Ok(Some(format!("red: it does not compile\n{error}")));
        }
        let Some(ran) = tools::pytest_while(repo, &live, is_still)? else {
            return Ok(None);
        };
        if ran.ok {
            let count = report::passed(&ran.printed).unwrap_or_default();
            let plural = if count == 1 { "" } else { "s" };
            return Ok(Some(format!("green: {count} test{plural}")));
        }
        let Some(failure) = report::first_failure(&ran.printed) else {
            let said: Vec<&str> = ran.printed.trim_end().lines().collect();
            let tail = said[said.len().saturating_sub(12)..].join("\n");
            return Ok(Some(format!(
                "red: pytest ended with {}\n{tail}",
                ran.status
            )));
        };
        let verdict = test::verdict(self.context, &report::red(&ran.printed));
        let verdict = verdict.map_or(String::new(), |verdict| format!("\n{}", verdict.said));
        Ok(Some(format!("red: {failure}{verdict}")))
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
