import { n as machinePolicy, r as toolCache, t as jobTools } from "./job-tools.js";

export { jobTools, machinePolicy };