// Colours of what charts draw, in light and dark. Of the components' own package, for the reason that tokens.ts gives.
export {
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsStatusCritical,
  colorChartsStatusInfo,
  colorChartsStatusMedium,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
  colorChartsThresholdNegative,
} from '../../../node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js';
