//! `palette_search`: any API or route by a few letters.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteSearchRequest {
    /// A few letters; words in any order.
    pub text: String,
    /// How many at most, 1 to 100.
    pub limit: u32,
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PaletteKind {
    /// An API.
    Api,
    /// A route.
    Route,
}

/// A thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteItem {
    /// What kind.
    pub kind: PaletteKind,
    /// API id or route id.
    pub id: String,
    /// What a person reads first.
    pub title: String,
    /// Where it is.
    pub subtitle: String,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteResults {
    /// The items.
    pub items: Vec<PaletteItem>,
}

/// Finds.
///
/// # Errors
/// None.
pub async fn palette_search(host: &Host, request: PaletteSearchRequest) -> Result<PaletteResults, WireError> {
    let limit = request.limit.clamp(1, 100) as usize;
    let words: Vec<String> = request.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return Ok(PaletteResults { items: Vec::new() });
    }
    let mut items = Vec::new();
    for context in host.contexts().iter() {
        for inventory in context.state().apis.values() {
            let text = format!("{} {}", inventory.api.name, inventory.api.id).to_lowercase();
            if words.iter().all(|word| text.contains(word)) {
                items.push(PaletteItem {
                    kind: PaletteKind::Api,
                    id: inventory.api.id.to_string(),
                    title: inventory.api.name.to_string(),
                    subtitle: format!("API {} in {}", inventory.api.id, context.label),
                });
            }
        }
    }
    items.truncate(limit / 3 + 1);
    let (_, index) = host.shown();
    items.extend(index.search(&request.text, limit).into_iter().map(|route| PaletteItem {
        kind: PaletteKind::Route,
        id: route.id.clone(),
        title: format!("{} {}", route.method, route.path),
        subtitle: format!("{}, {}", route.api_name, route.stage),
    }));
    items.truncate(limit);
    Ok(PaletteResults { items })
}
