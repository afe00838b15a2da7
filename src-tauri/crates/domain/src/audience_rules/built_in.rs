//! The built-in rules: what the words of a path and of an API's name say about whom a route is for.
//!
//! They are a reviewer's first guess with its reason, no more: where no word speaks, the answer is "unclassified".
//! Strong words of the path come before the API's name, and the name before weak words: `/orders` of an API called
//! `admin` is the back office looking at orders.

use super::words::{find, path_words, words_of};
use crate::{
    api::EndpointType,
    audience::{Audience, AudienceDecision, AudienceSource},
};

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// `GET`, `ANY`, `MESSAGE`.
    pub method: &'a str,
    /// Path or route key.
    pub path: &'a str,
    /// The API's name.
    pub api_name: &'a str,
    /// How the API is reached.
    pub endpoint_type: EndpointType,
    /// `NONE`, `AWS_IAM`…
    pub authorization_type: &'a str,
}

type Words = (Audience, &'static [&'static str]);

/// Words that decide wherever they stand in a path. First match wins.
const STRONG: &[Words] = &[
    (
        Audience::Admin,
        &[
            "admin",
            "admins",
            "administration",
            "administrator",
            "administrators",
            "back office",
            "refund",
            "refunds",
            "price override",
            "price overrides",
            "pricing override",
            "pricing overrides",
            "override price",
            "discount override",
            "discount overrides",
            "chargeback",
            "chargebacks",
            "impersonate",
            "impersonation",
        ],
    ),
    (Audience::Webhook, &["webhook", "webhooks", "web hook", "web hooks", "callback", "callbacks", "ipn"]),
];

/// Pages about something are not the thing: asked before the strong words.
const PAGES: &[Words] = &[(
    Audience::Public,
    &["refund policy", "refunds policy", "return policy", "returns policy", "privacy policy", "cookie policy"],
)];

/// A callback beside one of these is where a person comes back to from signing in, and no provider's call.
pub(super) const SIGN_IN: &[&str] = &["auth", "oauth", "oauth2", "oidc", "saml", "sso", "login", "log in", "sign in"];

/// Words of an API's name.
const API_NAME: &[Words] = &[
    (Audience::Admin, &["admin", "administration", "back office"]),
    (Audience::Webhook, &["webhook", "webhooks", "callback", "callbacks"]),
    (Audience::Partner, &["partner", "partners", "vendor", "vendors", "b2b", "reseller", "resellers"]),
    (Audience::Internal, &["internal"]),
];

/// Words that decide where nothing stronger does.
const WEAK: &[Words] = &[
    (Audience::Internal, &["internal", "backend", "actuator", "metrics", "debug"]),
    (
        Audience::Partner,
        &["partner", "partners", "vendor", "vendors", "affiliate", "affiliates", "reseller", "resellers", "b2b"],
    ),
    (
        Audience::Checkout,
        &[
            "checkout",
            "checkouts",
            "payment",
            "payments",
            "pay",
            "preauth",
            "purchase",
            "purchases",
            "shipping",
            "place order",
        ],
    ),
    (
        Audience::Customer,
        &[
            "login",
            "log in",
            "sign in",
            "logout",
            "sign up",
            "register",
            "registration",
            "password",
            "otp",
            "mfa",
            "session",
            "sessions",
            "auth",
            "oauth",
            "oauth2",
            "oidc",
            "saml",
            "sso",
            "me",
            "my",
            "profile",
            "profiles",
            "account",
            "accounts",
            "cart",
            "carts",
            "basket",
            "baskets",
            "wishlist",
            "wishlists",
            "order",
            "orders",
            "appointment",
            "appointments",
            "address",
            "addresses",
            "invoice",
            "invoices",
            "coupon",
            "coupons",
            "voucher",
            "vouchers",
            "gift card",
            "gift cards",
            "loyalty",
            "customer",
            "customers",
        ],
    ),
    (
        Audience::Public,
        &[
            "product",
            "products",
            "catalog",
            "catalogs",
            "catalogue",
            "catalogues",
            "category",
            "categories",
            "search",
            "health",
            "healthz",
            "healthcheck",
            "readiness",
            "readyz",
            "liveness",
            "livez",
            "ping",
            "public",
            "storefront",
            "store locator",
            "stores",
            "faq",
            "promotions",
            "recommendations",
            "reviews",
            "openapi",
        ],
    ),
];

fn first<'a>(table: &'a [Words], words: &[String]) -> Option<(Audience, &'a str)> {
    table.iter().find_map(|(audience, wanted)| Some((*audience, find(words, wanted)?)))
}

