//! A run as a picture: a bar for each form, on a logarithmic scale.
//!
//! The file has both sets of the theme's colours. In the deck the page says
//! which is used (`color-scheme`), elsewhere the reader's system does.

use super::table::nanoseconds;
use super::{Form, Run};

const WIDTH: f64 = 1160.0;
/// A bar, and a line that names an input.
const ROW: f64 = 32.0;
const HEAD: f64 = 31.0;
const EDGE: f64 = 10.0;
/// Where bars begin, and how long the longest is.
const LEFT: f64 = 520.0;
const LONGEST: f64 = 470.0;

const STYLE: &str = "
  text { font: 26px system-ui, 'DejaVu Sans', sans-serif; fill: #1a1e24 }
  .input { font-weight: 700 }
  .foot { font-size: 20px; fill: #4d5560 }
  .paper { fill: #f2efe6 }
  .grid { stroke: #d3cdbd; stroke-width: 2 }
  .python { fill: #7a4a00 }
  .numpy { fill: #1b4a9c }
  .rust { fill: #0a5a50 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f1f3f2 }
    .foot { fill: #b6bfc7 }
    .paper { fill: #1f262d }
    .grid { stroke: #3b4650 }
    .python { fill: #f2c879 }
    .numpy { fill: #9cc4ff }
    .rust { fill: #7fd8c8 }
  }
";

/// The picture, as SVG.
pub fn picture(run: &Run) -> String {
    let forms: Vec<&Form> = run.forms.iter().filter(|form| form.is_drawn).collect();
    let least = forms.iter().map(|form| form.nanoseconds);
    let least = least.fold(f64::INFINITY, f64::min);
    let most = forms
        .iter()
        .map(|form| form.nanoseconds)
        .fold(0.0, f64::max);
    // Whole powers of ten, so that each line of the grid can be named.
    let (first, last) = (least.log10().floor(), most.log10().ceil());
    let scale = LONGEST / (last - first).max(1.0);
    let along = |taken: f64| LEFT + (taken.log10() - first) * scale;

    let mut rows = String::new();
    let mut y = EDGE;
    let mut input = "";
    for form in &forms {
        if form.input != input {
            input = &form.input;
            rows += &words(EDGE, y + 24.0, "input", input);
            y += HEAD;
        }
        let (begin, end) = (along(10_f64.powf(first)), along(form.nanoseconds));
        let length = (end - begin).max(3.0);
        rows += &words(EDGE + 20.0, y + 24.0, "", &form.label);
        rows += &format!(
            "<rect class=\"{}\" x=\"{begin:.0}\" y=\"{:.0}\" width=\"{length:.0}\" height=\"{:.0}\" rx=\"3\"/>\n",
            side(form),
            y + 4.0,
            ROW - 8.0
        );
        let value = format!("{} ns", nanoseconds(form.nanoseconds));
        rows += &words(begin + length + 12.0, y + 24.0, "", &value);
        y += ROW;
    }
    let mut grid = String::new();
    for power in first as i32..=last as i32 {
        let x = along(10_f64.powi(power));
        grid += &format!(
            "<line class=\"grid\" x1=\"{x:.0}\" x2=\"{x:.0}\" y1=\"{EDGE}\" y2=\"{y:.0}\"/>\n"
        );
    }
    let foot = format!(
        "{}; each line ten times the one before; {} orders; {}; {}",
        run.what,
        thousands(run.orders),
        run.machine,
        run.date
    );
    rows += &words(EDGE, y + 24.0, "foot", &foot);
    let height = y + 38.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" width=\"{WIDTH}\" height=\"{height:.0}\">\n\
         <!-- Drawn by `stage bench ladder`. -->\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{height:.0}\" rx=\"8\"/>\n{grid}{rows}</svg>\n"
    )
}

/// Whose work it is: the label begins with it.
fn side(form: &Form) -> &'static str {
    match form.label.split(',').next() {
        Some("Rust") => "rust",
        Some("NumPy") => "numpy",
        _ => "python",
    }
}

fn words(x: f64, y: f64, class: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let class = match class {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    };
    format!("<text{class} x=\"{x:.0}\" y=\"{y:.0}\">{text}</text>\n")
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::run_of;
    use super::*;

    fn drawn() -> String {
        let mut run = run_of(&[("a", 100.0), ("b", 1000.0), ("alone", 5.0)]);
        run.orders = 1_000_000;
        run.forms[1].label = "Rust, Vec<&str>".into();
        run.forms[2].is_drawn = false;
        picture(&run)
    }

    #[test]
    fn ten_times_the_time_is_one_step_of_the_grid() {
        let picture = drawn();
        assert!(
            picture.contains("x=\"520\" y=\"45\" width=\"3\""),
            "{picture}"
        );
        assert!(picture.contains("class=\"rust\" x=\"520\" y=\"77\" width=\"470\""));
        assert_eq!(picture.matches("class=\"grid\"").count(), 2);
    }

    #[test]
    fn what_stands_beside_the_ladder_is_left_out() {
        assert!(!drawn().contains("alone"));
    }

    #[test]
    fn names_are_text_and_no_tags() {
        assert!(drawn().contains("Rust, Vec&lt;&amp;str></text>"));
        assert!(drawn().contains("1,000,000 orders; 1 core; 2026-11-23<"));
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(
            [1, 999, 1000, 1_234_567].map(thousands),
            ["1", "999", "1,000", "1,234,567"]
        );
    }
}
