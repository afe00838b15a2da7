/** What Cloudscape's split panel says. */
export const PANEL_WORDS = {
  preferencesTitle: 'Panel preferences',
  preferencesPositionLabel: 'Position',
  preferencesPositionDescription: 'Where the panel stands.',
  preferencesPositionSide: 'Side',
  preferencesPositionBottom: 'Bottom',
  preferencesConfirm: 'Confirm',
  preferencesCancel: 'Cancel',
  closeButtonAriaLabel: 'Close panel',
  openButtonAriaLabel: 'Open panel',
  resizeHandleAriaLabel: 'Resize panel',
};
