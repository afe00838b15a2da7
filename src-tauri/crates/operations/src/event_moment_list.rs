//! `event_moment_list`: the moments that people ask about: alarms, and since when they are in their state.

use std::cmp::Reverse;

use futures::future::join_all;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::coverage::Coverage;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventMomentListRequest {}

/// A moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventMoment {
    /// The context's label.
    pub context: String,
    /// The alarm's name.
    pub alarm: String,
    /// Whether it is in the state ALARM.
    pub burning: bool,
    /// Since when it is in its state, RFC 3339.
    pub at: String,
}

/// The moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventMomentList {
    /// Burning ones first, then the latest.
    pub items: Vec<EventMoment>,
    /// What could not be read.
    pub coverage: Coverage,
}

/// Lists them.
///
/// # Errors
/// None: what AWS did not give is coverage.
pub async fn event_moment_list(host: &Host, _: EventMomentListRequest) -> Result<EventMomentList, WireError> {
    let contexts = host.contexts().clone();
    let read = contexts.iter().map(|context| async {
        let session = context.session(host).await?;
        let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
        reader.alarm_moments().await
    });
    let (mut items, mut gaps) = (Vec::new(), Vec::new());
    for (context, outcome) in contexts.iter().zip(join_all(read).await) {
        match outcome {
            Err(error) => gaps.push(error.to_gap(&context.label, "the alarms")),
            Ok(found) => items.extend(found.into_iter().map(|alarm| EventMoment {
                context: context.label.to_string(),
                alarm: alarm.name,
                burning: alarm.burning,
                at: alarm.at.to_string(),
            })),
        }
    }
    items.sort_by_key(|moment| (!moment.burning, Reverse(moment.at.clone())));
    Ok(EventMomentList { items, coverage: Coverage::of(gaps) })
}
