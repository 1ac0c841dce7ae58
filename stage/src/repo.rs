//! Where things stand on disk.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The workshop's folder and the places in it that `stage` uses.
#[derive(Debug, Clone)]
pub struct Repo {
    pub root: PathBuf,
}

impl Repo {
    /// Find the workshop by looking upwards from `start`.
    ///
    /// # Errors
    /// `NotAWorkshop` if no folder above holds `slides` and `solutions`; a
    /// `live` that was deleted comes back with the next move.
    pub fn find(start: &Path) -> Result<Self> {
        let is_root = |folder: &&Path| {
            folder.join("slides/deck.toml").is_file() && folder.join("solutions").is_dir()
        };
        match start.ancestors().find(is_root) {
            Some(root) => Ok(Self {
                root: root.to_path_buf(),
            }),
            None => Err(Error::NotAWorkshop {
                start: start.to_path_buf(),
            }),
        }
    }

    pub fn live(&self) -> PathBuf {
        self.root.join("live")
    }

    /// What `stage` itself keeps: nothing in here is precious.
    pub fn own(&self) -> PathBuf {
        self.root.join(".stage")
    }

    pub fn venv(&self) -> PathBuf {
        self.root.join(".venv")
    }
}
