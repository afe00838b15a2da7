//! `demo_clock_set`: lets time run faster on the demo account, so that a release of half an hour is rehearsed in half a minute.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::{FASTEST, Host},
};

/// How fast.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoClockSetRequest {
    /// How many times as fast as time, 1 to 60; without it, only says how it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub speed: Option<f64>,
}

/// The program's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DemoClockNow {
    /// What it says, RFC 3339.
    pub now: String,
    /// How many times as fast as time.
    pub speed: f64,
    /// Whether it may be set: only the demo account is open.
    pub settable: bool,
}

/// Sets the speed. Opening an account of AWS makes the clock the machine's again.
///
/// # Errors
/// `InvalidInput` for a speed that is none, and while anything but the demo account is open: AWS's time is AWS's.
pub async fn demo_clock_set(host: &Host, request: DemoClockSetRequest) -> Result<DemoClockNow, WireError> {
    let settable = host.only_demo() && host.inner.options.demo_clock.is_some();
    if let Some(speed) = request.speed {
        if !(1.0..=FASTEST).contains(&speed) {
            let told = format!("The demo clock runs 1 to {FASTEST} times as fast as time; {speed} is not.");
            return Err(WireError::new(ErrorCode::InvalidInput, told));
        }
        let clock = host.inner.options.demo_clock.as_ref().filter(|_| settable).ok_or_else(|| {
            WireError::new(
                ErrorCode::InvalidInput,
                "Only the demo account's time can be changed, and only while nothing else is open.",
            )
        })?;
        clock.set_speed(speed);
        host.changed();
    }
    let speed = host.inner.options.demo_clock.as_ref().map_or(1.0, |clock| clock.speed());
    Ok(DemoClockNow { now: host.now(), speed, settable })
}
