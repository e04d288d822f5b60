import { createSimulator } from "@tidemark/okta-simulator";
import { test } from "vitest";
import { COMPARED_OBJECTS, differences } from "../support/compare.js";
import { run, testConfig } from "../support/pipeline.js";
import { freshSchema } from "../support/postgres.js";
import { VirtualClock } from "../support/virtual-clock.js";
import { play, type Step } from "./histories.js";

const steps: Step[] = JSON.parse(process.env.STEPS!);
const seed = Number(process.env.SEED);
test("debug", async () => {
  const clock = new VirtualClock();
  const lag = { listMs: 20_000, searchMs: 60_000, membershipMs: 30_000, logMs: 5_000 };
  const sim = await createSimulator({ users: 40, groups: 6, apps: 4, customAttributes: 3, seed, clock, lag });
  const place = await freshSchema();
  const yaml = testConfig({ sim, databaseUrl: place.url, schema: place.schema });
  const warehouse = await place.open();
  await run(yaml, { clock });
  const t = () => new Date(clock.now()).toISOString();
  for (const step of steps) {
    if (step.step === "happen") { console.log(t(), step.happening.kind); play(sim, step.happening); clock.advance(500); }
    else if (step.step === "wait") clock.advance(step.ms);
    else { const stop = new AbortController(); if (step.trouble === "stopped") setTimeout(() => stop.abort(new DOMException("stopped", "AbortError")), 60);
      const r = await run(yaml, { clock, allowMassDelete: true, signal: stop.signal }); console.log(t(), "RUN", step.trouble, r.status, r.error?.message); 
      console.log((await place.query(`select object,effect,key_values,to_timestamp(event_ms/1000) e,to_timestamp(due_ms/1000) d from _tidemark_queue order by event_ms`)).map((x: any) => `${x.object} ${x.effect} ${x.key_values} ${x.e.toISOString()} ${x.d.toISOString()}`).join("\n")); }
  }
  clock.advance(660000); sim.org.settle();
  console.log(t(), "LOG\n" + [...sim.org.truth("log_events")].map((e: any) => `${e.published} ${e.eventType} ${(e.target ?? []).map((x: any) => x.type + ":" + x.id).join(" ")}`).join("\n"));
  const r = await run(yaml, { clock, allowMassDelete: true });
  for (const o of r.objects) console.log(o.object, o.mode, o.status, o.read, o.inserted, o.updated, o.deleted, o.requests, o.error?.message ?? "");
  for (const object of COMPARED_OBJECTS) console.log((await differences(sim, { query: place.query, warehouse }, object)).join("\n"));
  await sim.close(); await place.drop();
});
