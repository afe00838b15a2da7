import { useSearch } from '@tanstack/react-router';

import { WebAclList } from './WebAclList';
import { WebAclView } from './WebAclView';

/** Every web ACL, or the one that the address names. */
export function WafView() {
  const search = useSearch({ from: '/waf' });
  if (search.acl === undefined) return <WebAclList />;
  return <WebAclView key={`${search.context ?? ''} ${search.acl}`} context={search.context ?? ''} name={search.acl} />;
}
