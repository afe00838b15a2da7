//! The shop's front: public, customer and checkout routes in two versions, of which the older should be gone.

use serde_json::{Value, json};

use super::rows::{Row, cognito, definition, lambda, preflights, row};
use crate::import::{Definition, Product};

/// What the shop serves.
const ROWS: &[Row] = &[
    // Public.
    row("GET /v2/products", "catalogue").checked("parameters"),
    row("GET /v2/products/{productId}", "catalogue"),
    row("GET /v2/products/{productId}/reviews", "reviews"),
    row("GET /v2/categories", "catalogue"),
    row("GET /v2/categories/{categoryId}/products", "catalogue"),
    row("GET /v2/search", "search").checked("parameters").timeout(5_000),
    row("GET /v2/suggestions", "search").timeout(2_000),
    row("GET /v2/stores", "stores"),
    row("GET /v2/stores/{storeId}", "stores"),
    row("GET /v2/promotions", "promotions"),
    row("GET /v2/health", "health"),
    // What attackers hammer.
    row("POST /v2/login", "identity").checked("body"),
    row("POST /v2/signup", "identity").checked("body"),
    row("POST /v2/otp/send", "identity").checked("body"),
    row("POST /v2/otp/verify", "identity").checked("body"),
    row("POST /v2/password/forgot", "identity").checked("body"),
    row("POST /v2/password/reset", "identity").checked("body"),
    row("POST /v2/coupons/validate", "promotions").checked("body"),
    row("GET /v2/gift-cards/{code}/balance", "gift-cards"),
    // Customers.
    row("POST /v2/logout", "identity").by("customers"),
    row("GET /v2/profile", "profiles").by("customers"),
    row("PUT /v2/profile", "profiles").by("customers").checked("body"),
    row("GET /v2/profile/addresses", "profiles").by("customers"),
    row("POST /v2/profile/addresses", "profiles").by("customers").checked("body"),
    row("DELETE /v2/profile/addresses/{addressId}", "profiles").by("customers"),
    row("GET /v2/cart", "carts").by("customers"),
    row("POST /v2/cart/items", "carts").by("customers").checked("body"),
    row("PATCH /v2/cart/items/{itemId}", "carts").by("customers").checked("body"),
    row("DELETE /v2/cart/items/{itemId}", "carts").by("customers"),
    row("GET /v2/orders", "orders").by("customers"),
    row("GET /v2/orders/{orderId}", "orders").by("customers"),
    row("GET /v2/orders/{orderId}/invoice", "orders").by("customers"),
    row("POST /v2/orders/{orderId}/returns", "orders").by("customers").checked("body"),
    row("GET /v2/wishlist", "profiles").by("customers"),
    row("PUT /v2/wishlist/{productId}", "profiles").by("customers"),
    row("POST /v2/products/{productId}/reviews", "reviews").by("customers").checked("body"),
    // Checkout.
    row("POST /v2/checkout", "checkout").by("session").checked("body"),
    row("GET /v2/checkout/{checkoutId}", "checkout").by("session"),
    row("POST /v2/checkout/{checkoutId}/shipping", "checkout").by("session").checked("body"),
    row("POST /v2/checkout/{checkoutId}/payment", "payments").by("session"),
    row("POST /v2/checkout/{checkoutId}/confirm", "payments").by("session").checked("body").timeout(29_000),
    // The version that was to be closed in spring.
    row("GET /v1/products", "catalogue-v1"),
    row("GET /v1/products/{productId}", "catalogue-v1"),
    row("GET /v1/search", "catalogue-v1"),
    row("POST /v1/login", "identity-v1"),
    row("POST /v1/newsletter", "identity-v1"),
    row("GET /v1/cart", "carts-v1").by("session"),
    row("POST /v1/cart/items", "carts-v1").by("session"),
    row("GET /v1/orders/{orderId}", "orders-v1"),
    row("POST /v1/checkout", "checkout-v1").by("session"),
];

/// The definition as it is first deployed.
pub(super) fn storefront(region: &str) -> Definition {
    let document = json!({
        "name": "storefront", "description": "The shop's website and apps",
        "endpointConfiguration": { "types": ["REGIONAL"] }, "minimumCompressionSize": 1_024,
        "tags": { "team": "shop", "cost-centre": "4711" }
    });
    let mut definition = definition(Product::Rest, document, region, ROWS);
    cognito(&mut definition, "customers", region, "ShopPool1", 300);
    lambda(&mut definition, "session", region, "TOKEN", 60);
    let paths = ["/v2/products", "/v2/search", "/v2/login", "/v2/profile", "/v2/cart", "/v2/cart/items", "/v2/orders"];
    preflights(&mut definition, &paths, "https://shop.example.com");
    // The mistake: a preflight that lets every origin send a customer's token to the checkout.
    preflights(&mut definition, &["/v2/checkout"], "*");
    definition
}

/// Patches of `UpdateStage` on `prod`: what is throttled, and what is not (`POST /v1/login`).
pub(super) fn throttles() -> Value {
    let mut patches = vec![
        json!({ "op": "replace", "path": "/*/*/throttling/rateLimit", "value": "2000" }),
        json!({ "op": "replace", "path": "/*/*/throttling/burstLimit", "value": "4000" }),
        json!({ "op": "replace", "path": "/*/*/metrics/enabled", "value": "true" }),
        json!({ "op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR" }),
        json!({ "op": "replace", "path": "/tracingEnabled", "value": "true" }),
    ];
    for (key, rate, burst) in [
        ("~1v2~1login/POST", "5", "10"),
        ("~1v2~1signup/POST", "2", "5"),
        ("~1v2~1otp~1send/POST", "1", "2"),
        ("~1v2~1otp~1verify/POST", "5", "10"),
        ("~1v2~1password~1forgot/POST", "1", "3"),
        ("~1v2~1checkout/POST", "50", "100"),
        ("~1v2~1search/GET", "500", "1000"),
    ] {
        patches.push(json!({ "op": "replace", "path": format!("/{key}/throttling/rateLimit"), "value": rate }));
        patches.push(json!({ "op": "replace", "path": format!("/{key}/throttling/burstLimit"), "value": burst }));
    }
    json!({ "patchOperations": patches })
}

/// A small shop in a second region.
pub(super) fn storefront_us(region: &str) -> Definition {
    let rows = [
        row("GET /v2/products", "catalogue"),
        row("GET /v2/products/{productId}", "catalogue"),
        row("GET /v2/search", "search"),
        row("POST /v2/login", "identity"),
        row("GET /v2/orders", "orders").by("customers"),
        row("POST /v2/checkout", "checkout").by("customers").checked("body"),
    ];
    let document = json!({
        "name": "storefront-us", "description": "The shop for North America",
        "endpointConfiguration": { "types": ["EDGE"] }
    });
    let mut definition = definition(Product::Rest, document, region, &rows);
    cognito(&mut definition, "customers", region, "ShopPool2", 300);
    definition
}
