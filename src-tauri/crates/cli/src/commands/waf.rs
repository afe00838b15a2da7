//! `portcullis waf`: web ACLs: what they really do, rule by rule, before which routes, and changing two things of them.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::waf::{CanMatch, CoverVerdict, RuleEffect, RuleSwitch, StatementNode, WafPartKind, WafSet};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    waf_rate_limit_set::{WafRateLimitSetRequest, waf_rate_limit_set},
    waf_rule_action_set::{WafRuleActionSetRequest, waf_rule_action_set},
    waf_state::LoggingState,
    web_acl_for_route::{WebAclForRouteRequest, web_acl_for_route},
    web_acl_get::{WebAclDetail, WebAclGetRequest, web_acl_get},
    web_acl_list::{WebAclLine, WebAclList, WebAclListRequest, WebAclState, web_acl_list},
    web_acl_metrics::{WafCounts, WebAclMetricsRequest, web_acl_metrics},
    web_acl_samples::{WebAclSamplesRequest, web_acl_samples},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, terminal_lines},
    commands::throttle::RouteArgs,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    selection::{api_with_stage, route_of},
};

/// Flags of `waf`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct WafArgs {
    /// What to do; the list without it.
    #[command(subcommand)]
    pub command: Option<WafCommand>,
    /// List the routes that nothing stops requests to, instead of the web ACLs.
    #[arg(long)]
    pub uncovered: bool,
}

/// Commands about web ACLs.
#[derive(Debug, Subcommand)]
pub enum WafCommand {
    /// Show a web ACL: every rule in order and in words, logging, the routes behind it.
    Show(AclArgs),
    /// Say which web ACL stands before a route and which of its rules can match there.
    Route(RouteArgs),
    /// Show how many requests each rule allowed, blocked and counted.
    Metrics(MetricsArgs),
    /// Show requests that WAF sampled for a rule; credentials are left out.
    Samples(SamplesArgs),
    /// Let a rule, or a rule group, block or only count.
    #[command(subcommand)]
    Rule(RuleCommand),
    /// The number and the window of a rate-based rule.
    #[command(subcommand)]
    Rate(RateCommand),
}

/// Commands about a rule.
#[derive(Debug, Subcommand)]
pub enum RuleCommand {
    /// Plan a rule between blocking and counting.
    Set(RuleSetArgs),
}

/// Commands about a rate.
#[derive(Debug, Subcommand)]
pub enum RateCommand {
    /// Plan another number of requests, another window, or both.
    Set(RateSetArgs),
}

/// One web ACL.
#[derive(Debug, Clone, Args)]
pub struct AclArgs {
    /// Name, id or ARN.
    pub acl: String,
}

/// Flags of `waf metrics`.
#[derive(Debug, Args)]
pub struct MetricsArgs {
    #[command(flatten)]
    acl: AclArgs,
    /// How many hours back.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=336))]
    hours: u32,
}

/// Flags of `waf samples`.
#[derive(Debug, Args)]
pub struct SamplesArgs {
    #[command(flatten)]
    acl: AclArgs,
    /// The rule's name; without it: requests that no rule ended.
    #[arg(long, default_value = "")]
    rule: String,
    /// How many minutes back; WAF keeps three hours.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=180))]
    minutes: u32,
}

/// A rule of a web ACL.
#[derive(Debug, Clone, Args)]
pub struct RuleArgs {
    /// The web ACL, by name, id or ARN.
    #[arg(long, value_name = "ID_OR_NAME")]
    acl: String,
    /// The rule's name.
    #[arg(long)]
    rule: String,
}

