/** What the address of the WAF view says. */
export interface WafSearch {
  /** The context of the web ACL that is shown. */
  context?: string;
  /** Its ARN or name. */
  acl?: string;
  /** The rule in the panel. */
  rule?: string;
  tab?: 'requests' | 'routes';
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readWafSearch(raw: Record<string, unknown>): WafSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const { tab } = raw;
  return {
    context: text(raw.context),
    acl: text(raw.acl),
    rule: text(raw.rule),
    tab: tab === 'requests' || tab === 'routes' ? tab : undefined,
  };
}
