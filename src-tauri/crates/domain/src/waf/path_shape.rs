//! The paths under which a route can be asked for, as WAF sees them, and how a text compares with all of them.
//!
//! WAF sees the path of the URL: with the stage on the API's own host (`/prod/login`), with the base path of a mapping on
//! a custom domain.

use crate::{
    api::{Api, EndpointType},
    inventory::DomainMapping,
    route::Route,
};

use super::reach::Reach;

/// One of a route's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteAddress {
    /// The host, for a person: a custom domain, or `execute-api`.
    pub host: String,
    /// The path, parameters in braces: `/prod/orders/{id}`.
    pub path: String,
    /// `POST`, `ANY`.
    pub method: String,
}

/// Where a route is asked for, as far as is known. `domains_known` is whether custom domains could be read.
#[must_use]
pub fn route_addresses(route: &Route, api: &Api, domains: &[DomainMapping]) -> Vec<RouteAddress> {
    let address =
        |host: &str, path: String| RouteAddress { host: host.to_owned(), path, method: route.method.to_string() };
    let mut all = Vec::new();
    if !api.execute_api_disabled || api.endpoint_type == EndpointType::Private {
        all.push(address("execute-api", format!("/{}{}", route.stage, route.path)));
    }
    let mapped = domains.iter().filter(|mapping| {
        mapping.api_id == api.id && mapping.stage.as_deref().is_none_or(|stage| stage == &*route.stage)
    });
    all.extend(mapped.map(|mapping| {
        let base = if mapping.base_path.is_empty() { String::new() } else { format!("/{}", mapping.base_path) };
        let stage = if mapping.stage.is_none() { format!("/{}", route.stage) } else { String::new() };
        address(&mapping.domain, format!("{base}{stage}{}", route.path))
    }));
    all
}

/// A path template: letters that are fixed, and places for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Letter(char),
    /// `{id}`: one or more letters, no slash.
    Parameter,
    /// `{proxy+}`: one or more letters of any kind.
    Greedy,
}

/// All paths of a template.
#[derive(Debug, Clone)]
pub(super) struct PathShape(Vec<Piece>);

/// How a text is looked for in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looked {
    Exactly,
    AtStart,
    AtEnd,
    Anywhere,
}

impl PathShape {
    /// `lower` for paths that are compared in lower case.
    pub(super) fn of(template: &str, change: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while !rest.is_empty() {
            let at = rest.find('{').filter(|at| rest[*at..].contains('}'));
            let (fixed, after) = rest.split_at(at.unwrap_or(rest.len()));
            pieces.extend(change(fixed)?.chars().map(Piece::Letter));
            let Some(end) = after.find('}') else { break };
            pieces.push(if after[..end].ends_with('+') { Piece::Greedy } else { Piece::Parameter });
            rest = &after[end + 1..];
        }
        Some(Self(pieces))
    }

    /// Whether the paths are one path.
    pub(super) fn only(&self) -> Option<String> {
        self.0.iter().map(|piece| if let Piece::Letter(letter) = piece { Some(*letter) } else { None }).collect()
    }

    /// A path of this shape, for expressions that cannot be compared with all of them.
    pub(super) fn example(&self, fill: &str) -> String {
        self.0.iter().fold(String::new(), |mut path, piece| {
            match piece {
                Piece::Letter(letter) => path.push(*letter),
                Piece::Parameter | Piece::Greedy => path.push_str(fill),
            }
            path
        })
    }

    /// Whether all, some or none of the paths have the text there.
    pub(super) fn compare(&self, text: &str, looked: Looked) -> Reach {
        let letters: Vec<char> = text.chars().collect();
        if self.all(&letters, looked) {
            Reach::Always
        } else if self.some(&letters, looked, false) {
            Reach::Sometimes
        } else if self.some(&letters, looked, true) {
            Reach::Rarely
        } else {
            Reach::Never
        }
    }