/// Flags of `waf rule set`.
#[derive(Debug, Args)]
pub struct RuleSetArgs {
    #[command(flatten)]
    rule: RuleArgs,
    /// What it shall do; a rule group that blocks does what its own rules say.
    #[arg(long, value_enum)]
    action: Switch,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `waf rate set`.
#[derive(Debug, Args)]
pub struct RateSetArgs {
    #[command(flatten)]
    rule: RuleArgs,
    /// Requests in a window: 10 to 2,000,000,000.
    #[arg(long, required_unless_present = "window")]
    limit: Option<u64>,
    /// The window in seconds: 60, 120, 300 or 600.
    #[arg(long)]
    window: Option<u64>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// What a rule can be switched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Refuse.
    Block,
    /// Count, and refuse nothing.
    Count,
}

/// Runs `waf`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, args: &WafArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    match &args.command {
        // Without the routes behind it, neither metrics nor samples need the inventory.
        Some(WafCommand::Metrics(args)) => {
            printer.open(host, global).await?;
            return metrics(host, args, printer).await;
        }
        Some(WafCommand::Samples(args)) => {
            printer.open(host, global).await?;
            return samples(host, args, printer).await;
        }
        _ => printer.read_all(host, global).await?,
    }
    match &args.command {
        None => list(host, args, printer).await,
        Some(WafCommand::Show(args)) => show(host, args, printer).await,
        Some(WafCommand::Route(args)) => route(host, args, printer).await,
        Some(WafCommand::Rule(RuleCommand::Set(args))) => {
            let action = match args.action {
                Switch::Block => RuleSwitch::Block,
                Switch::Count => RuleSwitch::Count,
            };
            let RuleArgs { acl, rule } = args.rule.clone();
            let request = WafRuleActionSetRequest { context: String::new(), web_acl: acl, rule, action };
            let plan = waf_rule_action_set(host, request).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
        Some(WafCommand::Rate(RateCommand::Set(args))) => {
            let RuleArgs { acl, rule } = args.rule.clone();
            let (limit, window) = (args.limit, args.window);
            let request = WafRateLimitSetRequest { context: String::new(), web_acl: acl, rule, limit, window };
            let plan = waf_rate_limit_set(host, request).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
        Some(WafCommand::Metrics(_) | WafCommand::Samples(_)) => Ok(Exit::Done),
    }
}

async fn list(host: &Host, args: &WafArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let list = web_acl_list(host, WebAclListRequest::default()).await?;
    let text = match (printer.format(), args.uncovered) {
        (OutputFormat::Json, true) => {
            host.envelope_of(list.uncovered.clone(), list.coverage.clone(), list.calls.clone())?
        }
        (OutputFormat::Json, false) => {
            host.envelope_of(list.items.clone(), list.coverage.clone(), list.calls.clone())?
        }
        (OutputFormat::Csv, true) => csv_text(
            ["context", "route", "audience", "verdict", "why"],
            list.uncovered.iter().map(|one| {
                let why = one.sentence.clone();
                [one.context.clone(), one.label.clone(), one.audience.name().to_owned(), name(one.verdict), why]
            }),
        )?,
        (OutputFormat::Csv, false) => csv_text(
            [
                "context", "name", "scope", "state", "default", "rules", "stopping", "counting", "unknown", "capacity",
                "logging", "stages", "arn",
            ],
            list.items.iter().map(|line| {
                let [name, scope, state, default, rules, stopping, counting, unknown, capacity, logging, stages] =
                    cells(line);
                let (context, arn) = (line.context.clone(), line.arn.clone());
                [
                    context, name, scope, state, default, rules, stopping, counting, unknown, capacity, logging,
                    stages, arn,
                ]
            }),
        )?,
        (OutputFormat::Table, true) => uncovered(&list),
        (OutputFormat::Table, false) => {
            let headings =
                ["WEB ACL", "SCOPE", "DOES", "DEFAULT", "RULES", "STOP", "COUNT", "UNKNOWN", "WCU", "LOGGED", "BEFORE"];
            let rows = list.items.iter().map(cells);
            let acls = match list.items.is_empty() {
                false => table::render(headings, rows),
                true if list.complete => "No web ACLs.\n".to_owned(),
                true => "No web ACL is known, and they could not all be read.\n".to_owned(),
            };
            let of = |wanted: CoverVerdict| {
                list.verdicts.iter().find(|(verdict, _)| *verdict == wanted).map_or(0, |(_, count)| *count)
            };
            format!(
                "{acls}\n{} routes for the public, customers, checkout, partners and callbacks: {} with a rule that can stop \
                 requests, {} that are only counted, {} that no rule can match, {} without a web ACL, {} where none is \
                 possible (HTTP and WebSocket APIs), {} not known. --uncovered lists them.\n",
                list.exposed,
                of(CoverVerdict::Blocks),
                of(CoverVerdict::OnlyCounts),
                of(CoverVerdict::NoRule),
                of(CoverVerdict::NoWebAcl),
                of(CoverVerdict::NotPossible),
                of(CoverVerdict::Unknown),
            )
        }
    };
    printer.data(&if printer.format() == OutputFormat::Table { terminal_lines(&text) } else { text })?;
    Ok(printer.finish_with(host, &list.coverage))
}

fn uncovered(list: &WebAclList) -> String {
    if list.uncovered.is_empty() {
        return match list.coverage.complete {
            true => "Every such route has a rule that can stop requests to it.\n".to_owned(),
            false => "None is known, and not everything could be read.\n".to_owned(),
        };
    }
    table::render(
        ["ROUTE", "AUDIENCE", "HOW IT STANDS"],
        list.uncovered.iter().map(|one| [one.label.clone(), one.audience.name().to_owned(), one.sentence.clone()]),
    )
}

fn cells(line: &WebAclLine) -> [String; 11] {
    let stages: Vec<String> = line.stages.iter().map(|one| format!("{} {}", one.api_name, one.stage)).collect();
    [
        line.name.clone(),
        line.scope.name().to_lowercase(),
        match line.state {
            WebAclState::Stops => "stops requests",
            WebAclState::OnlyCounts => "only counts",
            WebAclState::Empty => "has no rules",
            WebAclState::Unknown => "not known",
        }
        .to_owned(),
        line.default_action.map_or("not read", |action| action.name()).to_owned(),
        line.rules.map_or_else(|| "not read".to_owned(), |rules| rules.to_string()),
        line.stopping.to_string(),
        line.counting.to_string(),
        line.unknown.to_string(),
        line.capacity.map_or_else(|| "not read".to_owned(), |capacity| capacity.to_string()),
        match line.logging {
            LoggingState::On(_) => "yes",
            LoggingState::Off => "no",
            LoggingState::Unknown => "not read",
        }
        .to_owned(),
        stages.join(", "),
    ]
}

async fn show(host: &Host, args: &AclArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = WebAclGetRequest { web_acl: args.acl.clone(), ..WebAclGetRequest::default() };
    let detail = web_acl_get(host, request).await?;
    let coverage = detail.coverage.clone();
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(vec![detail])?,
        OutputFormat::Csv => csv_text(
            ["priority", "rule", "does", "what", "limit", "windowSeconds", "labelsAdded", "labelsNeeded", "known"],
            detail.acl.iter().flat_map(|acl| &acl.rules).map(|rule| {
                [
                    rule.priority.to_string(),
                    rule.name.clone(),
                    rule.effect.name().to_owned(),
                    rule.sentence.clone(),
                    rule.rate.map(|rate| rate.limit.to_string()).unwrap_or_default(),
                    rule.rate.map(|rate| rate.window.to_string()).unwrap_or_default(),
                    rule.labels_added.join(" "),
                    rule.labels_needed.join(" "),
                    rule.known.to_string(),
                ]
            }),
        )?,
        OutputFormat::Table => terminal_lines(&in_words(&detail)),
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &coverage))
}

