export { toInstant } from "./instants.js";
export {
  compileTransformer,
  type Reject,
  type Transformed,
  type TransformedChildren,
  type Transformer,
  type TransformerOptions,
} from "./transformer.js";
