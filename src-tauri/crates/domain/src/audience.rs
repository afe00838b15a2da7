//! Who a route is for. Every judgement about auth, throttle, WAF and logging is made against it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The seven audiences of `docs/user-guide`, and the honest eighth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Refunds, price overrides, back office.
    Admin,
    /// Payment, order placement, shipping.
    Checkout,
    /// Cart, profile, orders of one's own; logging in.
    Customer,
    /// Third-party integrations.
    Partner,
    /// Callbacks of payment and telephony providers.
    Webhook,
    /// Service to service.
    Internal,
    /// Catalogue, search, product pages, health.
    Public,
    /// The rules do not recognise it.
    Unclassified,
}

impl Audience {
    /// Every one, in order.
    pub const ALL: &'static [Self] = &[
        Self::Admin,
        Self::Checkout,
        Self::Customer,
        Self::Partner,
        Self::Webhook,
        Self::Internal,
        Self::Public,
        Self::Unclassified,
    ];

    /// The name on the wire: `public`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Checkout => "checkout",
            Self::Customer => "customer",
            Self::Partner => "partner",
            Self::Webhook => "webhook",
            Self::Internal => "internal",
            Self::Public => "public",
            Self::Unclassified => "unclassified",
        }
    }
}

/// What decided the audience, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AudienceSource {
    /// A person said so.
    Override,
    /// A tag on the stage or the API.
    Tag,
    /// The organisation's own rules.
    OrganisationRule,
    /// The built-in rules.
    BuiltIn,
    /// Nothing: the audience is [`Audience::Unclassified`].
    None,
}

impl AudienceSource {
    /// Every one, in order.
    pub const ALL: &'static [Self] = &[Self::Override, Self::Tag, Self::OrganisationRule, Self::BuiltIn, Self::None];

    /// The name on the wire: `organisation-rule`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Override => "override",
            Self::Tag => "tag",
            Self::OrganisationRule => "organisation-rule",
            Self::BuiltIn => "built-in",
            Self::None => "none",
        }
    }
}

/// An audience with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceDecision {
    /// Who the route is for.
    pub audience: Audience,
    /// What decided.
    pub source: AudienceSource,
    /// A sentence: `the path has the word "refund"`.
    pub reason: String,
}
