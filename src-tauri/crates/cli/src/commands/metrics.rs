//! `portcullis metrics`: requests, error rates and latency of a stage or route, and what happened meanwhile.

use clap::Args;
use jiff::Timestamp;
use portcullis_domain::{hostile_text::terminal_text, metrics::MetricUnit};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    metrics_show::{MetricChart, MetricsShow, MetricsShowRequest, metrics_show},
    throttle_copy::StageName,
};

use crate::{
    args::{Global, OutputFormat},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    selection::{api_with_stage, route_of},
};

/// Lines of the table at most: the whole is in the JSON and the CSV.
const LINES: usize = 48;

/// Flags of `metrics`.
#[derive(Debug, Args)]
pub struct MetricsArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    pub api: String,
    /// Stage.
    #[arg(long)]
    pub stage: String,
    /// A route of it: "POST /login"; the stage as a whole without it.
    #[arg(long, value_name = "\"METHOD /path\"")]
    pub route: Option<String>,
    /// How many hours back from --until, at most 336 (14 days).
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=336))]
    pub hours: u32,
    /// Until then, like 2026-03-02T10:00:00Z; now without it.
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
}

/// Runs `metrics`: 0, or 3 when something could not be read.
///
/// # Errors
/// Wrong usage, what the operation refuses, failures of the host.
pub async fn run(host: &Host, global: &Global, args: &MetricsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    let api = api_with_stage(host, &args.api, &args.stage).await?;
    let route = match &args.route {
        Some(route) => Some(route_of(host, &api, &args.stage, route).await?.id),
        None => None,
    };
    let stage = StageName { context: api.context.clone(), api_id: api.api.id.to_string(), stage: args.stage.clone() };
    let until = args.until.map(|until| until.to_string());
    let shown = metrics_show(host, MetricsShowRequest { stage, route, hours: args.hours, until }).await?;
    match printer.format() {
        OutputFormat::Json => {
            let (coverage, calls) = (shown.coverage.clone(), shown.calls.clone());
            printer.data(&host.envelope_of(vec![shown.clone()], coverage, calls)?)?;
        }
        OutputFormat::Csv => printer.data(&csv_text(heads(&shown), rows(&shown))?)?,
        OutputFormat::Table => printer.data(&as_table(&shown))?,
    }
    for note in &shown.notes {
        printer.note(note);
    }
    Ok(printer.finish_with(host, &shown.coverage))
}

/// The starts of periods in which any line has a value, oldest first.
fn moments(charts: &[MetricChart]) -> Vec<i64> {
    let points = charts.iter().flat_map(|chart| &chart.lines).flat_map(|line| &line.points);
    let mut moments: Vec<i64> = points.map(|(at, _)| *at).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn heads(shown: &MetricsShow) -> Vec<String> {
    let unit = |chart: &MetricChart| match chart.unit {
        MetricUnit::Requests => "",
        MetricUnit::Percent => " %",
        MetricUnit::Milliseconds => " ms",
    };
    let of = |chart: &MetricChart| -> Vec<String> {
        chart.lines.iter().map(|line| format!("{}{}", line.title, unit(chart))).collect()
    };
    std::iter::once("at".to_owned()).chain(shown.charts.iter().flat_map(of)).collect()
}

/// One row for each moment; empty where there is no value, which is not zero.
fn rows(shown: &MetricsShow) -> Vec<Vec<String>> {
    let value = |unit: MetricUnit, value: f64| match unit {
        MetricUnit::Percent => format!("{value:.2}"),
        MetricUnit::Requests | MetricUnit::Milliseconds => format!("{value:.0}"),
    };
    let row = |at: i64| {
        let time = Timestamp::from_second(at).map(|at| at.to_string()).unwrap_or_default();
        let cells = shown.charts.iter().flat_map(|chart| {
            chart.lines.iter().map(move |line| {
                let point = line.points.iter().find(|(moment, _)| *moment == at);
                point.map(|(_, number)| value(chart.unit, *number)).unwrap_or_default()
            })
        });
        std::iter::once(time).chain(cells).collect()
    };
    moments(&shown.charts).into_iter().map(row).collect()
}

fn as_table(shown: &MetricsShow) -> String {
    let mut rows = rows(shown);
    let left_out = rows.len().saturating_sub(LINES);
    rows.drain(..left_out);
    let of = shown.route.as_ref().map(|route| format!(" {route}")).unwrap_or_default();
    let mut text = format!("{}/{}{of}, {} to {}\n", shown.api_name, shown.stage, shown.from, shown.to);
    text = crate::changes::terminal_lines(&text);
    if rows.is_empty() {
        text += "No values.\n";
    } else {
        let heads: [String; 8] =
            std::array::from_fn(|at| heads(shown).get(at).cloned().unwrap_or_default().to_uppercase());
        let lines = rows.iter().map(|row| std::array::from_fn(|at| row.get(at).cloned().unwrap_or_default()));
        text += &table::render(heads.each_ref().map(String::as_str), lines);
    }
    if left_out > 0 {
        text += &format!("{left_out} earlier periods are left out; --output json or csv has them.\n");
    }
    if !shown.marks.is_empty() {
        text += "\nMeanwhile\n";
    }
    for mark in &shown.marks {
        let who = mark.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        text += &format!("  {}  {}\n", mark.at, terminal_text(&format!("{}{who}", mark.what)));
    }
    text
}
