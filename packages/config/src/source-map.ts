import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from "yaml";

import { ConfigError, type ConfigProblem } from "./problems.js";

/** Keys and indexes from the root of the file. */
export type KeyPath = readonly (string | number)[];

/** A place in the file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The parsed file, and where in it each key stands. */
export class SourceMap {
  readonly file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  private constructor(file: string, document: Document.Parsed, lines: LineCounter) {
    this.file = file;
    this.#document = document;
    this.#lines = lines;
  }

  /** Throws a {@link ConfigError} that names line and column of every syntax fault. */
  static parse(file: string, text: string): SourceMap {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, merge: true, prettyErrors: false });
    const source = new SourceMap(file, document, lines);
    if (document.errors.length > 0) {
      throw new ConfigError(
        "CONFIG_SYNTAX",
        document.errors.map((error) => ({
          where: source.#print(source.#position(error.pos[0])),
          message: `This is not YAML: ${error.message}.${referenceHint(text, source.#position(error.pos[0]).line)}`,
        })),
      );
    }
    return source;
  }

  /** The content as plain values. */
  toJS(): unknown {
    return this.#document.toJS({ maxAliasCount: 1_000 }) as unknown;
  }

  /** `file:line:column key.path` of the key at `path`, or of its nearest parent that stands in the file. */
  whereKey(path: KeyPath): string {
    return this.#describe(path, "key");
  }

  /** The same for the value at `path`. */
  whereValue(path: KeyPath): string {
    return this.#describe(path, "value");
  }

  /** `file:line:column` of the key alone, without the key path. */
  place(path: KeyPath): string {
    return this.#print(this.#find(path, "key"));
  }

  /** Keys that stand twice in one map, each with both lines. */
  duplicates(): ConfigProblem[] {
    const problems: ConfigProblem[] = [];
    this.#collectDuplicates(this.#document.contents, [], problems);
    return problems;
  }

  #collectDuplicates(node: unknown, path: KeyPath, problems: ConfigProblem[]): void {
    if (isSeq(node)) {
      node.items.forEach((item, index) => this.#collectDuplicates(item, [...path, index], problems));
      return;
    }
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const key = keyOf(pair);
      const position = this.#position(offsetOf(pair.key));
      const here = [...path, key];
      const first = seen.get(key);
      if (first !== undefined && key !== "<<") {
        const what = path.length === 1 ? `${String(path[0]).replace(/s$/, "")} "${key}"` : `key "${key}"`;
        problems.push({
          where: `${this.#print(position)} ${printPath(here)}`,
          message: `The ${what} is there twice: in line ${first} and in line ${position.line}. Names must be unique; rename or remove one.`,
        });
      }
      seen.set(key, first ?? position.line);
      this.#collectDuplicates(pair.value, here, problems);
    }
  }

  #describe(path: KeyPath, what: "key" | "value"): string {
    const place = this.#print(this.#find(path, what));
    return path.length === 0 ? place : `${place} ${printPath(path)}`;
  }

  #find(path: KeyPath, what: "key" | "value"): Position {
    let node: unknown = this.#document.contents;
    let offset = offsetOf(node);
    path.forEach((step, depth) => {
      const resolved = isAlias(node) ? node.resolve(this.#document) : node;
      const last = depth === path.length - 1;
      if (isMap(resolved)) {
        const pair = resolved.items.findLast((candidate) => keyOf(candidate) === String(step));
        node = pair?.value;
        const target = last && what === "key" ? pair?.key : (pair?.value ?? pair?.key);
        if (pair !== undefined) offset = offsetOf(last ? target : pair.key) || offset;
      } else if (isSeq(resolved)) {
        node = resolved.items[Number(step)];
        if (node !== undefined) offset = offsetOf(node);
      } else {
        node = undefined;
      }
    });
    return this.#position(offset);
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #print(position: Position): string {
    return `${this.file}:${position.line}:${position.column}`;
  }
}

/** `connections.acme.scopes[1]`. */
export function printPath(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function offsetOf(node: unknown): number {
  if (isPair(node)) return offsetOf(node.key);
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}

/** `{ token: ${env:X} }` is the commonest way to break the file: the braces of a reference end the flow map. */
function referenceHint(text: string, line: number): string {
  const content = text.split("\n")[line - 1] ?? "";
  return content.includes("${") ? ' Inside { } or [ ], put a reference in quotes: "${env:NAME}".' : "";
}
