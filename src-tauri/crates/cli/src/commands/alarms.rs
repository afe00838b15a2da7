//! `portcullis alarms`: what burns, what happened to an alarm, where alarms are missing, and making those.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::{
    alarms::{AlarmCoverVerdict, AlarmLine, AlarmState, AlarmSubject},
    coverage::{CallCounts, Coverage},
};
use portcullis_operations::{
    alarm_coverage::{AlarmCoverageRequest, CoverageLine, alarm_coverage},
    alarm_create::{AlarmCreateRequest, AlarmThreshold, AlarmWanted, alarm_create},
    alarm_history::{AlarmHistoryRequest, alarm_history},
    alarm_list::{AlarmList, AlarmListRequest, alarm_list},
    csv_text::csv_text,
    error::WireError,
    host::Host,
    throttle_copy::StageName,
    topic_list::{TopicLine, TopicListRequest, topic_list},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    pages::{PAGE, whole},
};

/// Flags of `alarms`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AlarmsArgs {
    /// What to do; the list without it.
    #[command(subcommand)]
    pub command: Option<AlarmsCommand>,
    /// Only alarms with these words: in name, what they watch, description, API.
    #[arg(long, default_value = "")]
    pub text: String,
    /// Only in this state.
    #[arg(long, value_enum)]
    pub state: Option<State>,
    /// Only those with which something is wrong.
    #[arg(long)]
    pub troubled: bool,
}

/// Commands about alarms.
#[derive(Debug, Subcommand)]
pub enum AlarmsCommand {
    /// List them, what burns first.
    List,
    /// Show everything about one alarm.
    Show(AlarmArgs),
    /// Show what happened to an alarm.
    History(HistoryArgs),
    /// Say for each stage and sensitive route which alarms there are and which are missing.
    Coverage(CoverageArgs),
    /// List the SNS topics that an alarm can tell.
    Topics,
    /// Create the alarms that are missing, with the thresholds that AWS recommends.
    Create(Box<CreateArgs>),
}

/// One alarm.
#[derive(Debug, Clone, Args)]
pub struct AlarmArgs {
    /// The alarm's name.
    pub name: String,
}

/// Flags of `alarms history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    alarm: AlarmArgs,
    /// How many days back; CloudWatch keeps 30.
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=30))]
    days: u32,
}

/// Flags of `alarms coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// Only this API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    api: Option<String>,
    /// Only stages of this name.
    #[arg(long)]
    stage: Option<String>,
}

/// Flags of `alarms create`.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    api: String,
    /// Stage; every stage of the API without it.
    #[arg(long)]
    stage: Option<String>,
    /// Only this route's: "POST /login".
    #[arg(long, value_name = "\"METHOD /path\"", requires = "stage")]
    route: Option<String>,
    /// Those of sensitive routes too.
    #[arg(long, conflicts_with = "route")]
    routes: bool,
    /// Only on this (repeat for several).
    #[arg(long, value_enum)]
    on: Vec<Subject>,
    /// The SNS topic that is told, by ARN or name.
    #[arg(long, value_name = "ARN_OR_NAME")]
    topic: Option<String>,
    /// Tell the topic too when all is well again.
    #[arg(long, requires = "topic")]
    tell_ok: bool,
    /// Go off at more server errors than this, percent of the requests.
    #[arg(long, value_name = "PERCENT")]
    server_errors: Option<String>,
    /// Go off at more client errors than this, percent of the requests.
    #[arg(long, value_name = "PERCENT")]
    client_errors: Option<String>,
    /// Go off at a 90th percentile of the latency of this, milliseconds.
    #[arg(long, value_name = "MS")]
    latency: Option<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// States of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// It burns.
    Alarm,
    /// It cannot tell.
    InsufficientData,
    /// All is well.
    Ok,
}

/// What an alarm is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// 5XX.
    ServerErrors,
    /// 4XX.
    ClientErrors,
    /// How long answers take.
    Latency,
}

impl From<Subject> for AlarmSubject {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::ServerErrors => Self::ServerErrors,
            Subject::ClientErrors => Self::ClientErrors,
            Subject::Latency => Self::Latency,
        }
    }
}

/// Runs `alarms`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, args: &AlarmsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    match &args.command {
        None | Some(AlarmsCommand::List) => list(host, args, printer).await,
        Some(AlarmsCommand::Show(args)) => show(host, &args.name, printer).await,
        Some(AlarmsCommand::History(args)) => history(host, args, printer).await,
        Some(AlarmsCommand::Coverage(args)) => coverage(host, args, printer).await,
        Some(AlarmsCommand::Topics) => topics(host, printer).await,
        Some(AlarmsCommand::Create(args)) => {
            let request = wanted(host, args).await?;
            confirm_and_apply(host, &alarm_create(host, request).await?, &args.change, printer).await
        }
    }
}

