//! `portcullis demo import`: real definitions, looked at as routes.

use std::path::PathBuf;

use clap::Args;
use portcullis_domain::hostile_text::terminal_text;
use portcullis_operations::{demo_imports, host::HostOptions};

use crate::{args::OutputFormat, exit::Exit, failure::Failure, output::Printer};

/// Flags of `demo import`.
#[derive(Debug, Args)]
pub struct DemoImportArgs {
    /// OpenAPI 3, Swagger 2, or a CloudFormation or SAM template, as JSON or YAML.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Runs `demo import`: 3 when a file had parts that were not understood, 4 when one had no routes at all.
///
/// # Errors
/// A file that cannot be read.
pub fn run(args: &DemoImportArgs, options: &HostOptions, printer: &mut Printer) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    let mut reports = Vec::new();
    for file in &args.files {
        let report = demo_imports::import(options, file)?;
        exit = exit.max(match (report.routes(), report.items.is_empty()) {
            (0, _) => Exit::Failed,
            (_, false) => Exit::Incomplete,
            (_, true) => Exit::Done,
        });
        let noun = if report.routes() == 1 { "route" } else { "routes" };
        let mut text = format!("{}: {} {noun}\n", file.display(), report.routes());
        for api in &report.apis {
            text += &format!(
                "  API {} ({}), stage {}\n",
                terminal_text(&api.name),
                api.kind,
                api.stage.as_deref().unwrap_or("none")
            );
        }
        for item in &report.items {
            text +=
                &format!("  not understood at {}: {}\n", terminal_text(&item.location), terminal_text(&item.message));
        }
        if printer.format() != OutputFormat::Json {
            printer.data(&text)?;
        }
        reports.push(serde_json::json!({
            "file": file, "routes": report.routes(),
            "apis": report.apis.iter().map(|api| serde_json::json!({ "name": api.name, "kind": api.kind, "stage": api.stage, "routes": api.routes })).collect::<Vec<_>>(),
            "notUnderstood": report.items.iter().map(|item| serde_json::json!({ "location": item.location, "message": item.message })).collect::<Vec<_>>(),
        }));
    }
    if printer.format() == OutputFormat::Json {
        printer.data(&format!("{:#}\n", serde_json::json!({ "items": reports })))?;
    } else {
        printer.note("See them with: portcullis --demo routes");
    }
    Ok(exit)
}
