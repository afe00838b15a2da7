//! How a host is set up.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use portcullis_aws::BudgetLimits;
use portcullis_demo::{DemoAccount, Scale};
use portcullis_domain::Clock;

use super::DemoClock;

/// The system's clock: the one place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the clock that is passed in everywhere else")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// How a host is set up.
#[derive(Clone)]
pub struct HostOptions {
    /// Where the store is.
    pub data_dir: PathBuf,
    /// Where rules and settings are.
    pub config_dir: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The same clock where its speed may be changed, for rehearsals on the demo account.
    pub demo_clock: Option<Arc<DemoClock>>,
    /// A large demo account instead of the shop.
    pub scale: Option<Scale>,
    /// No snapshot is kept or shown (the command line's reading commands, which read afresh). What persons said about
    /// audiences holds all the same.
    pub in_memory: bool,
    /// This demo account, instead of one that is made when it is first opened.
    pub demo: Option<DemoAccount>,
    /// Read this API only, by id or name: a command that names one costs no more calls than that.
    pub only_api: Option<String>,
    /// This budget, whatever the settings say.
    pub budget: Option<BudgetLimits>,
}

impl HostOptions {
    /// Everything in these two directories, by this clock.
    #[must_use]
    pub fn new(data_dir: PathBuf, config_dir: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self {
            data_dir,
            config_dir,
            clock,
            demo_clock: None,
            scale: None,
            in_memory: false,
            demo: None,
            only_api: None,
            budget: None,
        }
    }

    /// The user's own directories, or those that `PORTCULLIS_DATA_DIR` and `PORTCULLIS_CONFIG_DIR` name.
    #[must_use]
    pub fn from_environment() -> Self {
        let project = directories::ProjectDirs::from("", "", "portcullis");
        let directory = |name: &str, default: Option<&Path>| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
                .or_else(|| default.map(Path::to_owned))
                .unwrap_or_else(|| PathBuf::from(".portcullis"))
        };
        let clock = Arc::new(DemoClock::on(Arc::new(SystemClock)));
        let options = Self::new(
            directory("PORTCULLIS_DATA_DIR", project.as_ref().map(directories::ProjectDirs::data_dir)),
            directory("PORTCULLIS_CONFIG_DIR", project.as_ref().map(directories::ProjectDirs::config_dir)),
            Arc::clone(&clock) as Arc<dyn Clock>,
        );
        Self { demo_clock: Some(clock), ..options }
    }
}

impl std::fmt::Debug for HostOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("HostOptions")
            .field("data_dir", &self.data_dir)
            .field("config_dir", &self.config_dir)
            .finish_non_exhaustive()
    }
}
