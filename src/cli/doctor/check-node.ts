import type { Check } from "./check.js";

const minimum = { major: 20, minor: 19 } as const;

/** Whether this Node is one that codexkit is made for. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const required = `${minimum.major}.${minimum.minor}`;
  const details = { version, required };
  const isEnough = major > minimum.major || (major === minimum.major && minor >= minimum.minor);
  if (isEnough) return { name: "node", status: "ok", summary: `Node ${version}.`, details };
  return {
    name: "node",
    status: "fail",
    summary: `Node ${version} is too old.`,
    advice: `Use Node ${required} or newer.`,
    details,
  };
}
