//! `portcullis throttle`: limits: which one applies, what another would have done, and setting it.

use clap::{Args, Subcommand};
use portcullis_domain::{
    route_query::{FilterOperation, FilterToken, RouteFilter},
    throttle::Limit,
};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    throttle_copy::{StageName, ThrottleCopyRequest, throttle_copy},
    throttle_explain::{ThrottleExplainRequest, throttle_explain},
    throttle_replay::{ReplayWindow, ThrottleReplayRequest, throttle_replay},
    throttle_set::{ThrottleSelection, ThrottleSetRequest, throttle_set},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    selection::{api_with_stage, route_of},
};

/// Commands about limits.
#[derive(Debug, Subcommand)]
pub enum ThrottleCommand {
    /// Say which limit applies to a route, and to one key there.
    Explain(ExplainArgs),
    /// Say what a limit would have done to the requests that really came.
    Replay(ReplayArgs),
    /// Set or remove a limit: of a route, of a stage, of a usage plan, or of every route that matches.
    Set(SetArgs),
    /// Copy the limits of one stage to another.
    Copy(CopyArgs),
}

/// One route.
#[derive(Debug, Clone, Args)]
pub struct RouteArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    pub api: String,
    /// Stage.
    #[arg(long)]
    pub stage: String,
    /// Method and path: "POST /login"; on WebSocket APIs the route key.
    #[arg(long, value_name = "METHOD PATH")]
    pub route: String,
}

/// Flags of `throttle explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    route: RouteArgs,
    /// Id of an API key (never its value): its usage plan counts too.
    #[arg(long, value_name = "ID")]
    key: Option<String>,
}

/// Flags of `throttle replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    route: RouteArgs,
    /// Requests per second (default: what applies now).
    #[arg(long, allow_hyphen_values = true)]
    rate: Option<String>,
    /// Requests at once (default: what applies now).
    #[arg(long, allow_hyphen_values = true)]
    burst: Option<String>,
    /// The last 7 days instead of the last 24 hours.
    #[arg(long)]
    week: bool,
}

/// Flags of `throttle set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME", requires = "stage", required_unless_present_any = ["filter", "usage_plan"])]
    pub api: Option<String>,
    /// Stage.
    #[arg(long, requires = "api")]
    stage: Option<String>,
    /// Method and path: "POST /login" (repeat for several). Without it: the stage's default.
    #[arg(long, value_name = "METHOD PATH", requires = "api")]
    route: Vec<String>,
    /// A usage plan, by id: its limit for each key, or with --api, --stage and --route for one method.
    #[arg(long, value_name = "ID")]
    usage_plan: Option<String>,
    /// Every route for which this holds, as in `routes --filter` (repeat: all must hold).
    #[arg(long, value_name = "PROPERTY=VALUE", conflicts_with_all = ["api", "usage_plan"])]
    pub filter: Vec<String>,
    /// Requests per second.
    #[arg(long, allow_hyphen_values = true)]
    rate: Option<String>,
    /// Requests at once.
    #[arg(long, allow_hyphen_values = true)]
    burst: Option<String>,
    /// Take the limit away, so that the next wider one applies.
    #[arg(long, conflicts_with_all = ["rate", "burst"])]
    remove: bool,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `throttle copy`.
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    pub api: String,
    /// The stage whose limits are copied.
    #[arg(long, value_name = "STAGE")]
    from: String,
    /// A stage that gets them (repeat for several).
    #[arg(long, value_name = "STAGE", required = true)]
    to: Vec<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

impl ThrottleCommand {
    /// The one API that the command is about, so that no other is read.
    #[must_use]
    pub fn only_api(&self) -> Option<&str> {
        match self {
            Self::Explain(args) => Some(&args.route.api),
            Self::Replay(args) => Some(&args.route.api),
            Self::Set(args) => args.api.as_deref(),
            Self::Copy(args) => Some(&args.api),
        }
    }
}

/// Runs `throttle`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(
    host: &Host,
    global: &Global,
    command: &ThrottleCommand,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    match command {
        ThrottleCommand::Explain(args) => explain(host, args, printer).await,
        ThrottleCommand::Replay(args) => replay(host, args, printer).await,
        ThrottleCommand::Set(args) => set(host, args, printer).await,
        ThrottleCommand::Copy(args) => copy(host, args, printer).await,
    }
}

async fn route_id(host: &Host, args: &RouteArgs) -> Result<String, Failure> {
    let api = api_with_stage(host, &args.api, &args.stage).await?;
    Ok(route_of(host, &api, &args.stage, &args.route).await?.id)
}

