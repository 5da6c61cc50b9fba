import type { TransportName } from "./options/options.js";
import type { TransportFeatures } from "./transport.js";

/** What each transport can do. */
export const transportFeatures: Readonly<Record<TransportName, TransportFeatures>> = {
  "app-server": { steer: true, start: true, request: true, pushesBack: false },
  exec: { steer: false, start: false, request: false, pushesBack: true },
};
