import nodeModule from "node:module";
import type picomatch from "picomatch";
import type { PicomatchOptions } from "picomatch";
import { ownPlace } from "../../internal/own-place.js";

type Picomatch = typeof picomatch;

let matcher: Picomatch | null = null;
let loading: Promise<void> | null = null;

/**
 * Returns a test of paths against a glob. The library is loaded with the first glob and not with the package, because few
 * programs use globs. Await {@link globsReady} before the test is called.
 */
export function createGlob(glob: string, options: PicomatchOptions): (path: string) => boolean {
  startLoading();
  let test: ((path: string) => boolean) | null = null;
  return (path) => {
    test ??= (matcher ?? requirePicomatch())(glob, options);
    return test(path);
  };
}

/** Resolves when the tests of all globs can be called. Returns null if they can be called now. */
export function globsReady(): Promise<void> | null {
  return matcher === null ? loading : null;
}

function startLoading(): void {
  if (loading !== null) return;
  loading = load();
  // If it fails, every decision that waits for it fails.
  loading.catch(() => undefined);
}

async function load(): Promise<void> {
  const { default: loaded } = await import("picomatch");
  matcher = loaded;
}

/** For a caller of `decide` that does not wait. A program bundled into one file has nothing that could be required. */
function requirePicomatch(): Picomatch {
  const place = ownPlace();
  const loaded: unknown = place === undefined ? undefined : nodeModule.createRequire(place)("picomatch");
  if (!isPicomatch(loaded)) throw new Error("The globs of the rule are still being loaded. Decide after a pause.");
  matcher = loaded;
  return loaded;
}

function isPicomatch(value: unknown): value is Picomatch {
  return typeof value === "function";
}