    /// Whether some path has it: the template is walked with the text, every way at once. Without `parameters`, those
    /// that end at a slash have none of its letters.
    fn some(&self, text: &[char], looked: Looked, parameters: bool) -> bool {
        let length = self.0.len();
        let inside = matches!(looked, Looked::AtEnd | Looked::Anywhere);
        // A place is (piece, whether the piece has taken a letter already).
        let mut places: Vec<(usize, bool)> =
            if inside { (0..=length).flat_map(|at| [(at, false), (at, true)]).collect() } else { vec![(0, false)] };
        for letter in text {
            let mut next: Vec<(usize, bool)> = Vec::new();
            for (at, begun) in places {
                // A place for anything that has taken a letter may be left without taking another.
                let mut reachable = vec![(at, begun)];
                if begun && matches!(self.0.get(at), Some(Piece::Parameter | Piece::Greedy)) {
                    reachable.push((at + 1, false));
                }
                for (at, _) in reachable {
                    match self.0.get(at) {
                        Some(Piece::Letter(fixed)) if fixed == letter => next.push((at + 1, false)),
                        Some(Piece::Parameter) if parameters && *letter != '/' => next.push((at, true)),
                        Some(Piece::Greedy) => next.push((at, true)),
                        _ => {}
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        match looked {
            Looked::AtStart | Looked::Anywhere => !places.is_empty(),
            Looked::Exactly | Looked::AtEnd => places.into_iter().any(|(at, begun)| {
                at == length || (begun && at + 1 == length && !matches!(self.0.get(at), Some(Piece::Letter(_))))
            }),
        }
    }

    /// Whether every path has it: it stands in the fixed letters.
    fn all(&self, text: &[char], looked: Looked) -> bool {
        let fixed = |piece: &Piece| if let Piece::Letter(letter) = piece { Some(*letter) } else { None };
        let runs: Vec<Vec<char>> =
            self.0.split(|piece| fixed(piece).is_none()).map(|run| run.iter().filter_map(fixed).collect()).collect();
        match looked {
            Looked::Exactly => runs.len() == 1 && runs[0] == text,
            Looked::AtStart => runs.first().is_some_and(|run| run.starts_with(text)),
            Looked::AtEnd => runs.last().is_some_and(|run| run.ends_with(text)),
            Looked::Anywhere => {
                text.is_empty() || runs.iter().any(|run| run.windows(text.len()).any(|part| part == text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compare(template: &str, text: &str, looked: Looked) -> Reach {
        PathShape::of(template, &|fixed| Some(fixed.to_owned())).unwrap().compare(text, looked)
    }

    #[test]
    fn a_template_compares_as_all_its_paths_do() {
        use Looked::{Anywhere, AtEnd, AtStart, Exactly};
        use Reach::{Always, Never, Rarely, Sometimes};
        for (template, text, looked, expected) in [
            ("/login", "/login", Exactly, Always),
            ("/login", "/log", AtStart, Always),
            ("/prod/login", "/login", AtStart, Never),
            ("/prod/login", "/login", Anywhere, Always),
            ("/orders/{id}", "/orders/", AtStart, Always),
            ("/orders/{id}", "/orders/admin", AtStart, Rarely),
            ("/orders/{id}", "/orders/admin", Exactly, Rarely),
            ("/orders/{id}", "/orders/a/b", AtStart, Never),
            ("/orders/{id}", "/orders", Exactly, Never),
            ("/orders/{id}/pay", "/pay", AtEnd, Always),
            ("/orders/{id}/pay", "x/pay", AtEnd, Rarely),
            ("/orders/{id}/pay", "secret", Anywhere, Rarely),
            ("/{proxy+}", "/login", AtStart, Sometimes),
            ("/{proxy+}", "/a/b/c", Exactly, Sometimes),
            ("/a/{proxy+}", "/login", AtStart, Never),
            ("/a/{proxy+}", "/login", AtEnd, Sometimes),
        ] {
            assert_eq!(compare(template, text, looked), expected, "{template} {text} {looked:?}");
        }
    }

    proptest! {
        #[test]
        fn never_and_always_are_never_wrong(
            template in "(/([ab]{1,2}|\\{p\\})){1,3}", fill in "[ab]{1,3}", text in "[/ab]{0,4}"
        ) {
            let path = template.replace("{p}", &fill);
            for (looked, has) in [
                (Looked::Exactly, path == text),
                (Looked::AtStart, path.starts_with(&text)),
                (Looked::AtEnd, path.ends_with(&text)),
                (Looked::Anywhere, path.contains(&text)),
            ] {
                match compare(&template, &text, looked) {
                    Reach::Always => prop_assert!(has, "{} {} {:?}", path, text, looked),
                    Reach::Never => prop_assert!(!has, "{} {} {:?}", path, text, looked),
                    Reach::Sometimes | Reach::Rarely | Reach::Unknown => {}
                }
            }
        }
    }
}
