//! The TypeScript side of the catalogue: every type that crosses to the window and the map from operation to
//! request and response. `npm run gen` writes it to `ui/src/api/bindings.ts`; a test compares.

use std::{any::TypeId, collections::BTreeMap, fmt::Write as _};

use ts_rs::{Config, TS, TypeVisitor};

use crate::catalogue;

struct Declarations<'a> {
    config: &'a Config,
    seen: Vec<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        if T::output_path().is_some() {
            let docs = T::docs().map(|docs| docs.trim_end().to_owned() + "\n").unwrap_or_default();
            self.declarations.insert(T::ident(self.config), format!("{docs}export {}", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole text of `ui/src/api/bindings.ts`.
#[must_use]
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut declarations = Declarations { config: &config, seen: Vec::new(), declarations: BTreeMap::new() };
    catalogue::visit_types(&mut declarations);
    <crate::error::WireError as TS>::visit_dependencies(&mut declarations);
    declarations.visit::<crate::error::WireError>();
    let mut text = String::from("// Generated from Rust by `npm run gen`; do not edit.\n\n");
    for declaration in declarations.declarations.values() {
        let _ = writeln!(text, "{}\n", inside_comments(declaration));
    }
    text.push_str("/** Every operation: its request and its response. */\nexport interface Operations {\n");
    for (name, request, response) in catalogue::signatures(&config) {
        let _ = writeln!(text, "  {name}: {{ request: {request}; response: {response} }};");
    }
    text.push_str("}\n");
    text
}

/// `*/*` in a doc comment would end the comment in TypeScript: only a line that is nothing else may.
fn inside_comments(declaration: &str) -> String {
    let line = |line: &str| if line.trim() == "*/" { line.to_owned() } else { line.replace("*/", "*\\/") };
    declaration.lines().map(line).collect::<Vec<_>>().join("\n")
}
