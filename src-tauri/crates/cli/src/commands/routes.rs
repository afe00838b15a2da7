//! `portcullis routes`: every route as its stage serves it.

use clap::{Args, ValueEnum};
use portcullis_domain::{
    hostile_text::terminal_text,
    route::{Drift, Route},
    route_filter::FilterError,
    route_query::{FilterOperation, FilterToken, RouteFilter, RouteGroup, RouteGroupBy, RouteQuery, RouteSort},
    throttle::ThrottleSource,
};
use portcullis_operations::{
    envelope,
    host::Host,
    route_list::{RouteLine, RouteListRequest, route_list},
};

use crate::{
    args::{Global, OutputFormat},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `routes`.
#[derive(Debug, Args)]
pub struct RoutesArgs {
    /// Group the table, with counts and what to look at first in each group.
    #[arg(long, value_enum)]
    pub group_by: Option<GroupBy>,
    /// Keep routes for which this holds (repeat: all must hold). PROPERTY is a field of the JSON output; signs are
    /// = != : (contains) !: ^ (starts with) < >. Without a sign: any of method, path, API, stage, authorizer has it.
    #[arg(long, short, value_name = "PROPERTY=VALUE")]
    pub filter: Vec<String>,
    /// One of the filters is enough.
    #[arg(long, requires = "filter")]
    pub any: bool,
    /// Sort by this property; with a leading minus, largest first.
    #[arg(long, value_name = "PROPERTY", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// List CORS preflights too, which are set aside otherwise.
    #[arg(long)]
    pub include_preflight: bool,
}

/// By what to group.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum GroupBy {
    /// For whom.
    Audience,
    /// API and stage.
    Api,
    /// What it does.
    Class,
    /// Account and region.
    Context,
}

impl RoutesArgs {
    fn query(&self) -> Result<RouteQuery, Failure> {
        let tokens = self
            .filter
            .iter()
            .map(|text| {
                text.parse::<FilterToken>().map_err(|error| Failure::usage(format!("--filter {text}: {error}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(RouteQuery {
            filter: RouteFilter {
                operation: if self.any { FilterOperation::Or } else { FilterOperation::And },
                tokens,
                include_preflight: self.include_preflight,
                ..RouteFilter::default()
            },
            group_by: self.group_by.map(|group| match group {
                GroupBy::Audience => RouteGroupBy::Audience,
                GroupBy::Api => RouteGroupBy::Api,
                GroupBy::Class => RouteGroupBy::RouteClass,
                GroupBy::Context => RouteGroupBy::Context,
            }),
            sort: self.sort.as_deref().map(parse_sort).transpose()?,
        })
    }
}

fn parse_sort(text: &str) -> Result<RouteSort, Failure> {
    let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
    let property = name.parse().map_err(|error: FilterError| Failure::usage(format!("--sort {text}: {error}")))?;
    Ok(RouteSort { property, descending })
}

/// Runs `routes`.
///
/// # Errors
/// Usage errors of filters and sort; failures of the host.
pub async fn run(host: &Host, global: &Global, args: &RoutesArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let query = args.query()?;
    printer.read_all(host, global).await?;
    let lines = all_lines(host, &query).await?;
    let routes: Vec<&Route> = lines
        .iter()
        .filter_map(|line| match line {
            RouteLine::Route { route } => Some(&**route),
            RouteLine::Group { .. } => None,
        })
        .collect();
    let text = match printer.format() {
        OutputFormat::Table => as_table(&lines),
        OutputFormat::Json => envelope::routes_json(host, &routes)?,
        OutputFormat::Csv => envelope::routes_csv(&routes)?,
    };
    printer.data(&text)?;
    Ok(printer.finish(host))
}

/// Page by page, as the window does.
async fn all_lines(host: &Host, query: &RouteQuery) -> Result<Vec<RouteLine>, Failure> {
    let mut lines = Vec::new();
    loop {
        let offset = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let request = RouteListRequest { query: query.clone(), collapsed: Vec::new(), offset, limit: 500 };
        let page = route_list(host, request).await?;
        let complete = page.lines.is_empty();
        lines.extend(page.lines);
        if complete || lines.len() >= page.line_count as usize {
            return Ok(lines);
        }
    }
}

fn as_table(lines: &[RouteLine]) -> String {
    if lines.is_empty() {
        return "No routes.\n".to_owned();
    }
    let mut text = String::new();
    let mut rows: Vec<[String; 9]> = Vec::new();
    let flush = |rows: &mut Vec<[String; 9]>, text: &mut String| {
        if !rows.is_empty() {
            *text += &table::render(
                ["METHOD", "PATH", "API", "STAGE", "AUTHORIZATION", "KEY", "RATE/BURST", "WAF", "STATE"],
                rows.drain(..),
            );
        }
    };
    for line in lines {
        match line {
            RouteLine::Group { group, .. } => {
                flush(&mut rows, &mut text);
                let gap = if text.is_empty() { "" } else { "\n" };
                text += &format!("{gap}{}\n", heading(group));
            }
            RouteLine::Route { route } => rows.push(cells(route)),
        }
    }
    flush(&mut rows, &mut text);
    text
}

fn heading(group: &RouteGroup) -> String {
    let signals = [
        (group.signals.open, "open"),
        (group.signals.uncovered, "without a web ACL"),
        (group.signals.unthrottled, "without a limit of their own"),
        (group.signals.drifted, "with a draft that differs"),
        (group.signals.canary, "on a stage with a canary"),
    ];
    let signals: Vec<String> =
        signals.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let noun = if group.count == 1 { "route" } else { "routes" };
    let rest = if signals.is_empty() { String::new() } else { format!(": {}", signals.join(", ")) };
    format!("{} ({} {noun}){rest}", terminal_text(&group.label), group.count)
}

fn cells(route: &Route) -> [String; 9] {
    let authorization = match &route.guard.authorizer {
        Some(authorizer) => format!("{} {authorizer}", route.guard.authorization_type),
        None => route.guard.authorization_type.to_string(),
    };
    let number = |number: Option<String>| number.unwrap_or_else(|| "?".to_owned());
    let layer = match route.throttle.source {
        ThrottleSource::StageMethod => "method",
        ThrottleSource::StageDefault => "stage",
        ThrottleSource::Account => "account",
        ThrottleSource::Unknown => "unknown",
    };
    let limit = &route.throttle.limit;
    let state = match (route.drift, &route.canary) {
        (Drift::None, None) => String::new(),
        (Drift::None, Some(canary)) => format!("canary {} %", canary.percent_traffic),
        (drift, _) => drift_words(drift).to_owned(),
    };
    [
        route.method.to_string(),
        route.path.to_string(),
        route.api_name.to_string(),
        route.stage.to_string(),
        authorization,
        if route.guard.api_key_required { "key" } else { "-" }.to_owned(),
        format!(
            "{}/{} {layer}",
            number(limit.rate.map(|rate| rate.to_string())),
            number(limit.burst.map(|burst| burst.to_string()))
        ),
        route.waf_acl.as_deref().unwrap_or("-").to_owned(),
        state,
    ]
}

fn drift_words(drift: Drift) -> &'static str {
    match drift {
        Drift::None => "",
        Drift::Added => "not deployed",
        Drift::Removed => "gone from the draft",
        Drift::Changed => "draft differs",
        Drift::DraftOnly => "draft, live unknown",
        Drift::LiveOnly => "live, draft unknown",
    }
}
