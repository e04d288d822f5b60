const REPLACEMENT = "\uFFFD";

// With the u flag a surrogate in a class matches only where it stands alone.
// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /[\u0000\uD800-\uDFFF]/u;
// oxlint-disable-next-line no-control-regex
const UNSTORABLE_ALL = /[\u0000\uD800-\uDFFF]/gu;

/**
 * Text that every database stores the same way: U+0000, which PostgreSQL's text cannot hold (PostgreSQL documentation,
 * character types), and lone surrogates, which are not UTF-8, become U+FFFD.
 */
export function cleanText(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(UNSTORABLE_ALL, REPLACEMENT) : text;
}

/**
 * JSON text that every database stores the same way: the escapes of U+0000 and of lone surrogates, which PostgreSQL's
 * `jsonb` refuses (PostgreSQL documentation, JSON types), become U+FFFD.
 */
export function cleanJson(json: string): string {
  if (!json.includes("\\u")) return json;
  return json.replace(/(?:\\u[0-9a-fA-F]{4})+|\\[^u]/g, (run) => (run.length === 2 ? run : cleanRun(run)));
}

function cleanRun(run: string): string {
  let out = "";
  for (let at = 0; at < run.length;) {
    const code = Number.parseInt(run.slice(at + 2, at + 6), 16);
    const next = at + 6 < run.length ? Number.parseInt(run.slice(at + 8, at + 12), 16) : -1;
    if (code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
      out += run.slice(at, at + 12);
      at += 12;
      continue;
    }
    const bad = code === 0 || (code >= 0xd800 && code <= 0xdfff);
    out += bad ? "\\ufffd" : run.slice(at, at + 6);
    at += 6;
  }
  return out;
}

// Tab, newline, carriage return and backslash mean something in the text formats of PostgreSQL's COPY and MySQL's LOAD
// DATA alike; both read them back from the same escapes (manuals of both).
// oxlint-disable-next-line no-control-regex
const SPECIAL = /[\\\t\n\r\u0000]/;
// oxlint-disable-next-line no-control-regex
const SPECIAL_ALL = /[\\\t\n\r\u0000]/g;

function escapeCharacter(character: string): string {
  switch (character) {
    case "\\":
      return "\\\\";
    case "\t":
      return "\\t";
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    default:
      return REPLACEMENT;
  }
}

/** A value for a line of tab-separated text. */
export function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, escapeCharacter) : text;
}