fn in_words(detail: &WebAclDetail) -> String {
    let line = &detail.line;
    let mut text = format!("Web ACL {} in {}\n", line.name, line.context);
    if !line.description.is_empty() {
        text += &format!("{}\n", line.description);
    }
    let Some(acl) = &detail.acl else { return text + "It could not be read.\n" };
    text += &format!("{}\n\n", acl.arn);
    for rule in &acl.rules {
        text += &format!("{:>5}  {}: {}\n", rule.priority, rule.name, rule.sentence);
        if !rule.tree.children.is_empty() || !rule.known {
            tree(&rule.tree, 9, &mut text);
        }
        for label in &rule.labels_added {
            text += &format!("         sets the label {label}\n");
        }
        if rule.effect == RuleEffect::Allow {
            text += "         no later rule sees what it lets through\n";
        }
        for inner in &rule.inside {
            text += &format!("{:>14}  {}: {}\n", inner.priority, inner.name, inner.sentence);
        }
    }
    for set in &detail.sets {
        text += &format!("\n{}\n", set_in_words(set));
    }
    let default = acl.default_action.as_ref().map_or("not read", |action| action.kind.name());
    text += &format!("\nWhat no rule ends: {default}\n");
    let capacity = acl.capacity.map_or_else(|| "not read".to_owned(), |units| units.to_string());
    text += &format!("Capacity: {capacity} of 1,500 without extra cost, 5,000 at most\n");
    text += &match &line.logging {
        LoggingState::On(logging) => format!(
            "Logged to {}, without {}{}\n",
            logging.destinations.join(", "),
            if logging.redacted.is_empty() { "leaving anything out".to_owned() } else { logging.redacted.join(", ") },
            if logging.filtered { "; a filter keeps only some requests" } else { "" }
        ),
        LoggingState::Off => "Not logged\n".to_owned(),
        LoggingState::Unknown => "Whether it is logged could not be read\n".to_owned(),
    };
    let stages: Vec<String> = line.stages.iter().map(|one| format!("{} {}", one.api_name, one.stage)).collect();
    text += &match stages.is_empty() {
        true => "No stage that was read is behind it\n".to_owned(),
        false => format!("Before {}: {} routes\n", stages.join(", "), detail.route_count),
    };
    for route in detail.routes.iter().filter(|route| route.verdict != CoverVerdict::Blocks) {
        text += &format!("  {} ({}): {}\n", route.label, route.audience.name(), route.sentence);
    }
    if let Some(reason) = &line.not_editable {
        text += &format!("Not changed here. {reason}\n");
    }
    text
}

