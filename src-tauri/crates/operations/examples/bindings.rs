//! Prints the TypeScript bindings: `npm run gen` writes them to `ui/src/api/bindings.ts`.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    print!("{}", portcullis_operations::bindings::typescript());
}
