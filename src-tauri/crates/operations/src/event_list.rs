//! `event_list`: the configuration changes that match, latest first, with who made them and whether it was this console.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::{
    coverage::Coverage,
    events::{ChangeEvent, EVENT_SOURCES, EventClient, EventOutcome, Interval, tell_befores},
    journal::entries,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// How far back is looked when nobody says.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whose changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EventMaker {
    /// Everybody's.
    #[default]
    Anybody,
    /// Those of this console's journal.
    Journal,
    /// Those that the journal does not have.
    Elsewhere,
}

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EventListRequest {
    /// Only events in which every word of this occurs: who, principal, what, name, source address, context.
    pub text: String,
    /// Only with this client.
    #[ts(optional = nullable)]
    pub client: Option<EventClient>,
    /// Only with this outcome.
    #[ts(optional = nullable)]
    pub outcome: Option<EventOutcome>,
    /// Only by these.
    pub maker: EventMaker,
    /// Only API Gateway's deployments are left out: who touched it otherwise?
    pub outside_deployments: bool,
    /// From then on, RFC 3339; a week before `until` when not said.
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// Until then, RFC 3339; now when not said.
    #[ts(optional = nullable)]
    pub until: Option<String>,
    /// Lines to skip.
    pub offset: u32,
    /// Lines of a page, 1 to 500.
    pub limit: u32,
}

/// What of time is covered for one context: nothing is said about the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventCovered {
    /// The context's label.
    pub context: String,
    /// `apigateway.amazonaws.com`.
    pub source: String,
    /// Oldest first; none when nothing was fetched yet.
    pub intervals: Vec<Interval>,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventList {
    /// Events in the window of time.
    pub total: u32,
    /// Events that match.
    pub matching: u32,
    /// The page.
    pub items: Vec<ChangeEvent>,
    /// What of time is covered.
    pub covered: Vec<EventCovered>,
    /// What the last fetch could not get.
    pub coverage: Coverage,
}

/// Lists a page of what was fetched; [`crate::event_refresh`] fetches.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many and for a time that is none; the store's.
pub async fn event_list(host: &Host, request: EventListRequest) -> Result<EventList, WireError> {
    if request.limit == 0 || request.limit > 500 {
        return Err(WireError::new(ErrorCode::InvalidInput, "A page has 1 to 500 lines."));
    }
    let until = moment(request.until.as_deref(), "until")?.unwrap_or_else(|| host.inner.options.clock.now());
    let since = moment(request.since.as_deref(), "since")?.unwrap_or_else(|| until - WINDOW);
    let store = host.events_store()?;
    let made_here = made_here(host)?;
    let (mut events, mut covered) = (Vec::new(), Vec::new());
    for context in host.contexts().iter() {
        for kept in store.between(&context.label, since, until)? {
            let mut event = ChangeEvent::read(&context.label, &kept.id, &kept.at.to_string(), &kept.record);
            if event.read_only && event.outcome == EventOutcome::Succeeded {
                continue;
            }
            // Its name, where the inventory has it: nobody knows an API by its id.
            if let Some(api) = event.api_id.as_deref()
                && let Some(known) = context.state().apis.get(api)
            {
                event.what = event.what.replace(api, &known.api.name);
            }
            event.journal_entry = event.request_id.as_ref().and_then(|id| made_here.get(id)).cloned();
            events.push(event);
        }
        for source in EVENT_SOURCES {
            let intervals = store.covered(&context.label, source)?;
            covered.push(EventCovered { context: context.label.to_string(), source: (*source).to_owned(), intervals });
        }
    }
    events.sort_by(|one, other| other.at.cmp(&one.at));
    tell_befores(&mut events);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let total = count(events.len());
    let words: Vec<String> = request.text.split_whitespace().map(str::to_lowercase).collect();
    events.retain(|event| fits(event, &request, &words));
    let matching = count(events.len());
    let items = events.into_iter().skip(request.offset as usize).take(request.limit as usize).collect();
    Ok(EventList { total, matching, items, covered, coverage: Coverage::of(host.event_gaps()) })
}

fn fits(event: &ChangeEvent, request: &EventListRequest, words: &[String]) -> bool {
    let text = format!(
        "{} {} {} {} {} {} {} {}",
        event.who,
        event.principal,
        event.what,
        event.name,
        event.source_ip,
        event.context,
        event.api_id.as_deref().unwrap_or_default(),
        event.stage.as_deref().unwrap_or_default()
    )
    .to_lowercase();
    let by = match request.maker {
        EventMaker::Anybody => true,
        EventMaker::Journal => event.journal_entry.is_some(),
        EventMaker::Elsewhere => event.journal_entry.is_none(),
    };
    by && words.iter().all(|word| text.contains(word))
        && request.client.is_none_or(|client| client == event.client)
        && request.outcome.is_none_or(|outcome| outcome == event.outcome)
        && !(request.outside_deployments && event.name == "CreateDeployment")
}

/// AWS's request ids of everything that this console changed, and the entries that they are of.
fn made_here(host: &Host) -> Result<HashMap<String, String>, WireError> {
    let records = host.journal()?.records()?;
    Ok(entries(&records)
        .iter()
        .flat_map(|entry| entry.request_ids().map(|id| (id.to_owned(), entry.id.clone())))
        .collect())
}

fn moment(text: Option<&str>, name: &str) -> Result<Option<Timestamp>, WireError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| {
        let message = format!("{name} is no time: {error}. Write it like 2026-03-02T10:00:00Z.");
        WireError::new(ErrorCode::InvalidInput, message)
    })
}
