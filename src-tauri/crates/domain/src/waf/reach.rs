//! Whether a rule can match requests to an address: three answers for a person, four inside.

use regex::Regex;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    field::{Field, Transformations},
    path_shape::{Looked, PathShape, RouteAddress},
    statement::{Position, Statement, StatementKind},
};

/// How many of the requests to an address a condition holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// For all.
    Always,
    /// For some, as far as is known: it depends on the request.
    Sometimes,
    /// Only where a path parameter happens to have the text that is looked for.
    Rarely,
    /// For none.
    Never,
    /// Not known.
    Unknown,
}

/// The answer for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanMatch {
    /// There are requests that match.
    Can,
    /// There are none.
    Cannot,
    /// It depends on something that this program does not know.
    CannotTell,
}

impl Reach {
    /// For a person.
    #[must_use]
    pub fn answer(self) -> CanMatch {
        match self {
            Self::Always | Self::Sometimes | Self::Rarely => CanMatch::Can,
            Self::Never => CanMatch::Cannot,
            Self::Unknown => CanMatch::CannotTell,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Rarely | Self::Sometimes => Self::Sometimes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Both hold. Where each holds for some requests, whether one request meets both is not looked into.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Rarely, _) | (_, Self::Rarely) => Self::Rarely,
            (Self::Always, Self::Always) => Self::Always,
            _ => Self::Sometimes,
        }
    }

    /// One holds.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::Sometimes, _) | (_, Self::Sometimes) => Self::Sometimes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Rarely, _) | (_, Self::Rarely) => Self::Rarely,
            (Self::Never, Self::Never) => Self::Never,
        }
    }

    /// Over addresses of which a request has one.
    pub(super) fn over(all: impl IntoIterator<Item = Self>) -> Self {
        let mut all = all.into_iter();
        let Some(first) = all.next() else { return Self::Unknown };
        all.fold(first, |known, one| match (known, one) {
            (same, other) if same == other => same,
            (Self::Always | Self::Sometimes, _) | (_, Self::Always | Self::Sometimes) => Self::Sometimes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::Rarely,
        })
    }
}

/// What earlier rules may have set.
pub(super) struct Labels<'a> {
    /// The web ACL's prefix.
    pub(super) namespace: &'a str,
    /// Full labels, and how many requests they are on.
    pub(super) set: &'a [(String, Reach)],
    /// Whether a managed group was before: it sets labels of its own.
    pub(super) managed: bool,
    /// Whether a rule group of the account was before, whose rules are not read here.
    pub(super) groups: bool,
    /// Whether a country was asked for before: that sets labels too.
    pub(super) geo: bool,
}

impl Labels<'_> {
    pub(super) fn full(&self, key: &str) -> String {
        if key.starts_with("awswaf:") { key.to_owned() } else { format!("{}{key}", self.namespace) }
    }

    fn reach(&self, key: &str, namespace: bool) -> Reach {
        let wanted = self.full(key);
        let fits = |label: &str| if namespace { label.starts_with(&wanted) } else { label == wanted };
        let own = self.set.iter().filter(|(label, _)| fits(label)).map(|(_, reach)| *reach);
        let known = own.reduce(Reach::or).unwrap_or(Reach::Never);
        let elsewhere = if wanted.starts_with("awswaf:managed:") {
            if self.managed { Reach::Sometimes } else { Reach::Never }
        } else if wanted.contains(":geo:") {
            if self.geo { Reach::Sometimes } else { Reach::Never }
        } else if self.groups {
            Reach::Unknown
        } else {
            Reach::Never
        };
        known.or(elsewhere)
    }
}

