import type { TransportName } from "./options/options.js";
import type { TransportFeatures } from "./transport.js";

/** The features of each transport. */
export const transportFeatures: Readonly<Record<TransportName, TransportFeatures>> = {
  "app-server": { steer: true, start: true, request: true, pushesBack: false },
  exec: { steer: false, start: false, request: false, pushesBack: true },
};
