//! AWS's answers as controls read them: every value that is looked at knows where it stands.

use std::collections::HashMap;

use serde_json::Value;

use super::finding::Evidence;
use crate::api::ApiKind;

/// One answer of AWS, with secrets taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// `apigateway:GetStages`.
    pub call: String,
    /// Page, deployment, plan or the like; for an answer that was split, the pointer of this part in the whole
    /// (`/item/3`).
    pub of: String,
    /// When it was read, RFC 3339.
    pub at: String,
    /// The answer.
    pub json: Value,
}

/// The answers that concern one API, or the account.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    answers: Vec<Document>,
    /// `(path, METHOD)` -> answer and pointer, of `GetResources`.
    methods: HashMap<(String, String), (usize, String)>,
}

/// A place in an answer, and what stands there (`null` where nothing does).
#[derive(Debug, Clone)]
pub struct Part<'a> {
    document: &'a Document,
    pointer: String,
    value: Option<&'a Value>,
}

/// A token of a JSON pointer (RFC 6901).
fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl Documents {
    /// Looks through the answers once.
    #[must_use]
    pub fn new(answers: Vec<Document>) -> Self {
        let mut methods = HashMap::new();
        for (at, document) in answers.iter().enumerate().filter(|(_, document)| document.is("GetResources")) {
            for (index, resource) in document.items().iter().enumerate() {
                let Some(path) = resource.get("path").and_then(Value::as_str) else { continue };
                let found = resource.get("resourceMethods").and_then(Value::as_object);
                for name in found.into_iter().flat_map(serde_json::Map::keys) {
                    let pointer = format!("/{}/{index}/resourceMethods/{name}", document.member());
                    methods.insert((path.to_owned(), name.clone()), (at, pointer));
                }
            }
        }
        Self { answers, methods }
    }

    /// Whether an operation was answered at all.
    #[must_use]
    pub fn has(&self, operation: &str) -> bool {
        self.answers.iter().any(|document| document.is(operation))
    }

    /// Every item of every page of a list.
    pub fn items<'a>(&'a self, operation: &'a str) -> impl Iterator<Item = Part<'a>> {
        self.answers.iter().filter(move |document| document.is(operation)).flat_map(|document| {
            let member = document.member();
            document.items().iter().enumerate().map(move |(index, value)| Part {
                document,
                pointer: format!("/{member}/{index}"),
                value: Some(value),
            })
        })
    }

    /// A whole answer: of this deployment, plan or the like.
    #[must_use]
    pub fn answer(&self, operation: &str, of: Option<&str>) -> Option<Part<'_>> {
        let found = |document: &&Document| document.is(operation) && of.is_none_or(|of| document.of == of);
        self.answers.iter().find(found).map(|document| Part {
            document,
            pointer: String::new(),
            value: Some(&document.json),
        })
    }

    /// Every whole answer, whatever it is of.
    pub fn answers<'a>(&'a self, operation: &'a str) -> impl Iterator<Item = Part<'a>> {
        self.answers.iter().filter(move |document| document.is(operation)).map(|document| Part {
            document,
            pointer: String::new(),
            value: Some(&document.json),
        })
    }

    /// Every page of a whole answer: of this plan or the like.
    pub fn pages<'a>(&'a self, operation: &'a str, of: &'a str) -> impl Iterator<Item = Part<'a>> {
        let found = move |document: &&Document| document.is(operation) && document.of == of;
        self.answers.iter().filter(found).map(|document| Part {
            document,
            pointer: String::new(),
            value: Some(&document.json),
        })
    }

    /// The item of a list whose member has this value.
    #[must_use]
    pub fn item(&self, operation: &str, member: &str, wanted: &str) -> Option<Part<'_>> {
        let is = |value: &Value| value.get(member).and_then(Value::as_str) == Some(wanted);
        self.answers.iter().filter(|document| document.is(operation)).find_map(|document| {
            let index = document.items().iter().position(is)?;
            Some(Part {
                document,
                pointer: format!("/{}/{index}", document.member()),
                value: document.items().get(index),
            })
        })
    }

    /// The API's own description.
    #[must_use]
    pub fn api(&self) -> Option<Part<'_>> {
        self.answer("GetRestApis", None).or_else(|| self.answer("GetApis", None))
    }

    /// A stage.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<Part<'_>> {
        self.item("GetStages", "stageName", name)
    }

    /// A method of a REST API's draft.
    #[must_use]
    pub fn method(&self, path: &str, method: &str) -> Option<Part<'_>> {
        let (at, pointer) = self.methods.get(&(path.to_owned(), method.to_owned()))?;
        let document = self.answers.get(*at)?;
        Some(Part { document, pointer: pointer.clone(), value: document.json.pointer(pointer) })
    }
}

impl Document {
    fn is(&self, operation: &str) -> bool {
        self.call.rsplit(':').next() == Some(operation)
    }

