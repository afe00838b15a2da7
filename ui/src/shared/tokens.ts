// Cloudscape's colours for what Cloudscape does not draw: style sheets name these, and light and dark come by themselves.
import {
  colorBackgroundCellShaded,
  colorBackgroundContainerContent,
  colorBackgroundDropdownItemHover,
  colorBackgroundItemSelected,
  colorBorderDividerDefault,
  colorBorderInputDefault,
  colorBorderItemFocused,
  colorBorderItemSelected,
  colorTextBodySecondary,
  colorTextStatusError,
} from '@cloudscape-design/design-tokens';

const TOKENS = {
  '--pc-ground': colorBackgroundContainerContent,
  '--pc-shaded': colorBackgroundCellShaded,
  '--pc-hover': colorBackgroundDropdownItemHover,
  '--pc-chosen': colorBackgroundItemSelected,
  '--pc-chosen-border': colorBorderItemSelected,
  '--pc-focus': colorBorderItemFocused,
  '--pc-line': colorBorderDividerDefault,
  '--pc-field': colorBorderInputDefault,
  '--pc-quiet': colorTextBodySecondary,
  '--pc-mistake': colorTextStatusError,
};

/** Puts the tokens where every style sheet finds them: on the element that carries Cloudscape's mode. */
export function applyTokens() {
  for (const [name, value] of Object.entries(TOKENS)) document.body.style.setProperty(name, value);
}
