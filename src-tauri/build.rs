//! Tauri's own build step: capabilities, icons, configuration.

fn main() {
    tauri_build::build();
}
