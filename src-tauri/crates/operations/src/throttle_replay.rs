//! `throttle_replay`: what a limit would have done to the requests that really came.

use jiff::SignedDuration;
use portcullis_domain::{
    change::{parse_burst, parse_rate},
    throttle_replay::{Replay, replay},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError, capitalised},
    host::Host,
    traffic::{of_route, of_stage, per_minute},
};

/// How far back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReplayWindow {
    /// The last 24 hours.
    #[default]
    Day,
    /// The last 7 days.
    Week,
}

/// Which route, and which limit. Numbers are text, as a person typed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleReplayRequest {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
    /// Requests per second; absent is what applies to the route now.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub rate: Option<String>,
    /// Requests at once; absent is what applies to the route now.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub burst: Option<String>,
    /// How far back.
    #[serde(default)]
    pub window: ReplayWindow,
}

/// Whose requests were replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReplaySource {
    /// The route's own.
    Route,
    /// The whole stage's: the route has no metric of its own (detailed metrics are off).
    Stage,
    /// Nobody's: CloudWatch has neither.
    None,
}

/// What the limit would have done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleReplay {
    /// Whose requests.
    pub source: ReplaySource,
    /// Minute by minute, and in total.
    pub replay: Replay,
    /// Share refused if requests came evenly inside each minute, percent: the least.
    pub percent_even: f64,
    /// Share refused if each minute's requests came within one second, percent: the most.
    pub percent_at_once: f64,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
    /// The answer in a sentence.
    pub verdict: String,
}

/// Replays.
///
/// # Errors
/// `InvalidInput` for limits that are none, `NotFound` for a route that is gone, AWS's when CloudWatch cannot be read.
pub async fn throttle_replay(host: &Host, request: ThrottleReplayRequest) -> Result<ThrottleReplay, WireError> {
    let invalid = |error: portcullis_domain::change::ThrottleEditError| {
        WireError::new(ErrorCode::InvalidInput, format!("{}.", capitalised(&error.to_string())))
    };
    let rate = request.rate.as_deref().map(parse_rate).transpose().map_err(invalid)?;
    let burst = request.burst.as_deref().map(parse_burst).transpose().map_err(invalid)?;
    let (_, index) = host.shown();
    let route = index.find(&request.route_id).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.route_id))
            .with_hint("Refresh.")
    })?;
    let now = route.throttle.limit;
    let (Some(rate), Some(burst)) = (rate.or(now.rate), burst.or(now.burst)) else {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            "What applies to this route now is not known, so both a rate and a burst limit are needed to replay.",
        ));
    };
    let to = host.inner.options.clock.now();
    let from = to
        - match request.window {
            ReplayWindow::Day => SignedDuration::from_hours(24),
            ReplayWindow::Week => SignedDuration::from_hours(24 * 7),
        };
    let (mut source, mut traffic) = (ReplaySource::None, Vec::new());
    for (from_whom, series) in [(ReplaySource::Route, of_route(route)), (ReplaySource::Stage, of_stage(route))] {
        let Some(series) = series else { continue };
        traffic = per_minute(host, &route.context, series, from, to).await?;
        if !traffic.is_empty() {
            source = from_whom;
            break;
        }
    }
    let replay = replay(&traffic, rate, f64::from(burst));
    let (percent_even, percent_at_once) = replay.percent();
    let verdict = verdict(source, &replay, request.window);
    Ok(ThrottleReplay {
        source,
        replay,
        percent_even,
        percent_at_once,
        from: from.to_string(),
        to: to.to_string(),
        verdict,
    })
}

fn verdict(source: ReplaySource, replay: &Replay, window: ReplayWindow) -> String {
    let when = match window {
        ReplayWindow::Day => "the last 24 hours",
        ReplayWindow::Week => "the last 7 days",
    };
    let whose = match source {
        ReplaySource::None => {
            return format!(
                "CloudWatch has no requests of this route or its stage in {when}: what the limit would have done is not known."
            );
        }
        ReplaySource::Route => String::new(),
        ReplaySource::Stage => {
            " These are the whole stage's requests: the route has no metric of its own, and has at most as many."
                .to_owned()
        }
    };
    let (even, at_once) = replay.percent();
    let share = |percent: f64| {
        if percent > 0.0 && percent < 0.1 { "under 0.1 %".to_owned() } else { format!("{percent:.1} %") }
    };
    let what = if at_once <= 0.0 {
        format!("This limit would have refused none of the {} requests of {when}.", grouped(replay.requests))
    } else if even >= 99.95 {
        format!("This limit would have refused everything: all {} requests of {when}.", grouped(replay.requests))
    } else {
        format!(
            "Of the {} requests of {when} this limit would have refused {} if they came evenly within each minute, and at most {} if each minute's came within one second.",
            grouped(replay.requests),
            share(even),
            share(at_once)
        )
    };
    what + &whose
}

/// `77,682`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_domain::throttle_replay::MinuteCount;

    fn said(source: ReplaySource, requests: u64, rate: f64, burst: f64) -> String {
        let traffic: Vec<MinuteCount> = (0..60).map(|minute| MinuteCount { minute: minute * 60, requests }).collect();
        verdict(source, &replay(&traffic, rate, burst), ReplayWindow::Day)
    }

    #[test]
    fn nothing_and_everything_are_obvious_at_a_glance() {
        insta::assert_snapshot!(
            [
                said(ReplaySource::Route, 600, 1_000.0, 1_000.0),
                said(ReplaySource::Route, 600, 0.0, 0.0),
                said(ReplaySource::Route, 600, 5.0, 100.0),
                said(ReplaySource::Stage, 600, 1_000.0, 1_000.0),
                said(ReplaySource::None, 0, 1.0, 1.0),
            ]
            .join("\n"),
            @r"
        This limit would have refused none of the 36,000 requests of the last 24 hours.
        This limit would have refused everything: all 36,000 requests of the last 24 hours.
        Of the 36,000 requests of the last 24 hours this limit would have refused 49.7 % if they came evenly within each minute, and at most 82.5 % if each minute's came within one second.
        This limit would have refused none of the 36,000 requests of the last 24 hours. These are the whole stage's requests: the route has no metric of its own, and has at most as many.
        CloudWatch has no requests of this route or its stage in the last 24 hours: what the limit would have done is not known.
        "
        );
    }
}
