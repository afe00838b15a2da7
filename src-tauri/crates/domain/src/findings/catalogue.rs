//! The one list of controls, in the order in which they are shown.

use super::{control::Control, controls as of};

/// Every control.
pub static CATALOGUE: &[&Control] = &[
    &of::logging::EXECUTION,
    &of::logging::ACCESS,
    &of::log_format::STRUCTURED,
    &of::logging::TRACING,
    &of::certificates::BACKEND,
    &of::certificates::EXPIRY,
    &of::web_acl::ATTACHED,
    &of::web_acl::QUALITY,
    &of::cache::CACHE_ENCRYPTED,
    &of::authorization::HTTP_ROUTES,
    &of::authorization::REST_METHODS,
    &of::endpoint::PUBLIC_ENDPOINT,
    &of::plans::KEY_REQUIRED,
    &of::plans::PLAN_BOUND,
    &of::validation::VALIDATORS,
    &of::domains::TLS,
    &of::timeouts::PRIVATE_TLS,
    &of::logging::METRICS,
    &of::throttles::DEFAULT,
    &of::variables::SECRETS,
    &of::policies::OPEN,
    &of::authorization::AUDIENCE,
    &of::authorization::KEY_ONLY,
    &of::authorization::PRIVATE,
    &of::policies::PRIVATE,
    &of::throttles::CEILING,
    &of::throttles::OWN_LIMIT,
    &of::throttles::OVERSUBSCRIBED,
    &of::plans::LIMITED,
    &of::plans::ONE_AUDIENCE,
    &of::keys::HYGIENE,
    &of::log_format::LEAKS,
    &of::log_format::THIN,
    &of::data_trace::DATA_TRACE,
    &of::log_groups::KEPT,
    &of::cors::ORIGINS,
    &of::validation::BODIES,
    &of::timeouts::TIMEOUT,
    &of::authorizers::TTL,
    &of::authorizers::IDENTITY,
    &of::domains::DEFAULT_ENDPOINT,
    &of::domains::MUTUAL_TLS,
    &of::observing::COVERAGE,
    &of::observing::ORPHANS,
    &of::deployment::STALE_CANARY,
    &of::deployment::DRIFT,
    &of::deployment::OLD_VERSION,
    &of::web_acl::COUNTS_ONLY,
    &of::web_acl::HTTP_WITHOUT,
    &of::keys::QUOTA,
    &of::environments::DRIFT,
    &of::actors::BY_HAND,
    &of::trails::TRAIL,
];

/// A control by its id.
#[must_use]
pub fn control(id: &str) -> Option<&'static Control> {
    CATALOGUE.iter().copied().find(|control| control.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_there_once_and_every_control_explains_itself() {
        let mut ids: Vec<&str> = CATALOGUE.iter().map(|control| control.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CATALOGUE.len());
        for control in CATALOGUE {
            for text in [control.title, control.why, control.logic, control.remedy] {
                assert!(text.len() > 10, "{}: {text}", control.id);
                assert!(!text.contains("  "), "{}: a line that was broken in the source: {text}", control.id);
            }
            assert!(!control.title.ends_with('.'), "{}", control.id);
            for command in control.commands {
                assert!(
                    command.starts_with("aws ") && command.ends_with("--region {region}"),
                    "{}: {command}",
                    control.id
                );
            }
        }
        assert!(control("G1").is_some() && control("G99").is_none());
    }
}
