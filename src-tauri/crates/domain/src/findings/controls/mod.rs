//! The controls, one file each or one per small family.

pub(super) mod actors;
pub(super) mod authorization;
pub(super) mod authorizers;
pub(super) mod cache;
pub(super) mod certificates;
pub(super) mod cors;
pub(super) mod data_trace;
pub(super) mod deployment;
pub(super) mod domains;
pub(super) mod endpoint;
pub(super) mod environments;
pub(super) mod keys;
pub(super) mod log_format;
pub(super) mod log_groups;
pub(super) mod logging;
pub(super) mod observing;
pub(super) mod plans;
pub(super) mod policies;
pub(super) mod throttles;
pub(super) mod timeouts;
pub(super) mod trails;
pub(super) mod validation;
pub mod variables;
pub(super) mod web_acl;

use super::{
    assess::Outcome,
    control::{Mappings, Severity},
};
use crate::audience::Audience;

/// No scanner has it.
pub(super) const OURS: Mappings = Mappings { security_hub: &[], pci: &[], prowler: &[] };

/// Logging requirements of PCI DSS 4.0, as Prowler's `pci_4.0_aws` maps them.
pub(super) const PCI_LOGGING: &[&str] = &[
    "5.3.4", "10.2.1.1", "10.2.1.2", "10.2.1.3", "10.2.1.4", "10.2.1.5", "10.2.1.6", "10.2.1.7", "10.2.2", "10.3.1",
    "10.6.3", "A1.2.1",
];

/// High where money, accounts or staff are concerned, low where nobody has to be kept out.
pub(super) fn by_exposure(audience: Audience) -> Severity {
    match audience {
        Audience::Admin | Audience::Checkout => Severity::High,
        Audience::Customer | Audience::Partner | Audience::Webhook | Audience::Unclassified => Severity::Medium,
        Audience::Internal | Audience::Public => Severity::Low,
    }
}

/// Medium where money, accounts or staff are concerned, low elsewhere.
pub(super) fn by_trail(audience: Audience) -> Severity {
    match audience {
        Audience::Public | Audience::Internal => Severity::Low,
        _ => Severity::Medium,
    }
}

/// The outcome, or the reason why there is none.
pub(super) fn or_unknown(outcome: Result<Outcome, String>) -> Outcome {
    outcome.unwrap_or_else(Outcome::Unknown)
}

/// `1 route`, `3 routes`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
