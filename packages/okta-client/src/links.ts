/** A link of a `Link` header. */
export interface Link {
  readonly url: string;
  readonly rel: string;
}

const TARGET = /\s*,?\s*<([^>]*)>/y;
const PARAMETER = /\s*;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+)))?/y;

/**
 * Parses a `Link` header (RFC 8288), one link or many joined by commas. URLs may hold commas and quotes, which Okta's do
 * when they repeat a search expression. What follows something unreadable is dropped.
 */
export function parseLinks(header: string | null): Link[] {
  const links: Link[] = [];
  if (header === null) return links;
  let at = 0;
  for (;;) {
    TARGET.lastIndex = at;
    const target = TARGET.exec(header);
    if (!target) return links;
    at = TARGET.lastIndex;
    let rel = "";
    for (;;) {
      PARAMETER.lastIndex = at;
      const parameter = PARAMETER.exec(header);
      if (!parameter) break;
      at = PARAMETER.lastIndex;
      const value = parameter[2]?.replace(/\\(.)/g, "$1") ?? parameter[3] ?? "";
      // The first rel counts (RFC 8288 3.3).
      if (parameter[1]?.toLowerCase() === "rel" && rel === "") rel = value.toLowerCase();
    }
    links.push({ url: target[1] ?? "", rel });
  }
}

/** The target of `rel="next"`, or null. A rel may name several relations. */
export function nextLink(header: string | null): string | null {
  return parseLinks(header).find((link) => link.rel.split(/\s+/).includes("next"))?.url ?? null;
}
