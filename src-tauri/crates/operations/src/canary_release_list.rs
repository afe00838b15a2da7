//! `canary_release_list`: the releases under watch and those that are over.

use portcullis_domain::canary::{Release, minutes_left, what_comes_next};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_difference::api_of,
    canary_watch::CanaryWatch,
    error::WireError,
    host::Host,
    release::{read, stage_of},
    throttle_copy::StageName,
};

/// Which releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryReleaseListRequest {
    /// Those of this stage only.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub stage: Option<StageName>,
}

/// A release, and what a person wants to know of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseLine {
    /// The release; without the fields of the stage, which may hold the values of stage variables.
    pub release: Release,
    /// Its stage.
    pub stage: StageName,
    /// What happens next, a sentence each.
    pub next: Vec<String>,
    /// Whole minutes until it ends.
    pub minutes_left: u32,
    /// Why nobody looks at it although it runs, a sentence.
    #[ts(optional = nullable)]
    pub unwatched: Option<String>,
    /// What this program saw in its last look.
    #[ts(optional = nullable)]
    pub watch: Option<CanaryWatch>,
}

/// The releases.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryReleaseList {
    /// Running ones first, then newest first.
    pub releases: Vec<ReleaseLine>,
}

/// Lists them, from the file that window and command line share.
///
/// # Errors
/// `StoreUnusable` and the like when the file cannot be used.
pub async fn canary_release_list(
    host: &Host,
    request: CanaryReleaseListRequest,
) -> Result<CanaryReleaseList, WireError> {
    if !host.has_releases() {
        return Ok(CanaryReleaseList::default());
    }
    let now = host.clock().now();
    let mut releases = Vec::new();
    for kept in host.releases()?.list(false)? {
        let release = match read(&kept) {
            Ok(release) => release,
            Err(error) => {
                host.notice(error);
                continue;
            }
        };
        if request.stage.as_ref().is_some_and(|stage| *stage != stage_of(&release.target)) {
            continue;
        }
        let held = kept.held.1 > now.as_second();
        releases.push(line(host, release, held));
    }
    Ok(CanaryReleaseList { releases })
}

/// A release for a person.
pub(crate) fn line(host: &Host, mut release: Release, held: bool) -> ReleaseLine {
    let now = host.clock().now();
    let stage = stage_of(&release.target);
    release.expected.clear();
    let unwatched = (release.is_running() && !held).then(|| {
        if api_of(host, &stage).is_ok() {
            "The next look is about to begin.".to_owned()
        } else {
            format!("Nobody looks at it: open the context {} here, or go on with canary watch.", stage.context)
        }
    });
    ReleaseLine {
        next: what_comes_next(&release),
        minutes_left: minutes_left(&release, now),
        unwatched,
        watch: host.last_look(&release.id),
        release,
        stage,
    }
}
