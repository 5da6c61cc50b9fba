// Removes the build output, so that a deleted source file never ships as a stale build.
import { rm } from "node:fs/promises";

await rm(new URL("../dist", import.meta.url), { recursive: true, force: true });
