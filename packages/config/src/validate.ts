import { z } from "zod";

import { type ConfigProblem, orList } from "./problems.js";
import { holdsReference, parseReferences, ReferenceFault } from "./references.js";
import { type KeyPath, printPath, type SourceMap } from "./source-map.js";
import { didYouMean } from "./suggest.js";

type Issue = z.core.$ZodIssue;

/** What one value is held against, and where it stands in the file. */
export interface Subject {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly at: KeyPath;
  readonly source: SourceMap;
  /** A sentence about a key that stands in the wrong place; null when it has no right one either. */
  readonly elsewhere?: (key: string) => string | null;
}

/**
 * Everything that is wrong with a value. A text that holds a reference is not judged by its type (its value comes
 * later), only by whether the reference is written properly.
 */
export function findProblems(subject: Subject): ConfigProblem[] {
  const problems = referenceProblems(subject.value, subject.at, subject.source);
  const result = subject.schema.safeParse(subject.value);
  if (result.success) return problems;
  for (const issue of result.error.issues) {
    const path = issue.path.filter((step): step is string | number => typeof step !== "symbol");
    if (holdsReference(valueAt(subject.value, path))) continue;
    problems.push(...describe(issue, path, subject));
  }
  return problems;
}

function describe(issue: Issue, path: KeyPath, subject: Subject): ConfigProblem[] {
  const full = [...subject.at, ...path];
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(schemaAt(subject.schema, path));
    return issue.keys.map((key) => ({
      where: subject.source.whereKey([...full, key]),
      message: unknownKey(key, allowed, path.length === 0 ? subject.elsewhere?.(key) : null),
    }));
  }
  const key = printPath(full.slice(-1)) || "The file";
  const value = valueAt(subject.value, path);
  if (value === undefined) {
    const about = schemaAt(subject.schema, path)?.description;
    return [
      {
        where: subject.source.whereKey(full.slice(0, -1)),
        message: `${key} is missing${about === undefined ? "" : `: ${about.replace(/\.$/, "")}`}.`,
      },
    ];
  }
  const allowed = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const got = allowed.length > 0 && typeof value === "string" ? `, not "${value}"` : "";
  const guess = got === "" ? "" : didYouMean(String(value), allowed);
  return [{ where: subject.source.whereValue(full), message: `${key} ${issue.message}${got}.${guess}` }];
}

/** `Unknown key "tokn". Did you mean "token"? Allowed: …` */
export function unknownKey(key: string, allowed: readonly string[], elsewhere?: string | null): string {
  const what = elsewhere ?? `Unknown key "${key}".${didYouMean(key, allowed)}`;
  return `${what} Allowed here: ${orList(allowed)}.`;
}

function referenceProblems(value: unknown, at: KeyPath, source: SourceMap): ConfigProblem[] {
  if (typeof value === "object" && value !== null) {
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, child]) => referenceProblems(child, [...at, key], source));
  }
  if (!holdsReference(value)) return [];
  try {
    parseReferences(value);
    return [];
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error;
    return [{ where: source.whereValue(at), message: error.message }];
  }
}

/** The schema of the value at `path`; undefined where the table does not say. */
export function schemaAt(schema: z.ZodType, path: KeyPath): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) current = current && childSchema(unwrap(current), step);
  return current;
}

function childSchema(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[step] as z.ZodType | undefined;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return undefined;
}

/** The schema below `optional()`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function allowedKeys(schema: z.ZodType | undefined): string[] {
  const plain = schema && unwrap(schema);
  return plain instanceof z.ZodObject ? Object.keys(plain.shape) : [];
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      typeof current === "object" && current !== null ? (current as Record<string | number, unknown>)[step] : undefined,
    value,
  );
}

/** True for a plain map (not a list, not null). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
