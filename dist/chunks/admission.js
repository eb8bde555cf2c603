import { n as demandPrivate, r as demandWriters, t as demandGuardedRefresh } from "./admission2.js";

export { demandPrivate, demandWriters };