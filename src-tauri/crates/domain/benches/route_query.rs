//! 50,000 routes: what a keystroke, a group, a sort and the palette cost. `cargo bench -p portcullis-domain`.
//!
//! The window has 100 ms from keystroke to paint; the answer to a query is the part of it that is spent here.

use std::{collections::BTreeSet, hint::black_box, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use portcullis_domain::{
    api::{ApiKind, EndpointType},
    audience::AudienceDecision,
    audience_rules::{built_in, class},
    route::{Drift, Guard, Route},
    route_index::RouteIndex,
    route_query::{FilterOperator, FilterToken, RouteFilter, RouteGroupBy, RouteProperty, RouteQuery, RouteSort},
    throttle::{EffectiveThrottle, Limit, ThrottleSource},
};

const ROUTES: usize = 50_000;
const NOUNS: &[&str] =
    &["products", "orders", "cart", "login", "refunds", "webhooks", "partners", "reports", "search", "items"];
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

fn route(number: usize) -> Route {
    let (api, noun, method) = (number / 250, NOUNS[number % NOUNS.len()], METHODS[number % METHODS.len()]);
    let path = format!("/v1/{noun}/{{id}}/part-{}", number % 250);
    let api_name = format!("service-{api:03}");
    let endpoint_type = EndpointType::Regional;
    let decision: AudienceDecision = built_in::decide(&built_in::Evidence {
        method,
        path: &path,
        api_name: &api_name,
        endpoint_type,
        authorization_type: "CUSTOM",
    });
    Route {
        id: format!("111122223333/eu-west-1/api{api:07}/prod/{method}{path}"),
        context: "demo".into(),
        account: "111122223333".into(),
        region: "eu-west-1".into(),
        api_id: format!("api{api:07}").into(),
        api_name: api_name.into(),
        api_kind: ApiKind::Rest,
        endpoint_type,
        stage: "prod".into(),
        method: method.into(),
        class: class::decide(method, &path, decision.audience, false),
        path: path.into(),
        resource_id: Some("r12345".into()),
        audience: decision,
        guard: Guard {
            authorization_type: if number.is_multiple_of(7) { "NONE" } else { "CUSTOM" }.into(),
            authorizer: Some(Arc::from("customer-sessions")),
            scopes: Vec::new(),
            api_key_required: false,
        },
        throttle: EffectiveThrottle {
            limit: Limit { rate: Some((number % 1_000) as f64), burst: Some(100) },
            source: ThrottleSource::StageMethod,
            burst_source: ThrottleSource::StageMethod,
        },
        validator: None,
        integration: None,
        invoke_url: None,
        custom_urls: Vec::new(),
        waf_acl: None,
        canary: None,
        drift: Drift::None,
        drift_detail: None,
    }
}

fn text(text: &str) -> RouteFilter {
    RouteFilter { text: text.to_owned(), ..RouteFilter::default() }
}

fn queries() -> Vec<(&'static str, RouteQuery)> {
    let by_audience = RouteQuery { group_by: Some(RouteGroupBy::Audience), ..RouteQuery::default() };
    let token =
        |property, operator, value: &str| FilterToken { property: Some(property), operator, value: value.to_owned() };
    let tokens = vec![
        token(RouteProperty::RouteClass, FilterOperator::NotEqual, "browse"),
        token(RouteProperty::Path, FilterOperator::Contains, "Orders"),
    ];
    let sort = |property| Some(RouteSort { property, descending: true });
    vec![
        ("keystroke, one letter, grouped", RouteQuery { filter: text("l"), ..by_audience.clone() }),
        ("keystroke, one word, grouped", RouteQuery { filter: text("login"), ..by_audience.clone() }),
        (
            "keystroke, two words, none match, grouped",
            RouteQuery { filter: text("login nowhere"), ..by_audience.clone() },
        ),
        (
            "two tokens, grouped",
            RouteQuery { filter: RouteFilter { tokens, ..RouteFilter::default() }, ..by_audience.clone() },
        ),
        ("grouped by audience", by_audience.clone()),
        ("grouped by API and stage", RouteQuery { group_by: Some(RouteGroupBy::Api), ..RouteQuery::default() }),
        ("grouped, sorted by rate", RouteQuery { sort: sort(RouteProperty::RateLimit), ..by_audience }),
        ("flat, sorted by path", RouteQuery { sort: sort(RouteProperty::Path), ..RouteQuery::default() }),
    ]
}

fn bench(criterion: &mut Criterion) {
    let routes: Vec<Route> = (0..ROUTES).map(route).collect();
    let index = RouteIndex::new(routes.clone());
    let nothing_folded = BTreeSet::new();
    let mut group = criterion.benchmark_group("50,000 routes");
    group.sample_size(20);
    for (name, query) in queries() {
        group.bench_function(name, |bencher| bencher.iter(|| index.lines(black_box(&query), &nothing_folded)));
    }
    group.bench_function("palette", |bencher| bencher.iter(|| index.search(black_box("ordpart17"), 30).len()));
    group.bench_function("values of a property", |bencher| {
        bencher.iter(|| index.values(black_box(RouteProperty::Path), "", 50));
    });
    group.bench_function("index", |bencher| {
        bencher.iter_batched(|| routes.clone(), RouteIndex::new, criterion::BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