    /// Version 1 says `item`, version 2 and some of version 1 `items`.
    fn member(&self) -> &'static str {
        if self.json.get("item").is_some() { "item" } else { "items" }
    }

    fn items(&self) -> &[Value] {
        self.json.get(self.member()).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Part<'a> {
    /// What the answer is of: a page, a plan or the like.
    #[must_use]
    pub fn of(&self) -> &'a str {
        &self.document.of
    }

    /// A member; there or not, it can be cited.
    #[must_use]
    pub fn get(&self, name: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, token(name));
        Self { document: self.document, pointer, value: self.value.and_then(|value| value.get(name)) }
    }

    /// The value, `None` where there is none or it is `null`.
    #[must_use]
    pub fn value(&self) -> Option<&'a Value> {
        self.value.filter(|value| !value.is_null())
    }

    /// Text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        self.value().and_then(Value::as_str)
    }

    /// Text that is not empty.
    #[must_use]
    pub fn filled(&self) -> Option<&'a str> {
        self.text().filter(|text| !text.trim().is_empty())
    }

    /// Whether it is `true`; some emulators write it as text.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self.value() {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        }
    }

    /// A number, also one written as text.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self.value()? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn list(&self) -> impl Iterator<Item = Self> {
        let items = self.value().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(|(index, value)| Self {
            document: self.document,
            pointer: format!("{}/{index}", self.pointer),
            value: Some(value),
        })
    }

    /// The members of an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = self.value().and_then(Value::as_object);
        members.into_iter().flatten().map(|(name, value)| {
            let pointer = format!("{}/{}", self.pointer, token(name));
            (name.as_str(), Self { document: self.document, pointer, value: Some(value) })
        })
    }

    /// What a finding cites.
    #[must_use]
    pub fn cite(&self) -> Evidence {
        let whole = self.document.of.starts_with('/');
        Evidence {
            call: self.document.call.clone(),
            of: if whole { String::new() } else { self.document.of.clone() },
            pointer: if whole { format!("{}{}", self.document.of, self.pointer) } else { self.pointer.clone() },
            value: self.value.map_or_else(|| "not there".to_owned(), shortened),
            at: self.document.at.clone(),
        }
    }
}

/// The most characters of a value that a finding repeats: the rest is where the pointer says.
const SHOWN: usize = 300;

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// The entry of a stage's settings that rules a route: its own, which has every setting (a new entry inherits the
/// values of `*/*` once, when it is made, and follows them no more), else the default's.
#[must_use]
pub fn route_settings<'a>(kind: ApiKind, stage: &Part<'a>, method: &str, path: &str) -> Part<'a> {
    if kind != ApiKind::Rest {
        let own = stage.get("routeSettings").get(&crate::route_limits::limit_key(kind, method, path));
        return if own.value().is_some() { own } else { stage.get("defaultRouteSettings") };
    }
    let settings = stage.get("methodSettings");
    // The root is `~1/GET`, of which nothing but the method is left.
    let wanted = format!("{path}/{method}").trim_start_matches('/').to_owned();
    settings
        .members()
        .find(|(key, _)| {
            key.trim_start_matches('/').replace("~1", "/").replace("~0", "~").trim_start_matches('/') == wanted
        })
        .map_or_else(|| settings.get("*/*"), |(_, part)| part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(call: &str, of: &str, json: Value) -> Document {
        Document { call: call.to_owned(), of: of.to_owned(), at: "2026-03-02T10:00:00Z".to_owned(), json }
    }

    #[test]
    fn what_is_cited_stands_where_the_pointer_says() {
        let answer = json!({ "item": [{ "stageName": "prod", "methodSettings": {
            "*/*": { "loggingLevel": "OFF" }, "~1v2~1login/POST": { "loggingLevel": "ERROR" }
        } }] });
        let documents = Documents::new(vec![document("apigateway:GetStages", "", answer.clone())]);
        let stage = documents.stage("prod").unwrap();
        for (method, path, expected) in [("POST", "/v2/login", "ERROR"), ("GET", "/v2/login", "OFF")] {
            let part = route_settings(ApiKind::Rest, &stage, method, path).get("loggingLevel");
            let cited = part.cite();
            assert_eq!(answer.pointer(&cited.pointer).unwrap(), expected, "{}", cited.pointer);
            assert_eq!(cited.value, format!("\"{expected}\""));
        }
        assert!(documents.stage("test").is_none());
        assert_eq!(stage.get("tracingEnabled").cite().value, "not there");
    }

    #[test]
    fn a_part_of_a_split_answer_is_cited_in_the_whole() {
        let documents = Documents::new(vec![document("apigateway:GetRestApis", "/item/3", json!({ "policy": "x" }))]);
        assert_eq!(documents.api().unwrap().get("policy").cite().pointer, "/item/3/policy");
    }

    #[test]
    fn resources_of_every_page_are_found() {
        let page = |path: &str| json!({ "item": [{ "path": path, "resourceMethods": { "GET": { "apiKeyRequired": true } } }] });
        let documents = Documents::new(vec![
            document("apigateway:GetResources", "", page("/a")),
            document("apigateway:GetResources", "next", page("/b/{id}")),
        ]);
        let method = documents.method("/b/{id}", "GET").unwrap();
        assert!(method.get("apiKeyRequired").is_true());
        assert_eq!(method.cite().of, "next");
        assert!(documents.method("/b/{id}", "POST").is_none());
    }
}
