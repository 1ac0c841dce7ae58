//! Programs that can be asked which words they know.

/// How a program is asked.
#[derive(Debug)]
pub struct Asked {
    /// Whether its first word is a subcommand with words of its own.
    pub subcommands: bool,
    /// What it is asked with.
    pub ask: &'static str,
    /// Subcommands that have subcommands themselves.
    pub nested: &'static [&'static str],
    /// Subcommands that do not list all that they know.
    pub mute: &'static [&'static str],
}

/// How to ask `program`; `None` for one that has no answer.
pub fn asked(program: &str) -> Option<Asked> {
    let (subcommands, ask, mute): (_, _, &[&str]) = match program {
        "cargo" => (true, "-h", &[]),
        "git" => (true, "-h", &["diff", "log", "show"]),
        "maturin" | "pip" | "uv" => (true, "--help", &[]),
        "pytest" => (false, "--help", &[]),
        _ => return None,
    };
    let nested: &[&str] = if program == "uv" { &["pip"] } else { &[] };
    Some(Asked {
        subcommands,
        ask,
        nested,
        mute,
    })
}
