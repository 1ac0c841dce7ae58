//! The same distance, 64 rows at a time. Plain Rust.

/// Where each letter stands in a name: bit 3 is for the fourth place.
pub struct Places {
    of: [u64; 128],
    letters: usize,
}

impl Places {
    /// `None` if 64 bits do not hold the name, or it is not all ASCII.
    pub fn new(name: &[char]) -> Option<Self> {
        let fits = (1..=64).contains(&name.len());
        if !fits || !name.iter().all(char::is_ascii) {
            return None;
        }
        let mut of = [0; 128];
        for (place, &letter) in name.iter().enumerate() {
            of[letter as usize] |= 1 << place;
        }
        let letters = name.len();
        Some(Self { of, letters })
    }

    /// A column of the table in one step: what goes up, what goes down.
    ///
    /// After G. Myers, "A fast bit-vector algorithm for approximate
    /// string matching based on dynamic programming", Journal of the
    /// ACM 46 (3), 1999, as H. Hyyrö writes it, 2003.
    pub fn distance(&self, other: &[char]) -> usize {
        let last = 1 << (self.letters - 1);
        let (mut up, mut down) = (!0_u64, 0_u64);
        let mut distance = self.letters;
        for &letter in other {
            let same = self.of.get(letter as usize).unwrap_or(&0);
            let across =
                ((same & up).wrapping_add(up) ^ up) | same | down;
            let (more, less) = (down | !(across | up), up & across);
            distance += usize::from(more & last != 0);
            distance -= usize::from(less & last != 0);
            let more = more << 1 | 1;
            (up, down) =
                (less << 1 | !(across | more), more & across);
        }
        distance
    }
}
