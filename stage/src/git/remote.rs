//! Where new material comes from, and how far it is from what is here.

use std::io::Read;
use std::process::Stdio;

use super::{Git, Oid, line, plain};
use crate::error::{Error, Result};

/// Where new material comes from, and which branch here follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub remote: String,
    /// The branch there.
    pub theirs: String,
    /// The branch here.
    pub ours: String,
    /// As a person may see it: without a password.
    pub address: String,
}

impl Source {
    /// `origin/main`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.remote, self.theirs)
    }

    pub fn tracking(&self) -> String {
        format!("refs/remotes/{}", self.name())
    }

    pub fn local(&self) -> String {
        format!("refs/heads/{}", self.ours)
    }
}

impl Git {
    /// Where this clone came from.
    ///
    /// # Errors
    /// `NoRemote`, `Git`.
    pub fn source(&self) -> Result<Source> {
        let listed = String::from_utf8_lossy(&self.ask(&["remote"], b"")?).into_owned();
        let remotes: Vec<&str> = listed.lines().collect();
        let of_main = self.setting("branch.main.remote");
        let of_main = of_main.filter(|name| remotes.contains(&name.as_str()));
        let remote = match (of_main, &remotes[..]) {
            (Some(name), _) => name,
            (None, []) => return Err(Error::NoRemote),
            (None, [one]) => one.to_string(),
            (None, many) if many.contains(&"origin") => "origin".into(),
            (None, many) => many[0].to_string(),
        };
        let head = format!("refs/remotes/{remote}/HEAD");
        let theirs = self
            .points_to(&head)
            .and_then(|name| {
                let prefix = format!("refs/remotes/{remote}/");
                name.strip_prefix(&prefix).map(String::from)
            })
            .unwrap_or_else(|| "main".into());
        // Somebody may have given the branch another name.
        let follows = |branch: &String| {
            let set = |key: &str| self.setting(&format!("branch.{branch}.{key}"));
            set("remote").as_deref() == Some(&remote)
                && set("merge").as_deref() == Some(&format!("refs/heads/{theirs}"))
        };
        let ours = self.branch().filter(follows);
        let address = self.setting(&format!("remote.{remote}.url"));
        Ok(Source {
            ours: ours.unwrap_or_else(|| theirs.clone()),
            theirs,
            remote,
            address: without_password(&address.unwrap_or_default()),
        })
    }

    /// The branch that HEAD is on; none if it is detached.
    pub fn branch(&self) -> Option<String> {
        let name = self.points_to("HEAD")?;
        name.strip_prefix("refs/heads/").map(String::from)
    }

    fn points_to(&self, name: &str) -> Option<String> {
        let asked = self.ask(&["symbolic-ref", "--quiet", name], b"").ok()?;
        Some(line(&asked)).filter(|name| !name.is_empty())
    }

    fn setting(&self, key: &str) -> Option<String> {
        let asked = self.ask(&["config", "--get", key], b"").ok()?;
        Some(line(&asked)).filter(|value| !value.is_empty())
    }

