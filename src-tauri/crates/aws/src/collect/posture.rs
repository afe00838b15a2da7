//! What controls need beyond the inventory: usage plans with their keys and usage, API keys without their values, client
//! certificates, gateway responses, web ACLs and alarms ([`super::guards`]), log groups ([`super::log_groups`]), trails. `pages(plans) + 2 × plans + pages(keys) +
//! pages(certificates) + REST APIs + 1 + 2 × trails` calls here; trails are asked until one is found that keeps what is needed.

use std::sync::Mutex;

use portcullis_domain::{coverage::Gap, inventory::AccountAnswer};

use super::parts::whole;
use crate::{AwsError, Reader, raw::Capture};

const SERVICE: &str = "apigateway";
/// The most that API Gateway gives in a page.
const PAGE: i32 = 500;

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct PostureEvidence {
    /// AWS's answers.
    pub answers: Vec<AccountAnswer>,
    /// Calls that failed.
    pub gaps: Vec<Gap>,
}

pub(super) struct Collecting<'a, 'b> {
    pub(super) reader: &'a Reader<'b>,
    context: String,
    found: Mutex<PostureEvidence>,
}

/// Reads all pages of a list of version 1 and keeps the answers under `of`.
macro_rules! all {
    ($self:expr, $operation:literal, $what:expr, $of:expr, $request:expr) => {{
        let mut position = None::<String>;
        let mut items = Vec::new();
        loop {
            let capture = Capture::default();
            let page = $self
                .reader
                .read(SERVICE, $operation, $what, || {
                    $request.limit(PAGE).set_position(position.clone()).customize().interceptor(capture.clone()).send()
                })
                .await;
            let Some(page) = $self.or_gap($what, page) else { break None };
            $self.keep(concat!("apigateway:", $operation), $of, &capture);
            items.extend(page.items().iter().cloned());
            position = page.position().map(str::to_owned);
            if position.is_none() {
                break Some(items);
            }
        }
    }};
}

/// Reads it. `from` and `to` are days (`2026-03-02`) of usage, at most 90 apart; `web_acls` are the ARNs that stages refer
/// to, each once; `rest_apis` are ids and names of the REST APIs; `log_groups` the names of groups that stages may write to.
pub async fn collect_posture(
    reader: &Reader<'_>,
    from: &str,
    to: &str,
    web_acls: &[String],
    rest_apis: &[(String, String)],
    log_groups: &[String],
) -> PostureEvidence {
    let collecting =
        Collecting { reader, context: reader.session.spec().label(), found: Mutex::new(PostureEvidence::default()) };
    futures::join!(
        collecting.plans(from, to),
        collecting.keys(),
        collecting.certificates(),
        collecting.gateway_responses(rest_apis),
        collecting.web_acls(web_acls),
        collecting.alarms(),
        collecting.log_groups(log_groups),
        collecting.trails()
    );
    collecting.found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Collecting<'_, '_> {
    async fn plans(&self, from: &str, to: &str) {
        let client = self.reader.session.rest();
        let Some(plans) = all!(self, "GetUsagePlans", "the usage plans", "", client.get_usage_plans()) else { return };
        for plan in plans {
            let Some(id) = plan.id() else { continue };
            let name = plan.name().unwrap_or(id);
            let what = format!("the keys of usage plan {name} ({id})");
            // The last page's answer is kept under the plan's id; a plan of more than 500 keys has several.
            let _keys = all!(self, "GetUsagePlanKeys", &what, id, client.get_usage_plan_keys().usage_plan_id(id));
            let what = format!("the usage of usage plan {name} ({id})");
            let _usage = all_usage(self, id, &what, from, to).await;
        }
    }

    async fn keys(&self) {
        let client = self.reader.session.rest();
        let _keys = all!(self, "GetApiKeys", "the API keys", "", client.get_api_keys().include_values(false));
    }

    async fn certificates(&self) {
        let client = self.reader.session.rest();
        let what = "the client certificates";
        let _certificates = all!(self, "GetClientCertificates", what, "", client.get_client_certificates());
    }

    /// What the gateway itself answers, by API: those headers are no method's.
    async fn gateway_responses(&self, apis: &[(String, String)]) {
        let client = self.reader.session.rest();
        for (id, name) in apis {
            let what = format!("the gateway responses of {name} ({id})");
            let _responses =
                all!(self, "GetGatewayResponses", &what, id, client.get_gateway_responses().rest_api_id(id));
        }
    }

    /// The trails that record this region, each with whether it is logging and what it keeps.
    async fn trails(&self) {
        let client = aws_sdk_cloudtrail::Client::new(self.reader.session.config());
        let capture = Capture::default();
        let what = "the trails";
        // Shadow trails are those of other regions and of the organisation that record this one.
        let read = self.reader.read("cloudtrail", "DescribeTrails", what, || {
            client.describe_trails().include_shadow_trails(true).customize().interceptor(capture.clone()).send()
        });
        let Some(found) = self.or_gap(what, read.await) else { return };
        self.keep("cloudtrail:DescribeTrails", "", &capture);
        for trail in found.trail_list() {
            let Some(arn) = trail.trail_arn() else { continue };
            let what = format!("the status of trail {arn}");
            let capture = Capture::default();
            let read = self.reader.read("cloudtrail", "GetTrailStatus", &what, || {
                client.get_trail_status().name(arn).customize().interceptor(capture.clone()).send()
            });
            let Some(status) = self.or_gap(&what, read.await) else { continue };
            self.keep("cloudtrail:GetTrailStatus", arn, &capture);
            let what = format!("what trail {arn} keeps");
            let capture = Capture::default();
            let read = self.reader.read("cloudtrail", "GetEventSelectors", &what, || {
                client.get_event_selectors().trail_name(arn).customize().interceptor(capture.clone()).send()
            });
            let Some(selectors) = self.or_gap(&what, read.await) else { continue };
            self.keep("cloudtrail:GetEventSelectors", arn, &capture);
            let simple = selectors.event_selectors().iter().any(|one| one.include_management_events() == Some(true));
            if status.is_logging() == Some(true) && simple {
                return;
            }
        }
    }

    pub(super) fn or_gap<T>(&self, resource: &str, outcome: Result<T, AwsError>) -> Option<T> {
        outcome.map_err(|error| self.lock().gaps.push(error.to_gap(&self.context, resource))).ok()
    }

    pub(super) fn keep(&self, call: &str, of: &str, capture: &Capture) {
        self.lock().answers.extend(whole(call, of, &capture.take()));
    }

    pub(super) fn lock(&self) -> std::sync::MutexGuard<'_, PostureEvidence> {
        self.found.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// `GetUsage` pages too, and its items are no list.
async fn all_usage(collecting: &Collecting<'_, '_>, plan: &str, what: &str, from: &str, to: &str) -> Option<()> {
    let client = collecting.reader.session.rest();
    let mut position = None::<String>;
    loop {
        let capture = Capture::default();
        let page = collecting
            .reader
            .read(SERVICE, "GetUsage", what, || {
                client
                    .get_usage()
                    .usage_plan_id(plan)
                    .start_date(from)
                    .end_date(to)
                    .limit(PAGE)
                    .set_position(position.clone())
                    .customize()
                    .interceptor(capture.clone())
                    .send()
            })
            .await;
        let page = collecting.or_gap(what, page)?;
        collecting.keep("apigateway:GetUsage", plan, &capture);
        position = page.position().map(str::to_owned);
        if position.is_none() {
            return Some(());
        }
    }
}
