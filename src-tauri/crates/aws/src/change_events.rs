//! CloudTrail's events of one source, newest first, page by page (`LookupEvents`: 50 a page, 2 calls a second, one
//! attribute, 90 days).
//!
//! The one attribute is the source: the other useful one, `ReadOnly`, would bring every service's writes. Read events are
//! dropped as they come.

use aws_sdk_cloudtrail::{
    primitives::DateTime,
    types::{LookupAttribute, LookupAttributeKey},
};
use jiff::{SignedDuration, Timestamp};

use crate::{AwsError, Reader};

/// A record as CloudTrail gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedEvent {
    /// CloudTrail's id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The record: JSON in a string, as it came.
    pub record: String,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedEvents {
    /// Newest first; events that only read are not among them.
    pub events: Vec<FetchedEvent>,
    /// From here on everything was seen: the start that was asked for, or the oldest event of the last page that was read.
    pub complete_from: Timestamp,
    /// What ended it early, if something did; what came before stands.
    pub ended: Option<AwsError>,
}

impl FetchedEvents {
    /// Of the oldest second that was seen, more may be on the page that was not read.
    fn cut_short(mut self) -> Self {
        self.complete_from += SignedDuration::from_secs(1);
        self
    }
}

impl Reader<'_> {
    /// The events of a source between two moments, at most `pages` pages of them.
    ///
    /// # Errors
    /// Of the first page; a later one that fails ends it early.
    pub async fn change_events(
        &self,
        source: &str,
        start: Timestamp,
        end: Timestamp,
        pages: usize,
    ) -> Result<FetchedEvents, AwsError> {
        let client = aws_sdk_cloudtrail::Client::new(self.session.config());
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventSource)
            .attribute_value(source)
            .build()
            .map_err(|error| AwsError::not_understood("cloudtrail", "LookupEvents", error.to_string()))?;
        let what = format!("the configuration changes of {source}");
        let mut fetched = FetchedEvents { events: Vec::new(), complete_from: end, ended: None };
        let mut token = None::<String>;
        for page in 0..pages {
            let answer = self
                .read("cloudtrail", "LookupEvents", &what, || {
                    client
                        .lookup_events()
                        .lookup_attributes(attribute.clone())
                        .start_time(DateTime::from_secs(start.as_second()))
                        .end_time(DateTime::from_secs(end.as_second()))
                        .set_next_token(token.clone())
                        .send()
                })
                .await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) if page == 0 => return Err(error),
                Err(error) => {
                    fetched.ended = Some(error);
                    return Ok(fetched.cut_short());
                }
            };
            for event in answer.events() {
                let Some(at) = event.event_time().and_then(|time| Timestamp::from_second(time.secs()).ok()) else {
                    continue;
                };
                fetched.complete_from = fetched.complete_from.min(at);
                if event.read_only() == Some("true") {
                    continue;
                }
                let (Some(id), Some(record)) = (event.event_id(), event.cloud_trail_event()) else { continue };
                fetched.events.push(FetchedEvent { id: id.to_owned(), at, record: record.to_owned() });
            }
            token = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                fetched.complete_from = start;
                return Ok(fetched);
            }
        }
        Ok(fetched.cut_short())
    }
}
