// Text that other people wrote: shown as data, whatever it looks like.

// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const ACTING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Control and direction characters made visible. */
export function visible(text: string): string {
  return text.replace(ACTING, letter => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** A name from AWS, kept from changing the direction of what stands beside it. */
export function Foreign({ text }: { text: string }) {
  return <bdi title={visible(text)}>{visible(text)}</bdi>;
}
