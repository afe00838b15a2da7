//! `portcullis plans`: what each usage plan allows, where, and what is wrong with it.

use clap::Args;
use portcullis_domain::{coverage::CallCounts, tenants::Quota};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    usage_plan_list::{UsagePlanLine, UsagePlanListRequest, usage_plan_list},
};

use crate::{
    args::{Global, OutputFormat},
    changes::terminal_lines,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `plans`.
#[derive(Debug, Args)]
pub struct PlansArgs {}

/// Runs `plans`.
///
/// # Errors
/// Failures of the host.
pub async fn run(host: &Host, global: &Global, _: &PlansArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    let list = usage_plan_list(host, UsagePlanListRequest::default()).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope_of(list.items, list.coverage.clone(), CallCounts::new())?,
        OutputFormat::Csv => {
            let lines = list.items.iter().map(|plan| {
                let findings = plan.findings.iter().map(|found| found.message.as_str()).collect::<Vec<_>>().join(" ");
                let [name, id, quota, rate, burst, keys, methods, opens] = cells(plan);
                [name, id, quota, rate, burst, keys, methods, opens, findings]
            });
            csv_text(HEADINGS, lines)?
        }
        OutputFormat::Table if list.items.is_empty() => "No usage plans.\n".to_owned(),
        OutputFormat::Table => {
            let headings = ["PLAN", "ID", "QUOTA", "RATE", "BURST", "KEYS", "METHODS", "OPENS"];
            let mut text = table::render(headings, list.items.iter().map(cells));
            for plan in list.items.iter().filter(|plan| !plan.findings.is_empty()) {
                text += &format!("\n{} ({})\n", plan.name, plan.id);
                for found in &plan.findings {
                    text += &format!("  - {}\n", found.message);
                }
            }
            for key in &list.loose_keys {
                text += &format!("\nKey {} ({}) is in no plan.\n", key.name, key.id);
            }
            terminal_lines(&text)
        }
    };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &list.coverage))
}

const HEADINGS: [&str; 9] =
    ["name", "id", "quota", "rateLimit", "burstLimit", "keys", "methodsWithKey", "opens", "findings"];

fn cells(plan: &UsagePlanLine) -> [String; 8] {
    let opens = plan.stages.iter().map(|stage| {
        let api = stage.api_name.clone().unwrap_or_else(|| format!("{} (not found)", stage.api_id));
        format!("{api} {}", stage.stage)
    });
    [
        plan.name.clone(),
        plan.id.clone(),
        plan.quota.map_or_else(|| "none".to_owned(), quota),
        plan.throttle.rate.map_or_else(|| "none".to_owned(), |rate| rate.to_string()),
        plan.throttle.burst.map_or_else(|| "none".to_owned(), |burst| burst.to_string()),
        plan.keys.map_or_else(|| "not read".to_owned(), |keys| keys.to_string()),
        format!("{} of {}", plan.methods.with_key, plan.methods.methods),
        opens.collect::<Vec<_>>().join(", "),
    ]
}

/// `5000 per DAY`.
fn quota(quota: Quota) -> String {
    format!("{} per {}", quota.limit, format!("{:?}", quota.period).to_uppercase())
}