async fn everything(host: &Host, mut request: AlarmListRequest) -> Result<AlarmList, WireError> {
    request.limit = PAGE;
    let page = async |offset| alarm_list(host, AlarmListRequest { offset, ..request.clone() }).await;
    whole(page, |list| &mut list.items, |list| list.matching).await
}

/// What is missing of the alarms, and of the APIs that they are about.
fn all_gaps(host: &Host, own: &Coverage) -> Coverage {
    Coverage::of(host.gaps().gaps.into_iter().chain(own.gaps.clone()).collect())
}

async fn list(host: &Host, args: &AlarmsArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let state = args.state.map(|state| match state {
        State::Alarm => AlarmState::Alarm,
        State::InsufficientData => AlarmState::InsufficientData,
        State::Ok => AlarmState::Ok,
    });
    let request =
        AlarmListRequest { text: args.text.clone(), state, troubled: args.troubled, ..AlarmListRequest::default() };
    let list = everything(host, request).await?;
    let coverage = all_gaps(host, &list.coverage);
    match printer.format() {
        OutputFormat::Json => printer.data(&host.envelope_of(list.items, coverage.clone(), list.calls)?)?,
        OutputFormat::Csv => {
            let head = ["state", "since", "name", "context", "watches", "tells", "wrong"];
            printer.data(&csv_text(head, list.items.iter().map(csv_cells))?)?;
        }
        OutputFormat::Table if list.items.is_empty() && list.coverage.complete => printer.data("No alarms.\n")?,
        OutputFormat::Table if list.items.is_empty() => {
            printer.data("No alarms are known, and not all could be read.\n")?;
        }
        OutputFormat::Table => {
            let rows = list.items.iter().map(cells);
            printer.data(&table::render(["STATE", "SINCE", "NAME", "WATCHES", "WRONG"], rows))?;
        }
    }
    Ok(printer.finish_with(host, &coverage))
}

fn state_word(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Alarm => "ALARM",
        AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        AlarmState::Unknown => "UNKNOWN",
        AlarmState::Ok => "OK",
    }
}

fn wrong(line: &AlarmLine) -> String {
    line.troubles.iter().map(|trouble| trouble.message.as_str()).collect::<Vec<_>>().join(" ")
}

fn cells(line: &AlarmLine) -> [String; 5] {
    let since = line.alarm.since.clone().unwrap_or_default();
    [state_word(line.alarm.state).to_owned(), since, line.alarm.name.clone(), line.watches.clone(), wrong(line)]
}

fn csv_cells(line: &AlarmLine) -> [String; 7] {
    let [state, since, name, watches, wrong] = cells(line);
    [state, since, name, line.alarm.context.clone(), watches, line.tells.to_string(), wrong]
}

/// The one alarm of that name.
async fn named(host: &Host, name: &str) -> Result<(AlarmLine, AlarmList), Failure> {
    let list = everything(host, AlarmListRequest::default()).await?;
    let mut found = list.items.iter().filter(|line| line.alarm.name == name);
    match (found.next(), found.next()) {
        (Some(line), None) => Ok((line.clone(), list)),
        (Some(_), Some(_)) => Err(Failure::usage(format!(
            "{name} is an alarm in several contexts: name one with --profile and --region."
        ))),
        (None, _) => {
            Err(Failure::usage(format!("There is no alarm {name} on API Gateway in the contexts of this command.")))
        }
    }
}

async fn show(host: &Host, name: &str, printer: &mut Printer) -> Result<Exit, Failure> {
    let (line, list) = named(host, name).await?;
    let coverage = all_gaps(host, &list.coverage);
    if printer.format() == OutputFormat::Json {
        printer.data(&host.envelope_of(vec![line], coverage.clone(), list.calls)?)?;
        return Ok(printer.finish_with(host, &coverage));
    }
    let alarm = &line.alarm;
    let mut text = format!("{} in {}\n", alarm.name, alarm.context);
    let mut say = |label: &str, value: &str| {
        if !value.is_empty() {
            text += &format!("  {label:<10} {value}\n");
        }
    };
    let since = alarm.since.as_ref().map(|since| format!(" since {since}")).unwrap_or_default();
    say("state", &format!("{}{since}", state_word(alarm.state)));
    say("because", &alarm.reason);
    say("watches", &line.watches);
    say("about", alarm.description.as_deref().unwrap_or_default());
    say("where", &line.places.iter().map(portcullis_domain::alarms::AlarmPlace::label).collect::<Vec<_>>().join(", "));
    say("rule", alarm.rule.as_deref().unwrap_or_default());
    say("part of", &line.parents.join(", "));
    let told = if alarm.alarm_actions.is_empty() { "nobody".to_owned() } else { alarm.alarm_actions.join(", ") };
    say("tells", &if alarm.actions_enabled { told } else { format!("nobody: actions are switched off ({told})") });
    say("wrong", &wrong(&line));
    printer.data(&terminal_lines(&text))?;
    Ok(printer.finish_with(host, &coverage))
}

