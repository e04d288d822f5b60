/** `name` or `name@host`, as it stands in `grantSelect`. */
function split(role: string): { user: string; host: string | null } {
  const at = role.lastIndexOf("@");
  return at < 0 ? { user: role, host: null } : { user: role.slice(0, at), host: role.slice(at + 1) };
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("?", "\\?")}'`;
}

/** The account of a GRANT. A name without host is a role, or a user from anywhere. */
export function grantee(role: string): string {
  const { user, host } = split(role);
  return host === null ? quoted(user) : `${quoted(user)}@${quoted(host)}`;
}

/** How `information_schema` may name that account: MariaDB's roles have no host. */
export function granteesInCatalog(role: string): readonly [string, string] {
  const { user, host } = split(role);
  const account = `'${user}'@'${host ?? "%"}'`;
  return [account, host === null ? `'${user}'@''` : account];
}
