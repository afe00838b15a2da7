//! `portcullis events`: who changed what, from CloudTrail.

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::{
    coverage::CallCounts,
    events::{ChangeEvent, EventClient, EventFilter, EventMaker, EventOutcome, EventQuestion, Interval},
    hostile_text::terminal_text,
};
use portcullis_operations::{
    error::WireError,
    event_list::{EventList, EventListRequest, event_list},
    event_moment_list::{EventMomentListRequest, event_moment_list},
    event_refresh::{EventRefreshRequest, event_refresh},
    events_csv::events_csv,
    host::Host,
};

use crate::{
    args::{Global, OutputFormat},
    contexts,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    pages::{PAGE, whole},
};

/// Flags of `events`.
#[derive(Debug, Args)]
pub struct EventsArgs {
    /// What is asked; --before and --principal ask too.
    #[arg(long, value_enum, default_value_t)]
    pub ask: Question,
    /// What changed before this alarm came into its state: --minutes long.
    #[arg(long, value_name = "ALARM", conflicts_with_all = ["before", "around", "until"])]
    pub before_alarm: Option<String>,
    /// What changed before this moment, like 2026-03-02T10:00:00Z: --minutes long.
    #[arg(long, value_name = "TIME", conflicts_with_all = ["around", "until"])]
    pub before: Option<Timestamp>,
    /// What changed around this moment: --minutes before it and after it.
    #[arg(long, value_name = "TIME", conflicts_with = "until")]
    pub around: Option<Timestamp>,
    /// How long --before, --before-alarm and --around look, in minutes.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub minutes: u32,
    /// Only events with these words: in who, what, where from, API, stage.
    #[arg(long, default_value = "")]
    pub text: String,
    /// Only of this API, by id or name; repeatable.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// Only of this stage; repeatable.
    #[arg(long)]
    pub stage: Vec<String>,
    /// What did this principal do: a part of its ARN, role or name; repeatable.
    #[arg(long)]
    pub principal: Vec<String>,
    /// Only of this service: apigateway, wafv2, monitoring; repeatable.
    #[arg(long)]
    pub source: Vec<String>,
    /// How many hours back from --until.
    #[arg(long, default_value_t = 168, value_parser = clap::value_parser!(u32).range(1..=87_600))]
    pub hours: u32,
    /// Until then, like 2026-03-02T10:00:00Z; now without it.
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// Only what was refused for want of a permission: the same as --ask denied.
    #[arg(long)]
    pub denied: bool,
    /// Only with this outcome; repeatable.
    #[arg(long, value_enum)]
    pub outcome: Vec<Outcome>,
    /// Only by this console's journal, or only made elsewhere.
    #[arg(long, value_enum)]
    pub by: Option<By>,
    /// Only with this client; repeatable.
    #[arg(long, value_enum)]
    pub client: Vec<Client>,
    /// Ask CloudTrail nothing, and list what was fetched before.
    #[arg(long)]
    pub kept: bool,
    /// Ask this event data store of CloudTrail Lake, by ARN or id, instead of the event history: it may hold every account
    /// and region.
    #[arg(long, value_name = "STORE")]
    pub event_data_store: Option<String>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Question {
    /// What changed?
    #[default]
    Everything,
    /// What was denied?
    Denied,
    /// Who touched production outside a deployment?
    ProductionOutsideDeployment,
    /// What was changed outside CI? settings.toml says what counts as CI.
    OutsideCi,
    /// What was done by hand in AWS's web console?
    ByHand,
}

/// How it came out.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Outcome {
    /// Done.
    Succeeded,
    /// Refused for want of a permission.
    Denied,
    /// Refused for another reason.
    Failed,
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

impl EventsArgs {
    fn filter(&self) -> EventFilter {
        EventFilter {
            question: match self.ask {
                _ if self.denied => EventQuestion::Denied,
                Question::Everything => EventQuestion::Everything,
                Question::Denied => EventQuestion::Denied,
                Question::ProductionOutsideDeployment => EventQuestion::ProductionOutsideDeployment,
                Question::OutsideCi => EventQuestion::OutsideCi,
                Question::ByHand => EventQuestion::ByHand,
            },
            text: self.text.clone(),
            apis: self.api.clone(),
            stages: self.stage.clone(),
            principals: self.principal.clone(),
            sources: self.source.clone(),
            clients: self.client.iter().map(|client| client.of_domain()).collect(),
            outcomes: self
                .outcome
                .iter()
                .map(|outcome| match outcome {
                    Outcome::Succeeded => EventOutcome::Succeeded,
                    Outcome::Denied => EventOutcome::Denied,
                    Outcome::Failed => EventOutcome::Failed,
                })
                .collect(),
            contexts: Vec::new(),
            maker: match self.by {
                None => EventMaker::Anybody,
                Some(By::Journal) => EventMaker::Journal,
                Some(By::Elsewhere) => EventMaker::Elsewhere,
            },
        }
    }