async fn history(host: &Host, args: &HistoryArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let (line, _) = named(host, &args.alarm.name).await?;
    let request =
        AlarmHistoryRequest { context: line.alarm.context.clone(), name: args.alarm.name.clone(), days: args.days };
    let answer = alarm_history(host, request).await?;
    match printer.format() {
        OutputFormat::Json => {
            let calls = CallCounts::from([("cloudwatch:DescribeAlarmHistory".to_owned(), 1)]);
            printer.data(&host.envelope_of(answer.items, Coverage::of(Vec::new()), calls)?)?;
        }
        OutputFormat::Csv => {
            let row = |item: &portcullis_domain::alarms::AlarmHistoryItem| {
                [item.at.clone(), item.summary.clone(), item.reason.clone().unwrap_or_default()]
            };
            printer.data(&csv_text(["at", "what", "reason"], answer.items.iter().map(row))?)?;
        }
        OutputFormat::Table if answer.items.is_empty() => printer.data("Nothing happened.\n")?,
        OutputFormat::Table => {
            let rows = answer
                .items
                .iter()
                .map(|item| [item.at.clone(), item.summary.clone(), item.reason.clone().unwrap_or_default()]);
            printer.data(&table::render(["WHEN", "WHAT", "BECAUSE"], rows))?;
        }
    }
    if answer.more {
        printer.note("There is more than was read: ask for fewer days.");
    }
    Ok(if answer.more { Exit::Incomplete } else { Exit::Done })
}

fn verdict_word(verdict: AlarmCoverVerdict) -> &'static str {
    match verdict {
        AlarmCoverVerdict::Covered => "yes",
        AlarmCoverVerdict::Silent => "tells nobody",
        AlarmCoverVerdict::Wider => "wider only",
        AlarmCoverVerdict::Missing => "missing",
        AlarmCoverVerdict::NoMetric => "no metric",
    }
}

fn coverage_cells(line: &CoverageLine) -> [String; 6] {
    let row = &line.row;
    let cell = |at: usize| row.cells.get(at).map(|cell| verdict_word(cell.verdict).to_owned()).unwrap_or_default();
    let route = row.route.clone().unwrap_or_else(|| "(whole stage)".to_owned());
    [row.api_name.clone(), row.stage.clone(), route, cell(0), cell(1), cell(2)]
}

async fn coverage(host: &Host, args: &CoverageArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = AlarmCoverageRequest { api: args.api.clone(), stage: args.stage.clone(), refresh: false };
    let answer = alarm_coverage(host, request).await?;
    let gaps = all_gaps(host, &answer.coverage);
    let head = ["API", "STAGE", "ROUTE", "5XX", "4XX", "LATENCY"];
    match printer.format() {
        OutputFormat::Json => printer.data(&host.envelope_of(answer.items, gaps.clone(), answer.calls)?)?,
        OutputFormat::Csv => {
            let head = ["api", "stage", "route", "serverErrors", "clientErrors", "latency"];
            printer.data(&csv_text(head, answer.items.iter().map(coverage_cells))?)?;
        }
        OutputFormat::Table => {
            printer.data(&table::render(head, answer.items.iter().map(coverage_cells)))?;
            printer.note(&format!("{} alarms are missing. portcullis alarms create makes them.", answer.missing));
        }
    }
    Ok(printer.finish_with(host, &gaps))
}

async fn topics(host: &Host, printer: &mut Printer) -> Result<Exit, Failure> {
    let (mut items, mut gaps): (Vec<TopicLine>, _) = (Vec::new(), Vec::new());
    for context in host.status().contexts {
        let list = topic_list(host, TopicListRequest { context: context.context }).await?;
        items.extend(list.items);
        gaps.extend(list.coverage.gaps);
    }
    let coverage = Coverage::of(gaps);
    let cells = |topic: &TopicLine| [topic.name.clone(), topic.alarms.to_string(), topic.arn.clone()];
    match printer.format() {
        OutputFormat::Json => printer.data(&host.envelope_of(items, coverage.clone(), CallCounts::new())?)?,
        OutputFormat::Csv => {
            printer.data(&csv_text(["name", "alarms", "arn"], items.iter().map(cells))?)?;
        }
        OutputFormat::Table => printer.data(&table::render(["NAME", "ALARMS", "ARN"], items.iter().map(cells)))?,
    }
    Ok(printer.finish_with(host, &coverage))
}

