//! `portcullis quota`: more for one tenant, another quota for a plan, another plan for a tenant.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::tenants::{BoardRow, QuotaPeriod};
use portcullis_operations::{
    host::Host,
    quota_extend::{QuotaExtendRequest, quota_extend},
    quota_set::{QuotaSetRequest, quota_set},
    tenant_get::{TenantGetRequest, tenant_get},
    tenant_move::{TenantMoveRequest, tenant_move},
    usage_plan_list::{UsagePlanLine, UsagePlanListRequest, usage_plan_list},
};

use crate::{
    args::Global,
    changes::{ChangeFlags, confirm_and_apply, no_csv},
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Commands about quotas.
#[derive(Debug, Subcommand)]
pub enum QuotaCommand {
    /// Let a tenant have more, or less, left of the running period.
    Extend(ExtendArgs),
    /// Set or remove the quota of a usage plan.
    Set(SetArgs),
    /// Move a tenant's key to another usage plan.
    Move(MoveArgs),
}

/// Flags of `quota extend`.
#[derive(Debug, Args)]
pub struct ExtendArgs {
    /// The tenant's name, or the id or name of one of their keys.
    tenant: String,
    /// "+5000" for so many more than are left, "5000" for so many in all.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    requests: String,
    /// The usage plan, by id or name, when the tenant is in several.
    #[arg(long, value_name = "ID_OR_NAME")]
    usage_plan: Option<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `quota set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// The usage plan, by id or name.
    usage_plan: String,
    /// Requests per period.
    #[arg(long, value_name = "N", required_unless_present = "remove", allow_hyphen_values = true)]
    limit: Option<String>,
    /// Per what.
    #[arg(long, value_enum)]
    period: Option<Period>,
    /// Take the quota away.
    #[arg(long, conflicts_with_all = ["limit", "period"])]
    remove: bool,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `quota move`.
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// The tenant's name, or the id or name of one of their keys.
    tenant: String,
    /// The usage plan that they join, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    to: String,
    /// The usage plan that they leave, when they are in several.
    #[arg(long, value_name = "ID_OR_NAME")]
    from: Option<String>,
    /// Keep what is left of the old quota instead of beginning with the whole new one.
    #[arg(long)]
    keep_remaining: bool,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Periods of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Period {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
}

/// Runs `quota`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, command: &QuotaCommand, printer: &mut Printer) -> Result<Exit, Failure> {
    no_csv(printer)?;
    printer.read_all(host, global).await?;
    match command {
        QuotaCommand::Extend(args) => {
            let row = place_of(host, &args.tenant, args.usage_plan.as_deref()).await?;
            let request = QuotaExtendRequest {
                context: row.context,
                usage_plan_id: row.usage_plan_id.unwrap_or_default(),
                key_id: row.key_id,
                requests: args.requests.clone(),
            };
            confirm_and_apply(host, &quota_extend(host, request).await?, &args.change, printer).await
        }
        QuotaCommand::Set(args) => {
            let plan = plan_of(host, &args.usage_plan).await?;
            let period = args.period.map(|period| match period {
                Period::Day => QuotaPeriod::Day,
                Period::Week => QuotaPeriod::Week,
                Period::Month => QuotaPeriod::Month,
            });
            let request =
                QuotaSetRequest { context: plan.context, usage_plan_id: plan.id, limit: args.limit.clone(), period };
            confirm_and_apply(host, &quota_set(host, request).await?, &args.change, printer).await
        }
        QuotaCommand::Move(args) => {
            let row = place_of(host, &args.tenant, args.from.as_deref()).await?;
            let to = plan_of(host, &args.to).await?;
            let request = TenantMoveRequest {
                context: row.context,
                key_id: row.key_id,
                from: row.usage_plan_id.unwrap_or_default(),
                to: to.id,
                keep_remaining: args.keep_remaining,
            };
            confirm_and_apply(host, &tenant_move(host, request).await?, &args.change, printer).await
        }
    }
}

/// The one place of a tenant's key in a plan.
async fn place_of(host: &Host, tenant: &str, plan: Option<&str>) -> Result<BoardRow, Failure> {
    let found = tenant_get(host, TenantGetRequest { context: None, tenant: tenant.to_owned() }).await?;
    let mut rows: Vec<BoardRow> = found
        .plans
        .into_iter()
        .map(|plan| plan.row)
        .filter(|row| row.usage_plan_id.is_some())
        // By a key's id or name that key is meant, by the tenant's name any.
        .filter(|row| row.tenant.name == tenant || row.key_id == tenant || row.key_name == tenant)
        .filter(|row| {
            plan.is_none_or(|plan| {
                [&row.usage_plan_id, &row.plan_name].iter().any(|name| name.as_deref() == Some(plan))
            })
        })
        .collect();
    match (rows.pop(), rows.len()) {
        (Some(row), 0) => Ok(row),
        (None, _) => Err(Failure::usage(format!("{tenant} has no key in such a usage plan."))),
        (Some(row), _) => {
            rows.push(row);
            let of = |row: &BoardRow| format!("key {} in {}", row.key_id, row.plan_name.clone().unwrap_or_default());
            let places: Vec<String> = rows.iter().map(of).collect();
            Err(Failure::usage(format!(
                "{tenant} is in several: name the key's id and the plan: {}.",
                places.join(", ")
            )))
        }
    }
}

/// The one plan of that id or name.
async fn plan_of(host: &Host, name: &str) -> Result<UsagePlanLine, Failure> {
    let all = usage_plan_list(host, UsagePlanListRequest::default()).await?.items;
    let mut found: Vec<UsagePlanLine> = all.into_iter().filter(|plan| plan.id == name || plan.name == name).collect();
    match (found.pop(), found.len()) {
        (Some(plan), 0) => Ok(plan),
        (None, _) => Err(Failure::usage(format!("There is no usage plan {name} in the contexts of this command."))),
        _ => Err(Failure::usage(format!("{name} is the name of several usage plans: name one by its id."))),
    }
}
