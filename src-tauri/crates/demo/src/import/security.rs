//! Security schemes with their authorizers, and what an operation's `security` makes of them.

use serde_json::{Map, Value, json};

use super::{
    definition::{AuthorizerDefinition, GuardDefinition, Product, text, texts},
    openapi::members,
    report::Report,
};

/// What a scheme means to API Gateway.
#[derive(Debug, Clone)]
enum Meaning {
    /// An API key of a usage plan.
    ApiKey,
    /// Signature Version 4.
    Iam,
    /// An authorizer.
    Authorizer(AuthorizerDefinition),
    /// Nothing that API Gateway checks.
    Unchecked,
}

/// The schemes of a definition, by name.
#[derive(Debug, Default)]
pub(crate) struct Schemes {
    all: Vec<(String, Meaning)>,
    /// What guards an operation that says nothing: `security` at the root, which REST APIs take over (recorded).
    default: Vec<Value>,
}

impl Schemes {
    /// Reads `securityDefinitions` or `components.securitySchemes`.
    pub(crate) fn read(tree: &Value, product: Product, at: &dyn Fn(&str) -> String, report: &mut Report) -> Self {
        let mut all = Vec::new();
        for (place, schemes) in [
            ("securityDefinitions", tree.get("securityDefinitions")),
            ("components.securitySchemes", tree.pointer("/components/securitySchemes")),
        ] {
            for (name, scheme) in members(schemes) {
                let meaning = meaning(name, scheme, product, &at(&format!("{place}.{name}")), report);
                all.push((name.to_owned(), meaning));
            }
        }
        let root = tree.get("security").and_then(Value::as_array);
        let default = root.filter(|_| product == Product::Rest).cloned().unwrap_or_default();
        Self { all, default }
    }

    /// The authorizers among them.
    pub(crate) fn authorizers(&self) -> Vec<AuthorizerDefinition> {
        self.all
            .iter()
            .filter_map(|(_, meaning)| match meaning {
                Meaning::Authorizer(authorizer) => Some(authorizer.clone()),
                _ => None,
            })
            .collect()
    }

    /// What guards `operation`: API Gateway takes one authorizer, and keys besides.
    pub(crate) fn guard(&self, operation: &Value, location: &str, report: &mut Report) -> GuardDefinition {
        let mut guard = GuardDefinition::open();
        let iam = operation.get("x-amazon-apigateway-auth").and_then(|auth| text(auth, "type"));
        if iam.is_some_and(|kind| kind.eq_ignore_ascii_case("AWS_IAM")) {
            guard.authorization_type = "AWS_IAM";
        }
        let requirements = operation.get("security").and_then(Value::as_array).unwrap_or(&self.default).iter();
        for (name, scopes) in requirements.flat_map(|requirement| members(Some(requirement))) {
            match self.all.iter().find(|(known, _)| known == name).map(|(_, meaning)| meaning) {
                Some(Meaning::ApiKey) => guard.api_key_required = true,
                Some(Meaning::Iam) => guard.authorization_type = "AWS_IAM",
                Some(Meaning::Authorizer(authorizer)) => {
                    if guard.authorizer.as_ref().is_some_and(|known| *known != authorizer.name) {
                        report.note(
                            location,
                            format!("a second authorizer, {name:?}: API Gateway uses one, the first stays"),
                        );
                        continue;
                    }
                    guard.authorization_type = authorizer.authorization_type;
                    guard.authorizer = Some(authorizer.name.clone());
                    guard.scopes = texts(Some(scopes));
                }
                Some(Meaning::Unchecked) => report.note(
                    location,
                    format!("the security scheme {name:?} has no authorizer, so API Gateway checks nothing: the route is open"),
                ),
                // SAM writes NONE where a route opts out of the default authorizer.
                None if name == "NONE" => {}
                None if name.eq_ignore_ascii_case("api_key") || name.eq_ignore_ascii_case("apiKey") => {
                    guard.api_key_required = true;
                    report.note(location, format!("the security scheme {name:?} is not defined; taken as an API key"));
                }
                None => {
                    report.note(location, format!("the security scheme {name:?} is not defined: the route is open"));
                }
            }
        }
        guard
    }
}

