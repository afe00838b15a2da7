//! Candidate and baseline from the rows that CloudWatch Logs Insights gave: nothing is added that no row says.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{CanarySample, RouteEvidence};

/// A row: field by name.
type Row = BTreeMap<String, String>;

/// What the rows say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogSplit {
    /// By the minute's start, seconds since the epoch: candidate and baseline.
    pub minutes: BTreeMap<i64, (CanarySample, CanarySample)>,
    /// Lines whose side could not be read.
    pub unread: u64,
    /// Lines of either side without a status.
    pub without_status: u64,
}

/// Reads the rows of [`super::LogQuestion::by_minute`]. `group` is the stage's log group; AWS documents that a canary's
/// lines stand in it and in `group/Canary`, so the candidate is read from whichever has more of them, and never added up.
///
/// # Errors
/// A sentence for a row that is not as it was asked for.
pub fn log_minutes(rows: &[Row], group: &str, has_status: bool) -> Result<LogSplit, String> {
    let mut split = LogSplit::default();
    let candidate_group = candidate_group(rows, group)?;
    for row in rows {
        let requests = count(row, "requests")?;
        let (of, told) = (group_of(row)?, text(row, "told")?);
        if told == "unread" {
            split.unread += if of == group { requests } else { 0 };
            continue;
        }
        let candidate = told == "true";
        if of != if candidate { candidate_group } else { group } {
            continue;
        }
        let optional = |name: &str| if has_status { count(row, name) } else { Ok(0) };
        let sample = CanarySample {
            requests,
            client_errors: optional("clientErrors")?,
            server_errors: optional("serverErrors")?,
            latency_average: milliseconds(row, "average")?,
            latency_p50: milliseconds(row, "p50")?,
            latency_p90: milliseconds(row, "p90")?,
            latency_p99: milliseconds(row, "p99")?,
        };
        if has_status {
            split.without_status += requests.saturating_sub(count(row, "known")?);
        }
        let minute = split.minutes.entry(minute(row)?).or_default();
        let side = if candidate { &mut minute.0 } else { &mut minute.1 };
        if side.requests > 0 {
            return Err("Two rows are of one minute and side.".to_owned());
        }
        *side = sample;
    }
    Ok(split)
}

/// Reads the rows of [`super::LogQuestion::by_route`]: routes with requests to the candidate.
///
/// # Errors
/// As [`log_minutes`].
pub fn log_routes(rows: &[Row], group: &str) -> Result<Vec<RouteEvidence>, String> {
    let candidate_group = candidate_group(rows, group)?;
    let mut routes: BTreeMap<String, (CanarySample, CanarySample)> = BTreeMap::new();
    for row in rows {
        // Requests that met no route have neither.
        let (Some(method), Some(route)) = (row.get("method"), row.get("route")) else { continue };
        let told = text(row, "told")?;
        let candidate = told == "true";
        if told == "unread" || group_of(row)? != if candidate { candidate_group } else { group } {
            continue;
        }
        let sample = CanarySample {
            requests: count(row, "requests")?,
            client_errors: count(row, "clientErrors")?,
            server_errors: count(row, "serverErrors")?,
            ..CanarySample::default()
        };
        let sides = routes.entry(format!("{method} {route}")).or_default();
        *(if candidate { &mut sides.0 } else { &mut sides.1 }) = sample;
    }
    let evidence = |(route, (candidate, baseline))| RouteEvidence { route, candidate, baseline };
    Ok(routes.into_iter().map(evidence).filter(|route| route.candidate.requests > 0).collect())
}

/// The group that has more of the candidate's lines; the stage's own when both have as many.
fn candidate_group<'a>(rows: &'a [Row], group: &'a str) -> Result<&'a str, String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.get("told").is_some_and(|told| told == "true")) {
        *counts.entry(group_of(row)?).or_default() += count(row, "requests")?;
    }
    let own = counts.get(group).copied().unwrap_or_default();
    let other = counts.into_iter().filter(|(name, _)| *name != group).max_by_key(|(_, count)| *count);
    Ok(other.filter(|(_, count)| *count > own).map_or(group, |(name, _)| name))
}

fn text<'a>(row: &'a Row, name: &str) -> Result<&'a str, String> {
    row.get(name).map(String::as_str).ok_or_else(|| format!("A row has no {name}."))
}

/// `111122223333:shop-access`
fn group_of(row: &Row) -> Result<&str, String> {
    let log = text(row, "@log")?;
    Ok(log.split_once(':').map_or(log, |(_, name)| name))
}

