//! Releases under watch: looked at every minute by the clock, and acted on as far as a person confirmed and no further.
//!
//! What is agreed and how it stands is kept in a file of its own, so that another start of the program, or another program,
//! goes on with it; what happened in between is read from CloudWatch. One program acts: whoever holds the claim.

mod act;
mod look;
mod share;
mod who;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use portcullis_domain::{
    canary::{CanaryVerdict, Release},
    change::{Fields, PlanTarget},
};
use portcullis_store::{KeptRelease, Releases};
use sha2::{Digest as _, Sha256};

pub(crate) use self::act::widen_to_first_step;
use crate::{
    canary_start::WATCHED,
    canary_watch::CanaryWatch,
    change::watched,
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// How often the clock is asked whether a look is due; the looks are a minute apart by that clock, whatever its speed.
const TICK: Duration = Duration::from_secs(1);

/// See the module. Behind every host one.
#[derive(Default)]
pub(crate) struct ReleaseState {
    store: Mutex<Option<Arc<Releases>>>,
    holder: OnceLock<String>,
    /// Held while releases are looked at: a look is not begun twice.
    looking: tokio::sync::Mutex<()>,
    /// What the last look at each running release saw.
    last: Mutex<HashMap<String, CanaryWatch>>,
}

impl Host {
    /// The file of releases, opened when first needed; a failure is not kept.
    pub(crate) fn releases(&self) -> Result<Arc<Releases>, WireError> {
        let mut store = self.inner.releasing.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = &*store {
            return Ok(Arc::clone(store));
        }
        let opened = Releases::open(&self.releases_path()).map_err(WireError::from)?;
        Ok(Arc::clone(store.insert(Arc::new(opened))))
    }

    fn releases_path(&self) -> std::path::PathBuf {
        self.inner.options.data_dir.join("releases.sqlite")
    }

    /// Whether anything was ever kept: looking must not make the file.
    pub(crate) fn has_releases(&self) -> bool {
        self.releases_path().exists()
    }

    /// Under this name this program claims releases.
    pub(crate) fn holder(&self) -> &str {
        self.inner.releasing.holder.get_or_init(|| {
            // Another host in the same process, in tests, is another holder.
            let digest = Sha256::digest(self.plan_id());
            let letters: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            format!("{}-{letters}", std::process::id())
        })
    }

    /// Looks at every release that is due and that this program may look at. For a window this is done by
    /// [`Self::watch_releases`]; a test turns the clock and calls it.
    ///
    /// # Errors
    /// When the file of releases cannot be used. What is wrong with a single release is kept in it.
    pub async fn look_at_releases(&self) -> Result<(), WireError> {
        if !self.has_releases() {
            return Ok(());
        }
        let _one = self.inner.releasing.looking.lock().await;
        let store = self.releases()?;
        let running = store.list(true)?;
        let looks = running.iter().map(|kept| look::look_at(self, &store, kept));
        for looked in futures::future::join_all(looks).await {
            looked?;
        }
        Ok(())
    }

    /// Looks at releases for as long as the program runs.
    pub async fn watch_releases(self) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.look_at_releases().await {
                self.notice(WireError { message: format!("Releases are not watched: {}", error.message), ..error });
            }
        }
    }

    /// Lets other programs go on with the releases of this one: it ends.
    pub fn let_go_of_releases(&self) {
        if !self.has_releases() {
            return;
        }
        let let_go = self.releases().and_then(|store| Ok(store.let_go(self.holder())?));
        if let Err(error) = let_go {
            tracing::warn!(%error, "the claims on releases run out by themselves");
        }
    }

    /// What the last look of this program at a release saw.
    #[must_use]
    pub fn last_look(&self, release: &str) -> Option<CanaryWatch> {
        self.inner.releasing.last.lock().unwrap_or_else(PoisonError::into_inner).get(release).cloned()
    }

    /// The last verdict of every release under watch, by its stage; inconclusive before the first look.
    pub(crate) fn watched_verdicts(&self) -> HashMap<StageName, CanaryVerdict> {
        if !self.has_releases() {
            return HashMap::new();
        }
        let running = self.releases().and_then(|store| Ok(store.list(true)?)).unwrap_or_else(|error| {
            // The view of releases says so where it matters; a canary is listed all the same.
            tracing::warn!(%error, "which canaries are watched is not known");
            Vec::new()
        });
        let verdict = |release: &Release| {
            release.judgement.as_ref().map_or(CanaryVerdict::Inconclusive, |judgement| judgement.verdict)
        };
        let releases = running.iter().filter_map(|kept| read(kept).ok());
        releases.map(|release| (stage_of(&release.target), verdict(&release))).collect()
    }

    fn keep_look(&self, release: &str, watch: Option<CanaryWatch>) {
        let mut last = self.inner.releasing.last.lock().unwrap_or_else(PoisonError::into_inner);
        match watch {
            Some(watch) => last.insert(release.to_owned(), watch),
            None => last.remove(release),
        };
    }
}

/// A release as it is kept.
pub(crate) fn read(kept: &KeptRelease) -> Result<Release, WireError> {
    serde_json::from_str(&kept.content).map_err(|error| {
        WireError::new(ErrorCode::StoreCorrupted, format!("Release {} cannot be read back: {error}.", kept.id))
            .with_hint("It is not watched. Begin another.")
    })
}

/// The same, to be kept.
pub(crate) fn written(release: &Release) -> Result<String, WireError> {
    serde_json::to_string(release).map_err(|error| WireError::internal("a release", &error))
}

/// The stage of a release.
pub(crate) fn stage_of(target: &PlanTarget) -> StageName {
    let (api_id, stage) = match target {
        PlanTarget::RestStage { api_id, stage, .. } | PlanTarget::HttpStage { api_id, stage, .. } => {
            (api_id.clone(), stage.clone())
        }
        _ => (String::new(), String::new()),
    };
    StageName { context: target.context().to_owned(), api_id, stage }
}

/// Under which name a stage has one running release: ids of APIs are an account's and region's.
pub(crate) fn stage_key(stage: &StageName) -> String {
    format!("{}/{}/{}", stage.context, stage.api_id, stage.stage)
}

/// What a release knows of a stage. Of the values of stage variables it keeps a digest: people put secrets there, and to see that
/// one is another needs no value.
pub(crate) fn of_release(fields: &Fields) -> Fields {
    let mut known = watched(fields, &WATCHED.map(str::to_owned));
    for (name, value) in &mut known {
        if name.starts_with("variables/") || name.starts_with("canarySettings/stageVariableOverrides/") {
            let digest = Sha256::digest(value.to_string());
            *value = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>().into();
        }
    }
    known
}
