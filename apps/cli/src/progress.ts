import type { ProgressEvent } from "@tidemark/pipeline";

import { type Io, type Output, type Paint, paintFor } from "./io.js";
import { formatCount, formatMs, plural } from "./text.js";

const REDRAW_MS = 100;
const LINE_EVERY_MS = 5_000;
const BAR_WIDTH = 20;
const MAX_BARS = 12;

interface Track {
  event: ProgressEvent;
  /** When its first event came, and how much had been read by then (a resumed pass starts above 0). */
  readonly firstAt: number;
  readonly firstRead: number;
}

/** Ended well without having had to ask anything: of a hundred such objects the summary alone tells, in one line. */
function isQuiet({ status, read, requests }: ProgressEvent): boolean {
  return status === "succeeded" && read === 0 && requests === 0;
}

/** Shows the progress of a run: live bars on a terminal, a line every few seconds elsewhere. */
export class ProgressView {
  readonly #output: Output;
  readonly #paint: Paint;
  readonly #now: () => number;
  readonly #tracks = new Map<string, Track>();
  readonly #live: boolean;
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(io: Pick<Io, "stderr" | "env">, now: () => number = Date.now) {
    this.#output = io.stderr;
    this.#paint = paintFor(io.stderr, io.env);
    this.#live = io.stderr.isTTY === true && io.env["TERM"] !== "dumb";
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), this.#live ? REDRAW_MS : LINE_EVERY_MS);
    this.#timer.unref();
  }

  /** Takes the lines away again. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#live) this.#erase();
  }

  readonly update = (event: ProgressEvent): void => {
    const known = this.#tracks.get(event.object);
    const track = known ?? { event, firstAt: this.#now(), firstRead: event.read };
    track.event = event;
    this.#tracks.set(event.object, track);
    if (event.phase !== "done") return;
    this.#tracks.delete(event.object);
    if (isQuiet(event)) return;
    if (this.#live) this.#erase();
    this.#output.write(`${this.#doneLine(track)}\n`);
    if (this.#live) this.#draw();
  };

  #tick(): void {
    if (this.#live) {
      this.#erase();
      this.#draw();
      return;
    }
    for (const track of this.#tracks.values())
      if (track.event.phase !== "starting") this.#output.write(`${this.#describe(track)}\n`);
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#output.write(`\u001B[${this.#drawnLines}A\u001B[0J`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    const active = [...this.#tracks.values()].filter(({ event }) => event.phase !== "starting");
    const shown = active.slice(0, MAX_BARS);
    const width = Math.max(40, (this.#output.columns || 80) - 1);
    const lines = shown.map((track) => this.#bar(track).slice(0, width));
    if (active.length > shown.length) lines.push(`… and ${active.length - shown.length} more`);
    if (lines.length > 0) this.#output.write(`${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }

  #bar(track: Track): string {
    const { read, total } = track.event;
    const part = total === undefined || total === 0 ? null : Math.min(1, read / total);
    const filled = part === null ? 0 : Math.round(part * BAR_WIDTH);
    const bar = part === null ? "·".repeat(BAR_WIDTH) : "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    return `${bar} ${this.#describe(track)}`;
  }

  #describe(track: Track): string {
    const { object, phase, mode, read, total, requests, throttledMs } = track.event;
    const rate = this.#rate(track);
    const left = total !== undefined && rate > 0 && total > read ? (total - read) / rate : null;
    const parts = [
      `${formatCount(read)}${total === undefined ? "" : ` of about ${formatCount(total)}`} read`,
      ...(rate >= 1 ? [`${formatCount(Math.round(rate))}/s`] : []),
      ...(left === null ? [] : [`ETA ${formatMs(left * 1000)}`]),
      plural(requests, "request"),
      ...(throttledMs >= 1000 ? [`waited ${formatMs(throttledMs)} for Okta's limits`] : []),
    ];
    return `${object} (${mode}${phase === "listing" ? "" : `, ${phase}`}): ${parts.join(", ")}`;
  }

  #doneLine(track: Track): string {
    const { object, status, mode, read, requests } = track.event;
    const ok = status === "succeeded";
    const mark = ok ? this.#paint.green("✓") : this.#paint.yellow("!");
    const took = formatMs(this.#now() - track.firstAt);
    return `${mark} ${object} (${mode}): ${ok ? "" : `${status ?? "ended"}, `}${formatCount(read)} read, ${plural(requests, "request")}, ${took}`;
  }

  #rate(track: Track): number {
    const seconds = (this.#now() - track.firstAt) / 1000;
    return seconds < 0.2 ? 0 : (track.event.read - track.firstRead) / seconds;
  }
}
