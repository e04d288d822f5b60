// What `tidemark --help` takes above a bare Node.
import { BIN, median, report, runMeasured, settings } from "./support/bench.mjs";

const { runs } = settings({ runs: 15 });
const bare = [];
const help = [];
const above = [];
for (let run = 0; run < runs; run += 1) {
  bare.push((await runMeasured(["-e", "0"])).wallMs);
  const shown = await runMeasured([BIN, "--help"]);
  if (shown.code !== 0 || !shown.stdout.includes("replicate")) throw new Error(`--help ended with ${shown.code}`);
  help.push(shown.wallMs);
  above.push(shown.wallMs - (bare.at(-1) ?? 0));
}
const ms = (value) => `${Math.round(value)} ms`;
report({
  lines: [`Medians of ${runs} pairs: bare node ${ms(median(bare))}, tidemark --help ${ms(median(help))}.`],
  targets: [{ name: "tidemark --help above bare node", value: median(above), text: ms(median(above)), most: 200 }],
});
