//! The catalogue as a page of documentation.

use crate::catalogue::{Applies, CATALOGUE, Effect};

/// docs/operations.md, from the list.
#[must_use]
pub fn document() -> String {
    let mut text = String::from(
        "# Operations\n\nEverything that can be done, with the window, the command line and the permissions. Generated from the \
         catalogue\n(`src-tauri/crates/operations/src/catalogue.rs`) by `npm run gen`; a test compares.\n",
    );
    for (effect, heading, words) in [
        (Effect::Read, "Reading", "These change nothing."),
        (Effect::Settings, "The console's own settings", "These change files of the console and nothing in AWS."),
        (
            Effect::Plan,
            "Planning changes",
            "Each makes a plan: what would change, by which calls. Nothing is sent until the plan is applied.",
        ),
        (Effect::Change, "Making changes", "These send what a plan says, in a context that may be changed."),
    ] {
        text += &format!("\n## {heading}\n\n{words}\n");
        for operation in CATALOGUE.iter().filter(|operation| operation.effect == effect) {
            text += &format!("\n### `{}`\n\n{}.\n\n", operation.name, operation.summary);
            text += &format!("- Window: {}\n", operation.window);
            text += &match operation.cli {
                Ok(verb) if verb.starts_with('-') => format!("- Command line: {verb}\n"),
                Ok(verb) => format!("- Command line: `portcullis-cli {verb}`\n"),
                Err(why) => format!("- Command line: none; {why}\n"),
            };
            if !operation.undo.is_empty() {
                text += &format!("- Undo: {}\n", operation.undo);
            }
            for (action, resources) in operation.iam {
                text += &format!("- IAM: `{action}` on `{}`\n", resources.join("`, `"));
            }
            match operation.applies {
                Applies::Nothing => {}
                Applies::WhateverThePlanSays => text += "- IAM to apply: what the plan says of each of its calls\n",
                Applies::These(permissions) => {
                    for (action, resources) in permissions {
                        text += &format!("- IAM to apply: `{action}` on `{}`\n", resources.join("`, `"));
                    }
                }
            }
        }
    }
    text
}
