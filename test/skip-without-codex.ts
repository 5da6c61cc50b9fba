import { beforeEach, inject } from "vitest";

// Without a binary, each test on the real binary is reported as skipped, with the reason.
const missing = inject("codexMissing");
if (missing !== null) {
  beforeEach((context) => {
    context.skip(missing);
  });
}
