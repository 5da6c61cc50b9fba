import { limits, type Measure } from "./limits.js";

/** Returns one line for each broken limit, with the excess. */
export function checkSize(measured: Readonly<Record<Measure, number>>): string[] {
  return measures.flatMap((measure) => {
    const [value, limit] = [measured[measure], limits[measure]];
    if (value <= limit) return [];
    const percent = ((100 * (value - limit)) / limit).toFixed(1);
    return [`${measure}: ${value}, which is ${value - limit} (${percent} %) over the limit in scripts/size/limits.ts`];
  });
}

export const measures = Object.keys(limits).filter(isMeasure);

function isMeasure(name: string): name is Measure {
  return name in limits;
}
