//! `demo import`: an API from somebody's definition, so that it can be looked at as routes. OpenAPI 3,
//! Swagger 2, CloudFormation and SAM templates, and the Serverless Framework's files are read; whatever else
//! a file is, the report says so and nothing is created.

mod apply;
mod definition;
mod document;
mod framework;
mod integration;
mod intrinsics;
mod openapi;
mod report;
mod rest_api;
mod sam;
mod security;
mod template;

#[cfg(test)]
mod corpus_tests;

pub use self::report::{ImportItem, ImportReport, ImportedApi};
pub(crate) use self::{
    apply::{Applied, create, deploy, rest_route},
    definition::{AuthorizerDefinition, Definition, GuardDefinition, Product, RouteDefinition, StageDefinition},
    report::Report,
};

use serde_json::Value;

use crate::{DemoAccount, HOME_REGION, in_process::InProcess};

impl DemoAccount {
    /// Adds the APIs that `text` defines to the home region, deployed, and says what came of it. `file_name`
    /// stands in the report and names an API that has no title.
    pub fn import(&self, file_name: &str, text: &str) -> ImportReport {
        let mut report = Report::new(file_name);
        let definitions = read(file_name, text, &mut report);
        let caller = InProcess::new(self, HOME_REGION);
        let apis =
            definitions.iter().filter_map(|definition| apply::import(&caller, definition, &mut report)).collect();
        ImportReport { apis, items: report.into_items() }
    }
}

/// Reads a file into definitions.
fn read(file_name: &str, text: &str, report: &mut Report) -> Vec<Definition> {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("imported");
    let tree = match document::parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            report.note("", error.to_string());
            return Vec::new();
        }
    };
    if openapi::is_openapi(&tree) || (tree.get("paths").is_some_and(Value::is_object) && tree.get("info").is_some()) {
        vec![openapi::read(&tree, "", stem, None, report)]
    } else if template::is_template(&tree) {
        template::read(&tree, stem, HOME_REGION, report)
    } else if framework::is_framework(&tree) {
        framework::read(&tree, stem, HOME_REGION, report)
    } else {
        report.note("", "not an OpenAPI definition, nor a template that this knows");
        Vec::new()
    }
}
