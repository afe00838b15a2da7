//! How many requests a method has in a minute: the same for the same names, with the shape of a day and of a week.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

/// One minute of one method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Minute {
    /// Requests.
    pub(crate) requests: u64,
    /// Of them answered with 4XX.
    pub(crate) client_errors: u64,
    /// Of them answered with 5XX.
    pub(crate) server_errors: u64,
    /// The middle latency, ms.
    pub(crate) latency: f64,
}

/// A number from 0 to 1 for a name and a number: a hash, so that every minute can be asked for by itself.
pub(crate) fn chance(name: &str, number: i64) -> f64 {
    // FNV-1a, then the finaliser of SplitMix64: neighbouring minutes must not look alike.
    let mut hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^= number.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    let unit = ((hash ^ (hash >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
    unit
}

/// Words of a path and about how many requests a minute such a method of this shop has at noon.
const RATES: &[(&str, f64)] = &[
    ("checkout", 40.0),
    ("coupon", 180.0),
    ("gift", 12.0),
    ("login", 90.0),
    ("otp", 25.0),
    ("search", 600.0),
    ("product", 900.0),
    ("cart", 240.0),
    ("order", 70.0),
    ("webhook", 30.0),
    ("admin", 2.0),
    ("health", 12.0),
];

/// The method's minute. `name` is its whole name; stages that are not production have a hundredth of the traffic.
pub(crate) fn minute(name: &str, path: &str, stage: &str, epoch_minute: i64) -> Minute {
    let usual = RATES.iter().find(|(word, _)| path.contains(word)).map_or(20.0, |(_, rate)| *rate);
    let production = if stage.contains("prod") || stage.starts_with('$') { 1.0 } else { 0.01 };
    let of_its_own = 0.5 + chance(name, -1);
    let noise = 0.8 + 0.4 * chance(name, epoch_minute);
    let expected = usual * production * of_its_own * noise * time_of_day(epoch_minute);
    let requests = drawn(expected, chance(name, epoch_minute ^ 0x5555));
    let tries_passwords = path.contains("login") || path.contains("otp");
    let client = if tries_passwords { 0.08 } else { 0.015 };
    let part =
        |share: f64, salt: i64| drawn(to_float(requests) * share, chance(name, epoch_minute ^ salt)).min(requests);
    Minute {
        requests,
        client_errors: part(client, 0x4444),
        server_errors: part(0.0008, 0x7777),
        latency: 40.0 + 120.0 * chance(name, -2) + 20.0 * chance(name, epoch_minute ^ 0x3333),
    }
}

/// A whole number near the expected one: its fraction is the chance of one more.
pub(crate) fn drawn(expected: f64, chance: f64) -> u64 {
    let whole = expected.floor();
    let more = if chance < expected - whole { 1.0 } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "requests of a minute, never negative")]
    let drawn = (whole + more) as u64;
    drawn
}

#[expect(clippy::cast_precision_loss, reason = "requests of a minute")]
pub(crate) fn to_float(requests: u64) -> f64 {
    requests as f64
}

/// Quiet at four in the morning, busiest in the afternoon, and less on the weekend.
fn time_of_day(epoch_minute: i64) -> f64 {
    let at = Timestamp::from_second(epoch_minute * 60).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    let hour = f64::from(at.hour()) + f64::from(at.minute()) / 60.0;
    let day = 0.55 - 0.45 * ((hour - 4.0) / 24.0 * std::f64::consts::TAU).cos();
    let weekend = matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
    if weekend { day * 0.6 } else { day }
}

#[cfg(test)]
mod tests {

    /// Monday, 2026-03-02, midnight.
    const MONDAY: i64 = 1_772_409_600 / 60;

    fn of_day(day: i64) -> u64 {
        (0..1440)
            .map(|minute| {
                super::minute("shop/prod/GET /search", "/search", "prod", MONDAY + day * 1440 + minute).requests
            })
            .sum()
    }

    #[test]
    fn the_same_minute_is_the_same_and_another_is_not() {
        let at = |minute| super::minute("shop/prod/GET /search", "/search", "prod", minute);
        assert_eq!(at(MONDAY), at(MONDAY));
        assert!((0..10).any(|later| at(MONDAY + later) != at(MONDAY)));
    }

    #[test]
    fn a_day_has_its_shape_and_a_week_too() {
        let at = |hour: i64| super::minute("x", "/search", "prod", MONDAY + hour * 60).requests;
        assert!(at(16) > 3 * at(4), "{} at four in the afternoon, {} at night", at(16), at(4));
        assert!(of_day(5) < of_day(1), "Saturday is quieter than Tuesday");
    }
}
