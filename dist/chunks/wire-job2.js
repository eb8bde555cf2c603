import { n as jobTools, r as machinePolicy, t as codexProgram } from "./wire-job.js";

export { jobTools, machinePolicy };