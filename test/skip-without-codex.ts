import { beforeEach, inject } from "vitest";

// Each test of a file on the real binary is reported as skipped, with the reason, where there is no binary.
const missing = inject("codexMissing");
if (missing !== null) {
  beforeEach((context) => {
    context.skip(missing);
  });
}
