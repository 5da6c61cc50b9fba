import type { Report } from "../conformance/report.js";
import type { Finding } from "./finding.js";

/** Compares the verdicts of the probes on two versions. A probe that holds no longer always matters. */
export function compareBehaviours(from: Report, to: Report): Finding[] {
  return Object.entries(to.probes).flatMap(([id, after]): Finding[] => {
    const before = from.probes[id];
    if (before === undefined || (before.status === "ok") === (after.status === "ok")) return [];
    const worse = after.status !== "ok";
    return [
      {
        section: "behaviour",
        kind: worse ? "~" : "+",
        path: id,
        from: before.detail ?? before.status,
        to: after.detail ?? after.status,
        usedBy: [`the feature ${after.feature}`],
      },
    ];
  });
}
