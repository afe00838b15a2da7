// Cloudscape's colours for what Cloudscape does not draw: style sheets name these, and light and dark come by themselves.
//
// Of the components' own package: the names of its custom properties end in a hash of its theme, and those of the package
// `design-tokens` are of another build, so that every colour would be the light one of its fallback.
import {
  colorBackgroundCellShaded,
  colorBackgroundContainerContent,
  colorBackgroundDropdownItemHover,
  colorBackgroundItemSelected,
  colorBackgroundNotificationSeverityCritical,
  colorBackgroundNotificationSeverityHigh,
  colorBackgroundNotificationSeverityLow,
  colorBackgroundNotificationSeverityMedium,
  colorBackgroundNotificationSeverityNeutral,
  colorBorderDividerDefault,
  colorBorderInputDefault,
  colorBorderItemFocused,
  colorBorderItemSelected,
  colorTextBodySecondary,
  colorTextNotificationSeverityCritical,
  colorTextNotificationSeverityHigh,
  colorTextNotificationSeverityLow,
  colorTextNotificationSeverityMedium,
  colorTextNotificationSeverityNeutral,
  colorTextStatusError,
} from '../../../node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js';

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
  '--pc-critical': colorBackgroundNotificationSeverityCritical,
  '--pc-on-critical': colorTextNotificationSeverityCritical,
  '--pc-high': colorBackgroundNotificationSeverityHigh,
  '--pc-on-high': colorTextNotificationSeverityHigh,
  '--pc-medium': colorBackgroundNotificationSeverityMedium,
  '--pc-on-medium': colorTextNotificationSeverityMedium,
  '--pc-low': colorBackgroundNotificationSeverityLow,
  '--pc-on-low': colorTextNotificationSeverityLow,
  '--pc-informational': colorBackgroundNotificationSeverityNeutral,
  '--pc-on-informational': colorTextNotificationSeverityNeutral,
};

/** Puts the tokens where every style sheet finds them: on the element that carries Cloudscape's mode. */
export function applyTokens() {
  for (const [name, value] of Object.entries(TOKENS)) document.body.style.setProperty(name, value);
}
