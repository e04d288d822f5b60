const FORBIDDEN = /[<>:"/\\|?*_]/g;

/** The rule for connection names, for messages. */
export const CONNECTION_NAME_RULE =
  'A connection name is unique, does not start with a digit and holds none of < > : " / \\ | ? * _';

/** What is wrong with a connection's name, with an allowed one to use instead; null when nothing is. */
export function checkConnectionName(name: string): string | null {
  if (name.trim() === "") return `The connection has no name. ${CONNECTION_NAME_RULE}.`;
  const found = [...new Set(name.match(FORBIDDEN) ?? [])];
  const digit = /^\d/.test(name);
  if (found.length === 0 && !digit) return null;
  const faults = [
    ...(digit ? ["starts with a digit"] : []),
    ...(found.length > 0 ? [`holds ${found.map((character) => `"${character}"`).join(" and ")}`] : []),
  ];
  return `The connection name "${name}" ${faults.join(" and ")}. ${CONNECTION_NAME_RULE}. Use "${allowedName(name)}" instead.`;
}

function allowedName(name: string): string {
  const plain = name.replaceAll(FORBIDDEN, "-").replaceAll(/-{2,}/g, "-").replaceAll(/^-|-$/g, "");
  const named = plain === "" ? "acme" : plain;
  return /^\d/.test(named) ? `c-${named}` : named;
}
