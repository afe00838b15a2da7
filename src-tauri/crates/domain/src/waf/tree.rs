//! A statement as a tree for a view.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    statement::{Statement, StatementKind},
    words::condition,
};

/// A line of the tree with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatementNode {
    /// The line.
    pub words: String,
    /// Whether all of it is known to this program.
    pub known: bool,
    /// A statement that is not known, as it came.
    #[ts(optional = nullable)]
    pub json: Option<String>,
    /// What stands below.
    pub children: Vec<StatementNode>,
}

impl StatementNode {
    /// The tree of a statement.
    #[must_use]
    pub fn of(statement: &Statement) -> Self {
        let known = statement.unread.is_empty();
        let below = |words: &str, all: &[Statement]| Self {
            words: words.to_owned(),
            known,
            json: None,
            children: all.iter().map(Self::of).collect(),
        };
        match &statement.kind {
            StatementKind::And(all) => below("All of these hold", all),
            StatementKind::Or(all) => below("One of these holds", all),
            StatementKind::Not(one) => below("This does not hold", std::slice::from_ref(one)),
            StatementKind::Rate { limit, window, aggregate, scope_down: Some(scope) } => {
                let alone = Statement {
                    kind: StatementKind::Rate {
                        limit: *limit,
                        window: *window,
                        aggregate: aggregate.clone(),
                        scope_down: None,
                    },
                    unread: statement.unread.clone(),
                };
                let children =
                    vec![below("Only requests for which this holds are counted", std::slice::from_ref(scope))];
                Self { words: line(&alone), known, json: None, children }
            }
            StatementKind::Managed { scope_down: Some(scope), .. } => {
                let children =
                    vec![below("Only requests for which this holds are looked at", std::slice::from_ref(scope))];
                Self { words: line(statement), known, json: None, children }
            }
            StatementKind::Unknown { json, .. } => Self {
                words: line(statement),
                known: false,
                json: Some(serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string())),
                children: Vec::new(),
            },
            _ => Self { words: line(statement), known, json: None, children: Vec::new() },
        }
    }
}

fn line(statement: &Statement) -> String {
    let words = condition(statement, true);
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
