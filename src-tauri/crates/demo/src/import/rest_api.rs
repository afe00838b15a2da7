//! `ImportRestApi` and `PutRestApi`: a definition in one call.
//!
//! Not here: AWS's warnings (`failonwarnings` is taken and finds none), and what [`super::openapi`] does not read.

use std::collections::BTreeMap;

use http::{Method, Request};
use serde_json::{Value, json};

use super::{
    apply,
    definition::{Definition, Product},
    document, openapi,
    report::Report,
};
use crate::{
    DemoAccount,
    in_process::InProcess,
    services::{Outcome, Refusal, wire},
};

impl DemoAccount {
    /// Imports the request's body as a new API, or into the one of this id.
    ///
    /// # Errors
    /// `Invalid OpenAPI input.` for a body that is no definition; whatever the API's own operations refuse.
    pub(crate) fn import_rest_api(&self, region: &str, api: Option<&str>, request: &Request<bytes::Bytes>) -> Outcome {
        let query = wire::pairs(request.uri().query().unwrap_or_default());
        let parameter = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let caller = InProcess::new(self, region);
        let before = match api {
            Some(id) => Some(call(&caller, &Method::GET, &format!("/restapis/{id}"), &Value::Null)?),
            None => None,
        };
        let mut report = Report::new("body");
        let definition = definition_of(request.body(), parameter("basepath").unwrap_or("ignore"), &mut report)?;
        let Some(before) = before else {
            let applied = apply::create(&caller, &definition, &mut report).map_err(refusal)?;
            let made = call(&caller, &Method::GET, &format!("/restapis/{}", applied.id), &Value::Null)?;
            return Ok((201, made));
        };
        let (id, overwrite) = (text(&before, "id"), parameter("mode") == Some("overwrite"));
        self.with_rest(region, |rest, _| rest.prepare_import(&id, overwrite, &definition.document));
        let base = format!("/restapis/{id}");
        let listed = call(&caller, &Method::GET, &format!("{base}/resources?limit=500"), &Value::Null)?;
        let resources: BTreeMap<String, String> = listed["item"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|resource| (text(resource, "path"), text(resource, "id")))
            .collect();
        apply::fill(&caller, id, resources, &definition, &mut report);
        let mut after = call(&caller, &Method::GET, &base, &Value::Null)?;
        if after.get("tags").is_none() {
            after["tags"] = json!({});
        }
        Ok((200, after))
    }
}

fn definition_of(body: &[u8], base_path: &str, report: &mut Report) -> Result<Definition, Refusal> {
    let invalid = || Refusal::new(400, "BadRequestException", "Invalid OpenAPI input.");
    let tree = std::str::from_utf8(body).ok().and_then(|text| document::parse(text).ok());
    let tree = tree.filter(openapi::is_openapi).ok_or_else(invalid)?;
    let mut definition = openapi::read(&tree, "", "imported", Some(Product::Rest), report);
    let prefix = match base_path {
        "prepend" => base_path_of(&tree),
        // The first part goes to the client's address, the rest to the paths.
        "split" => base_path_of(&tree)
            .trim_start_matches('/')
            .split_once('/')
            .map(|(_, rest)| format!("/{rest}"))
            .unwrap_or_default(),
        _ => String::new(),
    };
    for route in &mut definition.routes {
        route.path = format!("{prefix}{}", route.path);
    }
    Ok(definition)
}

/// `basePath` of Swagger 2, the path or the variable `basePath` of OpenAPI 3's first server; without a final slash.
fn base_path_of(tree: &Value) -> String {
    let swagger = tree.get("basePath").and_then(Value::as_str);
    let variable = tree.pointer("/servers/0/variables/basePath/default").and_then(Value::as_str);
    let server = tree.pointer("/servers/0/url").and_then(Value::as_str).and_then(|url| {
        let after_host = url.split_once("://").map_or(url, |(_, rest)| rest);
        after_host.find('/').map(|at| &after_host[at..])
    });
    let path = swagger.or(variable).or(server).unwrap_or_default().trim_matches('/');
    if path.is_empty() || path.contains('{') { String::new() } else { format!("/{path}") }
}

fn call(caller: &InProcess<'_>, method: &Method, path: &str, body: &Value) -> Result<Value, Refusal> {
    caller.rest(method, path, body).map_err(refusal)
}

fn refusal(error: crate::in_process::OwnCallError) -> Refusal {
    let code = if error.status == 404 { "NotFoundException" } else { "BadRequestException" };
    Refusal::new(error.status, code, error.message)
}

fn text(document: &Value, member: &str) -> String {
    document.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}
