import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import { vi } from "vitest";

/** Replaces the timers of `node:timers`, which the library imports, together with the global ones. */
export function useFakeTimers(options?: Parameters<typeof vi.useFakeTimers>[0]): void {
  vi.useFakeTimers(options);
  copyGlobalTimers();
}

/** Restores the timers that `useFakeTimers` has replaced. */
export function useRealTimers(): void {
  vi.useRealTimers();
  copyGlobalTimers();
}

function copyGlobalTimers(): void {
  Object.assign(timers, { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate });
  syncBuiltinESMExports();
}
