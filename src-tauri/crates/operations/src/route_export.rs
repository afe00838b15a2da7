//! `route_export`: the whole list that matches, as CSV or JSON, into a file that the person chose.

use portcullis_domain::{route::Route, route_index::Line, route_query::RouteQuery};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    envelope,
    error::{ErrorCode, WireError},
    host::Host,
};

/// File format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// RFC 4180, with cells that a spreadsheet would run as formulas made harmless.
    Csv,
    /// The envelope of the command line.
    Json,
}

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteExportRequest {
    /// Which routes.
    #[serde(default)]
    pub query: RouteQuery,
    /// In which format.
    pub format: ExportFormat,
    /// Where to; an absolute path from the save dialog.
    pub path: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteExport {
    /// Where.
    pub path: String,
    /// How many routes.
    pub routes: u32,
    /// Whether anything was missing when it was written (it is said in the JSON envelope too).
    pub complete: bool,
}

/// Writes the file, whole or not at all.
///
/// # Errors
/// `InvalidInput` for a path that is not absolute, names a directory, or cannot be written.
pub async fn route_export(host: &Host, request: RouteExportRequest) -> Result<RouteExport, WireError> {
    let path = std::path::Path::new(&request.path);
    if !path.is_absolute() || path.is_dir() {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("{} is not a file that can be written.", path.display()),
        )
        .with_hint("Choose a file name in a directory of yours."));
    }
    let (_, index) = host.shown();
    let flat = RouteQuery { group_by: None, ..request.query };
    let answer = index.lines(&flat, &std::collections::BTreeSet::new());
    let routes: Vec<&Route> = answer
        .page(0, usize::MAX)
        .iter()
        .filter_map(|line| match line {
            Line::Route(at) => index.routes().get(*at),
            Line::Group(_) => None,
        })
        .collect();
    let text = match request.format {
        ExportFormat::Csv => envelope::routes_csv(&routes)?,
        ExportFormat::Json => envelope::routes_json(host, &routes)?,
    };
    let complete = host.coverage().complete;
    let routes = u32::try_from(routes.len()).unwrap_or(u32::MAX);
    crate::files::write_whole(path, text).await?;
    Ok(RouteExport { path: request.path, routes, complete })
}
