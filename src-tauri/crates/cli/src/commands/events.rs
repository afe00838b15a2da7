//! `portcullis events`: who changed what, from CloudTrail.

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::{
    coverage::CallCounts,
    events::{ChangeEvent, EventClient, EventOutcome},
    hostile_text::{csv_cell, terminal_text},
};
use portcullis_operations::{
    event_list::{EventList, EventListRequest, EventMaker, event_list},
    event_refresh::{EventRefreshRequest, event_refresh},
    host::Host,
};

use crate::{
    args::{Global, OutputFormat},
    contexts,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

const CSV_HEADER: [&str; 15] = [
    "at",
    "context",
    "source",
    "name",
    "who",
    "principal",
    "sourceIp",
    "client",
    "what",
    "apiId",
    "stage",
    "outcome",
    "error",
    "requestId",
    "journalEntry",
];
/// Lines of one request; the command asks until it has all.
const PAGE: u32 = 500;

/// Flags of `events`.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// Only events with these words: in who, what, where from, API, stage.
    #[arg(long, default_value = "")]
    pub text: String,
    /// How many hours back from --until.
    #[arg(long, default_value_t = 168, value_parser = clap::value_parser!(u32).range(1..=87_600))]
    pub hours: u32,
    /// Until then, like 2026-03-02T10:00:00Z; now without it. With --hours 1: what changed in the hour before an alarm.
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// Only what was refused for want of a permission.
    #[arg(long)]
    pub denied: bool,
    /// Only by this console's journal, or only made elsewhere.
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// Only with this client.
    #[arg(long, value_enum)]
    pub client: Option<Client>,
    /// Leave deployments out.
    #[arg(long)]
    pub outside_deployments: bool,
    /// Ask CloudTrail nothing, and list what was fetched before.
    #[arg(long)]
    pub kept: bool,
}

/// Whose changes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum By {
    /// Made with this console.
    Journal,
    /// Made elsewhere.
    Elsewhere,
}

/// With what.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Client {
    /// AWS's web console.
    Console,
    /// The aws command.
    Cli,
    /// Terraform or OpenTofu.
    Terraform,
    /// CloudFormation, CDK, SAM.
    Cloudformation,
    /// This program.
    Portcullis,
    /// An SDK.
    Sdk,
    /// An AWS service.
    Service,
    /// Not recognised.
    Unknown,
}

impl Client {
    fn of_domain(self) -> EventClient {
        match self {
            Self::Console => EventClient::Console,
            Self::Cli => EventClient::Cli,
            Self::Terraform => EventClient::Terraform,
            Self::Cloudformation => EventClient::CloudFormation,
            Self::Portcullis => EventClient::Portcullis,
            Self::Sdk => EventClient::Sdk,
            Self::Service => EventClient::Service,
            Self::Unknown => EventClient::Unknown,
        }
    }
}

/// Runs `events`: 0, or 3 when CloudTrail could not be read to the end.
///
/// # Errors
/// Failures of the host and of the file that keeps events.
pub async fn run(host: &Host, global: &Global, args: &EventsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    host.open_only(contexts::named_by(global));
    let calls = match args.kept {
        true => CallCounts::new(),
        false => event_refresh(host, EventRefreshRequest {}).await?.calls,
    };
    let list = everything(host, args).await?;
    match printer.format() {
        OutputFormat::Json => printer.data(&host.envelope_of(list.items.clone(), list.coverage.clone(), calls)?)?,
        OutputFormat::Csv => printer.data(&as_csv(&list.items)?)?,
        OutputFormat::Table if list.items.is_empty() && unknown(&list) > 0 => {
            printer.data(
                "No change is known, and not all of the time is covered: this does not say that there was none.\n",
            )?;
        }
        OutputFormat::Table if list.items.is_empty() => printer.data("No changes.\n")?,
        OutputFormat::Table => {
            let rows = list.items.iter().map(cells);
            printer.data(&table::render(["WHEN", "WHO", "WHAT", "WITH", "OUTCOME", "MADE"], rows))?;
        }
    }
    for covered in &list.covered {
        if let (Some(first), Some(last)) = (covered.intervals.first(), covered.intervals.last()) {
            let holes = if covered.intervals.len() > 1 { ", with holes" } else { "" };
            printer.note(&format!(
                "{} of {}: known from {} to {}{holes}.",
                covered.source,
                terminal_text(&covered.context),
                first.from,
                last.to
            ));
        }
    }
    for covered in list.covered.iter().filter(|covered| covered.intervals.is_empty()) {
        let context = terminal_text(&covered.context);
        printer.note(&format!("{} of {context}: nothing was fetched yet, so nothing is known.", covered.source));
    }
    for gap in &list.coverage.gaps {
        printer.note(&terminal_text(&gap.message));
    }
    Ok(if list.coverage.gaps.is_empty() && unknown(&list) == 0 { Exit::Done } else { Exit::Incomplete })
}

/// How many sources nothing is known of.
fn unknown(list: &EventList) -> usize {
    list.covered.iter().filter(|covered| covered.intervals.is_empty()).count()
}

async fn everything(host: &Host, args: &EventsArgs) -> Result<EventList, Failure> {
    let until = args.until.unwrap_or_else(|| host.clock().now());
    let mut request = EventListRequest {
        text: args.text.clone(),
        client: args.client.map(Client::of_domain),
        outcome: args.denied.then_some(EventOutcome::Denied),
        maker: match args.by {
            None => EventMaker::Anybody,
            Some(By::Journal) => EventMaker::Journal,
            Some(By::Elsewhere) => EventMaker::Elsewhere,
        },
        outside_deployments: args.outside_deployments,
        since: Some((until - SignedDuration::from_hours(i64::from(args.hours))).to_string()),
        until: Some(until.to_string()),
        offset: 0,
        limit: PAGE,
    };
    let mut list = event_list(host, request.clone()).await?;
    while list.items.len() < list.matching as usize {
        request.offset += PAGE;
        let next = event_list(host, request.clone()).await?;
        if next.items.is_empty() {
            break;
        }
        list.items.extend(next.items);
    }
    Ok(list)
}

fn cells(event: &ChangeEvent) -> [String; 6] {
    [
        event.at.clone(),
        event.who.clone(),
        event.what.clone(),
        name(event.client),
        match (event.outcome, &event.error) {
            (EventOutcome::Succeeded, _) => String::new(),
            (EventOutcome::Denied, _) => "denied".to_owned(),
            (EventOutcome::Failed, error) => error.clone().unwrap_or_else(|| "failed".to_owned()),
        },
        event.journal_entry.clone().unwrap_or_else(|| "elsewhere".to_owned()),
    ]
}

/// The name that a value has on the wire.
fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn as_csv(events: &[ChangeEvent]) -> Result<String, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::failed(format!("The CSV cannot be written: {error}."));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(CSV_HEADER).map_err(|error| wrong(&error))?;
    for event in events {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = [
            event.at.clone(),
            event.context.clone(),
            event.source.clone(),
            event.name.clone(),
            event.who.clone(),
            event.principal.clone(),
            event.source_ip.clone(),
            name(event.client),
            event.what.clone(),
            optional(&event.api_id),
            optional(&event.stage),
            name(event.outcome),
            optional(&event.error),
            optional(&event.request_id),
            optional(&event.journal_entry),
        ];
        writer.write_record(row.iter().map(|cell| csv_cell(cell).into_owned())).map_err(|error| wrong(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
    String::from_utf8(bytes).map_err(|error| wrong(&error))
}
