//! Paper, counted. Plain Rust: nothing here knows Python.

const SHEETS_PER_REAM: u32 = 500;

pub fn sheets(reams: u32) -> u64 {
    u64::from(reams) * u64::from(SHEETS_PER_REAM)
}

pub fn reams(sheets: u32) -> u32 {
    sheets.div_ceil(SHEETS_PER_REAM)
}
