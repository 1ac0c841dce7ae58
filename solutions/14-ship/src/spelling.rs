//! How far apart two spellings are. Plain Rust: it knows no Python.

use crate::places::Places;

/// Row by row: as many steps as the names' lengths multiplied.
pub fn distance(a: &[char], b: &[char]) -> usize {
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = above[0];
        above[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = above[j + 1];
            above[j + 1] =
                changed.min(diagonal + 1).min(above[j] + 1);
        }
    }
    above[b.len()]
}

/// The places of all pairs that are at most `limit` edits apart.
pub fn near(
    names: &[Vec<char>],
    limit: usize,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let places = Places::new(name);
        for (j, other) in names.iter().enumerate().skip(i + 1) {
            if name.len().abs_diff(other.len()) > limit {
                continue;
            }
            let edits = match &places {
                Some(places) => places.distance(other),
                None => distance(name, other),
            };
            if edits <= limit {
                pairs.push((i, j));
            }
        }
    }
    pairs
}
