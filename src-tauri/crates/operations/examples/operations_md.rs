//! Writes docs/operations.md from the catalogue: `cargo run -p portcullis-operations --example operations_md`.

#[expect(clippy::print_stdout, reason = "the document goes to standard output")]
fn main() {
    print!("{}", portcullis_operations::document::document());
}
