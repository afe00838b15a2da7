//! `portcullis apis`: every API with its stages.

use clap::Args;
use portcullis_domain::api::{ApiKind, EndpointType};
use portcullis_operations::{
    api_list::{ApiListItem, ApiListRequest, api_list},
    csv_text::csv_text,
    host::Host,
};

use crate::{
    args::{Global, OutputFormat},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `apis`.
#[derive(Debug, Args)]
pub struct ApisArgs {}

/// Runs `apis`.
///
/// # Errors
/// Failures of the host.
pub async fn run(host: &Host, global: &Global, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    let items = api_list(host, ApiListRequest {}).await?.items;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(items)?,
        OutputFormat::Table if items.is_empty() => "No APIs.\n".to_owned(),
        OutputFormat::Table => table::render(
            ["NAME", "ID", "KIND", "ENDPOINT", "STAGES", "ROUTES", "ACCOUNT", "REGION"],
            items.iter().map(cells),
        ),
        OutputFormat::Csv => csv_text(
            ["name", "id", "kind", "endpoint", "stages", "routes", "account", "region"],
            items.iter().map(cells),
        )?,
    };
    printer.data(&text)?;
    Ok(printer.finish(host))
}

fn cells(item: &ApiListItem) -> [String; 8] {
    let kind = match item.api.kind {
        ApiKind::Rest => "REST",
        ApiKind::Http => "HTTP",
        ApiKind::WebSocket => "WEBSOCKET",
    };
    let endpoint = match item.api.endpoint_type {
        EndpointType::Edge => "EDGE",
        EndpointType::Regional => "REGIONAL",
        EndpointType::Private => "PRIVATE",
    };
    let stages: Vec<&str> = item.stages.iter().map(|stage| &*stage.name).collect();
    [
        item.api.name.to_string(),
        item.api.id.to_string(),
        kind.to_owned(),
        endpoint.to_owned(),
        stages.join(" "),
        item.routes.to_string(),
        item.account.clone(),
        item.region.clone(),
    ]
}