fn meaning(name: &str, scheme: &Value, product: Product, location: &str, report: &mut Report) -> Meaning {
    let authtype = text(scheme, "x-amazon-apigateway-authtype").unwrap_or_default();
    if authtype.eq_ignore_ascii_case("awsSigv4") {
        return Meaning::Iam;
    }
    if let Some(authorizer) = scheme.get("x-amazon-apigateway-authorizer").filter(|found| found.is_object()) {
        return match authorizer_definition(name, scheme, authorizer, product) {
            Ok(definition) => Meaning::Authorizer(definition),
            Err(reason) => {
                report.note(location, reason);
                Meaning::Unchecked
            }
        };
    }
    match text(scheme, "type") {
        // Any other header of type `apiKey` is a token that only an authorizer would check.
        Some("apiKey") if text(scheme, "name").is_some_and(|name| name.eq_ignore_ascii_case("x-api-key")) => {
            Meaning::ApiKey
        }
        _ => Meaning::Unchecked,
    }
}

fn authorizer_definition(
    name: &str,
    scheme: &Value,
    authorizer: &Value,
    product: Product,
) -> Result<AuthorizerDefinition, String> {
    let kind = text(authorizer, "type").unwrap_or_default().to_lowercase();
    let mut document = Map::new();
    document.insert("name".to_owned(), name.into());
    let ttl = authorizer.get("authorizerResultTtlInSeconds").and_then(|ttl| match ttl {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    if let Some(ttl) = ttl {
        document.insert("authorizerResultTtlInSeconds".to_owned(), ttl.into());
    }
    let uri = text(authorizer, "authorizerUri");
    if let Some(uri) = uri {
        document.insert("authorizerUri".to_owned(), uri.into());
    }
    let authorization_type = match (kind.as_str(), product) {
        ("jwt", Product::Http) => {
            document.insert("authorizerType".to_owned(), "JWT".into());
            let sources = texts(authorizer.get("identitySource"));
            let sources = if sources.is_empty() { vec!["$request.header.Authorization".to_owned()] } else { sources };
            document.insert("identitySource".to_owned(), json!(sources));
            let settings = authorizer.get("jwtConfiguration").cloned().unwrap_or_else(|| json!({}));
            document.insert("jwtConfiguration".to_owned(), settings);
            "JWT"
        }
        ("request", Product::Http | Product::WebSocket) => {
            document.insert("authorizerType".to_owned(), "REQUEST".into());
            let mut sources = Vec::new();
            for source in texts(authorizer.get("identitySource")) {
                sources.extend(source.split(',').map(|part| part.trim().to_owned()));
            }
            document.insert("identitySource".to_owned(), json!(sources));
            let version = authorizer.get("authorizerPayloadFormatVersion").map_or("1.0".to_owned(), |version| {
                version.as_str().map_or_else(|| format!("{:.1}", version.as_f64().unwrap_or(1.0)), str::to_owned)
            });
            document.insert("authorizerPayloadFormatVersion".to_owned(), version.into());
            "CUSTOM"
        }
        ("cognito_user_pools", Product::Rest) => {
            document.insert("type".to_owned(), "COGNITO_USER_POOLS".into());
            document.insert("providerARNs".to_owned(), json!(texts(authorizer.get("providerARNs"))));
            document.insert("identitySource".to_owned(), header(scheme).into());
            "COGNITO_USER_POOLS"
        }
        ("token" | "request", Product::Rest) => {
            document.insert("type".to_owned(), kind.to_uppercase().into());
            let source = text(authorizer, "identitySource").map_or_else(|| header(scheme), str::to_owned);
            document.insert("identitySource".to_owned(), source.into());
            if let Some(expression) = text(authorizer, "identityValidationExpression") {
                document.insert("identityValidationExpression".to_owned(), expression.into());
            }
            "CUSTOM"
        }
        _ => {
            return Err(format!(
                "an authorizer of type {kind:?} is nothing that this kind of API knows; routes that name it are open"
            ));
        }
    };
    if matches!(authorization_type, "CUSTOM") && uri.is_none() {
        return Err("the authorizer has no authorizerUri; routes that name it are open".to_owned());
    }
    Ok(AuthorizerDefinition { name: name.to_owned(), authorization_type, document })
}

/// `method.request.header.Authorization`, from the scheme's own header.
fn header(scheme: &Value) -> String {
    let name = match text(scheme, "in") {
        Some("header") | None => text(scheme, "name").filter(|name| !name.eq_ignore_ascii_case("unused")),
        _ => None,
    };
    format!("method.request.header.{}", name.unwrap_or("Authorization"))
}
