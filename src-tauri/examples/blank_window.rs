//! A window of Tauri's with nothing in it but a colour: what `npm run bench:startup` measures the program against.

use tauri::{WebviewUrl, WebviewWindowBuilder, http::Response};

/// Green that nothing of the program has, so that the benchmark knows it on the screen.
const PAGE: &str = "<!doctype html><body style='margin:0;background:#16c60c'></body>";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = "blank://localhost/".parse()?;
    tauri::Builder::default()
        .register_uri_scheme_protocol("blank", |_, _| {
            let mut response = Response::new(PAGE.as_bytes().to_vec());
            response.headers_mut().insert("content-type", tauri::http::HeaderValue::from_static("text/html"));
            response
        })
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(page))
                .title("Blank")
                .inner_size(1440.0, 900.0)
                .build()?;
            Ok(())
        })
        // Not the program's configuration: two builds at once that embed the same interface write the same files, and one
        // of them embeds what the other has only begun to write.
        .run(tauri::generate_context!("examples/blank/tauri.conf.json"))?;
    Ok(())
}
