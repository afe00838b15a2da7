//! A large account for benchmarks: so many APIs with so many routes and API keys, from word lists, the same for the same
//! seed. This is the plan of it; the account's core puts it in place without one call per route.

use std::{fmt, str::FromStr};

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// AWS's bound on APIs in a region.
const MAX_APIS: usize = 10_000;
/// As many routes as the views are made for, ten times over.
const MAX_ROUTES: usize = 500_000;
/// AWS's bound on API keys of an account in a region, unless it is raised
/// (<https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>).
const MAX_KEYS: usize = 10_000;

/// How large: `apis=200,routes=50000`, and with API keys `apis=200,routes=50000,keys=10000`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// REST APIs in the home region, 1 to 10,000.
    pub apis: usize,
    /// Methods of all of them together, at least one for each, at most 500,000.
    pub routes: usize,
    /// API keys in usage plans of the first API, at most 10,000; none unless they are asked for.
    pub keys: usize,
}

/// Why a text is no scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScaleError {
    /// Not `name=number`.
    #[error("{part:?} is not of the form name=number; write apis=200,routes=50000")]
    Form {
        /// The part between commas.
        part: String,
    },
    /// Neither `apis` nor `routes` nor `keys`.
    #[error("{name:?} cannot be scaled; there are apis, routes and keys")]
    Unknown {
        /// The name before the equals sign.
        name: String,
    },
    /// Said twice.
    #[error("{name} is given twice")]
    Twice {
        /// Which.
        name: &'static str,
    },
    /// Not said.
    #[error("{name} is missing; write apis=200,routes=50000")]
    Missing {
        /// Which.
        name: &'static str,
    },
    /// Too small or too large.
    #[error("{name}={value} is out of range: {least} to {most}")]
    Range {
        /// Which.
        name: &'static str,
        /// What was asked for.
        value: usize,
        /// The least.
        least: usize,
        /// The most.
        most: usize,
    },
}

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let (mut apis, mut routes, mut keys) = (None, None, None);
        for part in text.split(',') {
            let form = || ScaleError::Form { part: part.trim().to_owned() };
            let (name, number) = part.split_once('=').ok_or_else(form)?;
            let value: usize = number.trim().replace('_', "").parse().map_err(|_| form())?;
            let (name, slot) = match name.trim() {
                "apis" => ("apis", &mut apis),
                "routes" => ("routes", &mut routes),
                "keys" => ("keys", &mut keys),
                other => return Err(ScaleError::Unknown { name: other.to_owned() }),
            };
            if slot.replace(value).is_some() {
                return Err(ScaleError::Twice { name });
            }
        }
        let apis = within("apis", apis, 1, MAX_APIS)?;
        let routes = within("routes", routes, apis, MAX_ROUTES)?;
        Ok(Self { apis, routes, keys: within("keys", keys.or(Some(0)), 0, MAX_KEYS)? })
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "apis={},routes={}", self.apis, self.routes)?;
        if self.keys > 0 { write!(out, ",keys={}", self.keys) } else { Ok(()) }
    }
}

fn within(name: &'static str, value: Option<usize>, least: usize, most: usize) -> Result<usize, ScaleError> {
    let value = value.ok_or(ScaleError::Missing { name })?;
    if (least..=most).contains(&value) { Ok(value) } else { Err(ScaleError::Range { name, value, least, most }) }
}

/// What guards a planned route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlannedGuard {
    Open,
    Key,
    Iam,
    Customers,
    Staff,
}

/// A method of a planned API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedRoute {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) guard: PlannedGuard,
    pub(crate) validated: bool,
}

/// An API of a large account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedApi {
    pub(crate) name: String,
    /// `REGIONAL`, `EDGE` or `PRIVATE`.
    pub(crate) endpoint: &'static str,
    pub(crate) routes: Vec<PlannedRoute>,
}

