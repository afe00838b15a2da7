//! What an import did, and what it could not understand, each with its place in the file.

use serde::Serialize;

/// An API that the import created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedApi {
    /// AWS's id.
    pub id: String,
    /// Its name, as the file has it: hostile until shown as data.
    pub name: String,
    /// `REST`, `HTTP` or `WEBSOCKET`.
    pub kind: &'static str,
    /// The stage that serves it; `None` when there was nothing to deploy.
    pub stage: Option<String>,
    /// How many methods or routes it has.
    pub routes: usize,
}

/// Something that was left out or filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportItem {
    /// Where: `openapi.yaml: paths./pets.get`.
    pub location: String,
    /// What, a sentence.
    pub message: String,
}

/// The outcome of [`crate::DemoAccount::import`]. It never fails as a whole: a file that is no definition at
/// all has no `apis` and says so in `items`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// What is in the account now.
    pub apis: Vec<ImportedApi>,
    /// What is not, or not as written.
    pub items: Vec<ImportItem>,
}

impl ImportReport {
    /// Routes of all APIs.
    pub fn routes(&self) -> usize {
        self.apis.iter().map(|api| api.routes).sum()
    }
}

/// Collects items for one file.
#[derive(Debug, Default)]
pub(crate) struct Report {
    file: String,
    items: Vec<ImportItem>,
}

impl Report {
    /// For the file of that name.
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), items: Vec::new() }
    }

    /// Names something at `location` (a dotted path inside the file; empty for the whole of it).
    pub(crate) fn note(&mut self, location: &str, message: impl Into<String>) {
        let location = if location.is_empty() { self.file.clone() } else { format!("{}: {location}", self.file) };
        self.items.push(ImportItem { location, message: message.into() });
    }

    /// The items.
    pub(crate) fn into_items(self) -> Vec<ImportItem> {
        self.items
    }
}
