export * from "./definition.js";
export * from "./table.js";
