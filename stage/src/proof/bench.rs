//! Recorded benchmarks: the run has reached its aims, and its picture shows it.

use super::Finding;
use crate::bench::{self, Run};
use crate::error::Result;
use crate::files::Files;

/// What is wrong with the recorded runs among `files`.
///
/// # Errors
/// `BadText` for a run that cannot be read.
pub fn benches(files: &Files) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (name, run) in bench::runs(files)? {
        findings.extend(aims(&name, &run));
        let image = bench::image(&name);
        let drawn = files.get(&image).and_then(|file| file.as_str());
        if drawn != Some(&bench::picture(&run)) {
            let what = format!("it is not what `{}` says", bench::path(&name));
            let mend = format!("`stage bench {name} --draw` draws it");
            findings.push(Finding::new(image, what, mend));
        }
    }
    Ok(findings)
}

fn aims(name: &str, run: &Run) -> Vec<Finding> {
    let place = bench::path(name);
    let aims = match bench::aims(run) {
        Ok(aims) => aims,
        Err(reason) => return vec![Finding::new(place, reason, "")],
    };
    let missed = aims.iter().filter(|aim| !aim.is_met());
    missed
        .map(|aim| {
            let what = "the run misses an aim, and slides build on it";
            let detail = format!(
                "{}: at least {}, is {:.2}",
                aim.what, aim.least, aim.reached
            );
            Finding::new(&place, what, detail)
        })
        .collect()
}
