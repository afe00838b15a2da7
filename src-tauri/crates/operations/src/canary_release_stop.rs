//! `canary_release_stop`: ends the watch of a release; the canary stays as it is.

use portcullis_domain::{canary::ReleaseState, journal::JournalEvent};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_release_list::{ReleaseLine, line},
    error::{ErrorCode, WireError},
    host::Host,
    release::{read, written},
};

/// Which release, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryReleaseStopRequest {
    /// Its name.
    pub id: String,
    /// Why; kept with it.
    #[serde(default)]
    pub reason: String,
}

/// Ends it, whichever program looks at it: from then on none acts.
///
/// # Errors
/// `NotFound` for a release that is not there or is over, the store's.
pub async fn canary_release_stop(host: &Host, request: CanaryReleaseStopRequest) -> Result<ReleaseLine, WireError> {
    let gone = || WireError::new(ErrorCode::NotFound, format!("No release {} is running.", request.id));
    if !host.has_releases() {
        return Err(gone());
    }
    let store = host.releases()?;
    let kept = store.list(true)?.into_iter().find(|kept| kept.id == request.id).ok_or_else(gone)?;
    let mut release = read(&kept)?;
    let why = request.reason.trim();
    let by = crate::host::local_user();
    let words = if why.is_empty() { format!("{by} ended the watch.") } else { format!("{by} ended the watch: {why}") };
    let now = host.clock().now();
    release.end(now, ReleaseState::Stopped, words.clone());
    if !store.end(&release.id, &written(&release)?)? {
        return Err(gone());
    }
    if release.terms.acts() {
        let message = format!(
            "Release {} on {}: {words} Nothing is done by itself any more.",
            release.id,
            release.target.label()
        );
        let event = JournalEvent::Noted { actor: host.actor(release.target.context()), message };
        if let Err(error) = host.journal()?.append(&host.now(), &host.plan_id(), event, true) {
            // It is ended all the same: ending takes a right away and needs no record to be safe.
            host.notice(WireError::new(
                ErrorCode::JournalUnusable,
                format!("That the release was ended is not in the journal: {error}."),
            ));
        }
    }
    host.changed();
    Ok(line(host, release, false))
}
