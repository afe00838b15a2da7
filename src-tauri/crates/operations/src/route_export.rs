//! `route_export`: the whole list that matches, as CSV or JSON, into a file that the person chose.

use portcullis_domain::route_query::RouteQuery;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn route_export(
    _host: &crate::host::Host,
    _request: RouteExportRequest,
) -> Result<RouteExport, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