    /// The time that is asked for.
    async fn interval(&self, host: &Host) -> Result<Interval, Failure> {
        let minutes = SignedDuration::from_mins(i64::from(self.minutes));
        let before = match &self.before_alarm {
            None => self.before,
            Some(name) => Some(since_of(host, name).await?),
        };
        if let Some(moment) = before {
            return Ok(Interval { from: moment - minutes, to: moment });
        }
        if let Some(moment) = self.around {
            return Ok(Interval { from: moment - minutes, to: moment + minutes });
        }
        let until = self.until.unwrap_or_else(|| host.clock().now());
        Ok(Interval { from: until - SignedDuration::from_hours(i64::from(self.hours)), to: until })
    }
}

/// When an alarm came into its state.
async fn since_of(host: &Host, name: &str) -> Result<Timestamp, Failure> {
    let found = event_moment_list(host, EventMomentListRequest {}).await?;
    let moment = found.items.iter().find(|moment| moment.alarm == name);
    if let Some(at) = moment.and_then(|moment| moment.at.parse().ok()) {
        return Ok(at);
    }
    if let Some(gap) = found.coverage.gaps.first() {
        return Err(Failure::failed(gap.message.clone()));
    }
    let names: Vec<&str> = found.items.iter().map(|moment| moment.alarm.as_str()).collect();
    Err(Failure::failed(format!("There is no alarm {name} on API Gateway; there are {}.", names.join(", "))))
}

/// Runs `events`: 0, or 3 when CloudTrail could not be read to the end.
///
/// # Errors
/// Failures of the host and of the file that keeps events.
pub async fn run(host: &Host, global: &Global, args: &EventsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    host.open_only(contexts::named_by(global));
    if let Some(store) = &args.event_data_store {
        host.use_event_data_store(store)?;
    }
    let interval = args.interval(host).await?;
    let calls = match args.kept {
        true => CallCounts::new(),
        false => event_refresh(host, EventRefreshRequest { since: Some(interval.from.to_string()) }).await?.calls,
    };
    let list = everything(host, args.filter(), interval).await?;
    match printer.format() {
        OutputFormat::Json => printer.data(&host.envelope_of(list.items.clone(), list.coverage.clone(), calls)?)?,
        OutputFormat::Csv => printer.data(&events_csv(&list.items)?)?,
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
    printer.note(&format!("Asked for: {} to {}.", list.interval.from, list.interval.to));
    for covered in &list.covered {
        let context = terminal_text(&covered.context);
        let of = covered.place.as_deref().map(|place| format!(" ({})", terminal_text(place))).unwrap_or_default();
        match (covered.intervals.is_empty(), covered.holes.as_slice()) {
            (true, _) => {
                printer
                    .note(&format!("{} of {context}: nothing was fetched yet, so nothing is known.", covered.source));
            }
            (false, []) => printer.note(&format!("{} of {context}{of}: all of that is known.", covered.source)),
            (false, holes) => {
                let holes: Vec<String> = holes.iter().map(|hole| format!("{} to {}", hole.from, hole.to)).collect();
                printer.note(&format!("{} of {context}{of}: not known from {}.", covered.source, holes.join(", ")));
            }
        }
    }
    for gap in &list.coverage.gaps {
        printer.note(&terminal_text(&gap.message));
    }
    Ok(if list.coverage.gaps.is_empty() && unknown(&list) == 0 { Exit::Done } else { Exit::Incomplete })
}

/// How many sources are not known for all of the time.
fn unknown(list: &EventList) -> usize {
    list.covered.iter().filter(|covered| !covered.holes.is_empty()).count()
}

async fn everything(host: &Host, filter: EventFilter, interval: Interval) -> Result<EventList, WireError> {
    let request = EventListRequest {
        filter,
        since: Some(interval.from.to_string()),
        until: Some(interval.to.to_string()),
        offset: 0,
        limit: PAGE,
    };
    let page = async |offset| event_list(host, EventListRequest { offset, ..request.clone() }).await;
    whole(page, |list| &mut list.items, |list| list.matching).await
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
