//! The part of a request that a statement looks at, and what is done to it first.

use serde_json::Value;

/// `FieldToMatch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The path of the URL.
    Path,
    /// The query string.
    Query,
    /// One argument of the query.
    Argument(String),
    /// Every argument of the query.
    Arguments,
    /// One header.
    Header(String),
    /// Headers.
    Headers,
    /// Cookies.
    Cookies,
    /// The body.
    Body,
    /// The body, read as JSON.
    Json,
    /// The method.
    Method,
    /// Something about the connection or the order of headers.
    Other(&'static str),
    /// Newer than this program.
    Unknown(String),
}

impl Field {
    /// Reads `{"UriPath": {}}`.
    pub(super) fn read(json: &Value) -> Self {
        let Some((name, body)) = json.as_object().and_then(|members| members.iter().next()) else {
            return Self::Unknown("no field".to_owned());
        };
        let named = || body["Name"].as_str().unwrap_or("without a name").to_owned();
        match name.as_str() {
            "UriPath" => Self::Path,
            "QueryString" => Self::Query,
            "SingleQueryArgument" => Self::Argument(named()),
            "AllQueryArguments" => Self::Arguments,
            "SingleHeader" => Self::Header(named()),
            "Headers" => Self::Headers,
            "Cookies" => Self::Cookies,
            "Body" => Self::Body,
            "JsonBody" => Self::Json,
            "Method" => Self::Method,
            "HeaderOrder" => Self::Other("the order of the headers"),
            "JA3Fingerprint" => Self::Other("the JA3 fingerprint"),
            "JA4Fingerprint" => Self::Other("the JA4 fingerprint"),
            "UriFragment" => Self::Other("the fragment of the URL"),
            _ => Self::Unknown(name.clone()),
        }
    }

    /// `the path`, `the header user-agent`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Path => "the path".to_owned(),
            Self::Query => "the query string".to_owned(),
            Self::Argument(name) => format!("the query argument {name}"),
            Self::Arguments => "an argument of the query".to_owned(),
            Self::Header(name) => format!("the header {name}"),
            Self::Headers => "a header".to_owned(),
            Self::Cookies => "a cookie".to_owned(),
            Self::Body => "the body".to_owned(),
            Self::Json => "the JSON body".to_owned(),
            Self::Method => "the method".to_owned(),
            Self::Other(words) => (*words).to_owned(),
            Self::Unknown(name) => format!("a part that this program does not know ({name})"),
        }
    }
}

/// `TextTransformations`, in the order in which they are made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transformations(pub(super) Vec<String>);

impl Transformations {
    pub(super) fn read(json: &Value) -> Self {
        let mut listed: Vec<(i64, String)> = json
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| {
                let name = one["Type"].as_str().unwrap_or("an unknown transformation");
                (one["Priority"].as_i64().unwrap_or(0), name.to_owned())
            })
            .collect();
        listed.sort_by_key(|(priority, _)| *priority);
        Self(listed.into_iter().map(|(_, name)| name).filter(|name| name != "NONE").collect())
    }

    /// ` in lower case`, ` after URL_DECODE and LOWERCASE`, or nothing.
    pub(super) fn words(&self) -> String {
        match self.0.as_slice() {
            [] => String::new(),
            [one] if one == "LOWERCASE" => " in lower case".to_owned(),
            [one] => format!(" after {one}"),
            [rest @ .., last] => format!(" after {} and {last}", rest.join(", ")),
        }
    }

    /// What becomes of a path that has nothing to decode; `None` where that is not known.
    pub(super) fn of_plain_path(&self, path: &str) -> Option<String> {
        self.0.iter().try_fold(path.to_owned(), |path, name| {
            Some(match name.as_str() {
                "LOWERCASE" => path.to_ascii_lowercase(),
                "UPPERCASE" => path.to_ascii_uppercase(),
                "URL_DECODE"
                | "URL_DECODE_UNI"
                | "HTML_ENTITY_DECODE"
                | "COMPRESS_WHITE_SPACE"
                | "NORMALIZE_PATH"
                | "NORMALIZE_PATH_WIN"
                | "REMOVE_NULLS"
                | "REPLACE_NULLS"
                | "REMOVE_WHITESPACE"
                | "TRIM"
                | "TRIM_LEFT"
                | "TRIM_RIGHT"
                | "JS_DECODE"
                | "JS_DECODE_EXT"
                | "CSS_DECODE"
                | "ESCAPE_SEQ_DECODE"
                    if plain(&path) =>
                {
                    path
                }
                _ => return None,
            })
        })
    }
}

/// Letters, digits and the signs of paths, which no decoding changes.
fn plain(path: &str) -> bool {
    !path.contains("//")
        && !path.contains("/.")
        && path.chars().all(|letter| letter.is_ascii_alphanumeric() || "/-_.~{}".contains(letter))
}
