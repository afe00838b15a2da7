//! `portcullis tenants`: who is near the limit of which plan, everything about one of them, and what refused them.

use std::io::BufRead as _;

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::{
    coverage::CallCounts,
    tenants::{BoardQuery, BoardRow, BoardSort, QuotaState},
};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    tenant_changes::TenantChanges,
    tenant_explain::{TenantExplainRequest, tenant_explain},
    tenant_find::{TenantFindRequest, tenant_find},
    tenant_get::{Tenant, TenantGetRequest, tenant_get},
    tenant_list::{TenantListRequest, tenant_list},
};

use crate::{
    args::{Global, OutputFormat},
    changes::terminal_lines,
    commands::throttle::RouteArgs,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    pages::{PAGE, whole},
    selection::{api_with_stage, route_of},
};

/// Flags of `tenants`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct TenantsArgs {
    /// What to do; the board without it.
    #[command(subcommand)]
    pub command: Option<TenantsCommand>,
    /// Only rows with these words: in tenant, key, customer, tags, plan, APIs.
    #[arg(long, default_value = "")]
    pub text: String,
    /// Only this state (repeat for several).
    #[arg(long, value_enum)]
    pub state: Vec<State>,
    /// The order.
    #[arg(long, value_enum, default_value_t = Sort::Worst)]
    pub sort: Sort,
}

/// Commands about tenants.
#[derive(Debug, Subcommand)]
pub enum TenantsCommand {
    /// Show everything about one tenant, by their name or a key's id.
    Show(TenantArgs),
    /// Say which limit refused a tenant on a route.
    Explain(ExplainArgs),
    /// Say whose key a value is; the value is read from standard input, never from the command line.
    Find,
}

/// One tenant.
#[derive(Debug, Clone, Args)]
pub struct TenantArgs {
    /// The tenant's name, or the id or name of one of their keys.
    pub tenant: String,
}

/// Flags of `tenants explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    tenant: TenantArgs,
    #[command(flatten)]
    route: RouteArgs,
}

/// States of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Nothing is left.
    Over,
    /// 90 % or more.
    At90,
    /// 75 % or more.
    At75,
    /// Less.
    Fine,
    /// The plan has no quota.
    NoQuota,
    /// Usage could not be read.
    Unknown,
    /// In no plan.
    NoPlan,
    /// No request in the last 35 days.
    Unused,
    /// Disabled.
    Disabled,
}

impl From<State> for QuotaState {
    fn from(state: State) -> Self {
        match state {
            State::Over => Self::Over,
            State::At90 => Self::At90,
            State::At75 => Self::At75,
            State::Fine => Self::Fine,
            State::NoQuota => Self::NoQuota,
            State::Unknown => Self::Unknown,
            State::NoPlan => Self::NoPlan,
            State::Unused => Self::Unused,
            State::Disabled => Self::Disabled,
        }
    }
}

/// Orders of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// Who needs help first.
    Worst,
    /// By tenant.
    Tenant,
    /// By plan.
    Plan,
    /// Oldest key first.
    Age,
    /// By the day on which the quota will be gone.
    Exhaustion,
    /// Most requests first.
    Used,
}

impl From<Sort> for BoardSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Worst => Self::Worst,
            Sort::Tenant => Self::Tenant,
            Sort::Plan => Self::Plan,
            Sort::Age => Self::Age,
            Sort::Exhaustion => Self::Exhaustion,
            Sort::Used => Self::Used,
        }
    }
}

/// Runs `tenants`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, args: &TenantsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    match &args.command {
        None => board(host, args, printer).await,
        Some(TenantsCommand::Show(args)) => show(host, args, printer).await,
        Some(TenantsCommand::Explain(args)) => explain(host, args, printer).await,
        Some(TenantsCommand::Find) => find(host, printer).await,
    }
}

