//! Lists that come in pages, whole.

use portcullis_operations::error::WireError;

/// The most that an operation gives in one page.
pub(crate) const PAGE: u32 = 500;

/// Asks for one page after the other, by the offset of its first item, and puts all items into the first answer, whose
/// coverage and calls are the list's.
///
/// # Errors
/// Those of `ask`: half a list is none.
pub(crate) async fn whole<List, Item>(
    mut ask: impl AsyncFnMut(u32) -> Result<List, WireError>,
    items: impl Fn(&mut List) -> &mut Vec<Item>,
    matching: impl Fn(&List) -> u32,
) -> Result<List, WireError> {
    let mut list = ask(0).await?;
    loop {
        let have = u32::try_from(items(&mut list).len()).unwrap_or(u32::MAX);
        if have >= matching(&list) {
            return Ok(list);
        }
        let mut next = ask(have).await?;
        let more = std::mem::take(items(&mut next));
        // What was counted at first went away meanwhile.
        if more.is_empty() {
            return Ok(list);
        }
        items(&mut list).extend(more);
    }
}
