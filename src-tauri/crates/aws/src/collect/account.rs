//! What belongs to the account and region: the account's own limit, custom domain names and where they lead.

use portcullis_domain::{
    coverage::GapKind,
    inventory::{AccountAnswer, AccountInventory, DomainMapping},
    throttle::Limit,
};

use super::{Collector, InventoryEvent, parts::whole};
use crate::{AwsError, raw::Capture};

const PAGE: i32 = 500;

/// Reads it and sends it; what failed is a gap.
pub(super) async fn collect(collector: &Collector<'_>) {
    let client = collector.reader.session.rest();
    let what = "the account's limits";
    let (capture, mut answers) = (Capture::default(), Vec::new());
    let account = collector
        .reader
        .read("apigateway", "GetAccount", what, || client.get_account().customize().interceptor(capture.clone()).send())
        .await;
    if account.is_ok() {
        answers.extend(whole("apigateway:GetAccount", "", &capture.take()));
    }
    let account_limit = collector.or_gap(what, account).await.and_then(|answer| {
        let settings = answer.throttle_settings()?;
        Some(Limit { rate: Some(settings.rate_limit()), burst: Some(settings.burst_limit()) })
    });
    let mut inventory = AccountInventory { account_limit, domains: Vec::new(), domains_complete: true, answers };
    match domain_names(collector, &mut inventory.answers).await {
        Some(names) => {
            for name in names {
                match mappings(collector, &name).await {
                    Some(found) => inventory.domains.extend(found),
                    None => inventory.domains_complete = false,
                }
            }
        }
        None => inventory.domains_complete = false,
    }
    collector.send(InventoryEvent::Account(inventory)).await;
}

async fn domain_names(collector: &Collector<'_>, answers: &mut Vec<AccountAnswer>) -> Option<Vec<String>> {
    let client = collector.reader.session.rest();
    let what = "the custom domain names";
    let (mut names, mut position) = (Vec::new(), None::<String>);
    loop {
        let capture = Capture::default();
        let page = collector
            .reader
            .read("apigateway", "GetDomainNames", what, || {
                client
                    .get_domain_names()
                    .limit(PAGE)
                    .set_position(position.clone())
                    .customize()
                    .interceptor(capture.clone())
                    .send()
            })
            .await;
        let page = collector.or_gap(what, page).await?;
        answers.extend(whole("apigateway:GetDomainNames", position.as_deref().unwrap_or_default(), &capture.take()));
        names.extend(page.items().iter().filter_map(|domain| domain.domain_name().map(str::to_owned)));
        position = page.position().map(str::to_owned);
        if position.is_none() {
            break;
        }
    }
    // Version 2 lists the names of both; version 1 lists those that were made with either on AWS, and only its own on
    // emulators. One list more finds the rest.
    let client = collector.reader.session.http();
    let what = "the custom domain names of HTTP APIs";
    let mut token = None::<String>;
    loop {
        let capture = Capture::default();
        let found = collector
            .reader
            .read("apigatewayv2", "GetDomainNames", what, || {
                client
                    .get_domain_names()
                    .max_results(PAGE.to_string())
                    .set_next_token(token.clone())
                    .customize()
                    .interceptor(capture.clone())
                    .send()
            })
            .await;
        let found = collector.or_gap(what, found).await?;
        answers.extend(whole("apigatewayv2:GetDomainNames", token.as_deref().unwrap_or_default(), &capture.take()));
        names.extend(found.items().iter().filter_map(|domain| domain.domain_name().map(str::to_owned)));
        token = found.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    names.sort();
    names.dedup();
    Some(names)
}

/// `GetApiMappings` knows the mappings of all three products; an endpoint without it is asked the old way.
async fn mappings(collector: &Collector<'_>, domain: &str) -> Option<Vec<DomainMapping>> {
    let what = format!("the mappings of {domain}");
    // Emulators keep the two products' domains apart: not there means ask the other.
    let found = match api_mappings(collector, domain, &what).await {
        Err(error) if error.kind == GapKind::NotFound => Vec::new(),
        answer => collector.or_gap(&what, answer).await?,
    };
    if !found.is_empty() {
        return Some(found);
    }
    match base_path_mappings(collector, domain, &what).await {
        Err(error) if error.kind == GapKind::NotFound => Some(Vec::new()),
        answer => collector.or_gap(&what, answer).await,
    }
}

async fn api_mappings(collector: &Collector<'_>, domain: &str, what: &str) -> Result<Vec<DomainMapping>, AwsError> {
    let client = collector.reader.session.http();
    let (mut found, mut token) = (Vec::new(), None::<String>);
    loop {
        let ask = || {
            client
                .get_api_mappings()
                .domain_name(domain)
                .max_results(PAGE.to_string())
                .set_next_token(token.clone())
                .send()
        };
        let answer = collector.reader.read("apigatewayv2", "GetApiMappings", what, ask).await?;
        found.extend(answer.items().iter().filter_map(|mapping| {
            Some(DomainMapping {
                domain: domain.into(),
                base_path: mapping.api_mapping_key().unwrap_or_default().into(),
                api_id: mapping.api_id()?.into(),
                stage: mapping.stage().map(Into::into),
            })
        }));
        token = answer.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        if token.is_none() {
            return Ok(found);
        }
    }
}

async fn base_path_mappings(
    collector: &Collector<'_>,
    domain: &str,
    what: &str,
) -> Result<Vec<DomainMapping>, AwsError> {
    let client = collector.reader.session.rest();
    let (mut found, mut position) = (Vec::new(), None::<String>);
    loop {
        let ask =
            || client.get_base_path_mappings().domain_name(domain).limit(PAGE).set_position(position.clone()).send();
        let answer = collector.reader.read("apigateway", "GetBasePathMappings", what, ask).await?;
        found.extend(answer.items().iter().filter_map(|mapping| {
            let base = mapping.base_path().filter(|base| *base != "(none)").unwrap_or_default();
            Some(DomainMapping {
                domain: domain.into(),
                base_path: base.into(),
                api_id: mapping.rest_api_id()?.into(),
                stage: mapping.stage().map(Into::into),
            })
        }));
        position = answer.position().map(str::to_owned);
        if position.is_none() {
            return Ok(found);
        }
    }
}