async fn board(host: &Host, args: &TenantsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let query = BoardQuery {
        text: args.text.clone(),
        states: args.state.iter().map(|state| (*state).into()).collect(),
        usage_plan_id: None,
        sort: args.sort.into(),
    };
    let request = TenantListRequest { query, offset: 0, limit: PAGE, afresh: false };
    let page = async |offset| tenant_list(host, TenantListRequest { offset, ..request.clone() }).await;
    let mut list = whole(page, |list| &mut list.rows, |list| list.matching).await?;
    let rows = std::mem::take(&mut list.rows);
    let text = match printer.format() {
        OutputFormat::Json => host.envelope_of(rows, list.coverage.clone(), list.calls)?,
        OutputFormat::Csv => csv_text(CSV, rows.iter().map(csv_cells))?,
        OutputFormat::Table if rows.is_empty() => "No keys.\n".to_owned(),
        OutputFormat::Table => {
            let read_at = list.read_at.unwrap_or_default();
            board_table(&rows)
                + &format!(
                    "\nRead at {read_at}. AWS's own numbers lag by up to 40 minutes; what is left is best effort.\n"
                )
        }
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &list.coverage))
}

const HEADINGS: [&str; 13] =
    ["STATE", "TENANT", "PLAN", "USED", "LIMIT", "LEFT", "%", "PER DAY", "GONE ON", "RESETS", "RATE", "KEY AGE", "KEY"];

fn board_table(rows: &[BoardRow]) -> String {
    table::render(HEADINGS, rows.iter().map(cells))
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn cells(row: &BoardRow) -> [String; 13] {
    let standing = &row.standing;
    [
        standing.state.name().to_owned(),
        row.tenant.name.clone(),
        row.plan_name.clone().unwrap_or_else(|| "-".to_owned()),
        standing.used.to_string(),
        shown(standing.limit),
        shown(standing.remaining),
        shown(standing.percent.map(|percent| format!("{percent:.0}"))),
        shown(standing.burn_per_day.map(|burn| format!("{burn:.0}"))),
        shown(standing.exhausted_on),
        shown(standing.resets_on),
        shown(row.throttle.rate),
        shown(row.age_days.map(|days| format!("{days} days"))),
        row.key_id.clone(),
    ]
}

const CSV: [&str; 22] = [
    "context",
    "tenant",
    "tenantReason",
    "keyId",
    "keyName",
    "customerId",
    "enabled",
    "ageDays",
    "rotationDueInDays",
    "usagePlanId",
    "planName",
    "state",
    "used",
    "limit",
    "remaining",
    "percent",
    "burnPerDay",
    "exhaustedOn",
    "resetsOn",
    "lastUsedOn",
    "rateLimit",
    "burstLimit",
];

fn csv_cells(row: &BoardRow) -> [String; 22] {
    let standing = &row.standing;
    let or_empty = |value: Option<String>| value.unwrap_or_default();
    [
        row.context.clone(),
        row.tenant.name.clone(),
        row.tenant.reason.clone(),
        row.key_id.clone(),
        row.key_name.clone(),
        row.customer_id.clone(),
        or_empty(row.enabled.map(|enabled| enabled.to_string())),
        or_empty(row.age_days.map(|days| days.to_string())),
        or_empty(row.rotation_due_in_days.map(|days| days.to_string())),
        or_empty(row.usage_plan_id.clone()),
        or_empty(row.plan_name.clone()),
        standing.state.name().to_owned(),
        standing.used.to_string(),
        or_empty(standing.limit.map(|limit| limit.to_string())),
        or_empty(standing.remaining.map(|left| left.to_string())),
        or_empty(standing.percent.map(|percent| format!("{percent:.1}"))),
        or_empty(standing.burn_per_day.map(|burn| format!("{burn:.1}"))),
        or_empty(standing.exhausted_on.map(|day| day.to_string())),
        or_empty(standing.resets_on.map(|day| day.to_string())),
        or_empty(standing.last_used_on.map(|day| day.to_string())),
        or_empty(row.throttle.rate.map(|rate| rate.to_string())),
        or_empty(row.throttle.burst.map(|burst| burst.to_string())),
    ]
}

async fn show(host: &Host, args: &TenantArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let tenant = tenant_get(host, TenantGetRequest { context: None, tenant: args.tenant.clone() }).await?;
    let coverage = tenant.coverage.clone();
    let text = match printer.format() {
        OutputFormat::Json => host.envelope_of(vec![tenant], coverage.clone(), CallCounts::new())?,
        OutputFormat::Csv => {
            let lines = tenant.plans.iter().flat_map(|plan| plan.days.iter().map(move |day| (plan, day)));
            let cells = lines.map(|(plan, day)| {
                let left = day.remaining.map(|left| left.to_string()).unwrap_or_default();
                let plan_id = plan.row.usage_plan_id.clone().unwrap_or_default();
                [plan.row.key_id.clone(), plan_id, day.day.to_string(), day.used.to_string(), left]
            });
            csv_text(["keyId", "usagePlanId", "day", "used", "remaining"], cells)?
        }
        OutputFormat::Table => tenant_text(&tenant),
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &coverage))
}

