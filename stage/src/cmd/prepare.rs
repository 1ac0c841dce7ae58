//! `stage prepare`: fetch and compile the crates of every checkpoint, then its
//! library, so that nothing needs the network, nor long, afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::io::{IsTerminal, Write, stdout};

use super::Context;
use crate::error::{Error, Result};
use crate::stock::{self, Stock, Why};
use crate::{material, tools};

#[derive(clap::Args)]
pub struct Args {
    /// Only the crates, which need the network: set-up runs this first
    #[arg(long, hide = true)]
    crates: bool,
    /// Only the libraries: set-up runs this last
    #[arg(long, hide = true, conflicts_with = "crates")]
    libraries: bool,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    if !args.libraries {
        crates(context)?;
    }
    if !args.crates {
        libraries(context)?;
    }
    Ok(())
}

/// Compile what the checkpoints are as committed: that is what `stage go` brings.
pub(super) fn libraries(context: &Context) -> Result<()> {
    let git = context.git()?;
    let Some((base, _)) = git.base()? else {
        return Ok(());
    };
    let material = git.committed_files(&base, &material::FOLDERS)?;
    let sections = material::sections(&material)?;
    let is_terminal = stdout().is_terminal();
    let said = |number: usize, all: usize| {
        if is_terminal {
            print!("\rlibrary {number} of {all}");
            let _ = stdout().flush();
        } else {
            println!("library {number} of {all}");
        }
    };
    let filled = stock::fill(&context.repo, &sections, &said);
    let Stock { all, made, without } = filled?;
    let end = if is_terminal && made > 0 { "\n" } else { "" };
    println!("{end}libraries of all checkpoints: {all}, {made} compiled now");
    for (which, because) in [
        (Why::Refused, "cargo refuses to compile them"),
        (Why::Warned, "cargo warns of them, each time"),
        (Why::Unknown, "not all that went into them is known"),
    ] {
        let these = without.iter().filter(|(_, why)| *why == which);
        let these: Vec<&str> = these.map(|(tag, _)| tag.as_str()).collect();
        if !these.is_empty() {
            println!("not kept, since {because}: {}", these.join(", "));
        }
    }
    Ok(())
}

fn crates(context: &Context) -> Result<()> {
    let repo = &context.repo;
    let target = repo.live().join("target");
    let mut seen = BTreeSet::new();
    for (stem, _) in context.order().0 {
        let solution = repo.root.join("solutions").join(&stem);
        let manifest = solution.join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&manifest) else {
            continue;
        };
        let (stand_in, dependencies) = stand_in(&text).map_err(|reason| Error::BadText {
            path: format!("solutions/{stem}/Cargo.toml"),
            line: 1,
            reason,
            mend: "mend that line".into(),
        })?;
        let lock = fs::read_to_string(solution.join("Cargo.lock")).unwrap_or_default();
        if !seen.insert((dependencies, lock.clone())) {
            continue;
        }
        println!("crates of {stem}");
        let folder = repo.own().join("crates").join(&stem);
        let source = folder.join("src");
        fs::create_dir_all(&source).map_err(Error::io("create", &source))?;
        for (path, text) in [
            ("Cargo.toml", &stand_in),
            ("Cargo.lock", &lock),
            ("src/lib.rs", &String::new()),
        ] {
            let path = folder.join(path);
            if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                fs::write(&path, text).map_err(Error::io("write", &path))?;
            }
        }
        tools::fetch_and_compile_crates(repo, &folder, &target)?;
    }
    Ok(())
}

/// The manifest with another library name and without code, and what it
/// depends on. The package keeps its name: the lock file has it.
fn stand_in(text: &str) -> Result<(String, String), String> {
    let mut manifest: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_string())?;
    let mut library = toml::Table::new();
    library.insert("name".into(), "crates_of_a_checkpoint".into());
    library.insert("path".into(), "src/lib.rs".into());
    manifest.insert("lib".into(), library.into());
    manifest.insert("workspace".into(), toml::Table::new().into());
    let dependencies = manifest
        .get("dependencies")
        .map(ToString::to_string)
        .unwrap_or_default();
    Ok((manifest.to_string(), dependencies))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_has_the_same_crates_and_another_library() {
        let text = "[package]\nname = \"dunder\"\n[lib]\nname = \"_dunder\"\ncrate-type = [\"cdylib\"]\n[dependencies]\npyo3 = \"0.30.1\"\n";
        let (stand_in, dependencies) = stand_in(text).unwrap();
        assert!(stand_in.contains("crates_of_a_checkpoint"));
        assert!(!stand_in.contains("cdylib"));
        assert!(dependencies.contains("0.30.1"));
    }
}
