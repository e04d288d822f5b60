// One clock for Okta and Tidemark in one process. It stands still while anything can run, and jumps to the next moment
// somebody waits for when nothing can: no answer on its way, no query under way, no timer's work left. So waiting costs
// no real time, work costs no virtual time, and what the clock shows is requests, latency and limits alone. Jumping too
// early could only make the run longer: what is still on its way arrives at the later moment.
import net from "node:net";

import pg from "pg";

/** Looks at the machine this often, and jumps after so many looks at which nothing had moved. */
const LOOK_MS = 2;
const LOOKS = 3;

export class EventClock {
  #now = Date.UTC(2026, 5, 1);
  #sleepers = [];
  #moves = 0;
  #running = true;
  #clients = watchDatabase();
  #sockets = watchSockets();

  now() {
    return this.#now;
  }

  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      this.#moves += 1;
      const sleeper = { at: this.#now + Math.max(0, ms), resolve };
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        this.#moves += 1;
        reject(signal.reason);
      };
      sleeper.wake = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Drives the clock until {@link stop}. */
  async run() {
    let before = "";
    let still = 0;
    while (this.#running) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const now = this.#state();
      still = now === before && !this.#clients.busy() ? still + 1 : 0;
      before = now;
      if (still >= LOOKS && this.#jump()) still = 0;
    }
  }

  stop() {
    this.#running = false;
  }

  #jump() {
    const next = Math.min(...this.#sleepers.map(({ at }) => at));
    if (next === Infinity) return false;
    this.#now = next;
    const due = this.#sleepers.filter(({ at }) => at <= next);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > next);
    for (const sleeper of due) sleeper.wake();
    return true;
  }

  #state() {
    return `${this.#moves} ${this.#sockets.bytes()}`;
  }
}

/** Knows whether a query of this process is under way. */
function watchDatabase() {
  const clients = new Set();
  const { connect } = pg.Client.prototype;
  pg.Client.prototype.connect = function watched(...rest) {
    clients.add(this);
    this.once("end", () => clients.delete(this));
    return connect.apply(this, rest);
  };
  return { busy: () => [...clients].some((client) => !client.readyForQuery) };
}

/** Counts what goes through the sockets that this process opens: to the org, which is in it, and to the database. */
function watchSockets() {
  const open = new Set();
  let ended = 0;
  const bytesOf = (socket) => (socket.bytesRead ?? 0) + (socket.bytesWritten ?? 0);
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function watched(...rest) {
    open.add(this);
    this.once("close", () => {
      open.delete(this);
      ended += bytesOf(this);
    });
    return connect.apply(this, rest);
  };
  return { bytes: () => [...open].reduce((sum, socket) => sum + bytesOf(socket), ended) };
}