fn tenant_text(tenant: &Tenant) -> String {
    let rows: Vec<BoardRow> = tenant.plans.iter().map(|plan| plan.row.clone()).collect();
    let mut text = format!("{} ({}), in {}\n\n", tenant.name.name, tenant.name.reason, tenant.context);
    text += &board_table(&rows);
    for plan in tenant.plans.iter().filter(|plan| !plan.days.is_empty()) {
        let name = plan.row.plan_name.clone().unwrap_or_default();
        text += &format!("\nRequests per day in {name}, key {}\n", plan.row.key_id);
        let most = plan.days.iter().map(|day| day.used).max().unwrap_or(0).max(1);
        for day in plan.days.iter().rev().take(14).rev() {
            let length = usize::try_from(day.used.saturating_mul(40) / most).unwrap_or(0);
            text += &format!("  {}  {:>9}  {}\n", day.day, day.used, "#".repeat(length));
        }
    }
    let metered = tenant.routes.iter().filter(|route| route.requires_key).count();
    text += &format!("\n{} routes are open to them; the plans count on {metered}.\n", tenant.route_count);
    text += &changes_text(&tenant.changes);
    text += &format!(
        "\nRead at {}. AWS's own numbers lag by up to 40 minutes; what is left is best effort.\n",
        tenant.read_at
    );
    terminal_lines(&text)
}

/// What was changed lately, with the way to the whole of it.
fn changes_text(changes: &TenantChanges) -> String {
    let since = changes.interval.from.strftime("%Y-%m-%d");
    let mut text = format!("\nChanges of their keys and plans since {since}: {}\n", changes.total);
    for change in &changes.items {
        let done = if change.done { "" } else { " (not done)" };
        let why = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
        text += &format!("  {}  {}{done}, {}{why}\n", change.at, change.what, change.who);
        if let Some(entry) = &change.journal_entry {
            text += &format!("      journal show {entry}\n");
        }
    }
    for said in &changes.unread {
        text += &format!("  {said}\n");
    }
    if !changes.holes.is_empty() {
        text += "  Changes made elsewhere are not known for all of that time: events refresh\n";
    }
    text
}

async fn explain(host: &Host, args: &ExplainArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let api = api_with_stage(host, &args.route.api, &args.route.stage).await?;
    let route_id = route_of(host, &api, &args.route.stage, &args.route.route).await?.id;
    let request = TenantExplainRequest { tenant: args.tenant.tenant.clone(), route_id };
    let explained = tenant_explain(host, request).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(vec![explained])?,
        // A line for each sentence: what is read aloud, by key.
        OutputFormat::Csv => {
            let (tenant, route) = (&explained.tenant, &explained.route);
            let said = explained.keys.iter().flat_map(|key| key.sentences.iter().map(move |sentence| (key, sentence)));
            let cells = said.map(|(key, sentence)| {
                [tenant, route, &key.key_id, &key.key_name, sentence].map(|cell: &String| cell.clone())
            });
            csv_text(["tenant", "route", "keyId", "keyName", "sentence"], cells)?
        }
        OutputFormat::Table => {
            let mut text = format!("{} on {}\n", explained.tenant, explained.route);
            for key in &explained.keys {
                text += &format!("\nKey {} ({})\n", key.key_name, key.key_id);
                for sentence in &key.sentences {
                    text += &format!("  {sentence}\n");
                }
            }
            terminal_lines(&text)
        }
    };
    printer.data(&text)?;
    Ok(printer.finish(host))
}

async fn find(host: &Host, printer: &mut Printer) -> Result<Exit, Failure> {
    let mut value = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut value)
        .map_err(|error| Failure::failed(format!("Standard input cannot be read: {error}.")))?;
    let found = tenant_find(host, TenantFindRequest { value }).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope_of(found.rows, found.coverage.clone(), CallCounts::new())?,
        OutputFormat::Csv => csv_text(CSV, found.rows.iter().map(csv_cells))?,
        OutputFormat::Table if found.rows.is_empty() => "No key that could be read has this value.\n".to_owned(),
        OutputFormat::Table => board_table(&found.rows),
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &found.coverage))
}