/// Decides by the built-in rules.
#[must_use]
pub fn decide(evidence: &Evidence<'_>) -> AudienceDecision {
    let decided = |audience, reason| AudienceDecision { audience, source: AudienceSource::BuiltIn, reason };
    let words = path_words(evidence.path);
    let in_path = |(audience, word)| decided(audience, format!("the path has the word \"{word}\""));
    if let Some(found) = first(PAGES, &words) {
        return in_path(found);
    }
    let signing_in = find(&words, SIGN_IN).is_some();
    if let Some(found) = first(STRONG, &words).filter(|(_, word)| !(signing_in && word.starts_with("callback"))) {
        return in_path(found);
    }
    if let Some((audience, word)) = first(API_NAME, &words_of(evidence.api_name)) {
        return decided(audience, format!("the API's name has the word \"{word}\""));
    }
    if evidence.method == "POST"
        && matches!(words.last().map(String::as_str), Some("orders" | "order"))
        && !evidence.path.ends_with('}')
    {
        return decided(Audience::Checkout, "POST to orders places one".to_owned());
    }
    if let Some(found) = first(WEAK, &words) {
        return in_path(found);
    }
    if evidence.authorization_type == "AWS_IAM" {
        return decided(
            Audience::Internal,
            "no word of the path is known, and callers sign with IAM, as services do".to_owned(),
        );
    }
    let private = if evidence.endpoint_type == EndpointType::Private {
        "; the endpoint is private, which says where from and not who"
    } else {
        ""
    };
    AudienceDecision {
        audience: Audience::Unclassified,
        source: AudienceSource::None,
        reason: format!("no word of the path or of the API's name is known{private}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evidence<'a>(method: &'a str, path: &'a str, api_name: &'a str) -> Evidence<'a> {
        Evidence { method, path, api_name, endpoint_type: EndpointType::Regional, authorization_type: "NONE" }
    }

    fn known_words() -> Vec<&'static str> {
        let tables = [STRONG, API_NAME, WEAK, PAGES];
        tables.iter().flat_map(|table| table.iter().flat_map(|(_, words)| words.iter().copied())).collect()
    }

    proptest! {
        #[test]
        fn any_text_is_decided_and_twice_the_same(method in ".{0,8}", path in ".*", api in ".*") {
            let once = decide(&evidence(&method, &path, &api));
            prop_assert_eq!(&once, &decide(&evidence(&method, &path, &api)));
            prop_assert_eq!(once.audience == Audience::Unclassified, once.source == AudienceSource::None);
        }

        #[test]
        fn a_known_word_inside_another_word_decides_nothing(
            at in 0..1_000_usize,
            before in "[a-z]{0,3}",
            after in "[a-z]{0,3}",
            api_too in any::<bool>(),
        ) {
            let known = known_words();
            let word = known[at % known.len()].replace(' ', "");
            let longer = format!("{before}{word}{after}");
            prop_assume!(longer != word && !known.iter().any(|known| known.replace(' ', "") == longer));
            let api = if api_too { longer.as_str() } else { "x" };
            let path = format!("/{longer}/{{id}}");
            let decision = decide(&evidence("GET", &path, api));
            prop_assert_eq!(decision.audience, Audience::Unclassified, "{}: {}", path, decision.reason);
        }
    }

    #[test]
    fn words_decide_in_order_of_danger() {
        use Audience::{Admin, Checkout, Customer, Internal, Partner, Public, Unclassified, Webhook};
        let rows = [
            ("storefront", "POST", "/admin/login", Admin),
            ("storefront", "POST", "/webhooks/stripe", Webhook),
            ("storefront", "POST", "/orders/{id}/refund", Admin),
            ("storefront", "PUT", "/products/{id}/price-override", Admin),
            ("storefront", "PUT", "/pricing/overrides/{id}", Admin),
            ("storefront", "GET", "/default-scope-override", Unclassified),
            ("storefront", "GET", "/cart", Customer),
            ("storefront", "POST", "/cart/checkout", Checkout),
            ("storefront", "POST", "/orders", Checkout),
            ("storefront", "GET", "/orders", Customer),
            ("storefront", "POST", "/orders/{id}", Customer),
            ("storefront", "GET", "/health", Public),
            ("storefront", "GET", "/internal/metrics", Internal),
            ("storefront", "GET", "/partners/v1/orders", Partner),
            ("storefront", "POST", "/auth/token", Customer),
            ("storefront", "GET", "/users/{id}", Unclassified),
            ("storefront", "GET", "/me", Customer),
            ("storefront", "GET", "/{customerId}", Unclassified),
            ("shop-admin", "GET", "/orders", Admin),
            ("partner-api", "POST", "/orders", Partner),
            ("administrators-handbook", "GET", "/chapters", Unclassified),
            ("storefront", "GET", "/checkouts-archive/x", Checkout),
            ("storefront", "GET", "/transports", Unclassified),
            ("storefront", "GET", "/oauth2/callback", Customer),
            ("shop-admin", "GET", "/sso/callback", Admin),
            ("storefront", "GET", "/sso/callback", Customer),
            ("storefront", "POST", "/payments/callback", Webhook),
            ("storefront", "POST", "/auth/webhook", Webhook),
            ("storefront", "GET", "/admin/login/callback", Admin),
            ("storefront", "GET", "/pages/refund-policy", Public),
            ("storefront", "GET", "/readiness", Public),
            ("storefront", "GET", "/ports/{id}/orders-archive", Customer),
            ("storefront", "GET", "/support", Unclassified),
        ];
        for (api_name, method, path, expected) in rows {
            let evidence =
                Evidence { method, path, api_name, endpoint_type: EndpointType::Regional, authorization_type: "NONE" };
            let decision = decide(&evidence);
            assert_eq!(decision.audience, expected, "{method} {path} of {api_name}: {}", decision.reason);
        }
    }
}