/// The alarms that are missing where the flags say.
async fn wanted(host: &Host, args: &CreateArgs) -> Result<AlarmCreateRequest, Failure> {
    let request = AlarmCoverageRequest { api: Some(args.api.clone()), stage: args.stage.clone(), refresh: false };
    let covered = alarm_coverage(host, request).await?;
    if let Some(gap) = covered.coverage.gaps.first() {
        return Err(Failure::failed(format!(
            "Which alarms there are is not known, so none is planned. {}",
            gap.message
        )));
    }
    let of_flags = |line: &&CoverageLine| match (&args.route, &line.row.route) {
        (Some(wanted), Some(route)) => wanted.eq_ignore_ascii_case(route),
        (Some(_), None) => false,
        (None, route) => route.is_none() || args.routes,
    };
    let lines: Vec<&CoverageLine> = covered.items.iter().filter(of_flags).collect();
    if lines.is_empty() {
        let route = args.route.as_ref().map(|route| format!(" and sensitive route {route}")).unwrap_or_default();
        let stage = args.stage.as_ref().map(|stage| format!(" with stage {stage}")).unwrap_or_default();
        return Err(Failure::usage(format!(
            "There is no API {}{stage}{route} in the contexts of this command.",
            args.api
        )));
    }
    let on: Vec<AlarmSubject> = args.on.iter().map(|subject| AlarmSubject::from(*subject)).collect();
    let of_line = |line: &CoverageLine| {
        let missing = line.missing.iter().copied();
        let subjects: Vec<AlarmSubject> = if args.route.is_some() {
            // A route that is asked for by name gets its own, even under its stage's.
            let cells = line.row.cells.iter();
            let own = cells.filter(|cell| {
                matches!(
                    cell.verdict,
                    AlarmCoverVerdict::Missing | AlarmCoverVerdict::Wider | AlarmCoverVerdict::NoMetric
                )
            });
            own.map(|cell| cell.subject).collect()
        } else {
            missing.collect()
        };
        let subjects: Vec<AlarmSubject> =
            subjects.into_iter().filter(|subject| on.is_empty() || on.contains(subject)).collect();
        let row = &line.row;
        let stage = StageName { context: row.context.clone(), api_id: row.api_id.clone(), stage: row.stage.clone() };
        AlarmWanted { stage, route_id: row.route_id.clone(), subjects }
    };
    let wanted: Vec<AlarmWanted> = lines.into_iter().map(of_line).filter(|one| !one.subjects.is_empty()).collect();
    let Some(first) = wanted.first() else {
        return Err(Failure::usage(
            "No alarm is missing there: portcullis alarms coverage lists what there is.".to_owned(),
        ));
    };
    let topic_arn = match &args.topic {
        Some(topic) if !topic.starts_with("arn:") => Some(topic_named(host, &first.stage.context, topic).await?),
        other => other.clone(),
    };
    let threshold = |subject, text: &Option<String>| {
        let text = text.clone()?;
        Some(AlarmThreshold { subject, threshold: text, datapoints: String::new(), periods: String::new() })
    };
    let thresholds = [
        threshold(AlarmSubject::ServerErrors, &args.server_errors),
        threshold(AlarmSubject::ClientErrors, &args.client_errors),
        threshold(AlarmSubject::Latency, &args.latency),
    ];
    Ok(AlarmCreateRequest {
        wanted,
        topic_arn,
        tell_ok: args.tell_ok,
        thresholds: thresholds.into_iter().flatten().collect(),
    })
}

async fn topic_named(host: &Host, context: &str, name: &str) -> Result<String, Failure> {
    let list = topic_list(host, TopicListRequest { context: context.to_owned() }).await?;
    let found = list.items.iter().find(|topic| topic.name == name).map(|topic| topic.arn.clone());
    found.ok_or_else(|| {
        let names: Vec<&str> = list.items.iter().map(|topic| topic.name.as_str()).collect();
        let known =
            if names.is_empty() { "none is known".to_owned() } else { format!("there are {}", names.join(", ")) };
        Failure::usage(format!("There is no SNS topic {name} in {context}; {known}."))
    })
}