/// An audience's corner of the word lists: base path, guard, nouns.
type Corner = (&'static str, PlannedGuard, &'static [&'static str]);

const CORNERS: &[Corner] = &[
    (
        "",
        PlannedGuard::Open,
        &[
            "products",
            "categories",
            "search",
            "stores",
            "promotions",
            "brands",
            "reviews",
            "doctors",
            "clinics",
            "articles",
        ],
    ),
    ("", PlannedGuard::Open, &["login", "signup", "otp", "password", "coupons", "gift-cards", "health"]),
    (
        "",
        PlannedGuard::Customers,
        &[
            "cart",
            "profile",
            "orders",
            "wishlist",
            "appointments",
            "addresses",
            "subscriptions",
            "invoices",
            "messages",
            "prescriptions",
        ],
    ),
    ("/checkout", PlannedGuard::Customers, &["payments", "shipping", "confirmations", "instalments"]),
    (
        "/partner",
        PlannedGuard::Key,
        &["practices", "referrals", "claims", "price-lists", "shipments", "catalogue", "stock", "settlements"],
    ),
    ("/webhooks", PlannedGuard::Open, &["payments", "carriers", "sms", "voice", "email", "disputes"]),
    (
        "/admin",
        PlannedGuard::Staff,
        &["refunds", "prices", "customers", "users", "audit", "campaigns", "returns", "vouchers"],
    ),
    (
        "/internal",
        PlannedGuard::Iam,
        &["inventory", "ledger", "reservations", "labels", "notifications", "rates", "jobs", "metrics"],
    ),
];

const TEAMS: &[&str] =
    &["shop", "clinic", "payments", "fulfilment", "marketing", "mobile", "identity", "data", "supply", "care"];
const SERVICES: &[&str] = &[
    "gateway",
    "orders",
    "catalogue",
    "appointments",
    "billing",
    "partners",
    "callbacks",
    "accounts",
    "content",
    "logistics",
];
const ACTIONS: &[&str] =
    &["items", "history", "status", "notes", "documents", "events", "summary", "approvals", "attachments", "comments"];
/// Methods on a collection and on one of its members.
const METHODS: [(bool, &str); 5] = [(false, "GET"), (false, "POST"), (true, "GET"), (true, "PUT"), (true, "DELETE")];

/// The plan of a large account: exactly `scale.apis` APIs and `scale.routes` routes, repeatable under `seed`.
pub(crate) fn plan(scale: Scale, seed: u64) -> Vec<PlannedApi> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..scale.apis)
        .map(|index| {
            let share = scale.routes / scale.apis + usize::from(index < scale.routes % scale.apis);
            let team = TEAMS.choose(&mut random).unwrap_or(&"shop");
            let service = SERVICES.choose(&mut random).unwrap_or(&"gateway");
            let endpoint = match random.random_range(0..10) {
                0 => "PRIVATE",
                1 | 2 => "EDGE",
                _ => "REGIONAL",
            };
            let first = random.random_range(0..CORNERS.len());
            PlannedApi {
                name: format!("{team}-{service}-{index:04}"),
                endpoint,
                routes: routes(share, first, &mut random),
            }
        })
        .collect()
}

/// Routes of one API: its audiences in turn, a version added whenever the words run out.
fn routes(count: usize, first: usize, random: &mut ChaCha8Rng) -> Vec<PlannedRoute> {
    let mut all = Vec::with_capacity(count);
    for version in 1_usize.. {
        for turn in 0..CORNERS.len() {
            let Some((base, guard, nouns)) = CORNERS.get((first + turn) % CORNERS.len()) else { continue };
            for noun in *nouns {
                let tails = std::iter::once("").chain(ACTIONS.iter().copied());
                for (depth, tail) in tails.enumerate() {
                    // Not every noun has every child: a third of them, as the dice fall.
                    if depth > 0 && random.random_range(0..3) > 0 {
                        continue;
                    }
                    for (member, method) in METHODS {
                        if all.len() == count {
                            return all;
                        }
                        let mut path = format!("/v{version}{base}/{noun}");
                        if !tail.is_empty() {
                            path.push_str("/{id}/");
                            path.push_str(tail);
                        }
                        if member {
                            path.push_str(if tail.is_empty() { "/{id}" } else { "/{childId}" });
                        }
                        // One route in forty was forgotten.
                        let guard = if random.random_range(0..40) == 0 { PlannedGuard::Open } else { *guard };
                        let validated = matches!(method, "POST" | "PUT") && random.random_range(0..4) > 0;
                        all.push(PlannedRoute { method, path, guard, validated });
                    }
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_scale_is_read_or_the_reason_is_plain() {
        assert_eq!("apis=200,routes=50_000".parse(), Ok(Scale { apis: 200, routes: 50_000, keys: 0 }));
        assert_eq!("routes=5, apis=5, keys=7".parse(), Ok(Scale { apis: 5, routes: 5, keys: 7 }));
        let shown = Scale { apis: 5, routes: 9, keys: 10_000 };
        assert_eq!((shown.to_string().as_str(), shown.to_string().parse()), ("apis=5,routes=9,keys=10000", Ok(shown)));
        for (text, wanted) in [
            ("", "\"\" is not of the form name=number; write apis=200,routes=50000"),
            ("apis=2", "routes is missing; write apis=200,routes=50000"),
            ("apis=x,routes=3", "\"apis=x\" is not of the form name=number; write apis=200,routes=50000"),
            ("apis=2,plans=3", "\"plans\" cannot be scaled; there are apis, routes and keys"),
            ("apis=2,routes=2,keys=10001", "keys=10001 is out of range: 0 to 10000"),
            ("apis=2,apis=3", "apis is given twice"),
            ("apis=10,routes=9", "routes=9 is out of range: 10 to 500000"),
            ("apis=0,routes=9", "apis=0 is out of range: 1 to 10000"),
        ] {
            assert_eq!(text.parse::<Scale>().unwrap_err().to_string(), wanted, "{text}");
        }
    }

    #[test]
    fn a_plan_has_what_was_asked_for_and_repeats() {
        let scale = Scale { apis: 7, routes: 5_003, keys: 0 };
        let apis = plan(scale, 1);
        assert_eq!((apis.len(), apis.iter().map(|api| api.routes.len()).sum::<usize>()), (7, 5_003));
        for api in &apis {
            let keys: HashSet<_> = api.routes.iter().map(|route| (route.method, &route.path)).collect();
            assert_eq!(keys.len(), api.routes.len(), "{} has a route twice", api.name);
        }
        assert_eq!(apis, plan(scale, 1));
        assert_ne!(apis, plan(scale, 2));
    }
}
