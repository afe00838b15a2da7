//! The account as a person first meets it: a shop and a clinic network, with the mistakes that a review should
//! find. Everything is created through the account's own operations, so deployments freeze what was the draft.
//!
//! | Planted mistake | Where |
//! |---|---|
//! | A refund that anybody in the VPC can call | `admin` `POST /admin/orders/{orderId}/refund`: no authorizer |
//! | A private API without an authorizer | `backoffice-reports`, all routes |
//! | An old version left open | `storefront` `/v1/*` |
//! | Orders of others, readable without a token | `storefront` `GET /v1/orders/{orderId}` |
//! | A login without a throttle of its own | `storefront` `POST /v1/login`, `clinic-portal` `POST /login`, `mobile` `POST /login` |
//! | A payment that nobody validates | `storefront` `POST /v2/checkout/{checkoutId}/payment`, `POST /v1/checkout` |
//! | A guessable gift card behind nothing | `storefront` `GET /v2/gift-cards/{code}/balance` |
//! | Wildcard CORS on the checkout | `storefront` `OPTIONS /v2/checkout` |
//! | Wildcard CORS where no browser belongs | `webhooks` `OPTIONS /webhooks/sms/status` |
//! | Every secure origin with credentials | `mobile`, `corsConfiguration` |
//! | A web ACL that only counts | `clinic-watch` on `clinic-portal` `prod` |
//! | A rule that misses what it is for | `shop-shield` `block-admin-paths`: it starts with `/admin`, and the stage comes first |
//! | No web ACL at all | `webhooks` `prod`, `partner` `prod` |
//! | A callback without a limit | `webhooks` `prod`: no throttle anywhere |
//! | A patient's record behind an API key alone | `clinic-portal` `GET /patients/{patientId}` |
//! | Routes that the usage plan does not meter | `partner` `GET /partner/v1/usage`, `GET /partner/v1/status` |
//! | A key as the only guard | `partner` `GET /partner/v1/price-list`, `GET /partner/v1/catalogue` |
//! | One plan for two audiences | `practices-enterprise` opens `partner` and `clinic-portal` |
//! | A plan without a quota, a tenant in two plans | `practices-legacy-trial` |
//! | Health and metrics of internals in the open | `fulfilment-internal` `GET /internal/metrics` |
//! | Authorizer decisions kept for an hour | `clinic-portal` `patients`: a revoked token lives on |
//! | A draft that differs from what is live | `storefront` (added, removed, changed), `partner` |
//! | A release that breaks coupons under traffic | deployment "The coupon engine, rewritten" of `storefront` |
//! | Alarms without an action, switched off, on a shop that is gone, on a share of more than all | `guards::alarms` |
//! | A canary that nobody ended | `storefront` `prod`, 10 % |

mod clinic;
mod guards;
pub(crate) mod history;
mod operations_apis;
mod plans;
mod rows;
mod storefront;
mod tenants;

use http::Method;
use serde_json::{Value, json};

use self::rows::row;
use crate::{
    DemoAccount, HOME_REGION,
    import::{Applied, Definition, Product, Report, StageDefinition, create, deploy, rest_route},
    in_process::{InProcess, segment},
};

/// Where the second storefront is.
const SECOND_REGION: &str = "us-east-1";

/// Why the seed could not be laid.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// One of the account's own operations refused.
    #[error("the demo account refused its own seed")]
    Refused(#[from] crate::in_process::OwnCallError),
    /// Part of an API was refused.
    #[error("the seed of {api} is incomplete: {reason}")]
    Incomplete {
        /// The API.
        api: String,
        /// The first part that was refused.
        reason: String,
    },
}

fn add(caller: &InProcess<'_>, definition: &Definition) -> Result<Applied, SeedError> {
    let mut report = Report::new(definition.name());
    let applied = create(caller, definition, &mut report)?;
    match report.into_items().into_iter().next() {
        None => Ok(applied),
        Some(item) => Err(SeedError::Incomplete { api: item.location, reason: item.message }),
    }
}

