export { createSimulator, type Simulator, type SimulatorOptions } from "./simulator.js";
export type { Lag } from "./org/org.js";
export type { RequestLog } from "./requests.js";
export type { SimulatedOrg } from "./org/simulated-org.js";
