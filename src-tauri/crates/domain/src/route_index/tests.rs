//! What a person who filters, groups and pages would notice.

use super::*;
use crate::{
    api::{ApiKind, Canary, EndpointType},
    audience::{Audience, AudienceDecision, AudienceSource},
    route::{Drift, Guard},
    route_class::RouteClassDecision,
    route_query::{FilterOperation, FilterOperator, FilterToken, RouteFilter},
    throttle::{EffectiveThrottle, Limit, ThrottleSource},
};
use proptest::prelude::*;

fn route(method: &str, path: &str) -> Route {
    Route {
        id: format!("1/eu-west-1/a1/prod/{method}{path}"),
        context: "demo".into(),
        account: "1".into(),
        region: "eu-west-1".into(),
        api_id: "a1".into(),
        api_name: "Storefront".into(),
        api_kind: ApiKind::Rest,
        endpoint_type: EndpointType::Regional,
        stage: "prod".into(),
        method: method.into(),
        path: path.into(),
        resource_id: None,
        audience: AudienceDecision {
            audience: Audience::Customer,
            source: AudienceSource::BuiltIn,
            reason: String::new(),
        },
        class: RouteClassDecision { class: RouteClass::Browse, reason: String::new() },
        guard: Guard { authorization_type: "CUSTOM".into(), authorizer: None, scopes: vec![], api_key_required: false },
        throttle: EffectiveThrottle {
            limit: Limit { rate: Some(10.0), burst: Some(5) },
            source: ThrottleSource::StageMethod,
            burst_source: ThrottleSource::StageMethod,
        },
        validator: None,
        integration: None,
        invoke_url: None,
        custom_urls: vec![],
        waf_acl: Some("shield".into()),
        canary: None,
        drift: Drift::None,
        drift_detail: None,
    }
}

fn with(path: &str, change: impl FnOnce(&mut Route)) -> Route {
    let mut route = route("GET", path);
    change(&mut route);
    route
}

fn token(property: Option<RouteProperty>, operator: FilterOperator, value: &str) -> FilterToken {
    FilterToken { property, operator, value: value.to_owned() }
}

fn paths(index: &RouteIndex, query: &RouteQuery) -> Vec<String> {
    let lines = index.lines(query, &BTreeSet::new());
    let route = |line: &Line| match line {
        Line::Route(at) => index.routes().get(*at).map(|route| route.path.to_string()),
        Line::Group(_) => None,
    };
    lines.page(0, usize::MAX).iter().filter_map(route).collect()
}

#[test]
fn tokens_compare_as_they_say() {
    use FilterOperator::{Contains, Equal, Greater, Less, NotEqual, StartsWith};
    let index = RouteIndex::new(vec![
        with("/slow", |route| route.throttle.limit.rate = Some(9.5)),
        with("/fast", |route| route.throttle.limit.rate = Some(100.0)),
        with("/unknown", |route| route.throttle.limit.rate = None),
        with("/ÄPFEL", |route| route.waf_acl = None),
    ]);
    let rows: &[(Option<RouteProperty>, FilterOperator, &str, &[&str])] = &[
        (Some(RouteProperty::RateLimit), Greater, "9.5", &["/fast", "/ÄPFEL"]),
        (Some(RouteProperty::RateLimit), Less, "100", &["/slow", "/ÄPFEL"]),
        (Some(RouteProperty::RateLimit), Equal, "100.0", &["/fast"]),
        (Some(RouteProperty::RateLimit), Equal, "", &["/unknown"]),
        (Some(RouteProperty::RateLimit), Greater, "many", &[]),
        (Some(RouteProperty::Path), Greater, "1", &[]),
        (Some(RouteProperty::Path), Contains, "äpf", &["/ÄPFEL"]),
        (Some(RouteProperty::Path), StartsWith, "/F", &["/fast"]),
        (Some(RouteProperty::Api), Equal, "A1", &["/fast", "/slow", "/unknown", "/ÄPFEL"]),
        (Some(RouteProperty::Api), Equal, "storefront", &["/fast", "/slow", "/unknown", "/ÄPFEL"]),
        (Some(RouteProperty::WafAcl), Equal, "", &["/ÄPFEL"]),
        (Some(RouteProperty::WafAcl), NotEqual, "", &["/fast", "/slow", "/unknown"]),
        (None, Contains, "GET /slow", &["/slow"]),
        (None, NotEqual, "a", &[]),
    ];
    for (property, operator, value, expected) in rows {
        let filter = RouteFilter { tokens: vec![token(*property, *operator, value)], ..RouteFilter::default() };
        let found = paths(&index, &RouteQuery { filter, ..RouteQuery::default() });
        assert_eq!(found, *expected, "{property:?} {operator:?} {value}");
    }
}

