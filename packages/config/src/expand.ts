import { z } from "zod";

import { expand } from "./lookup.js";
import type { ConfigProblem } from "./problems.js";
import { holdsReference, type LookupContext, ReferenceFault } from "./references.js";
import type { KeyPath, SourceMap } from "./source-map.js";
import { isRecord, unwrap } from "./validate.js";

/** A part of the file whose references shall be resolved. */
export interface ExpandOptions extends LookupContext {
  readonly at: KeyPath;
  readonly source: SourceMap;
  /** Schema of the value under the first key below `at`: a text that a reference gave becomes the number or list it asks for. */
  readonly schemaFor: (key: string) => z.ZodType | undefined;
}

/** The value with every reference resolved, and the references that could not be. */
export interface Expanded {
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** Resolves the references in all texts below `value`. */
export async function expandTree(value: unknown, options: ExpandOptions): Promise<Expanded> {
  const problems: ConfigProblem[] = [];
  const walk = async (node: unknown, path: KeyPath, schema: z.ZodType | undefined): Promise<unknown> => {
    if (Array.isArray(node))
      return Promise.all(node.map((item: unknown, index) => walk(item, [...path, index], undefined)));
    if (isRecord(node)) {
      const entries = Object.entries(node).map(async ([key, child]) => {
        const below = path.length === options.at.length ? options.schemaFor(key) : childOf(schema, key);
        return [key, await walk(child, [...path, key], below)] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    }
    if (!holdsReference(node)) return typeof node === "string" ? node.replaceAll("$${", "${") : node;
    try {
      return coerce(await expand(node, options), schema);
    } catch (error) {
      if (!(error instanceof ReferenceFault)) throw error;
      problems.push({ where: options.source.whereValue(path), message: error.message });
      return node;
    }
  };
  return { value: await walk(value, options.at, undefined), problems };
}

function childOf(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  const plain = schema && unwrap(schema);
  return plain instanceof z.ZodObject ? (plain.shape[key] as z.ZodType | undefined) : undefined;
}

/** A reference always gives text; where the table asks for a number, a boolean or a list, that is read from it. */
function coerce(text: string, schema: z.ZodType | undefined): unknown {
  const plain = schema && unwrap(schema);
  if (plain instanceof z.ZodNumber) return text.trim() === "" ? text : Number(text);
  if (plain instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  if (plain instanceof z.ZodArray) return text.split(/[\s,]+/).filter((word) => word !== "");
  return text;
}
