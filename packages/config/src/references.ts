/** Kinds of `${kind:argument}`. */
const REFERENCE_KINDS = ["env", "file", "cmd", "secret"] as const;
export type ReferenceKind = (typeof REFERENCE_KINDS)[number];

/** One `${kind:argument}` inside a text. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly argument: string;
}

/** What looking up a reference needs. */
export interface LookupContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly folder: string;
}

/** A text cut into what stands there and what must be looked up. */
export type TextPart = string | Reference;

/** Why a text with `${` in it is no proper reference. */
export class ReferenceFault extends Error {}

/** True when the value is a text that holds a reference (or tries to). */
export function holdsReference(value: unknown): value is string {
  return typeof value === "string" && /(?<!\$)\$\{/.test(value);
}

/** Cuts a text at its references; `$${` stands for the two characters `${`. Throws {@link ReferenceFault}. */
export function parseReferences(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let plain = "";
  for (let index = 0; index < text.length;) {
    if (text.startsWith("$${", index)) {
      plain += "${";
      index += 3;
    } else if (text.startsWith("${", index)) {
      const end = text.indexOf("}", index);
      if (end < 0) throw new ReferenceFault('A reference is not closed: "}" is missing.');
      if (plain !== "") parts.push(plain);
      plain = "";
      parts.push(parseReference(text.slice(index + 2, end)));
      index = end + 1;
    } else {
      plain += text[index] ?? "";
      index += 1;
    }
  }
  if (plain !== "" || parts.length === 0) parts.push(plain);
  return parts;
}

function parseReference(body: string): Reference {
  const colon = body.indexOf(":");
  const kind = body.slice(0, Math.max(0, colon)).trim();
  const argument = body.slice(colon + 1).trim();
  const forms = "${env:NAME}, ${file:PATH}, ${cmd:PROGRAM ARGS} or ${secret:NAME}";
  if (colon < 0)
    throw new ReferenceFault(
      `\${${body}} is no reference. For the environment variable write \${env:${body}}; allowed are ${forms}.`,
    );
  const known = REFERENCE_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) throw new ReferenceFault(`\${${kind}:…} is no reference; allowed are ${forms}.`);
  if (argument === "") throw new ReferenceFault(`\${${kind}:} names nothing; allowed are ${forms}.`);
  return { kind: known, argument };
}
