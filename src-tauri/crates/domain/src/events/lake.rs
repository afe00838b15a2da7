//! CloudTrail Lake: the statement that is sent, and its rows. `eventJson` is the record as CloudTrail delivers it
//! ("CloudTrail Lake SQL constraints", schema of management events).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{EVENT_SOURCES, EventEnvelope, Interval};

/// The configuration changes of every account and region between two moments, newest first. `store` is the id of the
/// event data store; `None` when that is none: it stands in the statement without quotes.
#[must_use]
pub fn lake_statement(store: &str, interval: Interval) -> Option<String> {
    let id = store.rsplit('/').next().unwrap_or(store);
    let fits = !id.is_empty() && id.len() <= 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let moment = |moment: Timestamp| moment.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let sources: Vec<String> = EVENT_SOURCES.iter().map(|source| format!("'{source}'")).collect();
    fits.then(|| {
        format!(
            "SELECT eventID, eventTime, eventSource, eventName, recipientAccountId, awsRegion, eventJson FROM {id} \
             WHERE eventTime >= '{}' AND eventTime <= '{}' AND readOnly = false AND eventSource IN ({}) \
             ORDER BY eventTime DESC",
            moment(interval.from),
            moment(interval.to),
            sources.join(", ")
        )
    })
}

/// A row as envelope, time and record; `None` for one without an id or a time that can be read.
#[must_use]
pub fn lake_event(row: &BTreeMap<String, String>) -> Option<(EventEnvelope, Timestamp, String)> {
    // Lake gives column names in whatever case it likes.
    let column = |name: &str| {
        row.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let (id, at) = (column("eventID"), moment(&column("eventTime"))?);
    if id.is_empty() {
        return None;
    }
    let envelope = EventEnvelope {
        id,
        at: at.to_string(),
        source: column("eventSource"),
        name: column("eventName"),
        user: String::new(),
        account: column("recipientAccountId"),
        region: column("awsRegion"),
        resources: Vec::new(),
    };
    Some((envelope, at, column("eventJson")))
}

/// `2026-03-02 10:00:00.000`, which is UTC, `2026-03-02T10:00:00Z`, and the form of AWS's console in the United States
/// (`Mar 2, 2026, 10:00:00 AM`, `3/2/2026 10:00:00 AM`).
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    if let Ok(at) = text.replacen(' ', "T", 1).parse::<DateTime>() {
        return utc(at);
    }
    let forms = ["%b %d, %Y, %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S"];
    forms.iter().find_map(|form| DateTime::strptime(form, text).ok()).and_then(utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval() -> Interval {
        Interval { from: "2026-03-01T10:00:00Z".parse().unwrap(), to: "2026-03-02T10:00:00Z".parse().unwrap() }
    }

    #[test]
    fn the_statement_names_the_store_by_its_id_and_nothing_else_goes_into_it() {
        let id = "11112222-3333-4444-5555-666677778888";
        let arn = format!("arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/{id}");
        let statement = lake_statement(&arn, interval()).unwrap();
        assert!(statement.contains(&format!("FROM {id} WHERE eventTime >= '2026-03-01 10:00:00'")), "{statement}");
        assert!(statement.contains("readOnly = false AND eventSource IN ('apigateway.amazonaws.com', "), "{statement}");
        for wrong in ["", "x; DROP TABLE y", "store' OR '1'='1", "arn:aws:cloudtrail:eu-west-1:1:eventdatastore/"] {
            assert_eq!(lake_statement(wrong, interval()), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_read_in_every_form() {
        let expected: Timestamp = "2026-03-02T10:04:05Z".parse().unwrap();
        for text in [
            "2026-03-02 10:04:05.000",
            "2026-03-02 10:04:05",
            "2026-03-02T10:04:05Z",
            "Mar 2, 2026, 10:04:05 AM",
            "Mar 2, 2026 10:04:05 AM",
            "3/2/2026 10:04:05 AM",
        ] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn a_row_is_an_event_whatever_the_case_of_its_columns() {
        let row: BTreeMap<String, String> = [
            ("eventid", "e1"),
            ("eventTime", "2026-03-02 10:00:00.000"),
            ("recipientaccountid", "444455556666"),
            ("awsRegion", "us-east-1"),
            ("eventJson", "{}"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let (envelope, _, record) = lake_event(&row).unwrap();
        assert_eq!((envelope.id.as_str(), envelope.account.as_str(), record.as_str()), ("e1", "444455556666", "{}"));
        assert_eq!(lake_event(&BTreeMap::new()), None);
    }
}