async fn explain(host: &Host, args: &ExplainArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = ThrottleExplainRequest { route_id: route_id(host, &args.route).await?, key_id: args.key.clone() };
    let explained = throttle_explain(host, request).await?;
    if printer.format() == OutputFormat::Json {
        printer.data(&host.envelope(vec![explained])?)?;
        return Ok(printer.finish(host));
    }
    let cells = |none: &str| -> Vec<[String; 4]> {
        let shown = |number: Option<f64>| number.map_or_else(|| none.to_owned(), |number| number.to_string());
        let layers = explained.effective.layers.iter();
        layers
            .map(|layer| {
                let marks = match (layer.binds_rate, layer.binds_burst, layer.replaced) {
                    (true, true, _) => "binds",
                    (true, false, _) => "binds the rate",
                    (false, true, _) => "binds the burst",
                    (_, _, true) => "replaced by a narrower one",
                    _ => "",
                };
                let Limit { rate, burst } = layer.limit.limit;
                [layer.limit.place.clone(), shown(rate), shown(burst.map(f64::from)), marks.to_owned()]
            })
            .collect()
    };
    if printer.format() == OutputFormat::Csv {
        printer.data(&csv_text(["layer", "rateLimit", "burstLimit", "effect"], cells(""))?)?;
        return Ok(printer.finish(host));
    }
    let layers = table::render(["LAYER", "RATE", "BURST", ""], cells("-"));
    let text = format!("{}\n\n{layers}\n{}\n", explained.label, explained.sentences.join("\n"));
    printer.data(&terminal_lines(&text))?;
    Ok(printer.finish(host))
}

async fn replay(host: &Host, args: &ReplayArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let window = if args.week { ReplayWindow::Week } else { ReplayWindow::Day };
    let route_id = route_id(host, &args.route).await?;
    let request = ThrottleReplayRequest { route_id, rate: args.rate.clone(), burst: args.burst.clone(), window };
    let replayed = throttle_replay(host, request).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(vec![replayed])?,
        OutputFormat::Csv => {
            let cells = replayed.replay.minutes.iter().map(|minute| {
                let at = jiff::Timestamp::from_second(minute.minute).map(|at| at.to_string()).unwrap_or_default();
                let refused = |requests: f64| format!("{requests:.1}");
                [at, minute.requests.to_string(), refused(minute.refused_even), refused(minute.refused_at_once)]
            });
            csv_text(["minute", "requests", "refusedEven", "refusedAtOnce"], cells)?
        }
        OutputFormat::Table => format!("{}\n", replayed.verdict),
    };
    printer.data(&text)?;
    Ok(printer.finish(host))
}

async fn set(host: &Host, args: &SetArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let selection = selection(host, args).await?;
    let request =
        ThrottleSetRequest { selection, rate: args.rate.clone(), burst: args.burst.clone(), remove: args.remove };
    let plan = throttle_set(host, request).await?;
    confirm_and_apply(host, &plan, &args.change, printer).await
}

async fn selection(host: &Host, args: &SetArgs) -> Result<ThrottleSelection, Failure> {
    if !args.filter.is_empty() {
        let tokens = args
            .filter
            .iter()
            .map(|text| {
                text.parse::<FilterToken>().map_err(|error| Failure::usage(format!("--filter {text}: {error}")))
            })
            .collect::<Result<_, _>>()?;
        let filter = RouteFilter { operation: FilterOperation::And, tokens, ..RouteFilter::default() };
        return Ok(ThrottleSelection::Matching { filter });
    }
    let at = match (&args.api, &args.stage) {
        (Some(api), Some(stage)) => Some((api_with_stage(host, api, stage).await?, stage)),
        _ => None,
    };
    match (&args.usage_plan, at) {
        (None, None) => {
            Err(Failure::usage("Name what gets the limit: --api and --stage, --usage-plan, or --filter.".to_owned()))
        }
        (None, Some((api, stage))) if args.route.is_empty() => {
            Ok(ThrottleSelection::Stage { context: api.context, api_id: api.api.id.to_string(), stage: stage.clone() })
        }
        (None, Some((api, stage))) => {
            let mut route_ids = Vec::new();
            for route in &args.route {
                route_ids.push(route_of(host, &api, stage, route).await?.id);
            }
            Ok(ThrottleSelection::Routes { route_ids })
        }
        (Some(plan), None) => {
            Ok(ThrottleSelection::UsagePlan { context: only_context(host).await?, usage_plan_id: plan.clone() })
        }
        (Some(plan), Some((api, stage))) => {
            let [route] = args.route.as_slice() else {
                return Err(Failure::usage("A usage plan's limit for a method needs exactly one --route.".to_owned()));
            };
            let route = route_of(host, &api, stage, route).await?;
            Ok(ThrottleSelection::UsagePlanMethod {
                context: api.context,
                usage_plan_id: plan.clone(),
                api_id: api.api.id.to_string(),
                stage: stage.clone(),
                method: route.method.to_string(),
                path: route.path.to_string(),
            })
        }
    }
}

async fn only_context(host: &Host) -> Result<String, Failure> {
    let open = portcullis_operations::context_list::context_list(
        host,
        portcullis_operations::context_list::ContextListRequest {},
    )
    .await?
    .open;
    match open.as_slice() {
        [one] => Ok(one.label.clone()),
        _ => Err(Failure::usage(
            "Name one profile and one region: a usage plan is in one account and region.".to_owned(),
        )),
    }
}

async fn copy(host: &Host, args: &CopyArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let from = api_with_stage(host, &args.api, &args.from).await?;
    let name = |stage: &str| StageName {
        context: from.context.clone(),
        api_id: from.api.id.to_string(),
        stage: stage.to_owned(),
    };
    for stage in &args.to {
        api_with_stage(host, &from.api.id, stage).await?;
    }
    let request = ThrottleCopyRequest { from: name(&args.from), to: args.to.iter().map(|stage| name(stage)).collect() };
    let plan = throttle_copy(host, request).await?;
    confirm_and_apply(host, &plan, &args.change, printer).await
}