fn to_stage(caller: &InProcess<'_>, api: &Applied, name: &str) -> Result<String, SeedError> {
    let stage = StageDefinition { name: name.to_owned(), ..StageDefinition::default() };
    Ok(deploy(caller, api, &stage)?)
}

fn patch(caller: &InProcess<'_>, api: &Applied, stage: &str, patches: &Value) -> Result<(), SeedError> {
    let path = format!("/restapis/{}/stages/{}", api.id, segment(stage));
    caller.rest(&Method::PATCH, &path, patches)?;
    Ok(())
}

/// The limits of a whole stage.
fn limits(rate: &str, burst: &str) -> Value {
    json!({ "patchOperations": [
        { "op": "replace", "path": "/*/*/throttling/rateLimit", "value": rate },
        { "op": "replace", "path": "/*/*/throttling/burstLimit", "value": burst }
    ] })
}

/// Fills an empty account.
///
/// # Errors
/// An operation of the account refused: a defect of the seed or of the operation.
pub(crate) fn fill(account: &DemoAccount) -> Result<(), SeedError> {
    let home = InProcess::new(account, HOME_REGION);
    let shop = shop(&home)?;
    let admin = add(&home, &operations_apis::admin(HOME_REGION))?;
    to_stage(&home, &admin, "prod")?;
    patch(&home, &admin, "prod", &limits("50", "100"))?;
    let reports = add(&home, &operations_apis::reports(HOME_REGION))?;
    to_stage(&home, &reports, "prod")?;
    let internal = add(&home, &operations_apis::internal(HOME_REGION))?;
    to_stage(&home, &internal, "prod")?;
    patch(&home, &internal, "prod", &limits("1000", "2000"))?;
    let webhooks = add(&home, &operations_apis::webhooks(HOME_REGION))?;
    to_stage(&home, &webhooks, "prod")?;
    let portal = add(&home, &clinic::portal(HOME_REGION))?;
    to_stage(&home, &portal, "prod")?;
    patch(&home, &portal, "prod", &limits("200", "400"))?;
    let partner = partner(&home)?;
    plans::create(&home, &partner.id, "prod", &portal.id)?;
    account.with_rest(HOME_REGION, tenants::lay);

    let blocks = guards::shield(&home)?;
    guards::associate(&home, &blocks, &shop.id, "prod")?;
    let counts = guards::watch(&home)?;
    guards::associate(&home, &counts, &portal.id, "prod")?;
    guards::domain(&home, "api.shop.example.com", false, &[("", &shop.id, "prod"), ("hooks", &webhooks.id, "prod")])?;
    guards::domain(&home, "api.clinic.example.com", false, &[("portal", &portal.id, "prod")])?;
    guards::domain(&home, "partners.clinic.example.com", true, &[("", &partner.id, "prod")])?;
    guards::alarm(&home, "storefront", "prod")?;
    guards::alarm(&home, "partner", "prod")?;

    let mobile = http_apis(&home)?;
    guards::alarms(&home, &mobile)?;
    guards::log_groups(&home)?;

    let second = InProcess::new(account, SECOND_REGION);
    let small = add(&second, &storefront::storefront_us(SECOND_REGION))?;
    to_stage(&second, &small, "prod")?;
    guards::edge(&second)?;

    // Two releases to rehearse: one does nothing bad, one breaks the coupons as soon as requests come.
    for description in ["Search, second try", "The coupon engine, rewritten"] {
        home.rest(
            &Method::POST,
            &format!("/restapis/{}/deployments", shop.id),
            &json!({ "description": description }),
        )?;
    }
    Ok(())
}

