//! A run as lines of text, for a fence on a slide.

use super::{Form, Run};

/// The forms with these ids, in their order in the run; all of them, and where
/// and when they were measured, if no id is given. A line above each input.
///
/// # Errors
/// The form that the run has not, in words.
pub fn lines(run: &Run, ids: &[&str]) -> Result<String, String> {
    for id in ids {
        run.form(id)?;
    }
    let shown = |form: &&Form| ids.is_empty() || ids.contains(&form.id.as_str());
    let mut text = String::new();
    let mut input = "";
    for form in run.forms.iter().filter(shown) {
        if form.input != input {
            input = &form.input;
            text.push_str(&format!("{input}\n"));
        }
        let line = format!(
            "  {:<34}{:>8} ns{:>17}",
            form.label,
            nanoseconds(form.nanoseconds),
            ratio(run, form)
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if ids.is_empty() {
        text.push_str(&format!("{}, {}\n", run.machine, run.date));
    }
    Ok(text)
}

/// Three digits: what differs beyond them is noise.
pub fn nanoseconds(taken: f64) -> String {
    let decimals = match taken {
        taken if taken >= 99.95 => 0,
        taken if taken >= 9.995 => 1,
        _ => 2,
    };
    format!("{taken:.decimals$}")
}

/// How much faster or slower than what it is compared with; nothing for a form
/// that is compared with itself.
fn ratio(run: &Run, form: &Form) -> String {
    let against = run.form(&form.against).unwrap_or(form);
    let times = |ratio: f64| match ratio {
        ratio if ratio >= 9.95 => format!("{ratio:.0}"),
        ratio => format!("{ratio:.1}"),
    };
    let faster = against.nanoseconds / form.nanoseconds;
    if against.id == form.id {
        String::new()
    } else if (0.95..1.05).contains(&faster) {
        "as fast".into()
    } else if faster >= 1.0 {
        format!("{} x faster", times(faster))
    } else {
        format!("{} x slower", times(1.0 / faster))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::run_of;
    use super::*;

    #[test]
    fn all_of_it_says_where_and_when() {
        let run = run_of(&[("a", 80.9), ("b", 384.9), ("c", 0.689)]);
        assert_eq!(
            lines(&run, &[]).unwrap(),
            "lists\n\
             \x20 form a                                80.9 ns\n\
             \x20 form b                                 385 ns     4.8 x slower\n\
             arrays\n\
             \x20 form c                                0.69 ns\n\
             1 core, 2026-11-23\n"
        );
    }

    #[test]
    fn some_of_it_is_only_those() {
        let run = run_of(&[("a", 80.9), ("b", 0.8), ("c", 1.0)]);
        let text = lines(&run, &["b"]).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.ends_with("0.80 ns     101 x faster\n"), "{text}");
        assert!(lines(&run, &["d"]).is_err());
    }

    #[test]
    fn what_nobody_could_tell_apart_is_as_fast() {
        for (taken, said) in [
            (104.0, "as fast"),
            (96.0, "as fast"),
            (107.0, "1.1 x slower"),
        ] {
            let run = run_of(&[("a", 100.0), ("b", taken)]);
            assert_eq!(ratio(&run, &run.forms[1]), said);
        }
    }

    #[test]
    fn three_digits_are_shown() {
        let shown = [0.6894, 9.994, 9.996, 99.94, 99.96, 384.9].map(nanoseconds);
        assert_eq!(shown, ["0.69", "9.99", "10.0", "99.9", "100", "385"]);
    }

    #[test]
    fn the_longest_line_fits_a_slide() {
        let mut run = run_of(&[("a", 1.0), ("b", 12345.0)]);
        run.forms[1].label = "x".repeat(34);
        let text = lines(&run, &[]).unwrap();
        let longest = text.lines().map(str::len).max();
        assert!(longest <= Some(66), "{text}");
    }
}