#[test]
fn sorting_puts_what_has_no_value_last_both_ways() {
    let rate = |path: &str, rate| with(path, |route| route.throttle.limit.rate = rate);
    let index = RouteIndex::new(vec![rate("/c", Some(2.0)), rate("/b", None), rate("/a", Some(10.0))]);
    let sorted = |property, descending| {
        paths(&index, &RouteQuery { sort: Some(RouteSort { property, descending }), ..RouteQuery::default() })
    };
    assert_eq!(sorted(RouteProperty::RateLimit, false), ["/c", "/a", "/b"], "2 before 10");
    assert_eq!(sorted(RouteProperty::RateLimit, true), ["/a", "/c", "/b"]);
    assert_eq!(sorted(RouteProperty::Stage, true), ["/a", "/b", "/c"], "equals keep their order");
    let index = RouteIndex::new(vec![with("/b", |_| {}), with("/C", |_| {}), with("/a", |_| {})]);
    let by_path = RouteSort { property: RouteProperty::Path, descending: false };
    assert_eq!(paths(&index, &RouteQuery { sort: Some(by_path), ..RouteQuery::default() }), ["/a", "/b", "/C"]);
}

#[test]
fn signals_count_what_a_reviewer_would() {
    let open = |route: &mut Route| route.guard.authorization_type = "NONE".into();
    let signals = |route: Route| {
        let mut signals = GroupSignals::default();
        add_signals(&mut signals, &route);
        (signals.open, signals.uncovered, signals.unthrottled, signals.drifted, signals.canary)
    };
    assert_eq!(signals(route("GET", "/cart")), (0, 0, 0, 0, 0), "guarded, covered, limited");
    assert_eq!(signals(with("/cart", open)), (1, 0, 0, 0, 0));
    type Row = (&'static str, (u32, u32, u32, u32, u32), fn(&mut Route));
    let rows: &[Row] = &[
        ("a key is no authorization", (1, 0, 0, 0, 0), |route| route.guard.api_key_required = true),
        ("private is not safe, and needs no web ACL", (1, 0, 0, 0, 0), |route| {
            route.endpoint_type = EndpointType::Private;
            route.waf_acl = None;
        }),
        ("public may be open", (0, 0, 0, 0, 0), |route| route.audience.audience = Audience::Public),
        ("unclassified is not known to be public", (1, 0, 0, 0, 0), |route| {
            route.audience.audience = Audience::Unclassified;
        }),
        ("who signs in has no token", (0, 0, 0, 0, 0), |route| route.class.class = RouteClass::Login),
        ("HTTP APIs cannot have a web ACL", (1, 0, 0, 0, 0), |route| {
            route.api_kind = ApiKind::Http;
            route.waf_acl = None;
        }),
        ("REST APIs can", (1, 1, 0, 0, 0), |route| route.waf_acl = None),
        ("messages come over what $connect let in", (0, 0, 0, 0, 0), |route| {
            route.api_kind = ApiKind::WebSocket;
            route.path = "sendMessage".into();
        }),
        ("$connect is where WebSocket APIs authorize", (1, 0, 0, 0, 0), |route| {
            route.api_kind = ApiKind::WebSocket;
            route.path = "$connect".into();
        }),
        ("the account's limit alone", (1, 0, 1, 0, 0), |route| route.throttle.source = ThrottleSource::Account),
        ("no limit known", (1, 0, 1, 0, 0), |route| route.throttle.source = ThrottleSource::Unknown),
        ("only in the draft: nobody reaches it yet", (0, 0, 0, 1, 0), |route| route.drift = Drift::Added),
        ("gone from the draft: still live", (1, 0, 0, 1, 0), |route| route.drift = Drift::Removed),
        ("not known is no difference", (1, 0, 0, 0, 0), |route| route.drift = Drift::DraftOnly),
        ("a canary", (1, 0, 0, 0, 1), |route| {
            route.canary = Some(Canary { deployment_id: "d".into(), percent_traffic: 10.0 });
        }),
        ("preflights never", (0, 0, 0, 0, 0), |route| {
            route.class.class = RouteClass::Preflight;
            route.waf_acl = None;
        }),
    ];
    for (why, expected, change) in rows {
        let route = with("/cart", |route| {
            open(route);
            change(route);
        });
        assert_eq!(signals(route), *expected, "{why}");
    }
}

#[test]
fn the_palette_finds_by_words_and_by_letters() {
    let index = RouteIndex::new(vec![
        route("POST", "/orders/{id}/refund"),
        route("GET", "/orders"),
        route("GET", "/reorders"),
        route("POST", "/login"),
        with("/login", |route| route.class.class = RouteClass::Preflight),
    ]);
    let found = |text: &str| {
        let routes = index.search(text, 10);
        routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect::<Vec<_>>()
    };
    assert_eq!(found("orders"), ["GET /orders", "POST /orders/{id}/refund", "GET /reorders"]);
    assert_eq!(found("refund post"), ["POST /orders/{id}/refund"], "words in any order");
    assert_eq!(found("ordref"), ["POST /orders/{id}/refund"], "letters in order");
    assert_eq!(found("LOGIN"), ["POST /login"], "no preflight");
    assert_eq!(found("storefront").len(), 4, "by its API");
    assert!(found("zzz").is_empty());
    assert!(found("  ").is_empty());
}

#[test]
fn values_come_by_frequency_and_without_preflights() {
    let index = RouteIndex::new(vec![
        route("POST", "/a"),
        route("GET", "/b"),
        route("GET", "/c"),
        with("/c", |route| {
            route.method = "OPTIONS".into();
            route.class.class = RouteClass::Preflight;
        }),
    ]);
    assert_eq!(index.values(RouteProperty::Method, "", 10), ["GET", "POST"]);
    assert_eq!(index.values(RouteProperty::Method, "os", 10), ["POST"]);
    assert_eq!(index.values(RouteProperty::Method, "", 1), ["GET"]);
    assert_eq!(index.values(RouteProperty::Validator, "", 10), Vec::<String>::new());
}

fn some_route() -> impl Strategy<Value = Route> {
    let audience = prop::sample::select(vec![Audience::Admin, Audience::Customer, Audience::Public]);
    let class = prop::sample::select(vec![RouteClass::Browse, RouteClass::Login, RouteClass::Preflight]);
    let stage = prop::sample::select(vec!["prod", "test"]);
    let rate = prop::option::of(0..4_u8);
    (audience, class, stage, rate, "/[ab]{1,3}").prop_map(|(audience, class, stage, rate, path)| {
        with(&path, |route| {
            route.audience.audience = audience;
            route.class.class = class;
            route.stage = stage.into();
            route.throttle.limit.rate = rate.map(f64::from);
        })
    })
}

fn some_filter() -> impl Strategy<Value = RouteFilter> {
    let properties = vec![
        None,
        Some(RouteProperty::Path),
        Some(RouteProperty::Stage),
        Some(RouteProperty::Audience),
        Some(RouteProperty::RateLimit),
    ];
    let operators = vec![
        FilterOperator::Equal,
        FilterOperator::NotEqual,
        FilterOperator::Contains,
        FilterOperator::NotContains,
        FilterOperator::StartsWith,
        FilterOperator::Less,
        FilterOperator::Greater,
    ];
    let one = (prop::sample::select(properties), prop::sample::select(operators), "|/?[ab]|prod|public|[0-3]")
        .prop_map(|(property, operator, value)| token(property, operator, &value));
    (prop::collection::vec(one, 0..3), any::<bool>(), "[ab ]{0,2}", any::<bool>()).prop_map(
        |(tokens, and, text, include_preflight)| RouteFilter {
            operation: if and { FilterOperation::And } else { FilterOperation::Or },
            tokens,
            text,
            include_preflight,
        },
    )
}

fn some_query() -> impl Strategy<Value = RouteQuery> {
    let by = prop::sample::select(vec![
        None,
        Some(RouteGroupBy::Audience),
        Some(RouteGroupBy::Api),
        Some(RouteGroupBy::RouteClass),
        Some(RouteGroupBy::Context),
    ]);
    let sort = prop::option::of((
        prop::sample::select(vec![RouteProperty::Path, RouteProperty::RateLimit, RouteProperty::Audience]),
        any::<bool>(),
    ));
    (some_filter(), by, sort).prop_map(|(filter, group_by, sort)| RouteQuery {
        filter,
        group_by,
        sort: sort.map(|(property, descending)| RouteSort { property, descending }),
    })
}

proptest! {
    #[test]
    fn every_matching_row_is_one_line_and_groups_add_up(
        routes in prop::collection::vec(some_route(), 0..40),
        query in some_query(),
    ) {
        let index = RouteIndex::new(routes);
        let answer = index.lines(&query, &BTreeSet::new());
        let mut rows: Vec<usize> = answer.page(0, usize::MAX).iter().filter_map(|line| match line {
            Line::Route(at) => Some(*at),
            Line::Group(_) => None,
        }).collect();
        prop_assert_eq!(rows.len(), answer.matching);
        rows.sort_unstable();
        rows.dedup();
        prop_assert_eq!(rows.len(), answer.matching, "no row twice");
        prop_assert_eq!(answer.len(), answer.matching + answer.groups.len());
        prop_assert_eq!(answer.total + answer.preflights, index.routes().len());
        if query.group_by.is_some() {
            prop_assert_eq!(answer.groups.iter().map(|group| group.count as usize).sum::<usize>(), answer.matching);
            let keys: BTreeSet<&str> = answer.groups.iter().map(|group| group.key.as_str()).collect();
            prop_assert_eq!(keys.len(), answer.groups.len(), "no group twice");
        }
    }

    #[test]
    fn pages_put_together_are_the_whole(
        routes in prop::collection::vec(some_route(), 0..40),
        query in some_query(),
        size in 1..7_usize,
    ) {
        let index = RouteIndex::new(routes);
        let answer = index.lines(&query, &BTreeSet::new());
        let pages: Vec<Line> =
            (0..answer.len().div_ceil(size)).flat_map(|page| answer.page(page * size, size).to_vec()).collect();
        prop_assert_eq!(pages.as_slice(), answer.page(0, usize::MAX));
        prop_assert!(answer.page(answer.len(), size).is_empty());
    }

    #[test]
    fn a_folded_group_keeps_its_header_and_hides_its_rows(
        routes in prop::collection::vec(some_route(), 1..40),
        folded in prop::sample::select(vec!["admin", "customer", "public"]),
    ) {
        let index = RouteIndex::new(routes);
        let query = RouteQuery { group_by: Some(RouteGroupBy::Audience), ..RouteQuery::default() };
        let open = index.lines(&query, &BTreeSet::new());
        let answer = index.lines(&query, &BTreeSet::from([folded.to_owned()]));
        let hidden = open.groups.iter().find(|group| group.key == folded).map_or(0, |group| group.count as usize);
        prop_assert_eq!(&answer.groups, &open.groups);
        prop_assert_eq!(answer.len() + hidden, open.len());
    }

    #[test]
    fn a_token_and_its_negation_share_the_rows_out(
        routes in prop::collection::vec(some_route(), 0..40),
        token in some_filter().prop_filter_map("a token", |filter| filter.tokens.into_iter().next()),
    ) {
        let (positive, negative) = match token.operator {
            FilterOperator::Equal | FilterOperator::NotEqual => (FilterOperator::Equal, FilterOperator::NotEqual),
            _ => (FilterOperator::Contains, FilterOperator::NotContains),
        };
        let index = RouteIndex::new(routes);
        let matching = |operator| {
            let tokens = vec![FilterToken { operator, ..token.clone() }];
            index.lines(&RouteQuery { filter: RouteFilter { tokens, ..RouteFilter::default() }, ..RouteQuery::default() }, &BTreeSet::new())
        };
        let (yes, no) = (matching(positive), matching(negative));
        prop_assert_eq!(yes.matching + no.matching, yes.total);
    }

    #[test]
    fn a_sort_orders_all_and_loses_none(
        routes in prop::collection::vec(some_route(), 0..40),
        descending in any::<bool>(),
    ) {
        let index = RouteIndex::new(routes);
        let sort = RouteSort { property: RouteProperty::RateLimit, descending };
        let answer = index.lines(&RouteQuery { sort: Some(sort), ..RouteQuery::default() }, &BTreeSet::new());
        let rates: Vec<Option<f64>> = answer.page(0, usize::MAX).iter().filter_map(|line| match line {
            Line::Route(at) => index.routes().get(*at).map(|route| route.throttle.limit.rate),
            Line::Group(_) => None,
        }).collect();
        prop_assert_eq!(rates.len(), answer.total);
        let in_order = |pair: &[Option<f64>]| match (pair[0], pair[1]) {
            (Some(left), Some(right)) => if descending { left >= right } else { left <= right },
            (None, Some(_)) => false,
            (_, None) => true,
        };
        prop_assert!(rates.windows(2).all(in_order), "{rates:?}");
    }
}