/// The storefront: staging, production, a canary, and a draft that went on without them.
fn shop(home: &InProcess<'_>) -> Result<Applied, SeedError> {
    let mut shop = add(home, &storefront::storefront(HOME_REGION))?;
    to_stage(home, &shop, "staging")?;
    to_stage(home, &shop, "prod")?;
    patch(home, &shop, "prod", &storefront::throttles())?;
    patch(home, &shop, "staging", &limits("100", "200"))?;

    // The candidate knows recommendations; one request in ten meets it.
    let rows = [row("GET /v2/recommendations", "recommendations").by("customers")];
    extend(home, &mut shop, &rows)?;
    let body = json!({
        "stageName": "prod", "description": "Recommendations, first try",
        "canarySettings": { "percentTraffic": 10.0, "stageVariableOverrides": { "recommendations": "on" } }
    });
    home.rest(&Method::POST, &format!("/restapis/{}/deployments", shop.id), &body)?;

    // The draft went on: one route added, one removed, one opened.
    extend(home, &mut shop, &[row("POST /v2/wishlist/share", "profiles").by("customers").checked("body")])?;
    let resource = |path: &str| shop.resources.get(path).cloned().unwrap_or_default();
    let newsletter = format!("/restapis/{}/resources/{}/methods/POST", shop.id, resource("/v1/newsletter"));
    home.rest(&Method::DELETE, &newsletter, &Value::Null)?;
    let invoice = format!("/restapis/{}/resources/{}/methods/GET", shop.id, resource("/v2/orders/{orderId}/invoice"));
    let opened = json!({ "patchOperations": [{ "op": "replace", "path": "/authorizationType", "value": "NONE" }] });
    home.rest(&Method::PATCH, &invoice, &opened)?;
    Ok(shop)
}

/// Adds methods to the draft of an API that is there.
fn extend(caller: &InProcess<'_>, api: &mut Applied, rows: &[rows::Row]) -> Result<(), SeedError> {
    let mut more = rows::definition(Product::Rest, json!({}), HOME_REGION, rows);
    for route in &mut more.routes {
        if route.guard.authorizer.is_some() {
            route.guard.authorization_type = "COGNITO_USER_POOLS";
        }
        if let Some(error) = rest_route(caller, api, route, &[])? {
            return Err(error.into());
        }
    }
    Ok(())
}

/// The partner API, whose next version waits in the draft.
fn partner(home: &InProcess<'_>) -> Result<Applied, SeedError> {
    let mut partner = add(home, &clinic::partner(HOME_REGION))?;
    to_stage(home, &partner, "prod")?;
    patch(home, &partner, "prod", &limits("600", "1200"))?;
    extend(home, &mut partner, &[row("GET /partner/v2/practices/{practiceId}", "practices").key()])?;
    Ok(partner)
}

/// The app's HTTP API with its route settings, whose id is answered, and the WebSocket API.
fn http_apis(home: &InProcess<'_>) -> Result<String, SeedError> {
    let mobile = add(home, &clinic::mobile(HOME_REGION))?;
    to_stage(home, &mobile, "$default")?;
    let settings = json!({
        "defaultRouteSettings": { "throttlingRateLimit": 500.0, "throttlingBurstLimit": 1_000, "detailedMetricsEnabled": true },
        "routeSettings": { "POST /checkout": { "throttlingRateLimit": 20.0, "throttlingBurstLimit": 40 } }
    });
    home.rest(&Method::PATCH, &format!("/v2/apis/{}/stages/{}", mobile.id, segment("$default")), &settings)?;
    let live = add(home, &clinic::live(HOME_REGION))?;
    to_stage(home, &live, "prod")?;
    let domain = json!({
        "domainName": "app.shop.example.com",
        "domainNameConfigurations": [{
            "certificateArn": format!("arn:aws:acm:{HOME_REGION}:{}:certificate/app", crate::ACCOUNT_ID),
            "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"
        }]
    });
    home.rest(&Method::POST, "/v2/domainnames", &domain)?;
    let mapping = json!({ "apiId": mobile.id, "stage": "$default" });
    home.rest(&Method::POST, "/v2/domainnames/app.shop.example.com/apimappings", &mapping)?;
    Ok(mobile.id)
}