/// How many requests to the address the condition holds for.
pub(super) fn reach(statement: &Statement, address: &RouteAddress, labels: &Labels<'_>) -> Reach {
    let below = |one: &Statement| reach(one, address, labels);
    let scoped = |scope: &Option<Box<Statement>>| {
        scope.as_deref().map_or(Reach::Sometimes, |scope| below(scope).and(Reach::Sometimes))
    };
    let known = match &statement.kind {
        StatementKind::And(all) => all.iter().map(below).fold(Reach::Always, Reach::and),
        StatementKind::Or(all) => all.iter().map(below).fold(Reach::Never, Reach::or),
        StatementKind::Not(one) => below(one).not(),
        StatementKind::Bytes { field: Field::Path, transformations, position, text } => {
            path(address, transformations, position, text)
        }
        StatementKind::Bytes { field: Field::Method, transformations, position, text } => {
            method(&address.method, transformations, position, text)
        }
        StatementKind::Regex { field: Field::Path, transformations, pattern } => {
            expression(address, transformations, pattern)
        }
        StatementKind::Bytes { field: Field::Unknown(_), .. }
        | StatementKind::Regex { field: Field::Unknown(_), .. }
        | StatementKind::RegexSet { field: Field::Path | Field::Unknown(_), .. }
        | StatementKind::Attack { field: Field::Unknown(_), .. }
        | StatementKind::Size { field: Field::Unknown(_), .. }
        | StatementKind::Unknown { .. } => Reach::Unknown,
        StatementKind::Bytes { .. }
        | StatementKind::Regex { .. }
        | StatementKind::RegexSet { .. }
        | StatementKind::Attack { .. }
        | StatementKind::Size { .. }
        | StatementKind::Geo { .. }
        | StatementKind::IpSet { .. }
        | StatementKind::Asn { .. } => Reach::Sometimes,
        StatementKind::Label { namespace, key } => labels.reach(key, *namespace),
        StatementKind::Rate { scope_down, .. } | StatementKind::Managed { scope_down, .. } => scoped(scope_down),
        // Its rules may look at the path, and are not read here.
        StatementKind::Group { .. } => Reach::Unknown,
    };
    // What is not known of a statement may narrow it or not: that it holds for none is true all the same.
    if statement.unread.is_empty() || known == Reach::Never { known } else { Reach::Unknown }
}

fn path(address: &RouteAddress, transformations: &Transformations, position: &Position, text: &str) -> Reach {
    let looked = match position {
        Position::Exactly => Looked::Exactly,
        Position::StartsWith => Looked::AtStart,
        Position::EndsWith => Looked::AtEnd,
        Position::Contains => Looked::Anywhere,
        Position::ContainsWord => {
            let shape = PathShape::of(&address.path, &|fixed| transformations.of_plain_path(fixed));
            let contains = shape.map_or(Reach::Unknown, |shape| shape.compare(text, Looked::Anywhere));
            // That it is there is known, whether as a word is not.
            return if contains == Reach::Always { Reach::Sometimes } else { contains };
        }
        Position::Unknown(_) => return Reach::Unknown,
    };
    let shape = PathShape::of(&address.path, &|fixed| transformations.of_plain_path(fixed));
    shape.map_or(Reach::Unknown, |shape| shape.compare(text, looked))
}

fn method(method: &str, transformations: &Transformations, position: &Position, text: &str) -> Reach {
    if method == "ANY" {
        return Reach::Sometimes;
    }
    let Some(method) = transformations.of_plain_path(method) else { return Reach::Unknown };
    let holds = match position {
        Position::Exactly => method == text,
        Position::StartsWith => method.starts_with(text),
        Position::EndsWith => method.ends_with(text),
        Position::Contains => method.contains(text),
        Position::ContainsWord => method == text,
        Position::Unknown(_) => return Reach::Unknown,
    };
    if holds { Reach::Always } else { Reach::Never }
}

/// An expression is compared with the one path, or with examples where there are many: an example that matches shows
/// that some do; that none does is not shown by any number of them.
fn expression(address: &RouteAddress, transformations: &Transformations, pattern: &str) -> Reach {
    let Ok(expression) = Regex::new(pattern) else { return Reach::Unknown };
    let Some(shape) = PathShape::of(&address.path, &|fixed| transformations.of_plain_path(fixed)) else {
        return Reach::Unknown;
    };
    if let Some(only) = shape.only() {
        return if expression.is_match(&only) { Reach::Always } else { Reach::Never };
    }
    let found = ["1", "a", "a1b2c3", "00000000-0000-4000-8000-000000000000"]
        .iter()
        .any(|fill| expression.is_match(&shape.example(fill)));
    if found { Reach::Sometimes } else { Reach::Unknown }
}