    /// Fetch the branch. Tags are made here, so none are fetched; `said` gets
    /// git's words as they come.
    ///
    /// # Errors
    /// `CannotFetch`; then nothing has changed.
    pub fn fetch(&self, source: &Source, said: &mut dyn FnMut(&[u8])) -> Result<()> {
        let mut git = plain(&self.root);
        // How to reach the other side is the user's to say.
        for (name, value) in std::env::vars_os().filter(|(name, _)| is_transport(name)) {
            git.env(name, value);
        }
        let refspec = format!("+refs/heads/{}:{}", source.theirs, source.tracking());
        git.env_remove("GIT_TERMINAL_PROMPT")
            .args([
                "fetch",
                "--no-tags",
                "--no-recurse-submodules",
                "--progress",
            ])
            .args(["--no-write-fetch-head", "--", &source.remote, &refspec])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = git.spawn().map_err(|_| Error::NoGit)?;
        let (mut words, mut piece) = (Vec::new(), [0; 4096]);
        let mut stderr = child.stderr.take();
        while let Some(count) = stderr
            .as_mut()
            .and_then(|stderr| stderr.read(&mut piece).ok())
            .filter(|count| *count > 0)
        {
            said(&piece[..count]);
            words.extend(&piece[..count]);
        }
        let status = child.wait().map_err(|_| Error::NoGit)?;
        if status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&words).into_owned();
        Err(Error::CannotFetch {
            branch: source.theirs.clone(),
            address: source.address.clone(),
            tail: without_progress(&words),
        })
    }

    /// How many commits only `one` has, and how many only `other`.
    ///
    /// # Errors
    /// `Git`.
    pub fn apart(&self, one: &str, other: &str) -> Result<(usize, usize)> {
        let range = format!("{one}...{other}");
        let counted = line(&self.ask(&["rev-list", "--count", "--left-right", &range], b"")?);
        let mut counts = counted.split('\t').map(|count| count.parse().unwrap_or(0));
        Ok((counts.next().unwrap_or(0), counts.next().unwrap_or(0)))
    }

    /// The commits from `name` downwards along first parents, with their subjects.
    ///
    /// # Errors
    /// `Git`.
    pub fn subjects(&self, name: &str, most: usize) -> Result<Vec<(Oid, String)>> {
        let most = format!("--max-count={most}");
        let args = ["rev-list", "--first-parent", &most, "--format=%H %s", name];
        let listed = self.ask(&args, b"")?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let pair = |line: &str| {
            let (id, subject) = line.split_once(' ')?;
            // Above each stands a line `commit ID`.
            (id != "commit").then(|| (id.to_string(), subject.to_string()))
        };
        Ok(listed.lines().filter_map(pair).collect())
    }

    /// The work tree that has this branch checked out, if one has.
    ///
    /// # Errors
    /// `Git`.
    pub fn checked_out_in(&self, local: &str) -> Result<Option<String>> {
        let asked = self.ask(
            &["for-each-ref", "--format=%(worktreepath)", "--", local],
            b"",
        )?;
        Ok(Some(line(&asked)).filter(|path| !path.is_empty()))
    }

    /// What git is in the middle of, as a person would call it.
    pub fn under_way(&self) -> Option<&'static str> {
        let marks = [
            ("MERGE_HEAD", "merge"),
            ("rebase-merge", "rebase"),
            ("rebase-apply", "rebase"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
        ];
        let found = marks
            .iter()
            .find(|(mark, _)| self.folder.join(mark).exists());
        found.map(|(_, word)| *word)
    }
}

/// Variables that say how to reach a remote, and by whose leave.
fn is_transport(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    let beginnings = ["GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_"];
    name == "GIT_ASKPASS"
        || name == "GIT_ALLOW_PROTOCOL"
        || beginnings.iter().any(|start| name.starts_with(start))
}

/// `https://pam:secret@host/x` as `https://host/x`.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.into();
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    match host.rsplit_once('@') {
        Some((_, host)) if scheme.starts_with("http") => format!("{scheme}://{host}/{path}"),
        _ => address.into(),
    }
}

/// What git said less its counting, which ends in carriage returns.
fn without_progress(words: &str) -> String {
    let is_counting = |line: &&str| {
        let line = line.strip_prefix("remote: ").unwrap_or(line);
        let counts = [
            "Enumerating",
            "Counting",
            "Compressing",
            "Receiving",
            "Resolving",
            "Total",
        ];
        counts.iter().any(|count| line.starts_with(count))
    };
    let lines = words
        .split(['\r', '\n'])
        .filter(|line| !line.trim().is_empty());
    lines
        .filter(|line| !is_counting(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            without_password("https://pam:s3cret@example.org/a/b"),
            "https://example.org/a/b"
        );
        assert_eq!(
            without_password("https://example.org/a@b"),
            "https://example.org/a@b"
        );
        assert_eq!(
            without_password("git@example.org:a/b"),
            "git@example.org:a/b"
        );
        assert_eq!(without_password("/a folder"), "/a folder");
    }

    #[test]
    fn of_gits_words_the_cause_is_left() {
        let words = "remote: Counting objects:  50% (1/2)\rremote: Counting objects: 100% (2/2), done.\nfatal: the remote end hung up\n";
        assert_eq!(without_progress(words), "fatal: the remote end hung up");
    }
}
