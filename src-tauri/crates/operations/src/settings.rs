//! `settings.toml`: what an organisation tunes.

use std::path::Path;

use portcullis_domain::events::CiPatterns;
use serde::Deserialize;

use crate::error::{ErrorCode, WireError};

/// The file. Every key is optional.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The rate budget of each account and region.
    pub budget: Option<BudgetSettings>,
    /// `[ci]`: what counts as CI in the timeline of changes; the built-in patterns without it.
    pub ci: Option<CiPatterns>,
    /// Canary releases.
    pub canary: Option<CanarySettings>,
}

/// `[canary]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanarySettings {
    /// After how many days without a change of its stage a canary counts as forgotten; at least 1.
    pub stale_after_days: u16,
}

impl Default for CanarySettings {
    /// A week: the longest that a release is meant to take.
    fn default() -> Self {
        Self { stale_after_days: 7 }
    }
}

/// `[budget]`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetSettings {
    /// Calls per second, over 0 and at most AWS's 10 unless the quota was raised.
    pub rate: f64,
    /// Calls at once, at least 1.
    pub burst: u32,
}

impl Settings {
    /// Reads the file; one that is wrong is said and the defaults hold.
    #[must_use]
    pub fn read(path: &Path) -> (Self, Option<WireError>) {
        let problem = |reason: String| {
            let message =
                format!("{} is not in force: {reason}. The defaults hold until it is mended.", path.display());
            (Self::default(), Some(WireError::new(ErrorCode::InvalidInput, message)))
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Self::default(), None),
            Err(error) => return problem(error.to_string()),
        };
        match toml::from_str::<Self>(&text) {
            Ok(settings)
                if settings
                    .budget
                    .is_some_and(|budget| !(budget.rate > 0.0 && budget.rate.is_finite()) || budget.burst == 0) =>
            {
                problem("budget.rate must be over 0 and budget.burst at least 1".to_owned())
            }
            Ok(settings) if settings.canary.is_some_and(|canary| canary.stale_after_days == 0) => {
                problem("canary.stale_after_days must be at least 1".to_owned())
            }
            Ok(settings) => (settings, None),
            Err(error) => problem(error.to_string().trim_end().replace('\n', " ")),
        }
    }
}