fn count(row: &Row, name: &str) -> Result<u64, String> {
    let value = text(row, name)?;
    value.parse().map_err(|_| format!("{name} is no count: {value}."))
}

/// A latency, ms; absent where no line of the row has one.
fn milliseconds(row: &Row, name: &str) -> Result<Option<f64>, String> {
    let Some(value) = row.get(name) else { return Ok(None) };
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
        _ => Err(format!("{name} is no latency: {value}.")),
    }
}

/// `2026-03-02 15:04:00.000`, UTC.
fn minute(row: &Row) -> Result<i64, String> {
    let value = text(row, "bin(1m)")?;
    let at: Result<Timestamp, _> = format!("{}Z", value.replace(' ', "T")).parse();
    at.map(Timestamp::as_second).map_err(|_| format!("bin(1m) is no time: {value}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        let pairs = text.split("; ").map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    const MINUTE: &str = "bin(1m)=2026-03-02 15:04:00.000";

    fn side(group: &str, told: &str, requests: u64, server: u64) -> Row {
        row(&format!(
            "{MINUTE}; @log=111122223333:{group}; told={told}; requests={requests}; known={requests}; clientErrors=1; serverErrors={server}; average=12.5; p99=90"
        ))
    }

    #[test]
    fn each_side_is_read_from_the_lines_that_are_its_own_and_none_twice() {
        let rows = [
            side("g", "false", 90, 1),
            side("g", "true", 10, 5),
            side("g/Canary", "true", 10, 5),
            row(&format!("{MINUTE}; @log=1:g; told=unread; requests=3; known=0; clientErrors=0; serverErrors=0")),
        ];
        let split = log_minutes(&rows, "g", true).unwrap();
        let (candidate, baseline) = split.minutes[&1_772_463_840];
        assert_eq!((candidate.requests, candidate.server_errors, candidate.latency_p99), (10, 5, Some(90.0)));
        assert_eq!((baseline.requests, baseline.server_errors, baseline.latency_p50), (90, 1, None));
        assert_eq!((split.unread, split.without_status), (3, 0));
        // A stage whose group has none of the candidate's.
        let apart = [side("g", "false", 90, 1), side("g/Canary", "true", 12, 0)];
        assert_eq!(log_minutes(&apart, "g", true).unwrap().minutes[&1_772_463_840].0.requests, 12);
    }

    #[test]
    fn what_is_not_as_asked_is_no_answer() {
        for (bad, says) in [
            ("told=true; requests=1; known=1; clientErrors=0; serverErrors=0; bin(1m)=2026-03-02 15:04:00.000", "@log"),
            ("@log=1:g; told=true; requests=1.5; bin(1m)=2026-03-02 15:04:00.000", "no count"),
            ("@log=1:g; told=true; requests=1; known=1; clientErrors=0; serverErrors=0; bin(1m)=soon", "no time"),
            (
                "@log=1:g; told=true; requests=1; known=1; clientErrors=0; serverErrors=0; p50=-; bin(1m)=x",
                "no latency",
            ),
        ] {
            let error = log_minutes(&[row(bad)], "g", true).unwrap_err();
            assert!(error.contains(says), "{bad}: {error}");
        }
        let twice = [side("g", "true", 1, 0), side("g", "true", 2, 0)];
        assert!(log_minutes(&twice, "g", true).is_err());
        let untold =
            row(&format!("{MINUTE}; @log=1:g; told=true; requests=4; known=1; clientErrors=0; serverErrors=0"));
        assert_eq!(log_minutes(&[untold], "g", true).unwrap().without_status, 3, "no status is not no error");
    }

    #[test]
    fn routes_are_those_that_the_candidate_had() {
        let of = |told: &str, route: &str, requests: u64, server: u64| {
            row(&format!(
                "@log=1:g; told={told}; method=POST; route={route}; requests={requests}; clientErrors=0; serverErrors={server}"
            ))
        };
        let unmatched = row("@log=1:g; told=true; requests=7; clientErrors=7; serverErrors=0");
        let rows =
            [of("true", "/coupons", 20, 12), of("false", "/coupons", 180, 0), of("false", "/a", 50, 0), unmatched];
        let routes = log_routes(&rows, "g").unwrap();
        assert_eq!(routes.len(), 1);
        assert_eq!((routes[0].route.as_str(), routes[0].candidate.server_errors), ("POST /coupons", 12));
        assert_eq!(routes[0].baseline.requests, 180);
    }
}
