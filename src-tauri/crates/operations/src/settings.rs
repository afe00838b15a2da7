//! `settings.toml`: what an organisation tunes.

use std::path::Path;

use portcullis_domain::events::CiPatterns;
use portcullis_domain::rotation::RotationPolicy;
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
    /// How keys are rotated.
    #[serde(default)]
    pub rotation: RotationSettings,
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

/// `[rotation]`: days, each optional. How old a key may be stands in `tenants.toml`, as `rotate_after_days`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotationSettings {
    /// How long both keys work, 0 to 365.
    pub overlap_days: Option<u16>,
    /// Days without a request after which a key counts as no longer used, 1 to 34.
    pub quiet_days: Option<u16>,
    /// How long a disabled key waits until it may be deleted, 0 to 365.
    pub delete_after_days: Option<u16>,
}

impl RotationSettings {
    /// What holds, with the defaults of the domain.
    #[must_use]
    pub fn policy(&self) -> RotationPolicy {
        let of = |said: Option<u16>, default| said.map_or(default, i64::from);
        let default = RotationPolicy::default();
        RotationPolicy {
            overlap_days: of(self.overlap_days, default.overlap_days),
            quiet_days: of(self.quiet_days, default.quiet_days),
            delete_after_days: of(self.delete_after_days, default.delete_after_days),
            ..default
        }
    }

    /// Usage is read for 35 days: more quiet ones are never seen.
    fn is_in_range(&self) -> bool {
        self.overlap_days.is_none_or(|days| days <= 365)
            && self.quiet_days.is_none_or(|days| (1..=34).contains(&days))
            && self.delete_after_days.is_none_or(|days| days <= 365)
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
            Ok(settings) if !settings.rotation.is_in_range() => {
                problem("rotation.quiet_days must be 1 to 34, the other days of rotation 0 to 365".to_owned())
            }
            Ok(settings) => (settings, None),
            Err(error) => problem(error.to_string().trim_end().replace('\n', " ")),
        }
    }
}