/// Entries of a set that are listed for people; --output json has all.
const LISTED: usize = 20;

/// `IP set office, IPV4, 1 entry: 192.0.2.0/24`.
fn set_in_words(set: &WafSet) -> String {
    let kind = if set.kind == WafPartKind::IpSet { "IP set" } else { "Regex pattern set" };
    let version = set.version.as_ref().map(|version| format!(", {version}")).unwrap_or_default();
    let head = format!("{kind} {}{version}", set.name);
    match set.entries.as_slice() {
        [] => format!("{head}, empty: it matches nothing"),
        [one] => format!("{head}, 1 entry: {one}"),
        all => {
            let listed = all.get(..LISTED.min(all.len())).unwrap_or_default().join(", ");
            let more = all.len().saturating_sub(LISTED);
            let more = if more > 0 { format!(" and {more} more; --output json has them") } else { String::new() };
            format!("{head}, {} entries: {listed}{more}", all.len())
        }
    }
}

fn tree(node: &StatementNode, indent: usize, text: &mut String) {
    *text += &format!("{:indent$}{}\n", "", node.words);
    for line in node.json.iter().flat_map(|json| json.lines()) {
        *text += &format!("{:1$}{line}\n", "", indent + 2);
    }
    for child in &node.children {
        tree(child, indent + 2, text);
    }
}

