import assert from "node:assert/strict";
import { average } from "./average.mjs";

assert.equal(average([1, 2, 3]), 2);
