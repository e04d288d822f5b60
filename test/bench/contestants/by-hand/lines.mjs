// Tab-separated text, as COPY and LOAD DATA read it.
const SPECIAL = /[\\\n\r\t]/;
const SPECIAL_ALL = /[\\\n\r\t]/g;
const ESCAPES = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const CHUNK = 64 * 1024;

/** Chunks of text; `cell` makes a value that is neither null nor a string into text; `counted.rows` counts. */
export function* chunksOf(rows, { cell, counted }) {
  let text = "";
  for (const { values, hash } of rows) {
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      if (value === null) text += "\\N";
      else if (typeof value === "string") text += escape(cell(value, at));
      else text += cell(value, at);
      text += "\t";
    }
    text += `${hash}\n`;
    counted.rows += 1;
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

function escape(text) {
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, (character) => ESCAPES[character]) : text;
}