async fn route(host: &Host, args: &RouteArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let api = api_with_stage(host, &args.api, &args.stage).await?;
    let route_id = route_of(host, &api, &args.stage, &args.route).await?.id;
    let found = web_acl_for_route(host, WebAclForRouteRequest { route_id }).await?;
    let coverage = found.coverage.clone();
    let rows = || {
        found.cover.rules.iter().map(|rule| {
            [
                rule.priority.to_string(),
                rule.rule.clone(),
                match rule.can_match {
                    CanMatch::Can => "can match",
                    CanMatch::Cannot => "cannot match",
                    CanMatch::CannotTell => "not known",
                }
                .to_owned(),
                rule.effect.name().to_owned(),
                rule.note.clone().unwrap_or_default(),
                rule.sentence.clone(),
            ]
        })
    };
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(vec![found])?,
        OutputFormat::Csv => csv_text(["priority", "rule", "canMatch", "does", "note", "what"], rows())?,
        OutputFormat::Table => {
            let mut text = format!("{}\n{}\n", found.label, found.cover.sentence);
            if !found.addresses.is_empty() {
                text += &format!("WAF sees {}\n", found.addresses.join(", "));
            }
            if !found.cover.rules.is_empty() {
                text += &format!("\n{}", table::render(["PRIORITY", "RULE", "HERE", "DOES", "NOTE", "WHAT"], rows()));
            }
            terminal_lines(&text)
        }
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &coverage))
}

async fn metrics(host: &Host, args: &MetricsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = WebAclMetricsRequest { context: String::new(), web_acl: args.acl.acl.clone(), hours: args.hours };
    let found = web_acl_metrics(host, request).await?;
    let numbers = |counts: Option<WafCounts>| {
        counts.map_or_else(
            || ["no metrics"; 5].map(str::to_owned),
            |one| [one.allowed, one.blocked, one.counted, one.captcha, one.challenge].map(|count| count.to_string()),
        )
    };
    let all = std::iter::once(("(all)".to_owned(), Some(found.all)));
    let rows = all.chain(found.rules.iter().map(|rule| (rule.rule.clone(), rule.counts))).map(|(rule, counts)| {
        let [allowed, blocked, counted, captcha, challenge] = numbers(counts);
        [rule, allowed, blocked, counted, captcha, challenge]
    });
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(vec![found])?,
        OutputFormat::Csv => csv_text(["rule", "allowed", "blocked", "counted", "captcha", "challenge"], rows)?,
        OutputFormat::Table => {
            terminal_lines(&table::render(["RULE", "ALLOWED", "BLOCKED", "COUNTED", "CAPTCHA", "CHALLENGE"], rows))
        }
    };
    printer.data(&text)?;
    Ok(Exit::Done)
}

async fn samples(host: &Host, args: &SamplesArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let (web_acl, rule) = (args.acl.acl.clone(), args.rule.clone());
    let request = WebAclSamplesRequest { context: String::new(), web_acl, rule, minutes: args.minutes };
    let found = web_acl_samples(host, request).await?;
    let rows = || {
        found.items.iter().map(|one| {
            let at = one.at.and_then(|at| jiff::Timestamp::from_second(at).ok());
            [
                at.map(|at| at.to_string()).unwrap_or_default(),
                one.action.clone(),
                one.client_ip.clone(),
                one.country.clone(),
                one.method.clone(),
                one.uri.clone(),
                one.inner_rule.clone().unwrap_or_default(),
                one.weight.to_string(),
            ]
        })
    };
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(found.items)?,
        OutputFormat::Csv => {
            csv_text(["at", "action", "clientIp", "country", "method", "uri", "ruleInGroup", "weight"], rows())?
        }
        OutputFormat::Table if found.items.is_empty() => "WAF sampled no request of it in that time.\n".to_owned(),
        OutputFormat::Table => {
            table::render(["WHEN", "ACTION", "FROM", "COUNTRY", "METHOD", "URI", "RULE IN GROUP", "WEIGHT"], rows())
        }
    };
    printer.data(&text)?;
    Ok(Exit::Done)
}

fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
