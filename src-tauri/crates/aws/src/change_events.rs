//! CloudTrail's events of one source, newest first, page by page (`LookupEvents`: 50 a page, 2 calls a second, one
//! attribute, 90 days).
//!
//! The one attribute is the source: the other useful one, `ReadOnly`, would bring every service's writes. Read events are
//! dropped as they come.

use aws_sdk_cloudtrail::{
    primitives::DateTime,
    types::{Event, LookupAttribute, LookupAttributeKey},
};
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::events::{EventEnvelope, Interval};

use crate::{AwsError, Reader};

/// A record as CloudTrail gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedEvent {
    /// What CloudTrail says beside the record.
    pub envelope: EventEnvelope,
    /// When.
    pub at: Timestamp,
    /// The record: JSON in a string, as it came.
    pub record: String,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPage {
    /// Newest first; events that only read are not among them.
    pub events: Vec<FetchedEvent>,
    /// From here to the end that was asked for everything was seen: the start that was asked for with the last page, before
    /// it the second after the oldest event, since of that second more may be on the next page.
    pub seen_from: Timestamp,
}

/// The pages of one source, asked for one at a time.
#[derive(Debug)]
pub struct EventPages<'r, 's> {
    reader: &'r Reader<'s>,
    client: aws_sdk_cloudtrail::Client,
    attribute: LookupAttribute,
    what: String,
    interval: Interval,
    seen_from: Timestamp,
    token: Option<String>,
    ended: bool,
}

impl<'s> Reader<'s> {
    /// The events of a source in an interval. Nothing is sent yet.
    ///
    /// # Errors
    /// None that is known: the SDK wants to be asked.
    pub fn change_events(&self, source: &str, interval: Interval) -> Result<EventPages<'_, 's>, AwsError> {
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventSource)
            .attribute_value(source)
            .build()
            .map_err(|error| AwsError::not_understood("cloudtrail", "LookupEvents", error.to_string()))?;
        Ok(EventPages {
            reader: self,
            client: aws_sdk_cloudtrail::Client::new(self.session.config()),
            attribute,
            what: format!("the configuration changes of {source}"),
            interval,
            seen_from: interval.to,
            token: None,
            ended: false,
        })
    }
}

impl EventPages<'_, '_> {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// As every read. The pages before stand, and asking again goes on.
    pub async fn next(&mut self) -> Result<Option<EventPage>, AwsError> {
        if self.ended {
            return Ok(None);
        }
        let answer = self
            .reader
            .read("cloudtrail", "LookupEvents", &self.what, || {
                self.client
                    .lookup_events()
                    .lookup_attributes(self.attribute.clone())
                    .start_time(DateTime::from_secs(self.interval.from.as_second()))
                    .end_time(DateTime::from_secs(self.interval.to.as_second()))
                    .set_next_token(self.token.clone())
                    .send()
            })
            .await?;
        let mut events = Vec::new();
        for event in answer.events() {
            let Some(at) = event.event_time().and_then(|time| Timestamp::from_second(time.secs()).ok()) else {
                continue;
            };
            self.seen_from = self.seen_from.min(at);
            if event.read_only() != Some("true") {
                events.extend(fetched(event, at));
            }
        }
        self.token = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        self.ended = self.token.is_none();
        let second = SignedDuration::from_secs(1);
        let seen_from = if self.ended { self.interval.from } else { (self.seen_from + second).min(self.interval.to) };
        Ok(Some(EventPage { events, seen_from }))
    }
}

/// `None` for an event without an id: it could not be told from any other.
fn fetched(event: &Event, at: Timestamp) -> Option<FetchedEvent> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let resources = event.resources().iter();
    let envelope = EventEnvelope {
        id: event.event_id()?.to_owned(),
        at: at.to_string(),
        source: text(event.event_source()),
        name: text(event.event_name()),
        user: text(event.username()),
        account: String::new(),
        region: String::new(),
        resources: resources.map(|one| (text(one.resource_type()), text(one.resource_name()))).collect(),
    };
    // Without a record there is still what the envelope says.
    Some(FetchedEvent { envelope, at, record: text(event.cloud_trail_event()) })
}
